"""Frozen files on the disk: named by the hash of their content, written so that they last."""

import os
from pathlib import Path

from django.conf import settings

from touchstone.base.canonical import sha256_hex
from touchstone.base.errors import TouchstoneError
from touchstone.tallies.tables import Snapshot, read_parquet
from touchstone_web.evidence.models import FrozenSnapshot
from touchstone_web.shared.identifiers import new_public_id
from touchstone_web.shared.uploads import upload_folder

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def evidence_file(content_hash: str) -> Path:
    """Where the rows of a snapshot stand."""
    return Path(settings.EVIDENCE_FOLDER) / f"{content_hash}.parquet"


def checked_file(public_id: str) -> Path:
    """Where the checked rows of an upload stand until it is decided on."""
    return upload_folder() / f"{public_id}.parquet"


def checked_rows(public_id: str, *, sha256: str, where: str) -> bytes:
    """Read checked rows back; UPLOAD-07 when the file is gone or is not what was checked."""
    path = checked_file(public_id)
    content = path.read_bytes() if path.exists() else b""
    if sha256_hex(content) != sha256:
        raise TouchstoneError(
            "UPLOAD-07",
            where=where,
            found="what was made of the file by the check is gone",
            remedy="Send the file again.",
        )
    return content


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
