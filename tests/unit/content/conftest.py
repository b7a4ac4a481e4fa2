"""A small sound pack, made anew in a folder for each test, and faults put into it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from touchstone.base.errors import TouchstoneError
from touchstone.content.packs import check_pack

SOUND = Path(__file__).parent / "offices"
Faults = tuple[TouchstoneError, ...]


@pytest.fixture
def pack_folder(tmp_path: Path) -> Path:
    """A copy of the sound pack `offices`."""
    folder = tmp_path / "offices"
    for source in SOUND.rglob("*"):
        if source.is_file():
            target = folder / source.relative_to(SOUND)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return folder


@pytest.fixture
def faults_after(pack_folder: Path) -> Callable[..., Faults]:
    """Put something else into one file of the sound pack, and check the pack."""

    def change(file: str, old: str, new: str) -> Faults:
        path = pack_folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} must stand once in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return check_pack(str(pack_folder))

    return change


@pytest.fixture
def codes_after(faults_after: Callable[..., Faults]) -> Callable[..., list[str]]:
    """Give the codes of the faults that a change brings."""

    def change(file: str, old: str, new: str) -> list[str]:
        return [fault.code for fault in faults_after(file, old, new)]

    return change
