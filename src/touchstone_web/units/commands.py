"""Changing the organisation tree: open one, import units, take and drop files of units."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from touchstone.base.errors import TouchstoneError
from touchstone.content.trees import Node
from touchstone_web.journal.commands import record
from touchstone_web.people.models import Actor, Person, Tree, Unit
from touchstone_web.people.paths import step
from touchstone_web.shared import clocks
from touchstone_web.shared.identifiers import new_public_id
from touchstone_web.shared.jobs import start_job
from touchstone_web.shared.uploads import (
    remove_files,
    removes_expired,
    store_upload,
    upload_folder,
)
from touchstone_web.units.changes import TreeChanges, changes_between
from touchstone_web.units.files import read_nodes
from touchstone_web.units.models import TreeUpload

KEPT_FOR = timedelta(days=1)
ROWS_AT_ONCE = 1_000


@transaction.atomic
def open_tree(*, name: str, pack: str, by: Actor) -> Tree:
    """Make a tree without units."""
    moment = clocks.now()
    tree = Tree.objects.create(name=name.strip(), pack=pack, created_at=moment)
    record(
        kind="tree.opened",
        about=tree.public_id,
        by=by.public_id,
        at=moment,
        details={"tree": tree.public_id, "pack": pack},
    )
    return tree


@transaction.atomic
def import_units(
    *, tree: Tree, nodes: Sequence[Node], by: Actor, closes_missing: bool = False
) -> TreeChanges:
    """Bring a tree to what a checked list of units says; parents are named in the list too.

    1. Hold the tree, so that two imports follow each other.
    2. Compare; when nothing differs, nothing is written.
    3. Add new units, upper levels first, and change those that differ.
    4. Write the paths anew below everything that moved.
    """
    Tree.objects.select_for_update().get(pk=tree.pk)
    units = list(tree.units.select_related("parent"))
    changes = changes_between(units, nodes, closes_missing=closes_missing)
    if changes.is_empty:
        return changes
    by_identifier = {unit.identifier: unit for unit in units}
    _add(tree, changes, by_identifier)
    _change(changes, by_identifier)
    _write_paths(tree, by_identifier)
    record(
        kind="tree.imported",
        about=tree.public_id,
        by=by.public_id,
        at=clocks.now(),
        details={"tree": tree.public_id, **changes.counts()},
    )
    return changes


def receive_tree_file(
    *,
    file: UploadedFile,
    by: Person,
    tree: Tree | None,
    new_tree: str = "",
    pack: str = "",
    closes_missing: bool = False,
) -> TreeUpload:
    """Keep a file of units until it is decided on, and have it read in the background."""
    remove_expired_tree_uploads()
    public_id, moment = new_public_id(), clocks.now()
    received = store_upload(file, upload_folder() / public_id)
    with transaction.atomic():
        upload = TreeUpload.objects.create(
            public_id=public_id,
            tree=tree,
            new_tree="" if tree else new_tree.strip(),
            pack=tree.pack if tree else pack,
            closes_missing=closes_missing,
            source_name=received.name,
            source_size=received.size,
            source_hash=received.sha256,
            uploaded_by=by,
            uploaded_at=moment,
            expires_at=moment + KEPT_FOR,
        )
        details = {"source_hash": received.sha256, **({"tree": tree.public_id} if tree else {})}
        record(kind="tree.uploaded", about=public_id, by=by.public_id, at=moment, details=details)
        start_job(kind="tree.check", about=public_id, by=by.public_id)
    return upload


def keep_findings(*, upload: TreeUpload, findings: dict[str, object]) -> None:
    """Write down what the check of a file found; twice is once."""
    state = TreeUpload.State.REFUSED if "faults" in findings else TreeUpload.State.READY
    waiting = TreeUpload.objects.filter(pk=upload.pk, state=TreeUpload.State.CHECKING)
    waiting.update(state=state, findings=findings)


@transaction.atomic
def import_tree_file(*, upload: TreeUpload, by: Person) -> Tree:
    """Bring a tree to what a checked file says, once; again gives the same tree."""
    upload = TreeUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.state == TreeUpload.State.IMPORTED and upload.tree:
        return upload.tree
    if upload.state != TreeUpload.State.READY:
        raise TouchstoneError(
            "UPLOAD-06",
            where=upload.source_name,
            found="the file is not checked, or has faults",
            remedy="Wait for the check, or mend the faults and send the file again.",
        )
    nodes = read_nodes(
        upload.public_id, sha256=str(upload.findings["units_hash"]), where=upload.source_name
    )
    tree = upload.tree or open_tree(name=upload.new_tree, pack=upload.pack, by=by)
    import_units(tree=tree, nodes=nodes, by=by, closes_missing=upload.closes_missing)
    upload.state, upload.tree = TreeUpload.State.IMPORTED, tree
    upload.save(update_fields=["state", "tree"])
    transaction.on_commit(lambda: remove_files(upload.public_id))
    return tree


@transaction.atomic
def drop_tree_file(*, upload: TreeUpload, by: Person) -> None:
    """Throw a file away without importing it."""
    record(
        kind="tree.upload_dropped",
        about=upload.public_id,
        by=by.public_id,
        at=clocks.now(),
        details={"tree": upload.tree.public_id} if upload.tree else None,
    )
    transaction.on_commit(lambda: remove_files(upload.public_id))
    TreeUpload.objects.filter(pk=upload.pk).exclude(state=TreeUpload.State.IMPORTED).delete()


@removes_expired
def remove_expired_tree_uploads() -> int:
    """Remove files nobody decided on in time, and give how many there were."""
    expired = TreeUpload.objects.filter(expires_at__lt=clocks.now())
    gone = list(expired.values_list("pk", "public_id"))
    TreeUpload.objects.filter(pk__in=[pk for pk, _ in gone]).delete()
    for _, public_id in gone:
        remove_files(public_id)
    return len(gone)


def _add(tree: Tree, changes: TreeChanges, by_identifier: dict[str, Unit]) -> None:
    """Store new units level by level, as each needs its parent's key; paths come last."""
    last = tree.units.aggregate(last=Max("number"))["last"] or 0
    numbers = count(last + 1)
    waiting = [change.node for change in changes.added]
    while waiting:
        ready = [n for n in waiting if n.parent is None or n.parent in by_identifier]
        if not ready:
            raise ValueError("nodes must name all parents, without a cycle; got others")
        units = []
        for node in ready:
            parent = by_identifier[node.parent] if node.parent is not None else None
            units.append(_new_unit(tree, node, number=next(numbers), parent=parent))
        Unit.objects.bulk_create(units, batch_size=ROWS_AT_ONCE)
        by_identifier |= {unit.identifier: unit for unit in units}
        waiting = [node for node in waiting if node.unit not in by_identifier]


