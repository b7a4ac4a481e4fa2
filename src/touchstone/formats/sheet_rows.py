"""The rows of a worksheet become the columns of a table."""

from dataclasses import dataclass, field

import pyarrow as pa
from openpyxl.utils import get_column_letter

from touchstone.base.errors import MOST_FAULTS_KEPT, InputErrors, TouchstoneError
from touchstone.formats.raw_tables import Limits, RawTable, make_raw_table, mebibytes, shorten
from touchstone.formats.sheet_cells import Cell, Row

BATCH_CELLS = 500_000
MOST_ROWS = 1_048_576

Record = list[str | None]


@dataclass(eq=False, slots=True)
class SheetRows:
    """Rows added one by one; `finish` gives the table, or raises all faults of its cells.

    Empty rows take no memory. The first row that holds anything is the heading.
    """

    source: str
    limits: Limits
    heading: Record = field(default_factory=list)
    first_row: int = 0
    last_row: int = 0
    size: int = 0
    batch: list[Record] = field(default_factory=list)
    batches: list[list[pa.Array]] = field(default_factory=list)
    faults: list[TouchstoneError] = field(default_factory=list)
    total_faults: int = 0

    def add(self, row: Row) -> None:
        """Add one row; one without any text is passed over."""
        if row.number > MOST_ROWS:
            raise self._too_many(f"more than {MOST_ROWS:,} rows")
        cells = [cell for cell in row.cells if cell.text.strip()]
        if not cells:
            return
        if self.heading:
            self._check_room(row.number, cells)
            self._fill_gap(row.number)
        elif cells[-1].column >= self.limits.columns:
            raise self._too_many(f"{cells[-1].column + 1:,} columns")
        record: Record = [None] * (len(self.heading) or cells[-1].column + 1)
        for cell in cells:
            record[cell.column] = self._text(cell, row.number)
        self.last_row = row.number
        if not self.heading:
            self.heading, self.first_row = record, row.number + 1
            return
        self.batch.append(record)
        if len(self.batch) * len(self.heading) >= BATCH_CELLS:
            self._close_batch()

    def add_fault(self, code: str, place: str, *, found: str, remedy: str) -> None:
        """Note a fault of the sheet; the first hundred are kept, all are counted."""
        self.total_faults += 1
        if len(self.faults) < MOST_FAULTS_KEPT:
            where = f"{self.source}, {place}"
            self.faults.append(TouchstoneError(code, where=where, found=found, remedy=remedy))

    def finish(self) -> RawTable:
        """Give the table; raises InputErrors with the faults of all cells when there are any."""
        if self.faults:
            raise InputErrors(self.faults, total=self.total_faults)
        self._close_batch()
        chunks: list[list[pa.Array]] = [[] for _ in self.heading]
        for batch in self.batches:
            for column, array in zip(chunks, batch, strict=True):
                column.append(array)
        columns = [pa.chunked_array(arrays, pa.string()) for arrays in chunks]
        return make_raw_table(self.heading, columns, source=self.source, first_row=self.first_row)

    def _check_room(self, number: int, cells: list[Cell]) -> None:
        width = len(self.heading)
        last = cells[-1]
        if last.column >= width:
            raise TouchstoneError(
                "TABLE-07",
                where=f"{self.source}, {self._place(number, last.column)}",
                found=f"{shorten(last.text)} in a column without a heading",
                remedy="Give the column a heading, or empty the cell.",
            )
        rows = number - self.first_row + 1
        if rows > self.limits.rows or rows * width > self.limits.cells:
            raise self._too_many(f"more than {rows - 1:,} rows of {width} columns")

    def _fill_gap(self, number: int) -> None:
        missing = number - self.last_row - 1
        if missing:
            self._close_batch()
            self.batches.append([pa.nulls(missing, pa.string())] * len(self.heading))

    def _close_batch(self) -> None:
        if self.batch:
            columns = zip(*self.batch, strict=True)
            self.batches.append([pa.array(column, pa.string()) for column in columns])
            self.batch = []

    def _text(self, cell: Cell, number: int) -> str:
        self.size += len(cell.text)
        if self.size > self.limits.size:
            raise self._too_many(f"more than {mebibytes(self.limits.size)} MiB of text")
        if cell.kind != "value":
            self._note_cell(cell, self._place(number, cell.column))
        elif len(cell.text) > self.limits.cell:
            raise TouchstoneError(
                "TABLE-11",
                where=f"{self.source}, {self._place(number, cell.column)}",
                found=f"a cell of {len(cell.text):,} characters, at most {self.limits.cell:,}",
                remedy="Shorten it.",
            )
        return cell.text

    def _note_cell(self, cell: Cell, place: str) -> None:
        if cell.kind == "formula":
            remedy = "Replace formulas by their values: copy, then paste as values."
            self.add_fault(
                "TABLE-16", place, found=f"the formula {shorten(cell.text)}", remedy=remedy
            )
        elif cell.kind == "error":
            remedy = "Correct it, or empty the cell."
            self.add_fault("TABLE-17", place, found=f"the error {cell.text}", remedy=remedy)
        else:
            remedy = f"Format the cell as text and write {cell.text}, or what was meant."
            self.add_fault("TABLE-18", place, found=f"the date or time {cell.text}", remedy=remedy)

    def _place(self, number: int, column: int) -> str:
        name = self.heading[column] if column < len(self.heading) else None
        named = f", column {name!r}" if name else ""
        return f"row {number}{named}, cell {get_column_letter(column + 1)}{number}"

    def _too_many(self, found: str) -> TouchstoneError:
        return TouchstoneError(
            "TABLE-10",
            where=self.source,
            found=found,
            remedy="Divide the table into several files, or save it as CSV.",
        )
