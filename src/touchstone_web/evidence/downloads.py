"""A snapshot's rows as a file: Parquet as it was frozen, CSV and XLSX with decimal numbers."""

from collections.abc import Iterator

import pyarrow as pa

from touchstone.formats.csv_files import write_csv
from touchstone.formats.xlsx_writing import write_xlsx
from touchstone.tallies.tables import Snapshot, write_parquet

ROWS_AT_ONCE = 65_536
# A sheet holds little more than a million rows, and making one takes minutes long before that.
MOST_SHEET_ROWS = 100_000
MOST_DIGITS = 38
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def endings_for(rows: int) -> list[str]:
    """The kinds of file in which so many rows can be taken."""
    return [ending for ending in KINDS if ending != "xlsx" or rows <= MOST_SHEET_ROWS]


def file_pieces(snapshot: Snapshot, ending: str, *, title: str) -> Iterator[bytes]:
    """The bytes of a file with all rows, some at a time.

    Parquet is the frozen form, from which the content's hash can be computed again.
    """
    if ending == "csv":
        yield from _csv_pieces(decimal_table(snapshot))
    elif ending == "xlsx":
        yield write_xlsx(decimal_table(snapshot), title=title)
    else:
        yield write_parquet(snapshot)


def decimal_table(snapshot: Snapshot) -> pa.Table:
    """The rows with stored integers turned back into decimal numbers."""
    columns = [
        snapshot.rows.column(column.name)
        if column.kind == "text"
        else _decimals(snapshot.rows.column(column.name), column.places)
        for column in snapshot.columns
    ]
    return pa.table(columns, names=[column.name for column in snapshot.columns])


def _decimals(stored: pa.ChunkedArray, places: int) -> pa.Array:
    """The same digits, with the point moved: no arithmetic, so nothing is rounded."""
    if places == 0:
        return stored
    whole = stored.cast(pa.decimal128(MOST_DIGITS, 0)).combine_chunks()
    return pa.Array.from_buffers(
        pa.decimal128(MOST_DIGITS, places), len(whole), whole.buffers(), offset=whole.offset
    )


def _csv_pieces(table: pa.Table) -> Iterator[bytes]:
    for start in range(0, max(table.num_rows, 1), ROWS_AT_ONCE):
        piece = write_csv(table.slice(start, ROWS_AT_ONCE))
        yield piece if start == 0 else piece.partition(b"\n")[2]
