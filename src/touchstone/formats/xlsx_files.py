"""XLSX: the one worksheet that holds something, cell by cell."""

import io
import struct
import zipfile
import zlib
from xml.parsers import expat

from touchstone.base.errors import TouchstoneError
from touchstone.formats.archives import check_archive, not_a_workbook
from touchstone.formats.raw_tables import LIMITS, Limits, RawTable
from touchstone.formats.sheet_cells import read_rows
from touchstone.formats.sheet_rows import SheetRows
from touchstone.formats.workbooks import Workbook, read_workbook

DAMAGED = (
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    ValueError,
    expat.ExpatError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


def read_xlsx(content: bytes, *, where: str, limits: Limits = LIMITS) -> RawTable:
    """Read the only worksheet with cells of an Excel workbook; formulas are refused, not trusted.

    The first row that holds anything is the heading. Numbers become the shortest text that means
    the same, booleans TRUE and FALSE. Empty rows at the end are left out.

    Raises TouchstoneError TABLE-01, TABLE-02, TABLE-05 to TABLE-07, TABLE-10 to TABLE-15,
    TABLE-20; InputErrors TABLE-16 to TABLE-19 that name each formula, error, date and merged cell.
    """
    check_archive(content, where=where, limits=limits)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            rows = _read_sheet(archive, where, limits)
    except DAMAGED as fault:
        raise not_a_workbook(where, f"a damaged workbook ({type(fault).__name__})") from fault
    return rows.finish()


def _read_sheet(archive: zipfile.ZipFile, where: str, limits: Limits) -> SheetRows:
    workbook = read_workbook(archive)
    name = _only_sheet(archive, workbook, where)
    several = len(workbook.sheets) > 1
    rows = SheetRows(f"{where}, sheet {name!r}" if several else where, limits)
    merged: list[str] = []
    for row in read_rows(archive, workbook.sheets[name], workbook, merged):
        rows.add(row)
    for cells in merged:
        rows.add_fault(
            "TABLE-19",
            f"cells {cells}",
            found="merged cells",
            remedy="Undo the merging and write the value in each row.",
        )
    return rows


def _only_sheet(archive: zipfile.ZipFile, workbook: Workbook, where: str) -> str:
    filled = [
        name
        for name, member in workbook.sheets.items()
        if any(row.cells for row in read_rows(archive, member, workbook, []))
    ]
    if not filled:
        raise TouchstoneError(
            "TABLE-01",
            where=where,
            found="a workbook without any filled cell",
            remedy="Choose the file that has the rows.",
        )
    if len(filled) > 1:
        raise TouchstoneError(
            "TABLE-20",
            where=where,
            found=f"{len(filled)} worksheets with cells: {', '.join(map(repr, filled[:5]))}",
            remedy="Keep the one that is meant, and save the others in files of their own.",
        )
    return filled[0]
