"""Remits: grant and end."""

from datetime import date

from django.db import transaction

from touchstone.base.errors import TouchstoneError
from touchstone_web.journal.commands import record
from touchstone_web.people.models import Actor, Person, Remit, Tree, Unit
from touchstone_web.people.queries import administrators
from touchstone_web.shared import clocks
from touchstone_web.shared.roles import Role


@transaction.atomic
def grant_remit(
    *,
    person: Person,
    role: str,
    begins_on: date,
    by: Actor,
    tree: Tree | None = None,
    unit: Unit | None = None,
    ends_on: date | None = None,
) -> Remit:
    """Give a person a role over a unit's subtree, a whole tree, or everything, for a time."""
    over = unit.tree if unit is not None else tree
    _check_reach(role, tree=over, unit=unit)
    if ends_on is not None and ends_on < begins_on:
        raise TouchstoneError(
            "REMIT-02",
            where="the last day of the remit",
            found=f"{ends_on} lies before its first day, {begins_on}",
            remedy="Choose a last day that is not before the first.",
        )
    moment = clocks.now()
    remit = Remit.objects.create(
        person=person,
        role=role,
        tree=over,
        unit=unit,
        begins_on=begins_on,
        ends_on=ends_on,
        granted_at=moment,
        granted_by_id=by.pk,
    )
    details = {**_remit_details(remit), "begins_on": str(begins_on)}
    details |= {"ends_on": str(ends_on)} if ends_on else {}
    record(
        kind="remit.granted",
        about=person.public_id,
        by=by.public_id,
        at=moment,
        details=details,
    )
    return remit


@transaction.atomic
def end_remit(*, remit: Remit, by: Actor) -> Remit:
    """End a remit at once."""
    moment = clocks.now()
    if Remit.objects.filter(pk=remit.pk, ended_at=None).update(ended_at=moment) != 1:
        raise TouchstoneError(
            "REMIT-03",
            where=f"the remit {remit.public_id}",
            found="it has ended already",
            remedy="Nothing is left to do.",
        )
    if remit.role == Role.ADMINISTRATOR:
        keep_an_administrator()
    remit.ended_at = moment
    record(
        kind="remit.ended",
        about=remit.person.public_id,
        by=by.public_id,
        at=moment,
        details=_remit_details(remit),
    )
    return remit


def _check_reach(role: str, *, tree: Tree | None, unit: Unit | None) -> None:
    """Refuse a role over what it cannot be held over."""
    fits = {
        Role.ADMINISTRATOR: tree is None and unit is None,
        Role.AUDITOR: unit is None,
        Role.ANALYST: tree is not None and unit is None,
        Role.HEAD: unit is not None,
    }
    if fits.get(Role(role), False):
        return
    remedies = {
        Role.ADMINISTRATOR: "Grant it over everything.",
        Role.AUDITOR: "Grant it over a whole tree or over everything.",
        Role.ANALYST: "Grant it over a whole tree.",
        Role.HEAD: "Grant it over a unit.",
    }
    raise TouchstoneError(
        "REMIT-01",
        where=f"a remit as {role}",
        found="the role cannot be held over what was chosen",
        remedy=remedies[Role(role)],
    )


def keep_an_administrator(leaving: Person | None = None) -> None:
    """Refuse what would leave nobody who can open accounts and grant remits."""
    left = administrators(on=clocks.today())
    if leaving is not None:
        if not leaving.holds(Role.ADMINISTRATOR, on=clocks.today()):
            return
        left = left.exclude(pk=leaving.pk)
    if not left.exists():
        raise TouchstoneError(
            "REMIT-04",
            where="the last administrator",
            found="nobody else could open accounts or grant remits",
            remedy="Make somebody else an administrator first.",
        )


def _remit_details(remit: Remit) -> dict[str, str | int | None]:
    details: dict[str, str | int | None] = {"remit": remit.public_id, "role": remit.role}
    if remit.tree is not None:
        details["tree"] = remit.tree.public_id
    if remit.unit is not None:
        details["unit"] = remit.unit.public_id
    return details
