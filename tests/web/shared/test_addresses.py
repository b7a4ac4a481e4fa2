"""Nobody sees beyond the remit: every address for every person of the cast.

The test is complete by construction: an address without an entry fails.
"""

import pytest
from django.urls import reverse
from tests.support.addresses import address_names, listed_addresses

from touchstone_web.journal.queries import current_frontier

SIGN_IN = "/sign-in"
LISTED = listed_addresses()
UNKNOWN_ID = "0" * 32


def test_every_address_has_an_entry():
    """An address that is new, or gone, or listed twice must be looked at by a person."""
    assert sorted(address_names()) == sorted(each.name for each in LISTED)


def opened(client, address, arguments):
    place = reverse(address.name, kwargs=arguments)
    return getattr(client, address.method)(place, address.sent)


@pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)
def test_an_address_is_seen_by_its_roles_only(address, cast, client_of):
    """Those whose remit reaches it get it; to all others it is as if it were not there."""
    arguments = address.make(cast)
    size = current_frontier().size
    # Whoever may not open it comes first, so that no change by another one is in the way.
    for name, person in cast.persons().items():
        if not address.may(name):
            response = opened(client_of(person), address, arguments)
            assert (name, response.status_code) == (name, 404)
    assert current_frontier().size == size
    for name, person in cast.persons().items():
        if address.may(name) and address.method == "get":
            response = opened(client_of(person), address, arguments)
            assert (name, response.status_code in {200, 302}) == (name, True)
    if address.method == "post" and address.sees:
        first = cast.persons()[address.sees.split()[0]]
        assert opened(client_of(first), address, arguments).status_code in {200, 302, 422}


@pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)
def test_an_address_leads_to_sign_in_when_nobody_is_signed_in(address, cast, client_of):
    """Everything but the few public pages asks who is there."""
    response = opened(client_of(), address, address.make(cast))
    leads_to_sign_in = response.status_code == 302 and response.url.startswith(SIGN_IN)
    assert leads_to_sign_in is not address.is_public


@pytest.mark.parametrize(
    "address",
    [each for each in LISTED if each.sees and "dan" not in each.sees],
    ids=lambda address: address.name,
)
def test_a_foreign_thing_looks_like_none(address, cast, client_of):
    """404 for what is there and not one's own is byte for byte 404 for what is not there."""
    arguments = address.make(cast)
    unknown = {**arguments, **({"public_id": UNKNOWN_ID} if "public_id" in arguments else {})}
    client = client_of(cast.dan)
    foreign, missing = opened(client, address, arguments), opened(client, address, unknown)
    assert foreign.content == missing.content
    assert dict(foreign.headers) == dict(missing.headers)
