"""Reading a file of units in the background."""

from touchstone.base.errors import TouchstoneError
from touchstone_web.shared.faults import fault_records
from touchstone_web.shared.jobs import Progress, job
from touchstone_web.shared.subprocesses import run_apart
from touchstone_web.shared.uploads import upload_folder
from touchstone_web.units.commands import keep_findings
from touchstone_web.units.files import units_file
from touchstone_web.units.models import TreeUpload

STEPS = ("read", "check")


@job("tree.check")
def check_tree(progress: Progress) -> None:
    """Read and check one file of units.

    1. Find the upload; nothing is to be done when it is gone or checked already.
    2. Let a process of its own read it.
    3. Keep the faults, or the mark of the units that now stand beside the file.
    """
    upload = TreeUpload.objects.filter(
        public_id=progress.about, state=TreeUpload.State.CHECKING
    ).first()
    if upload is None:
        return
    request = {
        "name": upload.source_name,
        "source": str(upload_folder() / upload.public_id),
        "units": str(units_file(upload.public_id)),
    }
    try:
        findings = run_apart(
            "touchstone_web.units.readings",
            request,
            where=upload.source_name,
            on_step=lambda step: progress.tell(step=step, done=STEPS.index(step), of=len(STEPS)),
        )
    except TouchstoneError as fault:
        findings = fault_records(fault)
    keep_findings(upload=upload, findings=findings)