def _new_unit(tree: Tree, node: Node, *, number: int, parent: Unit | None) -> Unit:
    return Unit(
        tree=tree,
        number=number,
        identifier=node.unit,
        name=node.name,
        level=node.level,
        parent=parent,
        path=(parent.path if parent else tree.path) + step(number),
    )


def _change(changes: TreeChanges, by_identifier: dict[str, Unit]) -> None:
    changed: dict[int, Unit] = {}
    for change in [*changes.renamed, *changes.moved, *changes.reopened]:
        node = change.node
        unit = by_identifier[node.unit]
        unit.name, unit.level, unit.closed_on = node.name, node.level, None
        unit.parent = by_identifier[node.parent] if node.parent is not None else None
        changed[unit.pk] = unit
    for change in changes.closed:
        unit = by_identifier[change.node.unit]
        unit.closed_on = clocks.today()
        changed[unit.pk] = unit
    Unit.objects.bulk_update(
        changed.values(), ["name", "level", "parent", "closed_on"], batch_size=ROWS_AT_ONCE
    )


def _write_paths(tree: Tree, by_identifier: dict[str, Unit]) -> None:
    """Give each unit the path of its parent and its own number; only what differs is written."""
    by_key = {unit.pk: unit for unit in by_identifier.values()}
    paths: dict[int | None, str] = {None: tree.path}
    for unit in by_key.values():
        chain = [unit]
        while chain[-1].parent_id not in paths:
            if len(chain) > len(by_key):
                raise ValueError("nodes must not form a cycle with closed units; got one")
            chain.append(by_key[chain[-1].parent_id])
        for link in reversed(chain):
            paths[link.pk] = paths[link.parent_id] + step(link.number)
    moved = [unit for unit in by_key.values() if unit.path != paths[unit.pk]]
    for unit in moved:
        unit.path = paths[unit.pk]
    Unit.objects.bulk_update(moved, ["path"], batch_size=ROWS_AT_ONCE)
