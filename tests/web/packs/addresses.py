"""Addresses of packs: rules are public to everybody with an account."""

from tests.support.addresses import EVERYONE, Address


def schools(cast):
    return {"pack_name": "schools"}


def awards(cast):
    return {"pack_name": "schools", "scheme_name": "awards"}


ADDRESSES = [
    Address("packs", sees=EVERYONE),
    Address("pack", sees=EVERYONE, make=schools),
    Address("scheme", sees=EVERYONE, make=awards),
]
