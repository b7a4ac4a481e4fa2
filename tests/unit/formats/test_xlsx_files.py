"""XLSX: what is read, what is refused, what is written."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pytest

from touchstone.base.errors import TouchstoneError
from touchstone.formats.raw_tables import Limits
from touchstone.formats.xlsx_files import read_xlsx
from touchstone.formats.xlsx_writing import write_xlsx

SHEET = "xl/worksheets/sheet1.xml"
HEADING = ["unit", "n"]


def workbook_bytes(rows, fill=None) -> bytes:
    """Save rows as a workbook, the way spreadsheets do; `fill` may change the sheet before."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    if fill is not None:
        fill(workbook.active)
    sink = io.BytesIO()
    workbook.save(sink)
    return sink.getvalue()


def changed(content: bytes, **members: bytes | None) -> bytes:
    """Replace members of an archive, add them, or take them out (None)."""
    named = {SHEET: members["sheet"]} if "sheet" in members else dict(members)
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(sink, "w") as new:
        for name in {*old.namelist(), *named}:
            text = named[name] if name in named else old.read(name)
            if text is not None:
                new.writestr(name, text, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def sheet_xml(rows: str) -> bytes:
    """Write a worksheet from the XML of its rows, and what follows them."""
    return (
        '<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/'
        f'spreadsheetml/2006/main"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    ).encode()


def with_shared_texts(rows: str, shared: str) -> bytes:
    """Make a workbook whose cells point to texts that stand in a part of their own."""
    content = workbook_bytes([HEADING])
    relations = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        known = archive.read(relations).decode()
    relation = '<Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/>'
    members = {
        SHEET: sheet_xml(rows),
        relations: known.replace("</Rel", f"{relation}</Rel").encode(),
        "xl/sharedStrings.xml": shared.encode(),
    }
    return changed(content, **members)


def read(content: bytes, **limits):
    """Read a workbook under the name a.xlsx."""
    return read_xlsx(content, where="a.xlsx", limits=Limits(**limits))


def refuse(content: bytes, **limits) -> TouchstoneError:
    """Give the error that reading raises."""
    with pytest.raises(TouchstoneError) as caught:
        read(content, **limits)
    return caught.value


def test_a_cell_becomes_the_shortest_text_that_means_the_same():
    """Floats lose nothing and gain nothing; leading zeros of texts stay."""
    values = [3.0, 0.1, 3.45000004768372, 1e16, 1e-7, 7, "007", True, " a ", "三"]
    raw = read(workbook_bytes([["v"], *[[value] for value in values]]))
    assert raw.rows["v"].to_pylist() == [
        *("3", "0.1", "3.45000004768372", "10000000000000000", "0.0000001", "7", "007", "TRUE"),
        *("a", "三"),
    ]


def test_a_row_keeps_its_number_when_rows_above_it_are_empty():
    """Empty rows count as a spreadsheet counts them, those at the end are left out."""
    content = workbook_bytes([[], HEADING, ["a", 1], [], ["b", None], [], [" ", None]])
    raw = read(content)
    assert raw.rows.to_pydict() == {"unit": ["a", None, "b"], "n": ["1", None, None]}
    assert raw.place(2, "n") == "a.xlsx, row 5, column 'n'"


def test_a_million_empty_rows_are_left_out():
    """Cells that only have a format, down to the last row of a sheet, are nothing."""
    rows = '<x:row r="1"><x:c r="A1" t="str"><x:v>unit</x:v></x:c></x:row>'
    rows += '<x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c></x:row>'
    rows += '<x:row><x:c s="1"/></x:row>' * 20_000 + '<x:row r="1048576"><x:c s="1"/></x:row>'
    raw = read(changed(workbook_bytes([]), sheet=sheet_xml(rows)))
    assert raw.rows.to_pydict() == {"unit": ["1"]}


def test_a_gap_of_a_million_rows_takes_no_time():
    """A cell in the last row of a sheet leaves empty rows between, which are only counted."""
    rows = '<x:row r="1"><x:c t="str"><x:v>unit</x:v></x:c></x:row>'
    rows += '<x:row r="1048576"><x:c><x:v>5</x:v></x:c></x:row>'
    raw = read(changed(workbook_bytes([]), sheet=sheet_xml(rows)))
    assert raw.rows.num_rows == 1_048_575
    assert raw.rows["unit"].null_count == 1_048_574


def test_a_shared_text_is_read_without_its_reading_aid():
    """Phonetic signs above a text are no part of it; pieces in several fonts are one text."""
    shared = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><t>unit</t></si><si><r><t>西</t></r><r><t>宁_x000D_</t></r>"
        "<rPh><t>xining</t></rPh></si></sst>"
    )
    rows = (
        '<x:row><x:c t="s"><x:v>0</x:v></x:c></x:row><x:row><x:c t="s"><x:v>1</x:v></x:c></x:row>'
    )
    assert read(with_shared_texts(rows, shared)).rows["unit"].to_pylist() == ["西宁"]


def test_a_workbook_is_refused_with_all_formulas_errors_dates_and_merged_cells():
    """Each is named by row, column and cell; what a formula showed last is not trusted."""

    def fill(sheet):
        sheet["A2"] = "=SUM(B2:B3)"
        sheet["B3"].value = "#DIV/0!"
        sheet["B4"] = dt.date(2026, 1, 31)
        sheet["B5"] = dt.timedelta(hours=30)
        sheet.merge_cells("A6:A7")

    error = refuse(workbook_bytes([HEADING], fill))
    assert [fault.code for fault in error.faults] == [
        *("TABLE-16", "TABLE-17", "TABLE-18", "TABLE-18", "TABLE-19")
    ]
    assert [fault.where for fault in error.faults] == [
        "a.xlsx, row 2, column 'unit', cell A2",
        "a.xlsx, row 3, column 'n', cell B3",
        "a.xlsx, row 4, column 'n', cell B4",
        "a.xlsx, row 5, column 'n', cell B5",
        "a.xlsx, cells A6:A7",
    ]
    assert "'=SUM(B2:B3)'" in error.faults[0].found
    assert "2026-01-31" in error.faults[2].remedy


def test_a_workbook_keeps_the_first_hundred_faults_and_counts_all():
    """A sheet full of formulas does not fill the memory with errors."""
    error = refuse(workbook_bytes([["unit"], *[["=1+1"]] * 150]))
    assert (len(error.faults), error.total) == (100, 150)


def test_a_workbook_takes_the_only_sheet_with_cells():
    """Empty sheets beside it do not matter; the name of the sheet is in the place."""

    def fill(sheet):
        sheet.parent.create_sheet("Empty", 0)

    raw = read(workbook_bytes([HEADING, ["a", 1]], fill))
    assert raw.source == "a.xlsx, sheet 'Sheet'"
    assert raw.rows.num_rows == 1


def test_a_workbook_is_refused_when_two_sheets_hold_cells():
    """It is not guessed which one is meant."""

    def fill(sheet):
        sheet.parent.create_sheet("Other")["A1"] = "x"

    error = refuse(workbook_bytes([HEADING, ["a", 1]], fill))
    assert error.code == "TABLE-20"
    assert "'Sheet', 'Other'" in error.found


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "TABLE-01"),
        ([HEADING], "TABLE-02"),
        ([["unit", None, "n"], ["a", 1, 2]], "TABLE-05"),
        ([["unit", "unit "], ["a", 1]], "TABLE-06"),
        ([HEADING, ["a", 1, "x"]], "TABLE-07"),
        ([HEADING, ["a", "x" * 30_000]], "TABLE-11"),
    ],
)
def test_a_workbook_is_refused_when_it_is_no_table(rows, code):
    """The same rules as for CSV."""
    assert refuse(workbook_bytes(rows), cell=20_000).code == code


