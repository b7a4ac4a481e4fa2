"""Who sees what. Every other part asks here."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from touchstone.base.errors import TouchstoneError
from touchstone_web.people.models import Invitation, Person, Remit, Tree, Unit, holds_on
from touchstone_web.shared.roles import SEES_FIGURES, Role

INVITATION_SALT = "touchstone.invitation"
Roles = str | Collection[str]


def units_seen_by(
    person: Person, *, on: date, roles: Collection[str] = SEES_FIGURES
) -> QuerySet[Unit]:
    """The units whose figures a person sees on a day.

    Give `roles=ALL_ROLES` for the units that a person may know by name: that adds administrators,
    who grant remits over units and see no figure.
    """
    return Unit.objects.filter(reach_of(person, on=on, roles=roles))


def reach_of(
    person: Person, *, on: date, roles: Collection[str] = SEES_FIGURES, unit: str = ""
) -> Q:
    """The condition that a row's unit lies within a person's reach, for rows of any model.

    `unit` leads from the row to its unit, such as `unit__`.
    """
    condition = Q(pk__in=())
    whole_trees: set[int] = set()
    held = person.remits_on(on).filter(role__in=list(roles))
    for tree_id, path in held.values_list("tree_id", "unit__path"):
        if tree_id is None:
            return Q()
        if path is None:
            whole_trees.add(tree_id)
        else:
            condition |= Q(**{f"{unit}path__startswith": path})
    return condition | Q(**{f"{unit}tree_id__in": whole_trees}) if whole_trees else condition


def trees_seen_by(
    person: Person, *, on: date, roles: Collection[str] = SEES_FIGURES
) -> QuerySet[Tree]:
    """The trees in which a person sees at least one unit."""
    held = person.remits_on(on).filter(role__in=roles)
    if held.filter(tree=None).exists():
        return Tree.objects.all()
    return Tree.objects.filter(pk__in=held.values("tree"))


def unit_seen_by(
    public_id: str, *, seen_by: Person, on: date, roles: Collection[str] = SEES_FIGURES
) -> Unit:
    """One unit; 404 when there is none or it lies outside the remit."""
    found = units_seen_by(seen_by, on=on, roles=roles).select_related("tree", "parent")
    unit = found.filter(public_id=public_id).first()
    if unit is None:
        raise Http404("no such unit")
    return unit


def tree_seen_by(
    public_id: str, *, seen_by: Person, on: date, roles: Collection[str] = SEES_FIGURES
) -> Tree:
    """One tree; 404 when there is none or no remit reaches into it."""
    tree = trees_seen_by(seen_by, on=on, roles=roles).filter(public_id=public_id).first()
    if tree is None:
        raise Http404("no such tree")
    return tree


def has_role(
    person: Person, roles: Roles, *, on: date, unit: Unit | None = None, tree: Tree | None = None
) -> bool:
    """Say whether a person holds one of some roles on a day.

    Without unit and tree: over anything at all. With a unit: over that unit. With a tree: over
    the tree as a whole, which a head of one of its subtrees does not.
    """
    wanted = [roles] if isinstance(roles, str) else list(roles)
    held = person.remits_on(on).filter(role__in=wanted)
    if unit is not None:
        over = Q(tree=None) | Q(tree_id=unit.tree_id, unit=None)
        above = _paths_above(unit.path)
        return held.filter(over | Q(unit__path__in=above)).exists()
    if tree is not None:
        return held.filter(Q(tree=None) | Q(tree=tree, unit=None)).exists()
    return held.exists()


def require_role(
    person: Person, roles: Roles, *, on: date, unit: Unit | None = None, tree: Tree | None = None
) -> None:
    """404 unless `has_role`: who may not do a thing is not told that it can be done."""
    if not has_role(person, roles, on=on, unit=unit, tree=tree):
        raise Http404("nothing here within the remit")


def require_administrator(person: Person, *, on: date) -> None:
    """404 for everybody but administrators."""
    require_role(person, Role.ADMINISTRATOR, on=on)


def people_seen_by(person: Person, *, on: date, text: str = "") -> QuerySet[Person]:
    """All persons, for administrators; nobody else has a list of persons.

    With `text` those whose name or address contains it.
    """
    require_administrator(person, on=on)
    found = Person.objects.order_by("name", "pk")
    if text:
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return found


def person_seen_by(public_id: str, *, seen_by: Person, on: date) -> Person:
    """One person, for administrators; 404 for everybody else."""
    person = people_seen_by(seen_by, on=on).filter(public_id=public_id).first()
    if person is None:
        raise Http404("no such person")
    return person


def remits_of(person: Person, *, seen_by: Person, on: date) -> QuerySet[Remit]:
    """All remits of a person, past and coming ones too: one's own, or for administrators."""
    if person.pk != seen_by.pk:
        require_administrator(seen_by, on=on)
    found = person.remits.select_related("tree", "unit", "granted_by")
    return found.order_by("-begins_on", "-pk")


