"""The reference pages name every error code, command and word, and none that is not there."""

import re
from pathlib import Path

import click
import pytest

from touchstone.cli.main import touchstone

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"""["']([A-Z]{3,12}-\d{2})["']""")


def headings(folder: Path) -> list[str]:
    pages = sorted(folder.rglob("*.md")) if folder.is_dir() else [folder]
    found: list[str] = []
    for page in pages:
        found += re.findall(r"^#{2,4} (.+?)\s*$", page.read_text("utf-8"), re.M)
    return found


def test_every_error_code_has_its_heading():
    """An error code found in the source stands once in the reference, and the other way round."""
    used: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        used |= set(CODE.findall(path.read_text("utf-8")))
    listed = [text for text in headings(ROOT / "docs/reference/errors") if CODE.match(f'"{text}"')]
    assert sorted(used - set(listed)) == []
    assert sorted(set(listed) - used) == []
    assert len(listed) == len(set(listed))


def command_names(group: click.Group, prefix: str = "touchstone") -> list[str]:
    found = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command, full = group.get_command(context, name), f"{prefix} {name}"
        found += command_names(command, full) if isinstance(command, click.Group) else [full]
    return found


def test_every_command_has_its_heading():
    """Each command of the command line has a heading of its own in the reference."""
    listed = {text.strip("`") for text in headings(ROOT / "docs/reference/commands.md")}
    assert sorted(set(command_names(touchstone)) - listed) == []


def glossary_rows() -> list[list[str]]:
    text = (ROOT / "GLOSSARY.md").read_text("utf-8")
    rows = [line.strip().strip("|").split("|") for line in text.splitlines() if "|" in line]
    return [[cell.strip() for cell in row] for row in rows[2:]]


@pytest.mark.parametrize("row", glossary_rows(), ids=lambda row: row[0])
def test_a_word_of_the_glossary_has_three_languages_and_one_sentence(row):
    """Each word: English, 简体, 繁體, and one sentence that says what it means."""
    english, simplified, traditional, meaning = row
    assert english
    assert re.search(r"[一-鿿]", simplified)
    assert re.search(r"[一-鿿]", traditional)
    assert meaning.endswith(".")


def test_a_word_stands_once_in_the_glossary():
    """One word per idea, one idea per word."""
    words = [row[0].casefold() for row in glossary_rows()]
    assert len(words) == len(set(words))
    assert words == sorted(words)
