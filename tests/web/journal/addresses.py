"""Addresses of the journal."""

from django.db import transaction
from tests.support.addresses import Address
from tests.support.casts import LONG_AGO

from touchstone_web.journal.commands import record


def an_entry_of_tree_a(cast):
    with transaction.atomic():
        entry = record(
            kind="tree.imported",
            about=cast.tree.public_id,
            by=cast.alice.public_id,
            at=LONG_AGO,
            details={"tree": cast.tree.public_id},
        )
    return {"height": entry.height}


ADDRESSES = [
    Address("journal", sees="carol erin", make=lambda cast: an_entry_of_tree_a(cast) and {}),
    Address("entry", sees="carol erin", make=an_entry_of_tree_a),
]