def remit_seen_by(public_id: str, *, seen_by: Person, on: date) -> Remit:
    """One remit, for administrators; 404 for everybody else."""
    require_administrator(seen_by, on=on)
    remit = Remit.objects.select_related("person").filter(public_id=public_id).first()
    if remit is None:
        raise Http404("no such remit")
    return remit


def roles_of(person: Person, *, on: date) -> set[str]:
    """The roles a person holds on a day, over anything."""
    return set(person.remits_on(on).values_list("role", flat=True))


def administrators(*, on: date) -> QuerySet[Person]:
    """The persons who can open accounts and grant remits."""
    held = Remit.objects.filter(holds_on(on), person=OuterRef("pk"), role=Role.ADMINISTRATOR)
    return Person.objects.filter(Exists(held), is_active=True)


def person_with_email(email: str) -> Person | None:
    """The person with an address, whatever its case."""
    return Person.objects.filter(email=email.strip().casefold()).first()


def address_tried(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The address that a sign-in was tried with, in one spelling, so that another case of its
    letters does not give new tries."""
    given = credentials if credentials is not None else request.POST
    return str(given.get("username") or "").strip().casefold()


def invitation_link(invitation: Invitation) -> str:
    """The link that opens the account; made from the invitation and the secret key."""
    signature = signing.Signer(salt=INVITATION_SALT).signature(invitation.public_id)
    return f"{settings.TOUCHSTONE_ORIGIN}/invitations/{invitation.public_id}/{signature}"


def open_link_of(person: Person, *, seen_by: Person, moment: datetime) -> str | None:
    """The link of an invitation that was not accepted yet, to be handed over by hand."""
    require_administrator(seen_by, on=timezone.localdate(moment))
    found = person.invitations.order_by("-invited_at").first()
    return invitation_link(found) if found is not None and found.is_open(moment) else None


def open_invitation(public_id: str, signature: str, *, moment: datetime) -> Invitation:
    """The invitation that a link belongs to; 404 when it is forged, used, withdrawn or late."""
    signer = signing.Signer(salt=INVITATION_SALT)
    try:
        signer.unsign(f"{public_id}:{signature}")
    except signing.BadSignature as fault:
        raise Http404("no such invitation") from fault
    invitation = Invitation.objects.select_related("person").filter(public_id=public_id).first()
    if invitation is None or not invitation.is_open(moment):
        raise Http404("no such invitation")
    return invitation


def _paths_above(path: str) -> list[str]:
    """The path itself and all it starts with."""
    ends = [place + 1 for place, sign in enumerate(path) if sign == "/"]
    return [path[:end] for end in ends]


def named_person(email: str) -> Person:
    """The person with an address, for commands; PEOPLE-03 when there is none."""
    person = person_with_email(email)
    if person is None:
        raise _unknown("PEOPLE-03", f"the address {email}", "Invite the person first.")
    return person


def named_tree(name: str) -> Tree:
    """The tree with a name or public identifier, for commands; PEOPLE-03 when there is none."""
    found = list(Tree.objects.filter(Q(public_id=name) | Q(name=name))[:2])
    if len(found) != 1:
        raise _unknown("PEOPLE-03", f"the tree {name!r}", "Name a tree by its public identifier.")
    return found[0]


def named_unit(identifier: str, *, tree: Tree | None) -> Unit:
    """The unit with an identifier in a tree, for commands; PEOPLE-03 when there is none."""
    unit = Unit.objects.filter(tree=tree, identifier=identifier).first() if tree else None
    if unit is None:
        raise _unknown("PEOPLE-03", f"the unit {identifier!r}", "Name the tree and a unit of it.")
    return unit


def named_remit(public_id: str) -> Remit:
    """The remit with a public identifier, for commands; PEOPLE-03 when there is none."""
    remit = Remit.objects.select_related("person").filter(public_id=public_id).first()
    if remit is None:
        raise _unknown("PEOPLE-03", f"the remit {public_id!r}", "List the person's remits.")
    return remit


def _unknown(code: str, where: str, remedy: str) -> TouchstoneError:
    return TouchstoneError(code, where=where, found="there is none, or not just one", remedy=remedy)
