"""Tables as Excel workbooks: texts stay texts, and equal tables give equal bytes."""

import io
import math
import re
from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from touchstone.base.errors import TouchstoneError

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
# Excel keeps fifteen digits of a number; longer ones are written as text.
MOST_DIGITS = 15
LONGEST_TITLE = 31
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]")
# Where the clock stands in every workbook, so that equal tables give equal bytes.
EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001


def write_xlsx(table: pa.Table, *, title: str) -> bytes:
    """Write a table as an Excel workbook with one worksheet.

    Texts are written as texts, so that none of them can run as a formula. Numbers of more than
    15 digits are written as text too, since Excel would round them. Signs that
    XML cannot hold are written as Excel writes them (`_x0007_`). Equal tables give equal bytes.

    Raises TouchstoneError TABLE-25 when a worksheet cannot hold the table.
    """
    if table.num_rows >= MOST_ROWS or table.num_columns > MOST_COLUMNS:
        raise TouchstoneError(
            "TABLE-25",
            where=title,
            found=f"{table.num_rows:,} rows and {table.num_columns:,} columns, more than a "
            "worksheet holds",
            remedy="Take the table as CSV or Parquet.",
        )
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": EARLIEST})
        sheet = workbook.add_worksheet(_sheet_name(title))
        sheet.freeze_panes(1, 0)
        # "@" is Excel's format for text: an edited cell stays one.
        text = workbook.add_format({"num_format": "@"})
        heading = workbook.add_format({"num_format": "@", "bold": True})
        for place, name in enumerate(table.column_names):
            sheet.write_string(0, place, name[:MOST_CHARACTERS], heading)
            for row, value in enumerate(table.column(place).to_pylist(), start=1):
                _write_cell(sheet, row, place, value, text)
    return sink.getvalue()


def _sheet_name(title: str) -> str:
    return NOT_IN_TITLES.sub(" ", title).strip(" '")[:LONGEST_TITLE].strip(" '") or "Sheet1"


def _write_cell(sheet: Worksheet, row: int, place: int, value: object, text: Format) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, (int, float, Decimal)) and _is_exact(value):
        sheet.write_number(row, place, value)
    else:
        written = format(value, "f") if isinstance(value, Decimal) else str(value)
        sheet.write_string(row, place, written[:MOST_CHARACTERS], text)


def _is_exact(value: int | float | Decimal) -> bool:
    """Excel gives the number back as it is."""
    if isinstance(value, float):
        return math.isfinite(value)
    return sum(sign.isdigit() for sign in format(value, "f").lstrip("-0.")) <= MOST_DIGITS
