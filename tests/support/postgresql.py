"""A private PostgreSQL cluster for one run of the tests, in a temporary folder.

PostgreSQL refuses to run as root, so root hands the folder to the user postgres.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql")
ROOT_ID = 0
USER = "postgres"


def programs() -> Path:
    """The folder of the newest PostgreSQL that Debian has installed."""
    found = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed; run: make system-packages")
    return found[-1].parent


def as_postgres(*command: str | Path) -> list[str]:
    """A command as it must be called: root becomes the user postgres, others stay who they are."""
    words = [str(part) for part in command]
    return ["runuser", "-u", USER, "--", *words] if os.geteuid() == ROOT_ID else words


@contextmanager
def running_cluster() -> Iterator[Path]:
    """Start a cluster that listens on a socket in its folder only; it goes with the block."""
    folder = Path(tempfile.mkdtemp(prefix="touchstone-pg-"))
    try:
        if os.geteuid() == ROOT_ID:
            shutil.chown(folder, USER, USER)
        files, control = folder / "files", programs() / "pg_ctl"
        _run(programs() / "initdb", "-D", files, "-U", USER, "-A", "trust", "-E", "UTF8", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}'"
        log = folder / "log"
        _run(control, "-D", files, "-l", log, "-w", "-t", "60", "-o", options, "start")
        try:
            yield folder
        finally:
            _run(control, "-D", files, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str | Path) -> None:
    done = subprocess.run(
        as_postgres(*command),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")
