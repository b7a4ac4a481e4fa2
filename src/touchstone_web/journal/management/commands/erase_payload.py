"""`erase_payload`: erase the words of one entry, and leave its leaf and a tombstone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from touchstone_web.journal.commands import erase_payload
from touchstone_web.shared import clocks
from touchstone_web.shared.viewers import OPERATOR_ID


class Command(BaseCommand):
    help = "Erase the words of an entry of the journal; its leaf stays, so all proofs hold."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which entry, and why."""
        parser.add_argument("height", type=int)
        parser.add_argument("--reason", required=True, help="Legal ground or request, in words.")

    def handle(self, *, height: int, reason: str, **options: Any) -> None:
        """Erase, and name the tombstone."""
        tombstone = erase_payload(height=height, reason=reason, by=OPERATOR_ID, at=clocks.now())
        self.stdout.write(f"erased; entry {tombstone.height} says so")
