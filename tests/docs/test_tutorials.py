"""The tutorials are true: their commands run, and print what the pages say they print."""

import difflib
import os
import re
import subprocess
from pathlib import Path

import pytest
from scripts.notebook_pages import NOTEBOOK, PICTURES, lay_out, pages, pictures_in, refreshed

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


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder that looks like the checkout to the cells of the notebook, and is thrown away."""
    lay_out(tmp_path)
    return tmp_path


def words_in(picture: Path) -> list[str]:
    """List the texts of a picture: titles, labels, notes, and the figures along its axes."""
    return re.findall(r">([^<>\n]+)</", picture.read_text("utf-8"))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_a_page_of_the_notebook_prints_what_it_says(page, desk):
    """All cells run in order, in one namespace, and print their outputs to the letter.

    Pictures beside the page have the words that the cells draw, whatever fonts are here.
    `python scripts/notebook_pages.py` writes outputs and pictures anew.
    """
    said = page.read_text("utf-8")
    printed = refreshed(page, desk)
    differs = difflib.unified_diff(said.splitlines(), printed.splitlines(), "page", "cells", n=2)
    assert "\n".join(differs) == ""
    for drawn in pictures_in(desk):
        assert words_in(NOTEBOOK / PICTURES / drawn.name) == words_in(drawn)


def test_the_notebook_shows_every_picture_it_keeps():
    """Each has a text for who does not see it, and none is left over from earlier."""
    shown = {
        name: text
        for page in pages()
        for text, name in re.findall(r"!\[([^\]]*)\]\(pictures/([^)]+)\)", page.read_text("utf-8"))
    }
    assert set(shown) == {path.name for path in (NOTEBOOK / PICTURES).iterdir()}
    assert min(len(text) for text in shown.values()) > 40


def test_the_notebook_lists_its_pages():
    """The overview and the index of tutorials lead to each."""
    for list_of_pages in ("an-analysts-notebook.md", "index.md"):
        text = (NOTEBOOK.parent / list_of_pages).read_text("utf-8")
        assert [page.name for page in pages() if f"notebook/{page.name}" not in text] == []
