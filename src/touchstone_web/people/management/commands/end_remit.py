"""`end_remit`: end a remit at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from touchstone_web.people import commands, queries
from touchstone_web.people.models import OPERATOR


class Command(BaseCommand):
    help = "End a remit at once; `list_remits` shows which there are."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which."""
        parser.add_argument("remit", help="Public identifier of the remit.")

    def handle(self, *, remit: str, **options: Any) -> None:
        """End it."""
        commands.end_remit(remit=queries.named_remit(remit), by=OPERATOR)
        self.stdout.write("ended")
