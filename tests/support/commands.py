"""Runs the installed `touchstone` command as a user would."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
COMMAND = ROOT / ".venv" / "bin" / "touchstone"
SECONDS = 120


@dataclass(frozen=True, slots=True)
class Run:
    """What a command printed, and how it ended."""

    code: int
    output: str
    messages: str

    @property
    def answer(self) -> Any:
        """Standard output, read as JSON."""
        return json.loads(self.output)


def touchstone(*arguments: object, cwd: Path | None = None) -> Run:
    """Run `touchstone` with some arguments in an own process."""
    done = subprocess.run(
        [str(COMMAND), *map(str, arguments)],
        cwd=cwd,
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    return Run(done.returncode, done.stdout, done.stderr)
