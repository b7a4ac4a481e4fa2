"""Zip archives that should be Excel workbooks, looked at before anything is unpacked."""

import io
import zipfile

from touchstone.base.errors import TouchstoneError
from touchstone.formats.raw_tables import MEBIBYTE, Limits, mebibytes

CENTRAL_ENTRY = b"PK\x01\x02"
MOST_MEMBERS = 10_000
# No honest worksheet packs a large part of itself so tightly.
MOST_RATIO = 250
LARGE_MEMBER = 16 * MEBIBYTE
ENCRYPTED = 0x1
WORKBOOK = "xl/workbook.xml"
MACROS = "vbaProject.bin"


def check_archive(content: bytes, *, where: str, limits: Limits) -> None:
    """Refuse a zip file that is no plain Excel workbook, or that would unpack to too much.

    Nothing is unpacked: the directory at its end tells the sizes, and what a member holds beyond
    its told size is never read.

    Raises TouchstoneError TABLE-12 to TABLE-15.
    """
    if content.count(CENTRAL_ENTRY) > MOST_MEMBERS:
        raise _bomb(where, f"more than {MOST_MEMBERS:,} members")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as fault:
        raise not_a_workbook(where, f"a damaged zip file ({type(fault).__name__})") from fault
    names = {member.filename for member in members}
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise TouchstoneError(
            "TABLE-14",
            where=where,
            found="an archive that is protected by a password",
            remedy="Save the workbook without a password.",
        )
    if WORKBOOK not in names:
        raise not_a_workbook(where, "a zip file that is no Excel workbook")
    if any(name.endswith(MACROS) for name in names):
        raise TouchstoneError(
            "TABLE-15",
            where=where,
            found="a workbook with macros",
            remedy="Save it as an Excel workbook without macros (.xlsx).",
        )
    _check_sizes(members, where, limits)


def not_a_workbook(where: str, found: str) -> TouchstoneError:
    """Make the error for a file that is no readable workbook (TABLE-13)."""
    return TouchstoneError(
        "TABLE-13",
        where=where,
        found=found,
        remedy="Save the table as an Excel workbook (.xlsx) or as CSV.",
    )


def _check_sizes(members: list[zipfile.ZipInfo], where: str, limits: Limits) -> None:
    size = sum(member.file_size for member in members)
    if size > limits.size:
        raise _bomb(where, f"{mebibytes(size)} MiB when unpacked")
    for member in members:
        tight = member.file_size > MOST_RATIO * max(member.compress_size, 1)
        if tight and member.file_size > LARGE_MEMBER:
            raise _bomb(where, f"{member.filename}, packed to less than 1 part in {MOST_RATIO}")


def _bomb(where: str, found: str) -> TouchstoneError:
    return TouchstoneError(
        "TABLE-12",
        where=where,
        found=found,
        remedy="Save only the rows and columns that hold something, or save as CSV.",
    )
