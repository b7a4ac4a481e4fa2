"""Addresses of accounts and remits."""

from tests.support.addresses import EVERYONE, Address

from touchstone_web.people.commands import invite_person
from touchstone_web.people.queries import invitation_link


def bob(cast):
    return {"public_id": cast.bob.public_id}


def remit_of_bob(cast):
    return {"public_id": cast.bob.remits.get().public_id}


def an_invitation(cast):
    invitation = invite_person(email="gina@touchstone.example", name="Gina", by=cast.carol)
    public_id, signature = invitation_link(invitation).split("/")[-2:]
    return {"public_id": public_id, "signature": signature}


def a_dead_link(cast):
    return {"uidb64": "MQ", "token": "none"}


ADDRESSES = [
    Address("sign_in", sees=EVERYONE, is_public=True),
    Address("sign_out", sees=EVERYONE, method="post"),
    Address("language", sees=EVERYONE, method="post", is_public=True),
    Address("ask_reset", sees=EVERYONE, is_public=True),
    Address("reset", sees=EVERYONE, make=a_dead_link, is_public=True),
    Address("accept_invitation", sees=EVERYONE, make=an_invitation, is_public=True),
    Address("account", sees=EVERYONE),
    Address("change_password", sees=EVERYONE),
    Address("people", sees="carol"),
    Address("invite", sees="carol"),
    Address("person", sees="carol", make=bob),
    Address("grant", sees="carol", make=bob, method="post"),
    Address("close_account", sees="carol", make=bob, method="post"),
    Address("end_remit", sees="carol", make=remit_of_bob, method="post"),
]
