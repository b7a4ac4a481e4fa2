"""Files and functions stay short, so that each can be read in one go."""

import ast
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
MOST_LINES_IN_A_FILE = 600
MOST_LINES_IN_A_FUNCTION = 60
MOST_POSITIONAL = 3
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def functions_of(path: Path) -> list[Function]:
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_and_its_functions_stay_short(path):
    """A file has at most 600 lines, a function at most 60."""
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES_IN_A_FILE
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in functions_of(path)
        if node.end_lineno - node.lineno + 1 > MOST_LINES_IN_A_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if "touchstone" in path.relative_to(SOURCE).parts],
    ids=lambda path: str(path.relative_to(SOURCE)),
)
def test_a_public_function_of_the_library_says_what_it_does(path):
    """Every public function of the library has a docstring whose first line is a sentence."""
    mute = [
        node.name
        for node in functions_of(path)
        if not node.name.startswith("_")
        and not is_nested(node, path)
        and not (ast.get_docstring(node) or "").split("\n\n")[0].strip().endswith((".", ":"))
    ]
    assert mute == []


def is_nested(function: Function, path: Path) -> bool:
    """Say whether a function stands inside another one, where its name is nobody's business."""
    return any(
        function is not outer and outer.lineno < function.lineno <= (outer.end_lineno or 0)
        for outer in functions_of(path)
    )
