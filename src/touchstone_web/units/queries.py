"""Reading the organisation tree, always within the remit of the one who looks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.urls import NoReverseMatch, reverse

from touchstone_web.people.models import Person, Tree, Unit
from touchstone_web.people.queries import (
    has_role,
    tree_seen_by,
    trees_seen_by,
    unit_seen_by,
    units_seen_by,
)
from touchstone_web.shared.jobs import latest_job
from touchstone_web.shared.models import JobRun
from touchstone_web.shared.roles import ALL_ROLES, Role
from touchstone_web.units.changes import TreeChanges, changes_between
from touchstone_web.units.files import read_nodes
from touchstone_web.units.models import TreeUpload

# Heads see the units below them and change none; auditors see all and change nothing.
IMPORTS_UNITS = (Role.ADMINISTRATOR, Role.ANALYST)
RESULTS_OF_UNIT = "unit_results"


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many open units of one level there are."""

    level: str
    units: int


def trees(*, seen_by: Person, on: date) -> QuerySet[Tree]:
    """The trees into which a person's remits reach, with the number of open units in each."""
    found = trees_seen_by(seen_by, on=on, roles=ALL_ROLES)
    return found.annotate(open_units=Count("units", filter=Q(units__closed_on=None))).order_by(
        "name", "pk"
    )


def tree(public_id: str, *, seen_by: Person, on: date) -> Tree:
    """One tree; 404 when no remit reaches into it."""
    return tree_seen_by(public_id, seen_by=seen_by, on=on, roles=ALL_ROLES)


def unit(public_id: str, *, seen_by: Person, on: date) -> Unit:
    """One unit; 404 when it lies outside the remit."""
    return unit_seen_by(public_id, seen_by=seen_by, on=on, roles=ALL_ROLES)


def top_units(tree: Tree, *, seen_by: Person, on: date) -> QuerySet[Unit]:
    """Where a person's part of a tree begins: its roots, or the units of the remits."""
    seen = _units(seen_by, on=on).filter(tree=tree)
    return _with_children(seen.exclude(parent__in=seen.values("pk")))


def units_below(unit: Unit, *, seen_by: Person, on: date) -> QuerySet[Unit]:
    """The units directly below one, the open ones first, each with its number of children."""
    return _with_children(_units(seen_by, on=on).filter(parent=unit))


def units_above(unit: Unit, *, seen_by: Person, on: date) -> list[Unit]:
    """The way from the top of the tree down to a unit, as far as the remit reaches."""
    ends = [place + 1 for place, sign in enumerate(unit.path) if sign == "/"]
    above = [unit.path[:end] for end in ends[:-1]]
    return list(_units(seen_by, on=on).filter(tree=unit.tree_id, path__in=above).order_by("path"))


def search_units(tree: Tree, text: str, *, seen_by: Person, on: date) -> QuerySet[Unit]:
    """The units whose name or identifier holds a text, in the order of their names.

    `parent_name` is None where the parent lies outside the remit.
    """
    named = Q(name__icontains=text.strip()) | Q(identifier__icontains=text.strip())
    seen = _units(seen_by, on=on).filter(tree=tree)
    parent_name = seen.filter(pk=OuterRef("parent")).values("name")
    found = seen.filter(named).annotate(parent_name=Subquery(parent_name))
    return found.order_by(F("closed_on").asc(nulls_first=True), "name", "identifier")


def counts_by_level(
    tree: Tree, *, seen_by: Person, on: date, below: Unit | None = None
) -> list[LevelCount]:
    """How many open units of each level a person sees, the smallest number first."""
    seen = _units(seen_by, on=on).filter(tree=tree, closed_on=None)
    if below is not None:
        seen = seen.filter(path__startswith=below.path).exclude(pk=below.pk)
    counted = seen.order_by().values("level").annotate(units=Count("pk")).order_by("units", "level")
    return [LevelCount(row["level"], row["units"]) for row in counted]


def trees_to_import(*, seen_by: Person, on: date) -> QuerySet[Tree]:
    """The trees that a person may change as a whole."""
    public_ids = seen_by.public_ids_of_trees(*IMPORTS_UNITS, on=on)
    found = Tree.objects.order_by("name", "pk")
    return found if public_ids is None else found.filter(public_id__in=public_ids)


def may_import(person: Person, *, on: date, tree: Tree | None = None) -> bool:
    """Say whether a person may import units into a tree; only administrators open a new one."""
    if tree is None:
        return has_role(person, Role.ADMINISTRATOR, on=on)
    return has_role(person, IMPORTS_UNITS, on=on, tree=tree)


def tree_upload(public_id: str, *, seen_by: Person, on: date) -> TreeUpload:
    """One's own upload, while one may still import it; 404 for everybody else's."""
    found = TreeUpload.objects.select_related("tree").filter(
        public_id=public_id, uploaded_by=seen_by
    )
    upload = found.first()
    if upload is None or not may_import(seen_by, on=on, tree=upload.tree):
        raise Http404("no such upload")
    return upload


def changes_of(upload: TreeUpload) -> TreeChanges:
    """What a checked file would change in its tree as it stands now."""
    nodes = read_nodes(
        upload.public_id, sha256=str(upload.findings["units_hash"]), where=upload.source_name
    )
    units = upload.tree.units.select_related("parent") if upload.tree else ()
    return changes_between(units, nodes, closes_missing=upload.closes_missing)


def check_run(upload: TreeUpload) -> JobRun | None:
    """The job that checks an upload."""
    return latest_job(kind="tree.check", about=upload.public_id)


def address_of_results(unit: Unit, *, seen_by: Person, on: date) -> str | None:
    """Where a person sees a unit's results; None where that person sees no figure of it.

    Results are of a later floor, so their address is known by its name only.
    """
    if not units_seen_by(seen_by, on=on).filter(pk=unit.pk).exists():
        return None
    try:
        return reverse(RESULTS_OF_UNIT, args=[unit.public_id])
    except NoReverseMatch:
        return None


def _units(person: Person, *, on: date, roles: Collection[str] = ALL_ROLES) -> QuerySet[Unit]:
    return units_seen_by(person, on=on, roles=roles)


def _with_children(units: QuerySet[Unit]) -> QuerySet[Unit]:
    open_children = Count("children", filter=Q(children__closed_on=None))
    order = (F("closed_on").asc(nulls_first=True), "name", "identifier")
    return units.annotate(open_children=open_children).order_by(*order)
