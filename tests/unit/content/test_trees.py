"""Trees of units: read from tables and from evidence, and refused when they are none."""

import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.base.errors import InputErrors
from touchstone.content.datasets import ColumnSpec, Dataset, LevelSpec
from touchstone.content.trees import Node, check_tree, read_tree, tree_of
from touchstone.formats.readers import read_table
from touchstone.tallies.tables import Column, Snapshot, build_snapshot

TOWN = Node("t", "Town", None, "town")


def refuse(call, *arguments, **named) -> InputErrors:
    """Give the errors that a call raises."""
    with pytest.raises(InputErrors) as caught:
        call(*arguments, **named)
    return caught.value


def tree_from(text: str) -> tuple[Node, ...]:
    """Read a tree from CSV text under the name tree.csv."""
    return read_tree(read_table(io.BytesIO(text.encode()), where="tree.csv"))


def test_a_tree_is_read_from_a_table():
    """Columns in any order, others ignored, empty rows passed over, text in Unicode NFC."""
    text = "level,unit,name,parent,note\ntown,t,Cafe\u0301,,x\n,,,,\nschool,01,B,t,\n"
    assert tree_from(text) == (Node("t", "Café", None, "town"), Node("01", "B", "t", "school"))


def test_a_tree_is_refused_with_the_rows_of_all_faults():
    """Every fault is named by its row."""
    error = refuse(
        tree_from,
        "unit,name,parent,level\nt,Town,,town\nt,Twin,,town\na,A,x,school\n,B,t,\nc,C,d,s\nd,D,c,s\n",
    )
    assert {(fault.code, fault.where) for fault in error.faults} == {
        ("TREE-01", "tree.csv, row 3"),
        ("TREE-02", "tree.csv, row 4"),
        ("TREE-05", "tree.csv, row 5, column 'unit'"),
        ("TREE-05", "tree.csv, row 5, column 'level'"),
        ("TREE-03", "tree.csv, row 6"),
    }
    assert "'c' → 'd' → 'c'" in str(error)


def test_a_tree_is_refused_when_a_column_is_missing():
    """The error says which name was perhaps meant."""
    error = refuse(tree_from, "unit,nmae,parent,level\na,A,,town\n")
    assert (error.code, error.remedy) == ("TREE-08", "Did you mean 'nmae'?")


def test_a_unit_is_refused_when_it_is_its_own_parent():
    """The shortest cycle."""
    assert refuse(check_tree, [Node("a", "A", "a", "town")], where="w").code == "TREE-03"


def test_a_cycle_is_named_once_however_many_units_hang_below_it():
    """Units below a cycle are no cycles of their own."""
    nodes = [
        Node("a", "A", "b", "x"),
        Node("b", "B", "a", "x"),
        *(Node(str(number), "N", "a", "y") for number in range(5)),
    ]
    assert [fault.code for fault in refuse(check_tree, nodes, where="w").faults] == ["TREE-03"]


def test_a_tree_is_refused_when_it_is_too_deep():
    """Sixteen levels are the most; a chain of ten thousand units ends in the same error."""
    chain = [Node(str(n), "N", str(n - 1) if n else None, "x") for n in range(17)]
    check_tree(chain[:16], where="w")
    error = refuse(check_tree, chain, where="w")
    assert [(fault.code, fault.where) for fault in error.faults] == [("TREE-04", "w, unit '16'")]
    deep = [Node(str(n), "N", str(n + 1), "x") for n in range(10_000)]
    assert refuse(check_tree, [*deep, Node("10000", "N", None, "x")], where="w").code == "TREE-04"


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30), st.randoms())
def test_a_tree_is_accepted_in_any_order(parents, random):
    """Whoever stands below an earlier unit forms a tree, however the rows are shuffled."""
    depths, nodes = [], []
    for number, choice in enumerate(parents):
        parent = choice % number if number and choice % 3 and depths[choice % number] < 16 else None
        depths.append(1 if parent is None else depths[parent] + 1)
        above = None if parent is None else str(parent)
        nodes.append(Node(str(number), "N", above, "x"))
    random.shuffle(nodes)
    check_tree(nodes, where="w")


