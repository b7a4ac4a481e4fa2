"""Frozen files on the disk: named by the hash of their content, written so that they last."""

import os
from pathlib import Path

from django.conf import settings

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.tables import Snapshot, read_parquet
from touchstone_web.evidence.models import FrozenSnapshot
from touchstone_web.shared.identifiers import new_public_id

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def evidence_file(content_hash: str) -> Path:
    """Where the rows of a snapshot stand."""
    return Path(settings.EVIDENCE_FOLDER) / f"{content_hash}.parquet"


def keep_file(content: bytes, content_hash: str) -> None:
    """Write frozen rows to their place, so that they outlive a power cut.

    1. Write them beside it, and wait until they are on the disk.
    2. Rename: the place holds all of them or nothing.
    3. Wait until the folder, with the new name in it, is on the disk too.
    """
    target = evidence_file(content_hash)
    target.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    beside = target.with_name(f".{content_hash}.{new_public_id()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    _wait_for_folder(target.parent)


def read_snapshot(frozen: FrozenSnapshot) -> Snapshot:
    """Read the rows of a frozen snapshot, and check that they are those that were frozen.

    Raises TouchstoneError STORED-01 when the file is gone, STORED-02 when it is not what it was.
    """
    path = evidence_file(frozen.content_hash)
    where = f"evidence {frozen.content_hash[:12]}"
    try:
        content = path.read_bytes()
    except FileNotFoundError as fault:
        raise TouchstoneError(
            "STORED-01",
            where=where,
            found="the file with its rows is gone",
            remedy="Bring it back from a copy of the folder of evidence.",
        ) from fault
    try:
        snapshot = read_parquet(content, where=where)
    except TouchstoneError as fault:
        raise _changed(where) from fault
    if snapshot.content_hash != frozen.content_hash:
        raise _changed(where)
    return snapshot


def _changed(where: str) -> TouchstoneError:
    return TouchstoneError(
        "STORED-02",
        where=where,
        found="the file does not hold what was frozen",
        remedy="Bring it back from a copy of the folder of evidence, and find out who changed it.",
    )


def _wait_for_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
