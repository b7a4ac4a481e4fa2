"""Background jobs: in the queue with their change, done once, taken back from dead workers."""

import threading
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db import connections, transaction
from django_tasks_db.models import DBTaskResult

from touchstone.base.errors import TouchstoneError
from touchstone_web.shared import clocks, jobs
from touchstone_web.shared.management.commands.work import beat_until, tidy
from touchstone_web.shared.models import JobRun, JobState

QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def done():
    """What the jobs of these tests did."""
    return []


@pytest.fixture(autouse=True)
def works(monkeypatch, done):
    """Three jobs: one that succeeds, one with a fault of the input, one that breaks."""

    def count(progress):
        progress.tell(step="counting", done=1, of=2)
        run = JobRun.objects.get(public_id=progress.public_id)
        done.append((progress.about, run.step, run.done, run.of))

    def refuse(progress):
        raise TouchstoneError("X-01", where="file", found="nothing", remedy="Send one.")

    def fail(progress):
        raise ZeroDivisionError

    known = {"test.count": count, "test.refuse": refuse, "test.break": fail}
    monkeypatch.setattr(jobs, "_works", known)


@pytest.fixture
def queue(settings):
    """The real queue in the database; `work_off` does what stands in it."""
    settings.TASKS = QUEUE


def start(kind="test.count", about="thing"):
    return jobs.start_job(kind=kind, about=about, by="person")


def work_off():
    """What the worker does, in the order of the queue."""
    for task in DBTaskResult.objects.ready().order_by("enqueued_at"):
        task.claim("worker")
        task.task.call(*task.args_kwargs["args"])


@pytest.mark.django_db
def test_a_job_is_done_and_says_how_far_it_was(done):
    """In tests jobs run at once."""
    run = start()
    assert done == [("thing", "counting", 1, 2)]
    assert (run.state, run.attempts, run.fault) == (JobState.DONE, 1, "")
    assert run.is_finished
    assert run.finished_at is not None


@pytest.mark.django_db
def test_a_fault_of_the_input_is_kept_and_shown():
    """Its giver can mend it."""
    run = start("test.refuse")
    assert run.state == JobState.FAILED
    assert run.fault == "file: nothing. Send one. (X-01)"


@pytest.mark.django_db
def test_a_fault_of_the_program_is_logged_and_not_shown(caplog):
    """The page says that something broke; the log says what."""
    run = start("test.break")
    assert (run.state, run.fault) == (JobState.FAILED, jobs.UNEXPECTED)
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.django_db
def test_an_unknown_job_is_refused():
    """A kind that nobody does would wait for ever."""
    with pytest.raises(ValueError, match="kind"):
        start("test.nothing")


def test_a_kind_names_one_job_only():
    """Two functions for one kind would be a matter of luck."""
    with pytest.raises(ValueError, match="twice"):
        jobs.job("test.count")(lambda progress: None)


@pytest.mark.django_db
def test_a_job_is_not_started_twice_while_it_waits(queue, done):
    """Who presses the button again sees the run that is under way."""
    assert start() == start()
    assert start(about="other") != start()
    work_off()
    assert [about for about, *_ in done] == ["thing", "other"]
    assert start().state == JobState.WAITING
    assert jobs.latest_job(kind="test.count", about="thing").state == JobState.WAITING


@pytest.mark.django_db(transaction=True)
def test_a_job_leaves_the_queue_when_its_change_is_undone(queue):
    """Queue and change stand or fall together."""
    with transaction.atomic():
        start()
        transaction.set_rollback(True)
    assert not DBTaskResult.objects.exists()
    assert not JobRun.objects.exists()


@pytest.mark.django_db
def test_a_job_is_done_by_one_worker_only(queue, done):
    """The second worker finds it claimed."""
    run = start()
    jobs.work_on.call(run.public_id)
    jobs.work_on.call(run.public_id)
    assert len(done) == 1


def fall_silent(run, *, attempts=1):
    long_ago = clocks.now() - 2 * jobs.STALE_AFTER
    JobRun.objects.filter(pk=run.pk).update(
        state=JobState.RUNNING, heartbeat_at=long_ago, attempts=attempts
    )