LEVELS = (
    LevelSpec(level="county", column="code", first=2, name="county"),
    LevelSpec(level="school", column="code", name="school"),
)


def evidence(rows, *, levels=LEVELS) -> tuple[Snapshot, Dataset]:
    """Freeze rows of code, county and school by hand."""
    names = ("code", "county", "school")
    columns = [ColumnSpec(name=name, kind="text") for name in names]
    arrays = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
    table = pa.table(arrays, names=names)
    snapshot = build_snapshot([Column(name, "text") for name in names], table, ())
    dataset = Dataset(
        key=(), unit="code", about="organisations", columns=tuple(columns), levels=levels
    )
    return snapshot, dataset


def test_a_tree_follows_from_the_evidence():
    """Higher levels first; a unit without a name is called by its identifier."""
    rows = [("0102", "Alpine", "B"), ("0101", "Alpine", None), ("0201", "Butte", "C")]
    assert tree_of(*evidence(rows)) == (
        Node("01", "Alpine", None, "county"),
        Node("02", "Butte", None, "county"),
        Node("0101", "0101", "01", "school"),
        Node("0102", "B", "01", "school"),
        Node("0201", "C", "02", "school"),
    )


def test_a_tree_is_refused_when_a_unit_has_two_names():
    """All names are shown, the commonest first."""
    rows = [("0101", "Alpin", "A"), ("0102", "Alpine", "B"), ("0103", "Alpine", "C")]
    error = refuse(tree_of, *evidence(rows))
    assert (error.code, error.found) == ("TREE-06", "2 names: 'Alpine', 'Alpin'")


def test_a_level_takes_the_commonest_name_when_it_allows_spellings():
    """A misspelt row of an official register does not stop the assessment."""
    rows = [("0101", "Alpin", "A"), ("0102", "Alpine", "B"), ("0103", "Alpine", "C")]
    county = LevelSpec(level="county", column="code", first=2, name="county", allows_spellings=True)
    assert tree_of(*evidence(rows, levels=(county, LEVELS[1])))[0].name == "Alpine"


DEPARTMENTS = (
    LevelSpec(level="department", column="county", name="county"),
    LevelSpec(level="school", column="code", name="school"),
)


def test_a_tree_is_refused_when_a_unit_has_two_parents():
    """One place in the tree for each unit."""
    error = refuse(tree_of, *evidence([("1", "x", "A"), ("1", "y", "A")], levels=DEPARTMENTS))
    assert (error.code, error.where) == ("TREE-07", "evidence, school '1'")


def test_identifiers_of_two_levels_must_not_collide():
    """A prefix keeps them apart."""
    rows = [("1", "1", "A")]
    assert refuse(tree_of, *evidence(rows, levels=DEPARTMENTS)).code == "TREE-01"
    apart = LevelSpec(level="department", column="county", name="county", prefix="d-")
    nodes = tree_of(*evidence(rows, levels=(apart, DEPARTMENTS[1])))
    assert [(node.unit, node.name, node.parent) for node in nodes] == [
        ("d-1", "1", None),
        ("1", "A", "d-1"),
    ]


def test_a_level_is_refused_when_its_cell_is_empty():
    """A unit without an identifier stands nowhere."""
    error = refuse(tree_of, *evidence([("1", None, "A")], levels=DEPARTMENTS))
    assert {fault.code for fault in error.faults} == {"TREE-05"}


def test_a_level_may_stand_in_a_number_column():
    """The number is written as people write it."""
    columns = [Column("code", "number"), Column("share", "number", places=1)]
    snapshot = build_snapshot(columns, pa.table({"code": [7], "share": [25]}), ())
    dataset = Dataset(
        key=(),
        unit="code",
        about="organisations",
        columns=(),
        levels=(LevelSpec(level="school", column="code", name="share"),),
    )
    assert tree_of(snapshot, dataset) == (Node("7", "2.5", None, "school"),)