def test_a_workbook_is_refused_when_it_holds_too_much():
    """Rows, columns, cells and the whole text have limits."""
    content = workbook_bytes([HEADING, ["a", 1], ["b", 2], ["c", 3]])
    assert refuse(content, rows=2).code == "TABLE-10"
    assert refuse(content, columns=1).code == "TABLE-10"
    assert refuse(content, cells=3).code == "TABLE-10"
    row = '<x:row r="1048577"><x:c t="str"><x:v>unit</x:v></x:c></x:row>'
    assert refuse(changed(content, sheet=sheet_xml(row))).code == "TABLE-10"


def test_one_long_text_is_refused_when_many_cells_point_to_it():
    """Shared texts cost nothing in the file and much in memory."""
    shared = f"<sst><si><t>{'x' * 50_000}</t></si></sst>"
    rows = '<x:row><x:c t="s"><x:v>0</x:v></x:c></x:row>' * 100
    error = refuse(with_shared_texts(rows, shared), size=1024**2)
    assert (error.code, error.found) == ("TABLE-10", "more than 1 MiB of text")


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    """Its directory tells that it is too large, or too tight."""
    content = workbook_bytes([HEADING, ["a", 1]])
    bomb = changed(content, sheet=bytes(20 * 1024**2))
    error = refuse(bomb)
    assert (error.code, SHEET in error.found) == ("TABLE-12", True)
    assert refuse(bomb, size=1024**2).code == "TABLE-12"


