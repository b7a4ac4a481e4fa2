"""`show_journal`: the newest entries, one a line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from touchstone_web.journal.models import Entry
from touchstone_web.journal.queries import newest_entries


class Command(BaseCommand):
    help = "Show the newest entries of the journal, the oldest of them first."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, and in which form."""
        parser.add_argument("--last", type=int, default=20)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, last: int, json: bool, **options: Any) -> None:
        """One entry a line."""
        line = as_json if json else as_text
        for entry in newest_entries(last):
            self.stdout.write(line(entry))


def as_json(entry: Entry) -> str:
    """All of an entry, also what an outsider needs to check its hash."""
    words = None if entry.payload.is_erased else entry.payload.words()
    shown = {
        "height": entry.height,
        "kind": entry.kind,
        "leaf": entry.leaf_text,
        "leaf_hash": entry.leaf_hash_hex,
        "payload": words,
        "salt": None if words is None else bytes(entry.payload.salt).hex(),
    }
    return json.dumps(shown, ensure_ascii=False)


def as_text(entry: Entry) -> str:
    """Height, moment, kind, subject and actor."""
    payload = entry.payload
    if payload.is_erased:
        return f"{entry.height:>8}  {entry.kind}  (erased by entry {payload.erased_by_entry})"
    return f"{entry.height:>8}  {payload.at}  {entry.kind}  {payload.about}  by {payload.by}"
