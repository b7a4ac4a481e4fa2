"""The cast and the database of the web tests."""

from tests.support.web import *  # noqa: F403