def test_a_member_that_lies_about_its_size_is_refused():
    """What stands beyond the told size is not read, and then the checksum is wrong."""
    content = changed(workbook_bytes([HEADING, ["a", 1]]), sheet=sheet_xml(" " * 10_000))
    told = (len(sheet_xml(" " * 10_000))).to_bytes(4, "little")
    assert refuse(content.replace(told, (500).to_bytes(4, "little"))).code == "TABLE-13"


@pytest.mark.parametrize(
    "sheet",
    [
        b"",
        b"<worksheet><sheetData>",
        b'<!DOCTYPE a [<!ENTITY e "x">]><worksheet>&e;</worksheet>',
        sheet_xml('<x:row r="2"/><x:row r="1"/>'),
        sheet_xml('<x:row><x:c r="B1"/><x:c r="A1"/></x:row>'),
        sheet_xml('<x:row><x:c t="s"><x:v>99</x:v></x:c></x:row>'),
        sheet_xml("<x:row><x:c><x:v>four</x:v></x:c></x:row>"),
        sheet_xml(f"<x:row>{'<x:c/>' * 16_385}</x:row>"),
        sheet_xml('<x:row r="x"/>'),
        None,
    ],
)
def test_a_workbook_is_refused_when_a_worksheet_is_damaged(sheet):
    """Malformed XML, entities, places out of order, numbers that are none."""
    assert refuse(changed(workbook_bytes([HEADING]), sheet=sheet)).code == "TABLE-13"


def test_a_zip_file_is_refused_when_it_is_no_plain_workbook():
    """Other archives, passwords, macros, and archives that are cut off."""
    content = workbook_bytes([HEADING, ["a", 1]])
    assert refuse(content[:-30]).code == "TABLE-13"
    assert refuse(changed(content, **{"xl/workbook.xml": None})).code == "TABLE-13"
    assert refuse(changed(content, **{"xl/_rels/workbook.xml.rels": None})).code == "TABLE-13"
    assert refuse(changed(content, **{"xl/vbaProject.bin": b"x"})).code == "TABLE-15"
    locked = bytearray(content)
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    assert refuse(bytes(locked)).code == "TABLE-14"
    crowded = changed(content, **{f"m{number}": b"" for number in range(10_001)})
    assert refuse(crowded).code == "TABLE-12"


TABLE = pa.table(
    {
        "unit": ["=1+1", "@<&>\x07_x0041_", None],
        "n": pa.array([1, 2**60, None]),
        "share": pa.array([Decimal("1.50"), Decimal("-0.25"), None]),
        "yes": [True, False, None],
    }
)


def test_a_written_workbook_is_opened_by_others():
    """Texts are texts, never formulas; numbers are numbers while Excel can hold them."""
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(TABLE, title="Results: [2026]/1"))).active
    assert sheet.title == "Results   2026  1"
    rows = list(sheet.iter_rows(min_row=2))
    assert [cell.data_type for cell in rows[0]] == ["s", "n", "n", "b"]
    assert [cell.value for cell in rows[0]] == ["=1+1", 1, 1.5, True]
    assert rows[1][1].value == str(2**60)
    assert [sheet[cell].font.bold for cell in ("A1", "A2")] == [True, False]
    assert [sheet[cell].number_format for cell in ("A1", "A2")] == ["@", "@"]
    assert sheet.freeze_panes == "A2"


def test_a_written_workbook_is_the_same_when_it_is_read():
    """Also signs that XML cannot hold; equal tables give equal bytes."""
    content = write_xlsx(TABLE, title="t")
    assert content == write_xlsx(TABLE, title="t")
    assert read(content).rows.to_pydict() == {
        "unit": ["=1+1", "@<&>\x07_x0041_"],
        "n": ["1", str(2**60)],
        "share": ["1.5", "-0.25"],
        "yes": ["TRUE", "FALSE"],
    }


def test_a_table_is_refused_when_a_worksheet_cannot_hold_it():
    """A worksheet ends at 1,048,576 rows."""
    with pytest.raises(TouchstoneError) as caught:
        write_xlsx(pa.table({"n": pa.nulls(1_048_576)}), title="t")
    assert caught.value.code == "TABLE-25"
