"""Suppression: no small cell can be worked out, and no more is held back than the rules ask."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most
from tests.unit.stats.disclosure.attackers import hits

from touchstone.base.errors import TouchstoneError
from touchstone.stats.disclosure import tables
from touchstone.stats.disclosure.suppression import exposures_of, small_cells, suppress
from touchstone.stats.disclosure.tables import cross_table, tree_table

# `make soak` runs this module 20 times, so that all cases together are 10,000 and more.
CASES = at_most(60, fresh=300)
COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 200))


@st.composite
def cross_tables(draw):
    """Tables of two or three breakdowns with up to 4 values each."""
    shape = draw(
        st.one_of(st.tuples(*[st.integers(1, 4)] * 2), st.tuples(*[st.integers(2, 3)] * 3))
    )
    labels = [tuple(map(str, label)) for label in product(*map(range, shape))]
    counts = draw(st.lists(COUNTS, min_size=len(labels), max_size=len(labels)))
    return cross_table(dict(zip(labels, counts, strict=True)))


@st.composite
def tree_tables(draw):
    """Trees of up to 14 units, of any form; the lowest units have the counts."""
    size = draw(st.integers(1, 14))
    above = [draw(st.integers(-1, unit - 1)) for unit in range(size)]
    parents = {f"u{unit}": None if up < 0 else f"u{up}" for unit, up in enumerate(above)}
    leaves = [unit for unit in parents if unit not in parents.values()]
    counts = draw(st.lists(COUNTS, min_size=len(leaves), max_size=len(leaves)))
    return tree_table(parents, dict(zip(leaves, counts, strict=True)))


@settings(max_examples=CASES, deadline=None)
@given(cross_tables(), st.integers(1, 12))
def test_no_small_cell_of_a_cross_table_can_be_worked_out(table, smallest):
    """An attacker with fractions and linear programming has no hit."""
    assert hits(table, suppress(table, smallest).hidden, smallest) == []


@settings(max_examples=CASES, deadline=None)
@given(tree_tables(), st.integers(1, 12))
def test_no_small_unit_of_a_tree_can_be_worked_out(table, smallest):
    """The same along a tree of units, whatever its form."""
    assert hits(table, suppress(table, smallest).hidden, smallest) == []


@settings(max_examples=CASES, deadline=None)
@given(st.one_of(cross_tables(), tree_tables()), st.integers(1, 12), st.data())
def test_the_audit_finds_what_the_attacker_finds(table, smallest, data):
    """Whatever else is hidden, both name the same cells."""
    places = st.sets(st.integers(0, len(table.counts) - 1), max_size=5)
    hidden = set(small_cells(table, smallest)) | data.draw(places)
    exposed = [int(one.name) for one in exposures_of(table, hidden, smallest)]
    assert exposed == hits(table, hidden, smallest)


def test_without_complementary_suppression_the_attacker_has_hits():
    """The attacker can tell right from wrong: hiding the small cells alone does not do."""
    tried = [
        cross_table({("a",): 40, ("b",): 3, ("c",): 12}),
        cross_table({(str(row), str(at)): 3 + 9 * row * at for row in range(3) for at in range(3)}),
        tree_table({"city": None, "a": "city", "b": "city"}, {"a": 30, "b": 4}),
    ]
    for table in tried:
        assert hits(table, set(small_cells(table, 10)), 10)
        assert not hits(table, suppress(table, 10).hidden, 10)


def test_the_next_lowest_is_hidden_too_when_only_one_is_small():
    """GP Patient Survey: counts below the threshold, and if only one, the next lowest too."""
    table = cross_table({("very good",): 40, ("good",): 20, ("poor",): 3, ("very poor",): 12})
    found = suppress(table, 5)
    assert [table.labels[at] for at in found.primary] == [("poor",)]
    assert [table.labels[at] for at in found.complementary] == [("very poor",)]


def test_results_of_fewer_than_ten_are_hidden():
    """GP Patient Survey: results from fewer than 10 are suppressed, those from 10 are not."""
    table = tree_table(
        {"all": None, "a": "all", "b": "all", "c": "all"}, {"a": 9, "b": 10, "c": 60}
    )
    found = suppress(table, 10)
    assert [table.labels[at] for at in found.primary] == [("a",)]
    assert [table.labels[at] for at in found.complementary] == [("b",)]


def test_a_zero_is_hidden_like_any_other_small_count():
    """UK LLC: no count below 10, including zero."""
    table = cross_table({("a",): 0, ("b",): 30, ("c",): 50})
    assert [table.labels[at] for at in suppress(table, 10).primary] == [("a",)]


def test_rows_and_columns_are_both_masked():
    """UK LLC: a small cell is masked row-wise and column-wise."""
    counts = {(row, at): 30 for row in "abc" for at in "xyz"} | {("a", "x"): 4}
    found = suppress(cross_table(counts), 10)
    table = cross_table(counts)
    hidden = {table.labels[at] for at in found.hidden}
    assert len([label for label in hidden if label[0] == "a"]) >= 2
    assert len([label for label in hidden if label[1] == "x"]) >= 2
    assert len(hidden) == 4


def test_nothing_is_hidden_where_nothing_is_small():
    """Telling everything is allowed then."""
    table = cross_table({("a", "x"): 10, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40})
    assert suppress(table, 10).hidden == frozenset()


def test_a_table_of_one_small_cell_is_silent():
    """Also its total, which is the same number."""
    assert len(suppress(cross_table({("a",): 3}), 10).hidden) == 2


def test_a_hidden_unit_does_not_follow_from_the_units_below_it():
    """When a larger unit is hidden for a small one, something below it is hidden as well."""
    parents = {"all": None, "town": "all", "city": "all", "north": "city", "south": "city"}
    table = tree_table(parents, {"town": 4, "north": 20, "south": 30})
    hidden = {table.labels[at][0] for at in suppress(table, 10).hidden}
    assert "town" in hidden
    assert hidden & {"north", "south"} or "all" in hidden
    assert not hits(table, suppress(table, 10).hidden, 10)


def test_losses_say_what_is_held_back_rather():
    """What matters most is told as long as anything else can be hidden."""
    table = cross_table({("a",): 40, ("b",): 3, ("c",): 12})
    losses = [0 if label == ("a",) else 100 for label in table.labels]
    found = suppress(table, 10, losses=losses)
    assert [table.labels[at] for at in found.complementary] == [("a",)]


def test_a_small_cell_that_is_told_is_refused():
    """There is nothing to audit then."""
    table = cross_table({("a",): 40, ("b",): 3})
    with pytest.raises(TouchstoneError) as fault:
        exposures_of(table, set(), 10)
    assert fault.value.code == "DISCLOSURE-03"


def test_a_table_that_is_too_large_is_refused(monkeypatch):
    """Before its cells are made."""
    monkeypatch.setattr(tables, "MOST_CELLS", 8)
    with pytest.raises(TouchstoneError) as fault:
        cross_table({("a", "x"): 1, ("b", "y"): 1})
    assert fault.value.code == "DISCLOSURE-02"


def test_a_smallest_group_below_one_is_refused():
    """It would protect nobody."""
    with pytest.raises(ValueError, match="smallest"):
        suppress(cross_table({("a",): 3}), 0)
