"""Reading and checking a file of evidence in the background."""

import json
from typing import Any

import msgspec

from touchstone.base.errors import TouchstoneError
from touchstone.content.datasets import Dataset
from touchstone_web.evidence.commands import keep_findings
from touchstone_web.evidence.files import checked_file
from touchstone_web.evidence.models import Upload
from touchstone_web.evidence.queries import known_units
from touchstone_web.packs.queries import dataset_of
from touchstone_web.shared.faults import fault_records
from touchstone_web.shared.jobs import Progress, job
from touchstone_web.shared.subprocesses import run_apart
from touchstone_web.shared.uploads import upload_folder
from touchstone_web.units.files import units_file

STEPS = ("read", "check", "units", "write")


@job("evidence.check")
def check_evidence(progress: Progress) -> None:
    """Read and check one file of evidence.

    1. Find the upload; nothing is to be done when it is gone or checked already.
    2. Let a process of its own read and freeze it, outside of any transaction.
    3. Keep the faults, or the preview of the rows that now stand frozen beside the file.
    """
    upload = (
        Upload.objects.select_related("tree")
        .filter(public_id=progress.about, state=Upload.State.CHECKING)
        .first()
    )
    if upload is None:
        return

    def tell(step: str) -> None:
        progress.tell(step=step, done=STEPS.index(step), of=len(STEPS))

    try:
        findings = run_apart(
            "touchstone_web.evidence.readings",
            _request(upload, dataset_of(upload.pack, upload.dataset)),
            where=upload.source_name,
            on_step=tell,
        )
    except TouchstoneError as fault:
        findings = fault_records(fault)
    keep_findings(upload=upload, findings=findings)


def _request(upload: Upload, dataset: Dataset) -> dict[str, Any]:
    folder, known = upload_folder(), None
    if upload.units_from == Upload.UnitsFrom.TREE and upload.tree:
        level = dataset.levels[-1].level if dataset.levels else None
        known = folder / f"{upload.public_id}.known"
        known.write_text(json.dumps(known_units(upload.tree, level=level)), encoding="utf-8")
    return {
        "name": upload.source_name,
        "source": str(folder / upload.public_id),
        "dataset": msgspec.to_builtins(dataset),
        "known_units": str(known) if known else None,
        "frozen": str(checked_file(upload.public_id)),
        "units": str(units_file(upload.public_id)),
    }
