"""`demo_account`: the account of the demo, with every role over everything there is."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from touchstone_web.people import commands, queries
from touchstone_web.people.models import OPERATOR, Person, Tree
from touchstone_web.shared import clocks
from touchstone_web.shared.roles import Role

ADDRESS = "demo@touchstone.example"
NAME = "Demo"
SECRET_BYTES = 15


class Command(BaseCommand):
    help = "Open the demo's account with a random password; for `touchstone demo`."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether an account that is there gets another password."""
        parser.add_argument("--new-password", action="store_true")

    @transaction.atomic
    def handle(self, *, new_password: bool, **options: Any) -> str:
        """Say account and password; the password is stored nowhere and shown once."""
        password = secrets.token_urlsafe(SECRET_BYTES)
        person = queries.person_with_email(ADDRESS)
        shown = password
        if person is None:
            person = commands.open_account(email=ADDRESS, name=NAME, password=password, by=OPERATOR)
        elif new_password:
            commands.change_password(person=person, password=password, by=OPERATOR)
        else:
            shown = "was shown at the first start; --new-password makes another"
        grant_all(person)
        return f"account:   {ADDRESS}\npassword:  {shown}"


def grant_all(person: Person) -> None:
    """Give what is still missing of: administrator, auditor, analyst of each tree."""
    today = clocks.today()
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        if not person.holds(role, on=today):
            commands.grant_remit(person=person, role=role, begins_on=today, by=OPERATOR)
    for tree in Tree.objects.order_by("pk"):
        if not queries.has_role(person, Role.ANALYST, on=today, tree=tree):
            commands.grant_remit(
                person=person, role=Role.ANALYST, tree=tree, begins_on=today, by=OPERATOR
            )
