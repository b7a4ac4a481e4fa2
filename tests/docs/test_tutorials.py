"""The tutorials are true: their commands run, and print what the pages say they print."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.M | re.S)
SHELL = "sh"
SECONDS = 120


def lessons(page: Path) -> list[tuple[str, str]]:
    """Pair each block of commands with the block of output behind it; "" when there is none."""
    found: list[tuple[str, str]] = []
    for kind, content in BLOCK.findall(page.read_text("utf-8")):
        if kind == SHELL:
            found.append((content, ""))
        elif found:
            found[-1] = (found[-1][0], content)
    return found


def squeezed(line: str) -> str:
    return " ".join(line.split())


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that looks like the checkout to the reader of a tutorial, and is thrown away."""
    for name in (".venv", "packs"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.mark.parametrize("page", ["first-assessment.md"])
def test_a_tutorial_prints_what_it_says(page, checkout):
    """Each line of an output block appears in what the commands before it print, in order."""
    environment = {
        **os.environ,
        "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    steps = lessons(ROOT / "docs" / "tutorials" / page)
    assert len(steps) >= 5
    for commands, output in steps:
        run = subprocess.run(
            ["sh", "-c", commands],
            cwd=checkout,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        printed = [squeezed(line) for line in (run.stdout + run.stderr).splitlines()]
        expected = [squeezed(line) for line in output.splitlines() if line.strip() not in {"", "…"}]
        rest = iter(printed)
        missing = [line for line in expected if line not in rest]
        assert missing == [], f"{commands}printed:\n{run.stdout}{run.stderr}"
