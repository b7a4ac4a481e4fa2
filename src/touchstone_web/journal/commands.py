"""Writing the journal: append an entry, erase the words of one."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from touchstone.base.errors import TouchstoneError
from touchstone.trust.hashing import hash_leaf
from touchstone.trust.leaves import SALT_SIZE, Leaf, commit_to
from touchstone_web.journal.models import EDGE_KEY, ERASED, Edge, Entry, Payload

# Any number, as long as nothing else in the database takes a lock of the same one.
ADVISORY_LOCK = 7_035_926_551_093_837
KIND = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")

Details = Mapping[str, str | int | None]


def record(
    *, kind: str, about: str, by: str, at: datetime, details: Details | None = None
) -> Entry:
    """Append one entry; it stands if and only if the caller's transaction does.

    `about` and `by` are public identifiers. `details["tree"]`, where an entry concerns one tree,
    is that tree's public identifier: auditors of the tree see the entry by it.

    1. Take the one lock under which heights are given; it holds to the end of the transaction.
    2. Read the edge of the tree: its size is the entry's height.
    3. Commit to the payload with fresh salt, and store leaf and payload in rows of their own.
    4. Store the new edge.
    """
    if not connection.in_atomic_block:
        raise ValueError("record must be called inside the transaction of its change; got none")
    if not KIND.fullmatch(kind):
        raise ValueError(f"kind must look like noun.past_participle; got {kind!r}")
    take_lock()
    edge, _ = Edge.objects.get_or_create(pk=EDGE_KEY)
    frontier = edge.frontier()
    salt = secrets.token_bytes(SALT_SIZE)
    payload = Payload(salt=salt)
    payload.set_words(about=about, by=by, at=at, details=dict(details or {}))
    leaf = Leaf(kind, frontier.size, commit_to(payload.words(), salt)).to_bytes()
    entry = Entry.objects.create(
        height=frontier.size, kind=kind, leaf=leaf, leaf_hash=hash_leaf(leaf)
    )
    payload.entry = entry
    payload.save(force_insert=True)
    frontier.append(entry.leaf_hash)
    Edge.objects.filter(pk=EDGE_KEY).update(size=frontier.size, peaks=b"".join(frontier.peaks))
    return entry


@transaction.atomic
def erase_payload(*, height: int, reason: str, by: str, at: datetime) -> Entry:
    """Erase the words and the salt of an entry; a tombstone says who did it and why.

    The leaf stays, so every proof still holds, but nobody can learn what was committed to.
    """
    payload = _erasable_payload(height)
    tombstone = record(
        kind=ERASED,
        about=f"entry:{height}",
        by=by,
        at=at,
        details={"reason": reason, **({"tree": payload.tree} if payload.tree else {})},
    )
    Payload.objects.filter(entry_id=height).update(
        salt=None, about="", by="", at="", details="", erased_by_entry=tombstone.height
    )
    transaction.on_commit(empty_write_ahead_log)
    return tombstone


def _erasable_payload(height: int) -> Payload:
    payload = Payload.objects.select_related("entry").filter(entry_id=height).first()
    if payload is None:
        found = "there is no such entry"
    elif payload.is_erased:
        found = "its payload is erased already"
    elif payload.entry.kind == ERASED:
        found = "a tombstone stays, or nobody could tell an erasure from a fault"
    else:
        return payload
    raise TouchstoneError(
        "JOURNAL-01",
        where=f"journal, entry {height}",
        found=found,
        remedy="Name the height of an entry whose payload still stands.",
    )


def take_lock() -> None:
    """Wait until no other transaction gives heights.

    On SQLite every transaction of ours begins IMMEDIATE and so holds the only write lock already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def empty_write_ahead_log() -> None:
    """Move SQLite's log into the database and empty it, so that erased words stand nowhere."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
