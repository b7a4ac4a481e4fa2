"""Many writers at once: each height is given once, and none is left out."""

import threading

import pytest
from django.db import connection, connections, transaction
from tests.support.casts import LONG_AGO

from touchstone_web.journal.commands import record
from touchstone_web.journal.models import Entry
from touchstone_web.journal.queries import first_fault

WRITERS = 8
ENTRIES_EACH = 15
EVERY_THIRD = 3


class Undone(Exception):  # noqa: N818
    """Raised to undo a transaction."""


def write_some(writer: int, start: threading.Barrier, faults: list[BaseException]) -> None:
    """Write entries in transactions of their own; every third one is undone."""
    try:
        start.wait()
        for number in range(ENTRIES_EACH):
            try:
                with transaction.atomic():
                    record(kind="unit.closed", about=f"{writer}-{number}", by="p", at=LONG_AGO)
                    if number % EVERY_THIRD == 0:
                        raise Undone
            except Undone:
                continue
    except BaseException as fault:
        faults.append(fault)
        raise
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_heights_are_given_once_when_many_write_at_the_same_time():
    """Eight writers, a third of whose transactions are undone: no gap, no double, one tree."""
    start, faults = threading.Barrier(WRITERS), []
    writers = [
        threading.Thread(target=write_some, args=[number, start, faults])
        for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert faults == []
    kept = WRITERS * (ENTRIES_EACH - ENTRIES_EACH // EVERY_THIRD)
    heights = list(Entry.objects.order_by("height").values_list("height", flat=True))
    assert heights == list(range(kept))
    assert first_fault() is None
    assert connection.vendor in {"sqlite", "postgresql"}
