"""What the repository must not hold: addresses of indexes, paths of a machine, secrets."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "frontend" / "package-lock.json"]
FRAGMENT = re.compile(r"[a-z0-9-]+\.(added|changed|fixed)\.md")


# What tools make in the checkout, as `.gitignore` has it; git itself need not be there.
MADE = {"__pycache__", "node_modules", "var", "site", "build", "dist", "static"}


def own_files() -> list[Path]:
    found: list[Path] = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name == ".ci" or not is_made(name)]
        found += [Path(folder, name) for name in names if not name.endswith(".pyc")]
    return found


def is_made(folder: str) -> bool:
    return folder.startswith(".") or folder in MADE or folder.endswith(".egg-info")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_names_no_address(lock):
    """A lock pins by name, version and hash, so that any mirror serves it.

    Where authors of npm packages ask for funds is part of their package, and no address to load.
    """
    text = re.sub(r'"funding": (?:\{[^}]*\}|\[[^\]]*\]|"[^"]*")', "", lock.read_text("utf-8"))
    assert re.findall(r"https?://\S+", text) == []


@pytest.mark.parametrize("lock", LOCKS[:-1], ids=lambda lock: lock.name)
def test_a_locked_package_has_a_hash(lock):
    """Each pinned package is followed by at least one hash."""
    text = lock.read_text("utf-8")
    pinned = re.findall(r"^[a-z0-9][^\s=]*==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", text, re.M)
    named = re.findall(r"^[a-z0-9][^\s=]*==", text, re.M)
    assert len(pinned) == len(named) > 0


def test_no_file_names_a_folder_of_one_machine():
    """Paths in files are relative to the checkout."""
    homes = re.compile(r"/(?:home|Users)/\w+/|/work/|/root/")
    own = Path(__file__)
    named = [
        path.relative_to(ROOT).as_posix()
        for path in own_files()
        if path != own and path.stat().st_size < 2**20 and _matches(path, homes)
    ]
    assert named == []


def test_a_changelog_fragment_is_named_by_its_kind():
    """Fragments are `<part>.added.md`, `.changed.md` or `.fixed.md`."""
    names = [path.name for path in (ROOT / "changelog.d").glob("*.md")]
    assert [name for name in names if not FRAGMENT.fullmatch(name)] == []
    assert names


def _matches(path: Path, pattern: re.Pattern[str]) -> bool:
    try:
        return bool(pattern.search(path.read_text("utf-8")))
    except UnicodeDecodeError:
        return False
