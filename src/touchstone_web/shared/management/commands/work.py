"""`work`: the process that does background jobs."""

import logging
import threading
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Command as WorkerCommand

from touchstone_web.shared import clocks
from touchstone_web.shared.jobs import return_stale_jobs, send_heartbeat
from touchstone_web.shared.servers import end_with_parent
from touchstone_web.shared.uploads import remove_expired

SECONDS_BETWEEN_BEATS = 15
BEATS_BETWEEN_TIDYINGS = 4 * 60 * 6

logger = logging.getLogger(__name__)


class Command(WorkerCommand):
    """The worker of django-tasks-db, with a heartbeat beside it."""

    help = "Do background jobs until stopped."

    def handle(self, **options: Any) -> None:
        """Beat in a thread of its own while the jobs run in this one."""
        end_with_parent()
        stop = threading.Event()
        beating = threading.Thread(target=beat_until, args=[stop], daemon=True)
        beating.start()
        try:
            super().handle(**{**options, "verbosity": 0})
        finally:
            stop.set()


def beat_until(stop: threading.Event) -> None:
    """Say that this process lives, take back what dead ones left, tidy up every six hours."""
    beat = 0
    while True:
        try:
            send_heartbeat()
            return_stale_jobs()
            if beat % BEATS_BETWEEN_TIDYINGS == 0:
                tidy()
        except Exception:
            # The database may be away for a while; the beat goes on until the process ends.
            logger.exception("a beat of the worker failed")
        finally:
            close_old_connections()
        beat += 1
        if stop.wait(SECONDS_BETWEEN_BEATS):
            return


def tidy() -> None:
    """Remove what is over: sessions, finished tasks' arguments, uploads, wrong passwords."""
    call_command("clearsessions", verbosity=0)
    call_command("prune_db_task_results", min_age_days=1, verbosity=0)
    remove_expired()
    forget_before = clocks.now() - settings.AXES_COOLOFF_TIME
    AccessAttempt.objects.filter(attempt_time__lt=forget_before).delete()
