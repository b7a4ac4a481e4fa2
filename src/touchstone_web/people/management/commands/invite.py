"""`invite`: invite somebody, and print the link."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from touchstone.content.texts import LANGUAGES
from touchstone_web.people.commands import grant_remit, invite_person
from touchstone_web.people.models import OPERATOR
from touchstone_web.people.queries import invitation_link
from touchstone_web.shared import clocks
from touchstone_web.shared.roles import Role


class Command(BaseCommand):
    help = "Invite somebody to an account; prints the link, which works once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and whether as administrator."""
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--language", choices=LANGUAGES, default="")
        parser.add_argument(
            "--administrator", action="store_true", help="Grant the role of administrator too."
        )

    @transaction.atomic
    def handle(
        self, *, email: str, name: str, language: str, administrator: bool, **options: Any
    ) -> None:
        """Invite, grant, print."""
        invitation = invite_person(email=email, name=name, language=language, by=OPERATOR)
        person = invitation.person
        if administrator and not person.holds(Role.ADMINISTRATOR, on=clocks.today()):
            grant_remit(
                person=person, role=Role.ADMINISTRATOR, begins_on=clocks.today(), by=OPERATOR
            )
        self.stdout.write(invitation_link(invitation))
