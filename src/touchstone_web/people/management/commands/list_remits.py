"""`list_remits`: the remits of a person."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from touchstone_web.people import queries
from touchstone_web.people.models import Remit
from touchstone_web.shared import clocks


class Command(BaseCommand):
    help = "List the remits of a person, the newest first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("email")

    def handle(self, *, email: str, **options: Any) -> None:
        """One remit a line."""
        person = queries.named_person(email)
        for remit in queries.remits_of(person, seen_by=person, on=clocks.today()):
            self.stdout.write(as_text(remit))


def as_text(remit: Remit) -> str:
    """Identifier, state, role, reach and days."""
    over = remit.unit.identifier if remit.unit else remit.tree.name if remit.tree else "everything"
    until = remit.ends_on or "no end"
    state = remit.state_on(clocks.today())
    return f"{remit.public_id}  {state}  {remit.role} over {over}  {remit.begins_on} to {until}"
