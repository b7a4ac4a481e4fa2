"""Background jobs: start one, run it, show how far it is.

In the `jobs.py` of an app:

    @job("assessment.compute")
    def compute(progress: Progress) -> None:
        assessment = ...find it by progress.about...
        progress.tell(step="tallies", done=0, of=2)
        ...calculate, outside of any transaction...
        commands.store_results(...)          # one short transaction at the end

In a command, inside its transaction:

    run = start_job(kind="assessment.compute", about=assessment.public_id, by=by.public_id)

In a page: `{% include "shared/progress.html" with run=run address=address %}`, where `address` is
a view that finds the run, checks who looks, and ends with
`return answer_progress(request, run, address=…)` (see `shared/views.py`).

What holds:
- A job enters the queue in the same transaction as the change that asks for it.
- While one run of a kind about the same thing is unfinished, no second one is started.
- A run is claimed by one worker only. While it runs, its process sends a heartbeat; a run whose
  heartbeat stopped goes back to the queue, three times at most. So every job must be idempotent:
  it may have been begun before.
- A `TouchstoneError` is kept as the run's fault and shown; any other exception is logged.
- `step` is a key: the pages show the text `step.<kind>.<step>`.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django_tasks import task

from touchstone.base.errors import TouchstoneError
from touchstone_web.shared import clocks
from touchstone_web.shared.models import JobRun, JobState

STALE_AFTER = timedelta(seconds=90)
MOST_ATTEMPTS = 3
UNEXPECTED = "unexpected"
LOST = "lost"

logger = logging.getLogger(__name__)


class Progress:
    """What a running job knows of its run, and how it says how far it is."""

    def __init__(self, run: JobRun) -> None:
        self.public_id = run.public_id
        self.about = run.about
        self.started_by = run.started_by

    def tell(self, *, step: str, done: int = 0, of: int = 0) -> None:
        """Say which step runs now and how many parts of it are done."""
        _of_run(self.public_id).update(step=step, done=done, of=of, heartbeat_at=clocks.now())


Work = Callable[[Progress], None]
_works: dict[str, Work] = {}
_running_here: set[str] = set()


def job(kind: str) -> Callable[[Work], Work]:
    """Name the function that does the jobs of a kind; `kind` is noun.verb."""

    def keep(work: Work) -> Work:
        if _works.setdefault(kind, work) is not work:
            raise ValueError(f"kind must name one job only; got {kind!r} twice")
        return work

    return keep


@transaction.atomic
def start_job(*, kind: str, about: str, by: str) -> JobRun:
    """Put a job into the queue; the run that is under way when there is one."""
    if kind not in _works:
        raise ValueError(f"kind must be that of a known job; got {kind!r}")
    unfinished = (JobState.WAITING, JobState.RUNNING)
    run = JobRun.objects.filter(kind=kind, about=about, state__in=unfinished).first()
    if run is None:
        run = JobRun.objects.create(kind=kind, about=about, started_by=by, created_at=clocks.now())
        work_on.enqueue(run.public_id)
        run.refresh_from_db()
    return run


def latest_job(*, kind: str, about: str) -> JobRun | None:
    """The newest run of a kind about one thing; None when there never was one."""
    return JobRun.objects.filter(kind=kind, about=about).order_by("-created_at", "-pk").first()


@task()
def work_on(public_id: str) -> None:
    """Do one run.

    1. Claim it; leave it when another worker was faster or it is finished.
    2. Do its work.
    3. Write down how it ended.
    """
    if not _claim(public_id):
        return
    run = JobRun.objects.get(public_id=public_id)
    _running_here.add(public_id)
    try:
        _works[run.kind](Progress(run))
    except TouchstoneError as fault:
        _finish(public_id, JobState.FAILED, fault=str(fault))
    except Exception:
        _finish(public_id, JobState.FAILED, fault=UNEXPECTED)
        logger.exception("job %s failed", run)
        raise
    else:
        _finish(public_id, JobState.DONE)
    finally:
        _running_here.discard(public_id)


def send_heartbeat() -> None:
    """Say that the runs of this process live."""
    for public_id in tuple(_running_here):
        _of_run(public_id).filter(state=JobState.RUNNING).update(heartbeat_at=clocks.now())


@transaction.atomic
def return_stale_jobs() -> int:
    """Put runs whose worker fell silent back into the queue; give how many there were.

    A run that fell silent three times is failed: something about it ends its workers.
    """
    silent = JobRun.objects.filter(
        state=JobState.RUNNING, heartbeat_at__lt=clocks.now() - STALE_AFTER
    )
    lost = silent.filter(attempts__gte=MOST_ATTEMPTS)
    lost.update(state=JobState.FAILED, fault=LOST, finished_at=clocks.now())
    returned = 0
    for public_id in list(silent.values_list("public_id", flat=True)):
        if silent.filter(public_id=public_id).update(state=JobState.WAITING, claimed_at=None):
            work_on.enqueue(public_id)
            returned += 1
    return returned


def _claim(public_id: str) -> bool:
    moment = clocks.now()
    waiting = _of_run(public_id).filter(state=JobState.WAITING)
    claimed = waiting.update(
        state=JobState.RUNNING,
        claimed_at=moment,
        heartbeat_at=moment,
        attempts=F("attempts") + 1,
        fault="",
    )
    return claimed == 1


def _finish(public_id: str, state: JobState, *, fault: str = "") -> None:
    running = _of_run(public_id).filter(state=JobState.RUNNING)
    running.update(state=state, fault=fault, finished_at=clocks.now())


def _of_run(public_id: str) -> QuerySet[JobRun]:
    return JobRun.objects.filter(public_id=public_id)
