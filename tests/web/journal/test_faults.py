"""Whatever is changed outside the program, verification names the first wrong height."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from tests.support.casts import LONG_AGO

from touchstone.base.errors import TouchstoneError
from touchstone.trust.hashing import hash_leaf
from touchstone.trust.leaves import Leaf
from touchstone_web.journal.commands import erase_payload, record
from touchstone_web.journal.models import Edge, Entry, Payload
from touchstone_web.journal.queries import JournalFault, first_fault, proof_of


@pytest.fixture
def journal(db):
    """Eleven entries; the words of number 4 are erased by number 10."""
    for number in range(10):
        with transaction.atomic():
            record(kind="unit.closed", about=f"unit-{number}", by="p", at=LONG_AGO)
    erase_payload(height=4, reason="request", by="operator", at=LONG_AGO)


def payload(height):
    return Payload.objects.filter(pk=height)


def entry(height):
    return Entry.objects.filter(pk=height)


def swap_leaf(height):
    leaf = Leaf("unit.opened", height, "00" * 32).to_bytes()
    entry(height).update(leaf=leaf, leaf_hash=hash_leaf(leaf), kind="unit.opened")


def swap_neighbours(height):
    """Put two whole entries, with their payloads, in each other's place."""
    first, second = entry(height).get(), entry(height + 1).get()
    for place, other in ((height, second), (height + 1, first)):
        entry(place).update(leaf=other.leaf, leaf_hash=other.leaf_hash, kind=other.kind)


TAMPERINGS = {
    "about": (lambda: payload(3).update(about="unit-9"), 3, "payload"),
    "by": (lambda: payload(3).update(by="q"), 3, "payload"),
    "at": (lambda: payload(3).update(at="2026-01-02T08:00:00.000001Z"), 3, "payload"),
    "details": (lambda: payload(3).update(details='{"a":1}'), 3, "payload"),
    "details not json": (lambda: payload(3).update(details="{"), 3, "payload"),
    "tree": (lambda: payload(3).update(tree="t"), 3, "payload"),
    "salt": (lambda: payload(3).update(salt=bytes(32)), 3, "payload"),
    "short salt": (lambda: payload(3).update(salt=b"x"), 3, "payload"),
    "payload gone": (lambda: payload(3).delete(), 3, "payload_missing"),
    "silent erasure": (lambda: payload(3).update(salt=None, about=""), 3, "tombstone"),
    "foreign tombstone": (lambda: payload(3).update(salt=None, erased_by_entry=10), 3, "tombstone"),
    "kind": (lambda: entry(3).update(kind="unit.opened"), 3, "leaf"),
    "leaf": (lambda: entry(3).update(leaf=b"{}"), 3, "leaf_hash"),
    "hash": (lambda: entry(3).update(leaf_hash=bytes(32)), 3, "leaf_hash"),
    "whole leaf": (lambda: swap_leaf(3), 3, "payload"),
    "order": (lambda: swap_neighbours(6), 6, "leaf"),
    "size": (lambda: Edge.objects.update(size=8, peaks=bytes(32)), 8, "edge"),
    "peaks": (lambda: Edge.objects.update(peaks=bytes(96)), 11, "edge"),
    "edge too long": (lambda: Edge.objects.update(size=12, peaks=bytes(64)), 11, "missing"),
}


@pytest.mark.parametrize("case", TAMPERINGS)
def test_a_changed_journal_is_found_at_the_first_wrong_height(journal, case):
    """Each column of each row matters."""
    tamper, height, what = TAMPERINGS[case]
    assert first_fault() is None
    tamper()
    assert first_fault() == JournalFault(height, what)


def test_a_missing_entry_is_found(journal):
    """Taking one out leaves a gap."""
    payload(3).delete()
    entry(3).delete()
    assert first_fault() == JournalFault(3, "missing")


def test_a_missing_end_is_found(journal):
    """Cutting the end off does not help either: the edge knows the size."""
    payload(10).delete()
    entry(10).delete()
    assert first_fault().what in {"missing", "tombstone"}


def test_a_proof_fails_when_the_journal_was_changed(journal):
    """The page of an entry says so too."""
    entry(3).update(leaf=b"{}")
    assert not proof_of(entry(3).get()).holds
    assert proof_of(entry(2).get()).holds


def test_the_command_ends_with_1_and_names_the_height(journal):
    """`touchstone journal verify` on a changed journal."""
    payload(3).update(about="unit-9")
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_journal", stderr=said)
    assert ended.value.code == 1
    assert "First wrong height: 3." in said.getvalue()


def test_the_command_names_size_and_root_when_all_holds(journal):
    """What is printed can be kept and compared later."""
    said = StringIO()
    call_command("verify_journal", stdout=said)
    assert "11 entries, root" in said.getvalue()


def test_an_erased_payload_leaves_nothing_but_its_proof(journal):
    """Words and salt are gone, the leaf and every proof stay, the tombstone says who and why."""
    erased, tombstone = Payload.objects.get(pk=4), Payload.objects.get(pk=10)
    assert (erased.salt, erased.about, erased.by, erased.at, erased.details) == (
        None,
        *("",) * 4,
    )
    assert tombstone.words()["details"] == {"reason": "request"}
    assert tombstone.about == "entry:4"
    assert all(proof_of(each).holds for each in Entry.objects.all())
    assert first_fault() is None


@pytest.mark.parametrize("height", [4, 10, 99])
def test_an_erasure_is_refused_when_there_is_nothing_to_erase(journal, height):
    """Neither twice, nor a tombstone, nor an entry that is not there."""
    with pytest.raises(TouchstoneError) as fault:
        erase_payload(height=height, reason="x", by="operator", at=LONG_AGO)
    assert fault.value.code == "JOURNAL-01"


@pytest.mark.django_db(transaction=True)
def test_an_erased_payload_stands_in_no_file():
    """After an erasure the words stand neither in the database file nor in its log."""
    secret = "erase-me-" + "x" * 40
    with transaction.atomic():
        record(kind="unit.closed", about=secret, by="p", at=LONG_AGO, details={"why": secret})
    assert secret in everything_stored()
    erase_payload(height=0, reason="request", by="operator", at=LONG_AGO)
    assert secret not in everything_stored()


def everything_stored() -> str:
    """All bytes of SQLite's files; of PostgreSQL, which reuses space only later, all rows."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA database_list")
            file = cursor.fetchone()[2]
        parts = [Path(file), Path(f"{file}-wal")]
        return b"".join(part.read_bytes() for part in parts).decode(errors="replace")
    return repr([list(Payload.objects.values()), list(Entry.objects.values())])
