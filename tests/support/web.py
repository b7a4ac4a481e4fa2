"""Fixtures that all web tests share; a conftest imports them from here.

from tests.support.web import *  # noqa: F403
"""

import pytest
from django.test import Client
from tests.support.casts import Cast, make_cast
from tests.support.databases import django_db_modify_db_settings

from touchstone_web.people.models import Person

__all__ = ["cast", "client_of", "django_db_modify_db_settings", "touchstone_home"]


@pytest.fixture(autouse=True)
def touchstone_home(settings, tmp_path):
    """An own home for each test; jobs run at once, passwords are hashed fast."""
    settings.TOUCHSTONE_HOME = tmp_path
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECRET_KEY = "only for tests " * 4
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    return tmp_path


@pytest.fixture
def cast(db) -> Cast:
    """Alice, Bob, Carol, Dan, Erin, Frank and two trees; see `tests/support/casts.py`."""
    return make_cast()


@pytest.fixture
def client_of():
    """A browser in which a person is signed in: `client_of(cast.alice).get(...)`."""

    def sign_in(person: Person | None = None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
