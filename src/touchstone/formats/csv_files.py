"""CSV: UTF-8, with comma, semicolon or tab between the cells, told by the heading line."""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from touchstone.base.errors import MOST_FAULTS_KEPT, InputErrors, TouchstoneError
from touchstone.formats.encodings import check_encoding
from touchstone.formats.formulas import disarm
from touchstone.formats.raw_tables import (
    LIMITS,
    LONGEST_LINE,
    Limits,
    RawTable,
    make_raw_table,
)

DELIMITERS = (",", ";", "\t")
NEEDS_QUOTES = re.compile(r'[",;\t\r\n]|^\s|\s$')
BLOCK_BYTES = 8 * 1024 * 1024
BATCH_ROWS = 20_000
BATCH_CELLS = 1_000_000
# Stands after the last line, to tell whether the last quotation mark was closed.
END = "\x00end"


@dataclass(frozen=True, slots=True)
class Heading:
    """The first row that holds anything: its names, its place, and what parts the cells."""

    names: tuple[str, ...]
    row: int
    delimiter: str


def read_csv(content: bytes, *, where: str, limits: Limits = LIMITS) -> RawTable:
    """Read CSV bytes: every cell a text, whatever it looks like.

    The bytes are UTF-8, with or without a mark at their start. Cells are parted by comma,
    semicolon or tab, whichever the heading line has most of; a cell may stand in double quotation
    marks and then hold line ends. Lines end in LF, CRLF or CR.

    Raises TouchstoneError TABLE-01 to TABLE-08, TABLE-10 and TABLE-11.

    >>> read_csv(b"name;n\\nAnn; 4\\n", where="a.csv").rows.to_pydict()
    {'name': ['Ann'], 'n': ['4']}
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    check_encoding(content, where=where)
    heading = _read_heading(content, where, limits)
    columns = _read_fast(content, heading, limits) or _read_exactly(
        content, heading, where=where, limits=limits
    )
    return make_raw_table(heading.names, columns, source=where, first_row=heading.row + 1)


def write_csv(table: pa.Table) -> bytes:
    """Write a table as CSV: UTF-8, lines ending in LF, an empty cell for null.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.

    >>> write_csv(pa.table({"unit": ["a", "=1+1"], "n": [1, None]}))
    b"unit,n\\na,1\\n'=1+1,\\n"
    """
    lines = [_written_line([_quoted(disarm(name)) for name in table.column_names])]
    for batch in table.to_batches(max_chunksize=BATCH_ROWS):
        columns = [_written(column) for column in batch.columns]
        lines += map(_written_line, zip(*columns, strict=True))
    return "".join(lines).encode()


def _written(column: pa.Array) -> list[str]:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return ["" if text is None else _quoted(disarm(text)) for text in column.to_pylist()]
    texts: list[str] = pc.fill_null(column.cast(pa.string()), "").to_pylist()
    return texts


def _quoted(text: str) -> str:
    """Put a text in quotation marks when some program might read it as more than one cell."""
    if not NEEDS_QUOTES.search(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _written_line(cells: Sequence[str]) -> str:
    # A row of one empty cell is no empty line, which some programs would pass over.
    return (",".join(cells) or '""') + "\n"


def _lines(content: bytes, where: str) -> Iterator[str]:
    """Give the lines of a text with their ends, whatever end they have."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
    for number, line in enumerate(text, start=1):
        if len(line) > LONGEST_LINE:
            raise TouchstoneError(
                "TABLE-11",
                where=f"{where}, line {number}",
                found=f"a line of {len(line):,} characters, at most {LONGEST_LINE:,} can be read",
                remedy="Shorten it; look for line ends that were lost.",
            )
        yield line


def _read_heading(content: bytes, where: str, limits: Limits) -> Heading:
    for row, line in enumerate(_lines(content, where), start=1):
        if not line.strip():
            continue
        delimiter = max(DELIMITERS, key=_outside_quotes(line).count)
        lines = itertools.islice(_lines(content, where), row - 1, None)
        names = next(_records(lines, delimiter, where=where, row=row, limits=limits))
        if len(names) > limits.columns:
            raise TouchstoneError(
                "TABLE-10",
                where=where,
                found=f"{len(names):,} columns, at most {limits.columns:,} can be read",
                remedy="Leave out columns that are not needed.",
            )
        return Heading(tuple(names), row, delimiter)
    raise TouchstoneError(
        "TABLE-01", where=where, found="an empty file", remedy="Choose the file that has the rows."
    )


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _read_fast(content: bytes, heading: Heading, limits: Limits) -> list[pa.ChunkedArray] | None:
    """Read well-formed bytes in parallel; None when the exact pass must find what is wrong."""
    names = [str(position) for position in range(len(heading.names))]
    most_rows = content.count(b"\n") + content.count(b"\r") + 1
    if most_rows > limits.rows or most_rows * len(names) > limits.cells:
        return None
    has_quotes = b'"' in content
    if has_quotes:
        # An empty row at the end, which an open quotation mark would swallow.
        content += b"\n" + heading.delimiter.encode() * (len(names) - 1)
    try:
        table = _parse_fast(content, names, heading.delimiter, has_quotes=has_quotes)
    except pa.ArrowInvalid:
        return None
    columns: list[pa.ChunkedArray] = table.slice(heading.row).columns
    is_open = has_quotes and any(column[-1].is_valid for column in table.columns)
    if is_open or any(_is_too_long(column, limits) for column in columns):
        return None
    return columns


