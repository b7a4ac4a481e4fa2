"""Taking files of evidence, freezing them, throwing them away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from touchstone.base.errors import TouchstoneError
from touchstone.content.trees import Node
from touchstone.tallies.tables import Snapshot, write_parquet
from touchstone_web.evidence.files import checked_rows, keep_file
from touchstone_web.evidence.models import FrozenSnapshot, Upload
from touchstone_web.journal.commands import record
from touchstone_web.people.models import Actor, Person, Tree
from touchstone_web.shared import clocks
from touchstone_web.shared.identifiers import new_public_id
from touchstone_web.shared.jobs import start_job
from touchstone_web.shared.uploads import (
    Received,
    remove_files,
    removes_expired,
    store_upload,
    upload_folder,
)
from touchstone_web.units.commands import import_units, open_tree
from touchstone_web.units.files import read_nodes

KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Origin:
    """What evidence is, and the file it came from."""

    pack: str
    dataset: str
    title: str
    file: Received


@dataclass(frozen=True, slots=True)
class Frozen:
    """A snapshot, and whether it came to be now or was there before."""

    snapshot: FrozenSnapshot
    is_new: bool


@dataclass(frozen=True, slots=True)
class Target:
    """The tree that evidence is for; without one a new tree of the given name is made."""

    tree: Tree | None
    new_tree: str = ""
    units_from: str = Upload.UnitsFrom.FILE


def receive_evidence(
    *, file: UploadedFile, pack: str, dataset: str, title: str, target: Target, by: Person
) -> Upload:
    """Keep a file of evidence until it is decided on, and have it checked in the background."""
    remove_expired_uploads()
    public_id, moment = new_public_id(), clocks.now()
    received = store_upload(file, upload_folder() / public_id)
    with transaction.atomic():
        upload = Upload.objects.create(
            public_id=public_id,
            pack=pack,
            dataset=dataset,
            tree=target.tree,
            new_tree="" if target.tree else target.new_tree.strip(),
            units_from=target.units_from,
            title=title.strip() or _title_from(received.name),
            source_name=received.name,
            source_size=received.size,
            source_hash=received.sha256,
            uploaded_by=by,
            uploaded_at=moment,
            expires_at=moment + KEPT_FOR,
        )
        details = _details(target.tree, pack=pack, dataset=dataset, source_hash=received.sha256)
        record(
            kind="evidence.uploaded",
            about=public_id,
            by=by.public_id,
            at=moment,
            details=details,
        )
        start_job(kind="evidence.check", about=public_id, by=by.public_id)
    return upload


def keep_findings(*, upload: Upload, findings: dict[str, Any]) -> None:
    """Write down what the check of a file found; twice is once."""
    state = Upload.State.REFUSED if "faults" in findings else Upload.State.READY
    waiting = Upload.objects.filter(pk=upload.pk, state=Upload.State.CHECKING)
    waiting.update(state=state, findings=findings, content_hash=findings.get("content_hash", ""))


@transaction.atomic
def freeze_upload(*, upload: Upload, by: Person) -> Frozen:
    """Freeze a checked file, once: all of it with the units it names, or nothing.

    1. Hold the upload, so that a second call finds what the first one made.
    2. Take what the check wrote, if it is still that.
    3. Bring the tree up to date, or see that it still knows every unit.
    4. Keep the rows and write the journal.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state == Upload.State.FROZEN and upload.snapshot:
        return Frozen(upload.snapshot, is_new=False)
    if upload.state != Upload.State.READY:
        raise TouchstoneError(
            "UPLOAD-06",
            where=upload.source_name,
            found="the file is not checked, or has faults",
            remedy="Wait for the check, or mend the faults and send the file again.",
        )
    content = checked_rows(
        upload.public_id, sha256=upload.findings["frozen_hash"], where=upload.source_name
    )
    nodes = read_nodes(
        upload.public_id, sha256=str(upload.findings["units_hash"]), where=upload.source_name
    )
    tree = upload.tree or open_tree(name=upload.new_tree, pack=upload.pack, by=by)
    takes_units = upload.units_from == Upload.UnitsFrom.FILE
    if not takes_units:
        _refuse_unknown_units(nodes, tree, where=upload.source_name)
    file = Received(upload.source_name, upload.source_size, upload.source_hash)
    frozen = _keep(
        Origin(upload.pack, upload.dataset, upload.title, file),
        _Rows(
            content=content,
            content_hash=upload.content_hash,
            number=upload.findings["rows"],
            columns=upload.findings["columns"],
        ),
        nodes if takes_units else None,
        tree=tree,
        by=by,
    )
    upload.state, upload.tree, upload.snapshot = Upload.State.FROZEN, tree, frozen.snapshot
    # What was shown of the rows is not kept twice.
    upload.findings = {}
    upload.save(update_fields=["state", "tree", "snapshot", "findings"])
    transaction.on_commit(lambda: remove_files(upload.public_id))
    return frozen


