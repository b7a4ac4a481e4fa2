"""`grant_remit`: give a person a role over a unit, a tree or everything."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from touchstone_web.people import commands, queries
from touchstone_web.people.models import OPERATOR
from touchstone_web.shared import clocks
from touchstone_web.shared.roles import Role


class Command(BaseCommand):
    help = "Grant a remit: a role over a unit's subtree, a whole tree, or everything."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, what, over what, from when to when."""
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--tree", help="Name or public identifier of the tree.")
        parser.add_argument("--unit", help="Identifier of the unit within the tree.")
        parser.add_argument("--from", dest="begins_on", type=date.fromisoformat)
        parser.add_argument("--until", dest="ends_on", type=date.fromisoformat)

    def handle(self, *, email: str, role: str, **options: Any) -> None:
        """Grant, and print the remit's public identifier."""
        tree = queries.named_tree(options["tree"]) if options["tree"] else None
        unit = queries.named_unit(options["unit"], tree=tree) if options["unit"] else None
        remit = commands.grant_remit(
            person=queries.named_person(email),
            role=role,
            tree=tree,
            unit=unit,
            begins_on=options["begins_on"] or clocks.today(),
            ends_on=options["ends_on"],
            by=OPERATOR,
        )
        self.stdout.write(remit.public_id)
