"""The first page."""

from tests.support.addresses import EVERYONE, Address

ADDRESSES = [Address("home", sees=EVERYONE, is_public=True)]