@pytest.mark.django_db
def test_a_job_goes_back_to_the_queue_when_its_worker_falls_silent(queue, done):
    """Somebody else does it then, from the start."""
    run = start()
    DBTaskResult.objects.all().delete()
    fall_silent(run)
    assert jobs.return_stale_jobs() == 1
    assert jobs.return_stale_jobs() == 0
    work_off()
    run.refresh_from_db()
    assert (run.state, run.attempts, len(done)) == (JobState.DONE, 2, 1)


@pytest.mark.django_db
def test_a_job_is_given_up_when_three_workers_fell_silent(queue, done):
    """Something about it ends its workers; it must not end them all."""
    run = start()
    fall_silent(run, attempts=jobs.MOST_ATTEMPTS)
    assert jobs.return_stale_jobs() == 0
    run.refresh_from_db()
    assert (run.state, run.fault) == (JobState.FAILED, jobs.LOST)


@pytest.mark.django_db
def test_a_heartbeat_keeps_a_long_job_with_its_worker(queue, monkeypatch):
    """A run that beats is left alone, however long it takes."""
    run = start()
    fall_silent(run)
    monkeypatch.setattr(jobs, "_running_here", {run.public_id})
    jobs.send_heartbeat()
    assert jobs.return_stale_jobs() == 0


@pytest.mark.django_db(transaction=True)
def test_the_beat_of_a_worker_takes_back_what_dead_ones_left(queue):
    """It beats in a thread of its own, and ends when it is told to."""
    run = start()
    fall_silent(run)
    stop = threading.Event()
    stop.set()

    def beat():
        beat_until(stop)
        connections.close_all()

    beating = threading.Thread(target=beat)
    beating.start()
    beating.join(20)
    assert not beating.is_alive()
    run.refresh_from_db()
    assert run.state == JobState.WAITING


def test_a_worker_forgets_what_is_over(cast, client, settings):
    """Wrong passwords are kept for the length of the pause, and what tasks were given for a day."""
    settings.TASKS = QUEUE
    client.post("/sign-in", {"username": cast.alice.email, "password": "wrong"})
    client.post("/password", {"email": cast.alice.email})
    tidy()
    assert AccessAttempt.objects.count() == DBTaskResult.objects.count() == 1
    long_ago = clocks.now() - timedelta(days=2)
    AccessAttempt.objects.update(attempt_time=long_ago)
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=long_ago)
    tidy()
    assert AccessAttempt.objects.count() == DBTaskResult.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_is_claimed_once_when_many_workers_come_at_the_same_time(queue, done):
    """Eight workers, one job: it is done once."""
    run = start()
    together = threading.Barrier(8)

    def work():
        together.wait()
        jobs.work_on.call(run.public_id)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(done) == 1


def test_progress_is_shown_to_whoever_started_it(cast, client_of, settings):
    """The bar asks again every second until the job is finished, then the page is loaded anew."""
    settings.TASKS = QUEUE
    run = jobs.start_job(kind="test.count", about="thing", by=cast.alice.public_id)
    client, place = client_of(cast.alice), f"/jobs/{run.public_id}/progress"
    waiting = client.get(place)
    assert "Waiting for its turn" in waiting.content.decode()
    assert f'hx-get="{place}"' in waiting.content.decode()
    JobRun.objects.update(state="running", step="counting", done=1, of=4)
    assert '<progress max="4" value="1"' in client.get(place).content.decode()
    JobRun.objects.update(state="failed", fault=jobs.LOST, finished_at=clocks.now())
    ended = client.get(place)
    assert ended["HX-Refresh"] == "true"
    assert "hx-get" not in ended.content.decode()
    assert "three times" in ended.content.decode()
    assert client_of(cast.carol).get(place).status_code == 404


def test_a_run_falls_silent_after_some_missed_beats():
    """One missed beat is no death: the limit is several beats long."""
    assert timedelta(seconds=60) < jobs.STALE_AFTER < timedelta(minutes=5)
