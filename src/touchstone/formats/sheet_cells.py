"""The cells of a worksheet as a stream of rows."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel

from touchstone.formats.workbooks import Workbook, unescape_text
from touchstone.formats.xml_parts import listen

# Numbers between these are written without a power of ten.
SMALLEST_PLAIN, LARGEST_PLAIN = 1e-30, 1e30
LONGEST_WHOLE = 40
MOST_COLUMNS = 16_384
MOST_MERGED = 1_000
DIGITS = "0123456789"


class Cell(NamedTuple):
    """One filled cell: its column from 0, and its text; `kind` tells what is no plain value."""

    column: int
    text: str
    kind: Literal["value", "formula", "error", "date"] = "value"


class Row(NamedTuple):
    """One row that stands in the file: the number beside it and its filled cells."""

    number: int
    cells: list[Cell]


def text_of_number(written: str) -> str:
    """Write a stored number as the shortest text that means the same.

    >>> [text_of_number(number) for number in ("3.0", "0.10000000000000001", "1E+16", "07")]
    ['3', '0.1', '10000000000000000', '07']
    """
    if len(written) <= LONGEST_WHOLE and written.removeprefix("-").isdecimal():
        return written
    value = float(written)
    shortest = repr(value)
    if "e" in shortest and SMALLEST_PLAIN < abs(value) < LARGEST_PLAIN:
        shortest = format(Decimal(shortest), "f")
    return shortest.removesuffix(".0")


def read_rows(
    archive: zipfile.ZipFile, member: str, workbook: Workbook, merged: list[str]
) -> Iterator[Row]:
    """Give the rows of a worksheet in their order; `merged` gets the ranges of merged cells.

    ValueError when rows do not follow each other.
    """
    cells = _Cells(workbook, merged)
    with archive.open(member) as stream:
        for _ in listen(stream, cells):
            yield from cells.rows
            cells.rows.clear()


@dataclass(slots=True)
class _Cells:
    """Hears a worksheet's elements and gathers its rows."""

    workbook: Workbook
    merged: list[str]
    rows: list[Row] = field(default_factory=list)
    row: Row = field(default_factory=lambda: Row(0, []))
    column: int = -1
    kind: str = "n"
    style: int = 0
    formula: list[str] | None = None
    pieces: list[str] = field(default_factory=list)
    inside: list[str] | None = None
    is_aid: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a row, a cell or one of its texts."""
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t"):
            self.inside = None if self.is_aid else self.pieces
        elif name == "f":
            self.formula = self.inside = []
        elif name == "row":
            self._start_row(attributes)
        elif name == "rPh":
            self.is_aid = True
        elif name == "mergeCell" and len(self.merged) < MOST_MERGED:
            self.merged.append(attributes["ref"])

    def end(self, name: str) -> None:
        """Close a text, a cell or a row."""
        if name in ("v", "t", "f"):
            self.inside = None
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self.rows.append(self.row)
        elif name == "rPh":
            self.is_aid = False

    def text(self, content: str) -> None:
        """Add a piece to the open text."""
        if self.inside is not None:
            self.inside.append(content)

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self.row.number + 1))
        if number <= self.row.number:
            raise ValueError(f"row {number} must not stand after row {self.row.number}")
        self.row = Row(number, [])
        self.column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        before = self.column
        self.column = before + 1 if place is None else _column_of(place)
        if not before < self.column < MOST_COLUMNS:
            raise ValueError(f"cell {place} must stand after the one before, in {MOST_COLUMNS=}")
        self.kind = attributes.get("t", "n")
        self.style = int(attributes.get("s", 0))
        self.formula = None
        self.pieces = []

    def _end_cell(self) -> None:
        if self.formula is not None:
            self.row.cells.append(Cell(self.column, "=" + "".join(self.formula), "formula"))
        elif self.pieces:
            self.row.cells.append(self._cell("".join(self.pieces)))

    def _cell(self, written: str) -> Cell:
        if self.kind == "s":
            return Cell(self.column, self.workbook.texts[int(written)])
        if self.kind == "n" and self.style in self.workbook.dates:
            return Cell(self.column, _shown_date(written), "date")
        if self.kind == "n":
            return Cell(self.column, text_of_number(written.strip()))
        if self.kind == "b":
            return Cell(self.column, "TRUE" if int(written) else "FALSE")
        if self.kind == "e":
            return Cell(self.column, written, "error")
        if self.kind == "d":
            return Cell(self.column, written, "date")
        return Cell(self.column, unescape_text(written))


def _column_of(place: str) -> int:
    return int(column_index_from_string(place.rstrip(DIGITS))) - 1


def _shown_date(written: str) -> str:
    try:
        return str(from_excel(float(written)))
    except (OverflowError, ValueError, TypeError):
        return written
