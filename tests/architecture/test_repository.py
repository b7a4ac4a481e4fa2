"""What the repository must not hold: addresses of indexes, paths of a machine, secrets."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "frontend" / "package-lock.json"]
FRAGMENT = re.compile(r"[a-z0-9-]+\.(added|changed|fixed)\.md")


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


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
        for path in tracked_files()
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
