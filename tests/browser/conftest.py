"""The whole product as it is started, web and worker, with an empty home; and a real browser."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PICTURES = Path(__file__).parents[2] / "var" / "screenshots"
COMMAND = Path(sys.executable).parent / "touchstone"
SECONDS_TO_STOP = 40


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it listens, its home, and the account that may do everything."""

    origin: str
    home: Path
    email: str
    password: str


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where pages are kept for looking."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    """`touchstone serve` on a free port, with one account."""
    home = tmp_path_factory.mktemp("home")
    manage(home, "migrate")
    said = manage(home, "demo_account")
    account = dict(re.findall(r"^(\w+): +(\S+)$", said, re.M))
    command = [COMMAND, "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environment(home), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            origin = re.search(r"http://\S+", process.stdout.readline()).group()
            yield Served(origin, home, account["account"], account["password"])
        finally:
            process.terminate()
            process.wait(SECONDS_TO_STOP)


def manage(home: Path, *arguments: str) -> str:
    """Run one of Django's commands."""
    done = subprocess.run(
        [COMMAND, "manage", *arguments],
        env=environment(home),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def environment(home: Path) -> dict[str, str]:
    """The environment of the server: its own home, and SQLite in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOUCHSTONE_")}
    return {**kept, "TOUCHSTONE_HOME": str(home), "PYTHONUNBUFFERED": "1"}
