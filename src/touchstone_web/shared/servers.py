"""Keeping a server's processes alive: start them, start dead ones again, stop all together."""

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

from touchstone.base.errors import TouchstoneError

SECONDS_TO_STOP = 30
SECONDS_BETWEEN_LOOKS = 0.2
STEADY_AFTER = 20
MOST_EARLY_DEATHS = 5
BACKLOG = 1024
GUNICORN_SETTINGS = "touchstone_web.shared.web_server"

# Told to the children, so that they know whether they have a supervisor; not a setting.
SUPERVISOR = "TOUCHSTONE_SUPERVISOR"
TELL_WHEN_PARENT_DIES = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Child:
    """One process: how it is started, and how often it died soon after its start."""

    name: str
    command: Sequence[str]
    handles: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0
    early_deaths: int = 0
    start_at: float = 0


@dataclass(slots=True)
class Supervisor:
    """Holds some processes until it is told to stop, by SIGTERM or SIGINT.

    A child that dies is started again, later each time that it dies early; one that dies early
    five times in a row ends the whole server, so that whoever watches it notices.
    """

    children: list[Child]
    is_stopping: bool = field(default=False)

    def run(self) -> int:
        """Keep the children alive; give the exit code: 0 when stopped, 1 when one kept dying."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self.is_stopping:
                for child in self.children:
                    if not self._look_after(child):
                        return 1
                time.sleep(SECONDS_BETWEEN_LOOKS)
            return 0
        finally:
            self._stop_children()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _look_after(self, child: Child) -> bool:
        moment = time.monotonic()
        has_ended = child.process is not None and child.process.poll() is not None
        if has_ended and not self._bury(child, moment):
            return False
        if child.process is None and moment >= child.start_at:
            # A session of its own: Ctrl+C reaches the supervisor alone, which stops all in order.
            child.process = subprocess.Popen(  # noqa: S603 - a command of this file
                child.command,
                pass_fds=child.handles,
                start_new_session=True,
                env={**os.environ, SUPERVISOR: str(os.getpid())},
            )
            child.started_at = moment
        return True

    def _bury(self, child: Child, moment: float) -> bool:
        code = child.process.returncode if child.process else None
        child.process = None
        is_early = moment - child.started_at < STEADY_AFTER
        child.early_deaths = child.early_deaths + 1 if is_early else 0
        child.start_at = moment + (2 ** (child.early_deaths - 1) if is_early else 0)
        logger.error("%s ended with code %s", child.name, code)
        return child.early_deaths < MOST_EARLY_DEATHS

    def _stop_children(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        latest = time.monotonic() + SECONDS_TO_STOP
        for process in running:
            try:
                process.wait(max(0.1, latest - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def end_with_parent() -> None:
    """Called by a child: ask Linux for a SIGTERM when the supervisor dies, however it dies.

    Without a supervisor nothing is asked for. One that died before the child came this far is
    noticed by its number, which is the parent's no more.
    """
    supervisor = os.environ.get(SUPERVISOR)
    if supervisor is None or LIBC is None:
        return
    LIBC.prctl(TELL_WHEN_PARENT_DIES, signal.SIGTERM)
    if str(os.getppid()) != supervisor:
        os.kill(os.getpid(), signal.SIGTERM)


def listening_socket(host: str, port: int) -> socket.socket:
    """Take a port before anything else is started; SERVE-01 when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(BACKLOG)
    except OSError as fault:
        taken.close()
        raise TouchstoneError(
            "SERVE-01",
            where=f"{host}, port {port}",
            found=f"it cannot be listened on ({fault.strerror})",
            remedy="End the program that uses it, or choose another with --port.",
        ) from fault
    taken.set_inheritable(True)
    return taken


def web_child(taken: socket.socket, *, workers: int) -> Child:
    """Gunicorn on a port that is taken already, so that none is lost when it starts again."""
    handle = taken.fileno()
    program = [sys.executable, "-m", "gunicorn", "--config", f"python:{GUNICORN_SETTINGS}"]
    bound = ["--bind", f"fd://{handle}", "--workers", str(workers)]
    return Child("web", [*program, *bound, "touchstone_web.wsgi:application"], (handle,))


def worker_child() -> Child:
    """The process that does background jobs."""
    return Child("worker", [sys.executable, "-m", "django", "work"])
