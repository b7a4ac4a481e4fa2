"""A bad file ends in a table of faults that can be mended, and changes nothing."""

import pytest
from tests.support.evidence import (
    HEADS,
    ROWS,
    counts_of_everything,
    gzip_bomb,
    row_with,
    schools_csv,
    workbook,
    zip_bomb,
)

from touchstone_web.evidence.models import Upload

GOOD_LINES = [line.split(",") for line in (HEADS, *ROWS)]
FORMULA = [GOOD_LINES[0], [*GOOD_LINES[1][:5], "=600+93", *GOOD_LINES[1][6:]]]
DOUBLED = HEADS.replace("api00", "api99")
BAD = {
    "wrong_encoding": (
        schools_csv(row_with(sname="阿拉米达高中")).decode().encode("gb18030"),
        "TABLE-03",
    ),
    "missing_column": (schools_csv(heads=HEADS.replace("api99", "api98")), "EVIDENCE-01"),
    "doubled_column": (schools_csv(heads=DOUBLED), "TABLE-06"),
    "ragged_row": (schools_csv(ROWS[0] + ",more"), "TABLE-07"),
    "heading_only": ((HEADS + "\n").encode(), "TABLE-02"),
    "text_in_a_number_column": (schools_csv(row_with(growth="four")), "NUMBER-01"),
    "thousands_mark": (schools_csv(row_with(api99='"1,234"')), "NUMBER-02"),
    "full_width_digit": (schools_csv(row_with(growth="３")), "NUMBER-03"),
    "not_a_number": (schools_csv(row_with(api00="NaN")), "NUMBER-04"),
    "outside_its_bounds": (schools_csv(row_with(pcttest="101")), "EVIDENCE-07"),
    "neither_yes_nor_no": (schools_csv(row_with(sch_wide="maybe")), "EVIDENCE-06"),
    "leading_zero_lost": (schools_csv(row_with(cds="1611190130229")), "EVIDENCE-04"),
    "empty_cell": (schools_csv(row_with(sname="")), "EVIDENCE-02"),
    "doubled_id": (schools_csv(ROWS[0], ROWS[1], ROWS[0]), "EVIDENCE-10"),
    "formula": (workbook(*FORMULA), "TABLE-16"),
    "zero_byte": (schools_csv(row_with(sname="Alameda\0High")), "TABLE-04"),
    "name_too_long": (schools_csv(row_with(sname="x" * 301)), "UPLOAD-08"),
}


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_its_fault(content, code, sender):
    """The page names the fault; no snapshot, no unit, no tree came to be."""
    before = counts_of_everything()
    page = sender.outcome(content)
    assert page.templates[0].name == "evidence/refused.html"
    assert code in {fault.code for fault in page.context["faults"]}
    assert counts_of_everything() == before


def test_each_fault_names_row_column_what_was_found_and_what_to_do(sender):
    """All faults of a file are told together, each with its place."""
    page = sender.outcome(schools_csv(row_with(api99='"1,234"'), row_with(growth="four")))
    faults = {fault.code: fault for fault in page.context["faults"]}
    number = faults["NUMBER-01"]
    assert (number.file, number.row, number.column) == ("schools.csv", "3", "growth")
    assert "four" in number.found
    assert number.remedy.startswith("Write a number")
    assert faults["NUMBER-02"].row == "2"
    assert "EVIDENCE-10" in faults


def test_a_table_of_faults_shows_a_hundred_and_counts_all(sender):
    """Who sends a wrong file gets a page, not a book."""
    rows = [row_with(cds=f"{number:014}", growth="four") for number in range(130)]
    page = sender.outcome(schools_csv(*rows))
    assert len(page.context["faults"]) == 100
    assert page.context["total"] == 130
    assert "130" in page.content.decode()


@pytest.mark.parametrize("bomb", [zip_bomb, gzip_bomb], ids=["zip", "gzip"])
def test_a_bomb_is_refused_before_it_fills_the_memory(bomb, sender):
    """What unpacks to more than a table may hold is not unpacked."""
    page = sender.outcome(bomb(), name="schools.xlsx")
    assert page.context["faults"][0].code in {"TABLE-09", "TABLE-11", "TABLE-12"}


def test_an_empty_file_is_a_form_error(sender):
    """Nothing to read is said at once, in the form."""
    page = sender.send(b"")
    assert page.status_code == 422
    assert page.context["form"].errors["file"]
    assert not Upload.objects.exists()


def test_a_unit_unknown_to_the_tree_is_refused_when_the_tree_decides(sender, cast):
    """A file held against the tree may not bring units of its own."""
    before = counts_of_everything()
    page = sender.outcome(schools_csv(), units_from="tree")
    codes = [fault.code for fault in page.context["faults"]]
    assert codes == ["EVIDENCE-03"] * 3
    assert counts_of_everything() == before


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_faults_are_told_in_the_language_of_the_reader(language, sender):
    """Kind and remedy come from the catalogues, the cell's text as it stands in the file."""
    sender.client.cookies["touchstone-language"] = language
    page = sender.outcome(schools_csv(row_with(growth="four")))
    fault = page.context["faults"][0]
    assert fault.kind != "Text in a number column"
    assert not fault.remedy.isascii()
    assert "four" in fault.found


def test_the_text_of_a_cell_is_never_taken_as_html(sender):
    """What stands in a file is shown, not obeyed."""
    page = sender.outcome(schools_csv(row_with(growth="<script>alert(1)</script>")))
    assert "&lt;script&gt;" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
