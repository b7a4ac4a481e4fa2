"""A table as it was handed in: every cell a text, before anything is known of its meaning."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.errors import TouchstoneError

MEBIBYTE = 1024 * 1024
LONGEST_SHOWN = 40
# A line of text is taken apart in memory, so it has an end.
LONGEST_LINE = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one table may hold, so that reading it takes bounded memory.

    `size` is in bytes, as stored and as unpacked; `cell` is in characters.
    """

    size: int = 512 * MEBIBYTE
    rows: int = 20_000_000
    columns: int = 2_000
    cells: int = 200_000_000
    cell: int = 100_000


LIMITS = Limits()


@dataclass(frozen=True, eq=False, slots=True)
class RawTable:
    """The cells of a file as texts: white space trimmed, an empty cell is null.

    All columns are `pa.string()`; names are trimmed and in Unicode NFC. `first_row` is the number
    that the user's program shows beside the first row. Rows without any text are kept in the
    middle, so that the numbers stay right, and left out at the end.
    """

    source: str
    rows: pa.Table
    first_row: int

    def place(self, index: int, column: str | None = None) -> str:
        """Say where a row, or a cell, stands.

        >>> RawTable("a.csv", pa.table({"y": ["4"]}), 2).place(0, "y")
        "a.csv, row 2, column 'y'"
        """
        row = f"{self.source}, row {self.first_row + index}"
        return row if column is None else f"{row}, column {column!r}"

    def empty_rows(self) -> pa.ChunkedArray:
        """Say for each row whether none of its cells holds anything."""
        empty = pa.chunked_array([pa.repeat(pa.scalar(value=True), self.rows.num_rows)])
        for column in self.rows.columns:
            empty = pc.and_(empty, pc.is_null(column))
        return empty


def make_raw_table(
    names: Sequence[str | None], columns: Sequence[pa.ChunkedArray], *, source: str, first_row: int
) -> RawTable:
    """Make a raw table of headings and columns of text, and check the headings.

    A last column without heading and without cells is left out.

    Raises TouchstoneError TABLE-02 without rows, TABLE-05 for a column without heading, TABLE-06
    for a heading that stands twice.
    """
    cleaned = [clean_heading(name) for name in names]
    cells = [clean_cells(column) for column in columns]
    while cells and not cleaned[-1] and cells[-1].null_count == len(cells[-1]):
        cleaned.pop()
        cells.pop()
    check_headings(cleaned, source)
    table = pa.table(cells, names=cleaned)
    raw = RawTable(source, table, first_row)
    kept = _rows_up_to_last_text(raw)
    if not kept:
        raise TouchstoneError(
            "TABLE-02",
            where=source,
            found="a heading without any row below it",
            remedy="Put at least one row below the heading.",
        )
    return RawTable(source, table.slice(0, kept), first_row)


def clean_heading(name: str | None) -> str:
    """Trim a heading and put it in Unicode NFC; nothing becomes an empty text."""
    return unicodedata.normalize("NFC", name or "").strip()


def clean_cells(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Trim the white space around each text; an empty text becomes null."""
    trimmed = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(pc.binary_length(trimmed), 0), pa.scalar(None, pa.string()), trimmed)


def check_headings(names: Sequence[str], source: str) -> None:
    """Refuse a column without a heading (TABLE-05) and a heading that stands twice (TABLE-06)."""
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if not name:
            raise TouchstoneError(
                "TABLE-05",
                where=f"{source}, column {position}",
                found="no heading",
                remedy="Give the column a name in the first row, or delete the column.",
            )
        if name in seen:
            raise TouchstoneError(
                "TABLE-06",
                where=f"{source}, columns {seen[name]} and {position}",
                found=f"both have the heading {shorten(name)}",
                remedy="Keep one of them, or give them different names.",
            )
        seen[name] = position


def shorten(text: str) -> str:
    """Show a text in quotation marks, signs that cannot be seen spelt out, long ones cut.

    >>> shorten("four"), shorten("a" * 50)
    ("'four'", "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'")
    """
    return repr(text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…")


def mebibytes(size: int) -> str:
    """Write a number of bytes in MiB.

    >>> mebibytes(3 * 1024 * 1024)
    '3'
    """
    return f"{size / MEBIBYTE:,.0f}"


def _rows_up_to_last_text(raw: RawTable) -> int:
    holding = pc.indices_nonzero(pc.invert(raw.empty_rows()))
    return holding[-1].as_py() + 1 if len(holding) else 0
