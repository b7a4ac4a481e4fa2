"""Freezing: all of a table or nothing, and every fault named together."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.base.errors import InputErrors
from touchstone.content.datasets import ColumnSpec, Dataset, DesignSpec, LevelSpec
from touchstone.formats.raw_tables import RawTable
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze, freeze_plain, unused_columns

COLUMNS = (
    ColumnSpec(name="unit", kind="text", pattern="[0-9]{4}"),
    ColumnSpec(name="kind", kind="text", choices=("school", "Lycée")),
    ColumnSpec(name="score", kind="number", places=2, unit="%", low=0, high=100),
    ColumnSpec(name="met", kind="yes_no"),
    ColumnSpec(name="w", kind="number", places=3),
    ColumnSpec(name="pool", kind="number"),
)
DATASET = Dataset(
    key=("unit", "kind"),
    unit="unit",
    about="organisations",
    columns=COLUMNS,
    levels=(LevelSpec(level="office", column="unit", name="unit"),),
    design=DesignSpec(weight="w", fpc=("pool",)),
)
HEADING = "unit,kind,score,met,w,pool\n"
GOOD = "0007,school,3.5,Yes,1.250,9\n0012,Lyce\u0301e,,no,0,9\n"


def table_of(text: str) -> RawTable:
    """Read CSV text under the name a.csv."""
    return read_table(io.BytesIO(text.encode()), where="a.csv")


def refuse(rows: str, *, heading: str = HEADING, **named) -> InputErrors:
    """Give the errors that freezing rows raises."""
    with pytest.raises(InputErrors) as caught:
        freeze(table_of(heading + rows), DATASET, **named)
    return caught.value


def test_a_table_becomes_evidence():
    """Texts keep leading zeros and are NFC; numbers are scaled; yes and no are 1 and 0."""
    snapshot = freeze(table_of(HEADING + GOOD), DATASET, known_units=["0007", "0012"])
    assert snapshot.rows.to_pylist() == [
        {"unit": "0007", "kind": "school", "score": 350, "met": 1, "w": 1250, "pool": 9},
        {"unit": "0012", "kind": "Lycée", "score": None, "met": 0, "w": 0, "pool": 9},
    ]
    assert snapshot.column("score").as_record() == {
        "name": "score",
        "kind": "number",
        "places": 2,
        "unit": "%",
    }
    assert snapshot.key == ("unit", "kind")


def test_evidence_is_the_same_whatever_surrounds_it():
    """Other columns, their order, empty rows, true for Yes: none of it changes the hash."""
    wanted = freeze(table_of(HEADING + GOOD), DATASET)
    other = table_of(
        "pool,note,w,met,score,kind,unit\n"
        "9,x,0.0,FALSE,,Lycée,0012\n\n,,,,,,\n9.0,y,1.25,YES,3.50,school,0007\n"
    )
    assert freeze(other, DATASET).content_hash == wanted.content_hash
    assert unused_columns(other, DATASET) == ("note",)
    assert unused_columns(table_of(HEADING + GOOD), DATASET) == ()


@given(st.permutations(range(20)))
def test_evidence_is_the_same_in_any_order_of_rows(order):
    """The content hash is that of the sorted rows."""
    rows = [f"{number:04},school,{number},yes,{number / 8},9\n" for number in range(20)]
    shuffled = HEADING + "".join(rows[place] for place in order)
    wanted = freeze(table_of(HEADING + "".join(rows)), DATASET)
    assert freeze(table_of(shuffled), DATASET).content_hash == wanted.content_hash


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (",school,1,Yes,1,9", "EVIDENCE-02", "unit"),
        ("0008,,1,Yes,1,9", "EVIDENCE-02", "kind"),
        ("0008,school,1,Yes,,9", "EVIDENCE-02", "w"),
        ("0008,school,1,Yes,1,", "EVIDENCE-02", "pool"),
        ("0009,school,1,Yes,1,9", "EVIDENCE-03", "unit"),
        ("8,school,1,Yes,1,9", "EVIDENCE-04", "unit"),
        ("0008,office,1,Yes,1,9", "EVIDENCE-05", "kind"),
        ("0008,school,1,maybe,1,9", "EVIDENCE-06", "met"),
        ("0008,school,1,1,1,9", "EVIDENCE-06", "met"),
        ("0008,school,100.01,Yes,1,9", "EVIDENCE-07", "score"),
        ("0008,school,-1,Yes,1,9", "EVIDENCE-07", "score"),
        ("0008,school,1,Yes,-0.5,9", "EVIDENCE-08", "w"),
        ("0008,school,1,Yes,1,0", "EVIDENCE-09", "pool"),
        ("0008,school,four,Yes,1,9", "NUMBER-01", "score"),
        ('0008,school,"1,234",Yes,1,9', "NUMBER-02", "score"),
        ("0008,school,３,Yes,1,9", "NUMBER-03", "score"),
        ("0008,school,NaN,Yes,1,9", "NUMBER-04", "score"),
        ("0008,school,−5,Yes,1,9", "NUMBER-05", "score"),
        ("0008,school,1.234,Yes,1,9", "NUMBER-06", "score"),
        ("0008,school,1,Yes,1,99999999999999999999", "NUMBER-07", "pool"),
    ],
)
def test_a_cell_is_refused_by_file_row_and_column(row, code, column):
    """The row is the one a spreadsheet shows; the good row above it changes nothing."""
    known = ["0007", "0008", "8"]
    error = refuse(f"0007,school,1,Yes,1,9\n{row}\n", known_units=known)
    assert (error.code, error.where) == (code, f"a.csv, row 3, column '{column}'")
    assert error.total == 1


def test_a_table_is_refused_with_all_its_faults_in_the_order_of_rows():
    """One look at the message is enough to mend the file."""
    error = refuse("0001,school,x,Yes,1,9\n0001,school,1,perhaps,-1,9\n\n7,x,101,,,\n")
    assert [(fault.code, fault.where.removeprefix("a.csv, ")) for fault in error.faults] == [
        ("NUMBER-01", "row 2, column 'score'"),
        ("EVIDENCE-10", "row 2"),
        ("EVIDENCE-06", "row 3, column 'met'"),
        ("EVIDENCE-08", "row 3, column 'w'"),
        ("EVIDENCE-04", "row 5, column 'unit'"),
        ("EVIDENCE-05", "row 5, column 'kind'"),
        ("EVIDENCE-07", "row 5, column 'score'"),
        ("EVIDENCE-02", "row 5, column 'w'"),
        ("EVIDENCE-02", "row 5, column 'pool'"),
    ]


def test_a_table_is_refused_with_the_first_hundred_faults_and_the_count_of_all():
    """The first rows are shown, whatever their fault."""
    rows = [f"{number:04},school,{'x' if number % 2 else 1},Maybe,1,9\n" for number in range(500)]
    error = refuse("".join(rows))
    assert (len(error.faults), error.total) == (100, 750)
    assert error.faults[0].where == "a.csv, row 2, column 'met'"
    assert error.faults[-1].where.startswith("a.csv, row 68, ")


def test_a_table_is_refused_when_columns_are_missing():
    """Each missing column is named with its likeliest other name; the other faults too."""
    error = refuse("0007,school,x,1\n", heading="unit,kind,score,weight\n")
    assert [fault.code for fault in error.faults] == [*["EVIDENCE-01"] * 3, "NUMBER-01"]
    assert "'met'" in error.faults[0].found
    named = refuse("0007,school,Yes\n", heading="unit,kind,Mett\n").faults
    assert named[1].remedy == "Did you mean 'Mett'?"


def test_a_key_is_refused_when_it_stands_twice():
    """The message has the first and the last of its rows; equal keys may be typed differently."""
    error = refuse("0007,Lycée,1,,1,9\n0008,school,1,,1,9\n0007,Lyce\u0301e,2,,1,9\n")
    assert (error.code, error.where) == ("EVIDENCE-10", "a.csv, row 2")
    assert "stands 2 times, the last time in row 4" in error.found


def test_a_unit_is_known_by_the_prefix_of_its_level():
    """The tree writes the prefix before the identifier, the evidence does not."""
    level = LevelSpec(level="office", column="unit", name="unit", prefix="u-")
    dataset = Dataset(
        key=("unit",), unit="unit", about="persons", columns=COLUMNS[:1], levels=(level,)
    )
    raw = table_of("unit\n0007\n")
    assert freeze(raw, dataset, known_units={"u-0007"}).rows.num_rows == 1
    with pytest.raises(InputErrors):
        freeze(raw, dataset, known_units={"0007"})


def test_a_plain_table_takes_its_places_from_its_cells():
    """Each column has its own places, exact for all its cells; rows may be equal."""
    raw = table_of("g,y,w\na,1,44.2099990844727\nb,2.5,1\n\nb,2.5,1\n")
    snapshot = freeze_plain(raw, numbers=["y", " w "], texts=["g", "y"])
    assert [(column.name, column.kind, column.places) for column in snapshot.columns] == [
        ("y", "number", 1),
        ("w", "number", 13),
        ("g", "text", 0),
    ]
    assert sorted(snapshot.rows["y"].to_pylist()) == [10, 25, 25]


def test_a_plain_table_is_refused_when_a_column_is_unknown():
    """Every unknown name at once, with names that look like it, or all there are."""
    raw = table_of("group,weight\na,1\n")
    with pytest.raises(InputErrors) as caught:
        freeze_plain(raw, numbers=["wieght"], texts=["Group", "zzz"])
    assert [(fault.code, fault.remedy) for fault in caught.value.faults] == [
        ("TABLE-24", "Did you mean 'weight'?"),
        ("TABLE-24", "Did you mean 'group'?"),
        ("TABLE-24", "The columns are 'group', 'weight'."),
    ]


def test_a_plain_table_is_refused_when_a_number_is_none():
    """The same faults as with a dataset."""
    with pytest.raises(InputErrors) as caught:
        freeze_plain(table_of("y\n1\nNA\n"), numbers=["y"], texts=[])
    assert (caught.value.code, caught.value.where) == ("NUMBER-01", "a.csv, row 3, column 'y'")
