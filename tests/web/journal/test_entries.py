"""Writing the journal: one entry with its change, or neither."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import transaction

from touchstone.trust.hashing import hash_leaf
from touchstone.trust.journal import tree_root
from touchstone.trust.leaves import Leaf, commit_to
from touchstone_web.journal.commands import record
from touchstone_web.journal.models import Edge, Entry, Payload
from touchstone_web.journal.queries import current_frontier, first_fault, proof_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def write(kind="unit.closed", **changes):
    given = {"about": "unit-1", "by": "person-1", "at": NOON, "details": {"reason": "merged"}}
    with transaction.atomic():
        return record(kind=kind, **{**given, **changes})


@pytest.mark.django_db
def test_an_entry_commits_to_its_payload():
    """The leaf holds kind, height and a salted commitment, and no word of the payload."""
    entry = write()
    payload = entry.payload
    words = {
        "about": "unit-1",
        "by": "person-1",
        "at": "2026-11-24T12:00:00.000000Z",
        "details": {"reason": "merged"},
    }
    assert payload.words() == words
    commitment = commit_to(words, bytes(payload.salt))
    assert bytes(entry.leaf) == Leaf("unit.closed", 0, commitment).to_bytes()
    assert bytes(entry.leaf_hash) == hash_leaf(bytes(entry.leaf))
    assert b"merged" not in bytes(entry.leaf)


@pytest.mark.django_db
def test_heights_run_on_and_the_edge_follows():
    """Each entry is one higher; the stored edge gives the root of all leaves."""
    entries = [write(about=str(number)) for number in range(9)]
    assert [entry.height for entry in entries] == list(range(9))
    root = tree_root([bytes(entry.leaf_hash) for entry in entries])
    assert (current_frontier().size, current_frontier().root()) == (9, root)
    assert Edge.objects.count() == 1
    assert first_fault() is None


@pytest.mark.django_db
def test_equal_entries_have_different_leaves():
    """The salt is fresh each time, so nobody can guess a payload by trying."""
    assert bytes(write().payload.salt) != bytes(write().payload.salt)


@pytest.mark.django_db
def test_an_entry_goes_when_its_transaction_is_undone():
    """The journal never tells of what did not happen, and no height is lost."""
    write()
    with transaction.atomic():
        record(kind="unit.closed", about="x", by="y", at=NOON)
        transaction.set_rollback(True)
    assert write().height == 1
    assert first_fault() is None


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_refused_outside_a_transaction():
    """Without the transaction of its change an entry could stand alone."""
    with pytest.raises(ValueError, match="transaction"):
        record(kind="unit.closed", about="x", by="y", at=NOON)
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["closed", "Unit.closed", "unit.", "unit closed", "a.b.c", ""])
def test_an_entry_is_refused_when_its_kind_is_no_event(kind):
    """Kinds are noun.past_participle."""
    with pytest.raises(ValueError, match="kind"):
        write(kind=kind)


@pytest.mark.django_db
def test_a_moment_is_stored_in_utc_and_must_know_its_zone():
    """Moments of any zone sort as text; one without a zone is a mistake."""
    peking = timezone(timedelta(hours=8))
    assert write(at=datetime(2026, 11, 24, 20, tzinfo=peking)).payload.moment == NOON
    with pytest.raises(ValueError, match="zone"):
        write(at=datetime(2026, 11, 24, 20))  # noqa: DTZ001


@pytest.mark.django_db
def test_a_payload_is_the_same_after_a_round_trip_through_the_database():
    """Chinese, signs and None survive; otherwise the commitment would not hold."""
    details = {"name": "青海省 «ß» \U0001f600", "none": None, "n": 2**53 - 1, "tree": "t"}
    height = write(details=details).height
    payload = Payload.objects.get(pk=height)
    assert payload.words()["details"] == details
    assert payload.tree == "t"
    assert json.loads(payload.details) == details
    assert first_fault() is None


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_an_entry_has_a_proof_at_every_size(size):
    """Whatever the shape of the tree, each entry's proof holds."""
    entries = [write(about=str(number)) for number in range(size)]
    assert all(proof_of(entry).holds for entry in entries)
