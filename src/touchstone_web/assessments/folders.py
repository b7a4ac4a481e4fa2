"""Where the files of an assessment stand: one folder for all of it, one for what is published."""

import os
import shutil
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings

FOLDER_MODE = 0o700
# Files of a zip need a date; this one says nothing, so that equal folders give equal bytes.
NO_DATE = (1980, 1, 1, 0, 0, 0)


def results_folder(public_id: str) -> Path:
    """Where the whole record of an assessment stands."""
    return _root("results") / public_id


def published_folder(public_id: str) -> Path:
    """Where the part of an assessment that anybody may have stands."""
    return _root("published") / public_id


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files into a folder, all or none; a folder of that name is replaced.

    The files are written beside it and take its place in one step, so that a process that ends in
    the middle leaves the old folder, or nothing, but never half of a new one.
    """
    folder.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, content in files.items():
            file = fresh / name
            file.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            with file.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def read_folder(folder: Path) -> dict[str, bytes]:
    """All files of a folder by their names within it; none where there is no folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def zip_files(files: Mapping[str, bytes], *, name: str) -> bytes:
    """Pack files into one zip under a folder of that name; equal files give equal bytes."""
    sink = BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{name}/{path}", NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[path])
    return sink.getvalue()


def _root(name: str) -> Path:
    return Path(settings.TOUCHSTONE_HOME) / name
