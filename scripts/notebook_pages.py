"""Runs the cells of the analyst's notebook and writes what they print below them.

`python scripts/notebook_pages.py` refreshes the pages, `… grades.md` one of them; a test holds
that they are current.
"""

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "docs" / "tutorials" / "notebook"
# What a reader's checkout has, and cells read.
LINKED = (".venv", "packs", "tests", "docs")
PICTURES = "pictures"
CELL = re.compile(
    r"^```(?P<kind>python|sh)\n(?P<code>.*?)^```\n(?P<output>\n```text\n.*?^```\n)?", re.M | re.S
)


def pages() -> list[Path]:
    """List the pages of the notebook."""
    return sorted(NOTEBOOK.glob("*.md"))


def lay_out(folder: Path) -> None:
    """Make a folder look like the checkout to the reader of a page."""
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)


def refreshed(page: Path, folder: Path) -> str:
    """Run a page's cells in order, in one namespace and one folder; give the page with outputs."""
    names: dict[str, Any] = {"__name__": page.stem}

    def run(cell: re.Match[str]) -> str:
        kind, code = cell["kind"], cell["code"]
        printed = run_python(code, names, page.name) if kind == "python" else run_shell(code)
        lines = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
        output = f"\n```text\n{lines}```\n" if lines else ""
        return f"```{kind}\n{code}```\n{output}"

    with contextlib.chdir(folder):
        return CELL.sub(run, page.read_text("utf-8"))


def run_python(code: str, names: dict[str, Any], where: str) -> str:
    """Run a cell of Python; give what it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, where, "exec"), names)
    return printed.getvalue()


def run_shell(code: str) -> str:
    """Run a cell of commands; give what they print, messages included."""
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["sh", "-ec", code],
        check=False,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if run.returncode:
        raise RuntimeError(f"exit code {run.returncode} of\n{code}{run.stdout}")
    return run.stdout


def pictures_in(folder: Path) -> Iterator[Path]:
    """List the pictures that cells have drawn in a folder."""
    yield from sorted((folder / PICTURES).glob("*.svg"))


def refresh(page: Path) -> None:
    """Write a page with the outputs of its cells, and its pictures beside it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder)
        page.write_text(refreshed(page, folder), encoding="utf-8")
        for picture in pictures_in(folder):
            shutil.copy(picture, NOTEBOOK / PICTURES / picture.name)


if __name__ == "__main__":
    chosen = set(sys.argv[1:])
    for one in pages():
        if not chosen or one.name in chosen:
            refresh(one)