def _parse_fast(content: bytes, names: list[str], delimiter: str, *, has_quotes: bool) -> pa.Table:
    return pa_csv.read_csv(
        pa.BufferReader(content),
        read_options=pa_csv.ReadOptions(column_names=names, block_size=BLOCK_BYTES),
        parse_options=pa_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=has_quotes, ignore_empty_lines=False
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _is_too_long(column: pa.ChunkedArray, limits: Limits) -> bool:
    return (pc.max(pc.binary_length(column)).as_py() or 0) > limits.cell


def _read_exactly(
    content: bytes, heading: Heading, *, where: str, limits: Limits
) -> list[pa.ChunkedArray]:
    """Read record by record, which finds the rows of faults; slower, in bounded memory.

    1. Look at the length of every record, and raise the faults of all rows together.
    2. Read again, and make the columns batch by batch.
    """
    width = len(heading.names)
    rows = _batches(content, heading, where=where, limits=limits)
    _check_lengths(rows, heading, where=where, most_rows=min(limits.rows, limits.cells // width))
    chunks: list[list[pa.Array]] = [[] for _ in heading.names]
    for batch in _batches(content, heading, where=where, limits=limits):
        filled: list[Sequence[str | None]] = [record or [None] * width for record in batch]
        for column, cells in zip(chunks, zip(*filled, strict=True), strict=True):
            column.append(pa.array(cells, pa.string()))
    return [pa.chunked_array(arrays, pa.string()) for arrays in chunks]


def _batches(
    content: bytes, heading: Heading, *, where: str, limits: Limits
) -> Iterator[list[list[str]]]:
    """Give the records below the heading, many at a time."""
    records = _records(_lines(content, where), heading.delimiter, where=where, row=1, limits=limits)
    below = itertools.islice(records, heading.row, None)
    size = max(1, BATCH_CELLS // len(heading.names))
    while batch := list(itertools.islice(below, size)):
        yield batch


def _check_lengths(
    batches: Iterator[list[list[str]]], heading: Heading, *, where: str, most_rows: int
) -> None:
    width = len(heading.names)
    faults: list[TouchstoneError] = []
    total = rows = 0
    for batch in batches:
        # An empty line is a row without texts.
        wrong = [place for place, record in enumerate(batch, 1) if len(record) not in (width, 0)]
        total += len(wrong)
        for place in wrong[: MOST_FAULTS_KEPT - len(faults)]:
            row = heading.row + rows + place
            faults.append(_ragged(f"{where}, row {row}", len(batch[place - 1]), heading))
        rows += len(batch)
        if rows > most_rows:
            raise TouchstoneError(
                "TABLE-10",
                where=where,
                found=f"more than {most_rows:,} rows of {width} columns",
                remedy="Divide the file into several.",
            )
    if faults:
        raise InputErrors(faults, total=total)


def _ragged(where: str, cells: int, heading: Heading) -> TouchstoneError:
    return TouchstoneError(
        "TABLE-07",
        where=where,
        found=f"{cells} cells, the heading has {len(heading.names)}",
        remedy="Give each row as many cells as the heading; put a text that holds "
        f"{heading.delimiter!r} in double quotation marks.",
    )


def _records(
    lines: Iterator[str], delimiter: str, *, where: str, row: int, limits: Limits
) -> Iterator[list[str]]:
    """Give the cells of each record; `row` is the number of the first one."""
    # Twice, since an open quotation mark at the very end makes one cell of both.
    reader = csv.reader(itertools.chain(lines, [f"{END}\n", END]), delimiter=delimiter)
    try:
        for record in reader:
            if record == [END]:
                return
            if record and END in record[-1]:
                raise TouchstoneError(
                    "TABLE-08",
                    where=f"{where}, row {row}",
                    found="a quotation mark that is opened and never closed",
                    remedy='Close it, or write a quotation mark within a text twice, as "".',
                )
            yield _short_enough(record, where, row, limits)
            row += 1
    except csv.Error:
        raise _too_long(where, row, limits) from None


def _short_enough(record: list[str], where: str, row: int, limits: Limits) -> list[str]:
    if record and max(map(len, record)) > limits.cell:
        raise _too_long(where, row, limits)
    return record


def _too_long(where: str, row: int, limits: Limits) -> TouchstoneError:
    return TouchstoneError(
        "TABLE-11",
        where=f"{where}, row {row}",
        found=f"a cell of more than {limits.cell:,} characters",
        remedy="Shorten it; look for a quotation mark that is opened and not closed.",
    )
