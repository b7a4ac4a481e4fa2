"""Reading frozen evidence and uploads, always asking who looks."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404
from django.urls import NoReverseMatch, reverse

from touchstone_web.evidence.models import FrozenSnapshot, Upload
from touchstone_web.journal.models import Entry
from touchstone_web.journal.queries import entries_about
from touchstone_web.people.models import Person, Tree
from touchstone_web.people.queries import has_role
from touchstone_web.shared.jobs import latest_job
from touchstone_web.shared.models import JobRun
from touchstone_web.shared.roles import Role
from touchstone_web.units.changes import TreeChanges, changes_between
from touchstone_web.units.files import read_nodes

# A head sees results, never the evidence of a whole tree.
SEES_EVIDENCE = (Role.ADMINISTRATOR, Role.ANALYST, Role.AUDITOR)
IMPORTS_EVIDENCE = (Role.ADMINISTRATOR, Role.ANALYST)
# Administrators look after accounts; by that alone they see no figure.
TAKES_EVIDENCE = (Role.ANALYST, Role.AUDITOR)
NEW_ASSESSMENT = "new_assessment"


def snapshots_seen_by(
    person: Person, *, on: date, roles: tuple[str, ...] = SEES_EVIDENCE
) -> QuerySet[FrozenSnapshot]:
    """The frozen snapshots of the trees over which a person holds one of some roles as a whole."""
    trees = person.public_ids_of_trees(*roles, on=on)
    found = FrozenSnapshot.objects.select_related("tree", "frozen_by")
    return found if trees is None else found.filter(tree__public_id__in=trees)


def snapshot_seen_by(
    public_id: str, *, seen_by: Person, on: date, roles: tuple[str, ...] = SEES_EVIDENCE
) -> FrozenSnapshot:
    """One frozen snapshot; 404 when there is none or it is outside the remit."""
    found = snapshots_seen_by(seen_by, on=on, roles=roles).filter(public_id=public_id).first()
    if found is None:
        raise Http404("no such snapshot")
    return found


def may_see_evidence(person: Person, *, on: date) -> bool:
    """Say whether a person sees evidence of anything."""
    return has_role(person, SEES_EVIDENCE, on=on)


def may_take_rows(person: Person, snapshot: FrozenSnapshot, *, on: date) -> bool:
    """Say whether a person may download the rows of a snapshot."""
    return has_role(person, TAKES_EVIDENCE, on=on, tree=snapshot.tree)


def may_import(person: Person, *, on: date, tree: Tree | None = None) -> bool:
    """Say whether a person may import evidence for a tree; only administrators for a new one."""
    if tree is None:
        return has_role(person, Role.ADMINISTRATOR, on=on)
    return has_role(person, IMPORTS_EVIDENCE, on=on, tree=tree)


def trees_for_import(*, seen_by: Person, on: date) -> QuerySet[Tree]:
    """The trees for which a person may import evidence."""
    public_ids = seen_by.public_ids_of_trees(*IMPORTS_EVIDENCE, on=on)
    found = Tree.objects.order_by("name", "pk")
    return found if public_ids is None else found.filter(public_id__in=public_ids)


def upload_seen_by(public_id: str, *, seen_by: Person, on: date) -> Upload:
    """One's own upload, while one may still import it; 404 for everybody else's."""
    found = Upload.objects.select_related("tree", "snapshot")
    upload = found.filter(public_id=public_id, uploaded_by=seen_by).first()
    if upload is None or not may_import(seen_by, on=on, tree=upload.tree):
        raise Http404("no such upload")
    return upload


def open_uploads(*, seen_by: Person) -> QuerySet[Upload]:
    """One's own uploads that wait for a decision."""
    waiting = (Upload.State.CHECKING, Upload.State.READY)
    return Upload.objects.filter(uploaded_by=seen_by, state__in=waiting)


def known_units(tree: Tree, *, level: str | None) -> list[str]:
    """The identifiers of a tree's open units, of one level or of all."""
    found = tree.units.filter(closed_on=None)
    if level is not None:
        found = found.filter(level=level)
    return list(found.values_list("identifier", flat=True))


def knows_level(tree: Tree, level: str) -> bool:
    """Say whether a tree has open units of a level."""
    return tree.units.filter(level=level, closed_on=None).exists()


def changes_of(upload: Upload) -> TreeChanges:
    """What a checked file would change in its tree as it stands now."""
    if upload.units_from == Upload.UnitsFrom.TREE:
        return TreeChanges()
    nodes = read_nodes(
        upload.public_id, sha256=str(upload.findings["units_hash"]), where=upload.source_name
    )
    units = upload.tree.units.select_related("parent") if upload.tree else ()
    return changes_between(units, nodes, closes_missing=False)


def same_content(upload: Upload) -> FrozenSnapshot | None:
    """The snapshot that already holds what a checked file holds."""
    if upload.tree is None:
        return None
    return FrozenSnapshot.objects.filter(
        tree=upload.tree,
        pack=upload.pack,
        dataset=upload.dataset,
        content_hash=upload.content_hash,
    ).first()


def address_of_assessing(snapshot: FrozenSnapshot, *, seen_by: Person, on: date) -> str | None:
    """Where a person asks for an assessment of a snapshot; None for whoever may not.

    Assessments are of a later floor, so their address is known by its name only.
    """
    if not has_role(seen_by, Role.ANALYST, on=on, tree=snapshot.tree):
        return None
    try:
        address = reverse(NEW_ASSESSMENT)
    except NoReverseMatch:
        return None
    return f"{address}?snapshot={snapshot.public_id}"


def entry_of_freezing(snapshot: FrozenSnapshot) -> Entry | None:
    """The journal's entry of the moment when a snapshot was frozen."""
    return entries_about(snapshot.public_id).filter(kind="evidence.frozen").first()


def check_run(upload: Upload) -> JobRun | None:
    """The job that checks an upload."""
    return latest_job(kind="evidence.check", about=upload.public_id)
