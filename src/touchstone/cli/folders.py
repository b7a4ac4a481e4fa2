"""Folders on disk: read file by file, and written as a whole or not at all."""

import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from secrets import token_hex

from touchstone.base.errors import TouchstoneError

CHARTS = "charts"


class FolderFiles(Mapping[str, bytes]):
    """The files of a results folder by name; each is read when it is asked for.

    Whatever is not a plain file has a name that no manifest can hold: folders end in `/`, links
    and devices in `*`. Only the folder `charts` is looked into. No such folder is VERIFY-01.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise TouchstoneError(
                "VERIFY-01",
                where=str(folder),
                found="there is no such folder",
                remedy="Give the folder that `touchstone assess` or `publish` wrote.",
            )
        self._folder = folder
        self._names = sorted(self._list())

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names or name.endswith(("/", "*")):
            raise KeyError(name)
        try:
            return (self._folder / name).read_bytes()
        except OSError as fault:
            raise self._unreadable(name, fault) from fault

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _list(self) -> Iterator[str]:
        for name, mode in self._entries(self._folder):
            if stat.S_ISDIR(mode) and name == CHARTS:
                inside = [
                    _marked(f"{CHARTS}/{inner}", kind)
                    for inner, kind in self._entries(self._folder / CHARTS)
                ]
                yield from inside or [f"{CHARTS}/"]
            else:
                yield _marked(name, mode)

    def _entries(self, folder: Path) -> Iterator[tuple[str, int]]:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    yield entry.name, entry.stat(follow_symlinks=False).st_mode
        except OSError as fault:
            raise self._unreadable(folder.name, fault) from fault

    def _unreadable(self, name: str, fault: OSError) -> TouchstoneError:
        return TouchstoneError(
            "VERIFY-02",
            where=f"{self._folder}, {name}",
            found=f"it cannot be read ({fault.strerror})",
            remedy="Let the program read the folder and everything in it.",
        )


def refuse_used(folder: Path) -> None:
    """Refuse a place for a new folder where something stands already (RESULTS-03)."""
    if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        raise TouchstoneError(
            "RESULTS-03",
            where=str(folder),
            found="something is there already",
            remedy="Name a folder that does not exist yet or is empty; nothing is overwritten.",
        )


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a new folder: after a fault or a power cut it is whole or not there.

    1. Write everything into a folder beside it.
    2. Bring it to the disk.
    3. Give it its name.

    A fault of the disk is RESULTS-04, and leaves nothing behind.
    """
    beside = folder.absolute().parent / f".{folder.name}.{token_hex(8)}"
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            _write_file(beside / name, content)
        if folder.is_dir():
            folder.rmdir()
        beside.rename(folder)
    except OSError as fault:
        raise TouchstoneError(
            "RESULTS-04",
            where=str(folder),
            found=f"the folder cannot be written ({fault.strerror})",
            remedy="Give a place with enough room where the program may write.",
        ) from fault
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _marked(name: str, mode: int) -> str:
    readable = os.fsencode(name).decode("utf-8", "backslashreplace")
    if stat.S_ISREG(mode):
        return readable
    return readable + ("/" if stat.S_ISDIR(mode) else "*")
