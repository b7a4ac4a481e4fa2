"""Every kind of event is described, and named in three languages."""

import ast
import re
from pathlib import Path

import pytest

from touchstone.content.texts import LANGUAGES
from touchstone_web.journal.models import ERASED
from touchstone_web.shared.languages import words_for

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reference" / "event-kinds.md"
COMMANDS = sorted(
    path
    for path in (ROOT / "src" / "touchstone_web").rglob("*.py")
    if path.name == "commands.py" or path.parent.name == "commands"
)
WRITERS = {"record", "_record"}


def kinds_in(path: Path) -> set[str]:
    """The kinds that are written out in calls of `record`, or of a file's own `_record`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in WRITERS:
            given = [each.value for each in node.keywords if each.arg == "kind"] + node.args[:1]
            found |= {each.value for each in given if isinstance(each, ast.Constant)}
    return found


WRITTEN = sorted({ERASED}.union(*(kinds_in(path) for path in COMMANDS)))


def test_every_kind_has_its_heading():
    """The reference page lists the kinds that are written, and no other."""
    headings = re.findall(r"^## `(.+)`$", PAGE.read_text("utf-8"), re.M)
    assert headings == WRITTEN
    assert len(WRITTEN) > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_name(language):
    """The journal is read by people."""
    words = words_for(language)
    assert [kind for kind in WRITTEN if not words.knows(f"event.{kind}")] == []