@transaction.atomic
def freeze_snapshot(
    *,
    snapshot: Snapshot,
    nodes: Sequence[Node] | None,
    origin: Origin,
    tree: Tree,
    by: Actor,
) -> Frozen:
    """Freeze rows that are in memory already; with `nodes` the tree takes units from them."""
    rows = _Rows(
        content=write_parquet(snapshot),
        content_hash=snapshot.content_hash,
        number=snapshot.rows.num_rows,
        columns=[column.as_record() for column in snapshot.columns],
    )
    return _keep(origin, rows, nodes, tree=tree, by=by)


@transaction.atomic
def drop_upload(*, upload: Upload, by: Person) -> None:
    """Throw a file away without freezing it."""
    record(
        kind="evidence.upload_dropped",
        about=upload.public_id,
        by=by.public_id,
        at=clocks.now(),
        details=_details(upload.tree, source_hash=upload.source_hash),
    )
    transaction.on_commit(lambda: remove_files(upload.public_id))
    Upload.objects.filter(pk=upload.pk).exclude(state=Upload.State.FROZEN).delete()


@removes_expired
def remove_expired_uploads() -> int:
    """Remove files nobody decided on in time, and give how many there were."""
    expired = Upload.objects.filter(expires_at__lt=clocks.now())
    gone = list(expired.values_list("pk", "public_id"))
    Upload.objects.filter(pk__in=[pk for pk, _ in gone]).delete()
    for _, public_id in gone:
        remove_files(public_id)
    return len(gone)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Frozen rows as bytes, and what there is to know of them."""

    content: bytes
    content_hash: str
    number: int
    columns: list[dict[str, Any]]


def _refuse_unknown_units(nodes: Sequence[Node], tree: Tree, *, where: str) -> None:
    """The tree may have changed since the check; the lowest level stands last among the nodes."""
    named = {node.unit for node in nodes if node.level == nodes[-1].level}
    known = tree.units.filter(closed_on=None).values_list("identifier", flat=True)
    unknown = sorted(named - set(known))
    if unknown:
        raise TouchstoneError(
            "UPLOAD-09",
            where=where,
            found=f"units that the tree no longer has: {', '.join(unknown[:5])}"
            + (", …" if len(unknown) > 5 else ""),
            remedy="Add them to the tree, or send the file again without them.",
        )


def _keep(
    origin: Origin, rows: _Rows, nodes: Sequence[Node] | None, *, tree: Tree, by: Actor
) -> Frozen:
    """Keep rows and their tree's units; content that is frozen already stays as it is."""
    # Whoever freezes for the same tree at the same time waits here.
    Tree.objects.select_for_update().get(pk=tree.pk)
    same = FrozenSnapshot.objects.filter(
        tree=tree, pack=origin.pack, dataset=origin.dataset, content_hash=rows.content_hash
    ).first()
    if same is not None:
        return Frozen(same, is_new=False)
    if nodes is not None:
        import_units(tree=tree, nodes=nodes, by=by)
    keep_file(rows.content, rows.content_hash)
    moment = clocks.now()
    snapshot = FrozenSnapshot.objects.create(
        pack=origin.pack,
        dataset=origin.dataset,
        tree=tree,
        title=origin.title,
        content_hash=rows.content_hash,
        rows=rows.number,
        columns=rows.columns,
        source_name=origin.file.name,
        source_size=origin.file.size,
        source_hash=origin.file.sha256,
        frozen_by_id=by.pk,
        frozen_at=moment,
    )
    record(
        kind="evidence.frozen",
        about=snapshot.public_id,
        by=by.public_id,
        at=moment,
        details=_details(
            tree,
            pack=origin.pack,
            dataset=origin.dataset,
            content_hash=rows.content_hash,
            rows=rows.number,
            source_hash=origin.file.sha256,
        ),
    )
    return Frozen(snapshot, is_new=True)


def _title_from(file_name: str) -> str:
    """A file's name without what tells its format."""
    stem = Path(file_name.removesuffix(".gz")).stem
    return stem or file_name


def _details(tree: Tree | None, **details: str | int) -> dict[str, str | int | None]:
    return {**({"tree": tree.public_id} if tree else {}), **details}
