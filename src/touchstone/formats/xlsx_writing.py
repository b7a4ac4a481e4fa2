"""Tables as Excel workbooks: texts stay texts, and equal tables give equal bytes."""

import io
import math
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from html import escape

import pyarrow as pa

from touchstone.base.errors import TouchstoneError

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
# Excel keeps fifteen digits of a number; longer ones are written as text.
MOST_DIGITS = 15
BATCH_ROWS = 10_000
LONGEST_TITLE = 31
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]")
# Signs that XML cannot hold or changes, and texts that look like their replacement.
ESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
EARLIEST = (1980, 1, 1, 0, 0, 0)

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CONTENT_TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    f'ContentType="{SHEET_TYPE}.worksheet+xml"/></Types>'
)
RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
WORKBOOK_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
# Style 0 is plain, style 1 the bold of the heading, style 2 text whatever it looks like.
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/><xf fontId="1" applyFont="1" numFmtId="49"/>'
    '<xf numFmtId="49" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
SHEET_START = (
    f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
SHEET_END = "</sheetData></worksheet>"


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
    name = NOT_IN_TITLES.sub(" ", title).strip(" '")[:LONGEST_TITLE] or "Sheet1"
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "[Content_Types].xml", [CONTENT_TYPES])
        _put(archive, "_rels/.rels", [RELATIONS])
        _put(archive, "xl/workbook.xml", [_workbook(name)])
        _put(archive, "xl/_rels/workbook.xml.rels", [WORKBOOK_RELATIONS])
        _put(archive, "xl/styles.xml", [STYLES])
        _put(archive, "xl/worksheets/sheet1.xml", _sheet(table))
    return sink.getvalue()


def _put(archive: zipfile.ZipFile, name: str, parts: Iterator[str] | list[str]) -> None:
    member = zipfile.ZipInfo(name, EARLIEST)
    member.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(member, "w", force_zip64=False) as stream:
        for part in parts:
            stream.write(part.encode())


def _workbook(name: str) -> str:
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        f'<sheet name="{escape(name)}" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>"
    )


def _sheet(table: pa.Table) -> Iterator[str]:
    yield SHEET_START
    yield _row([_text_cell(name, style=1) for name in table.column_names])
    for batch in table.to_batches(max_chunksize=BATCH_ROWS):
        columns = [map(_cell, column.to_pylist()) for column in batch.columns]
        yield "".join(map(_row, zip(*columns, strict=True)))
    yield SHEET_END


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return f"<row>{''.join(cells)}</row>"


def _cell(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float, Decimal)):
        return _number_cell(value)
    return _text_cell(str(value), style=2)


def _number_cell(value: int | float | Decimal) -> str:
    written = format(value, "f") if isinstance(value, Decimal) else repr(value)
    digits = sum(sign.isdigit() for sign in written.lstrip("-0."))
    is_exact = math.isfinite(value) if isinstance(value, float) else digits <= MOST_DIGITS
    return f"<c><v>{written}</v></c>" if is_exact else _text_cell(written, style=2)


def _text_cell(text: str, *, style: int) -> str:
    kept = ESCAPED.sub(_escaped, text[:MOST_CHARACTERS])
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        kept = kept.replace(sign, name)
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{kept}</t></is></c>'


def _escaped(sign: re.Match[str]) -> str:
    return f"_x{ord(sign[0]):04X}_"
