"""Weights follow from the design where none is named, and get short enough for exact sums."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.stats.samples import snapshot_of

from touchstone.stats.designs import Design
from touchstone.stats.estimates import estimate
from touchstone.stats.weights import fit_places, weigh_by_fractions
from touchstone.tallies.plans import LARGEST_SUM, TallyPlan, check_sums

big = st.integers(-(10**18), 10**18)
places = st.integers(0, 18)


def test_a_weight_is_what_each_stage_drew_of_how_many():
    """Two of six districts, and in each some of four schools: 3 times 4/n."""
    rows = [{"d": d, "y": 1, "n": 6, "m": 4} for d in ("1", "1", "2", "2", "2")]
    snapshot = snapshot_of(rows, y=0, n=0, m=0)
    weighed, design = weigh_by_fractions(snapshot, Design(clusters=("d",), fpc=("n", "m")))
    column = weighed.column(design.weight)
    stored = weighed.rows.column(column.name).to_pylist()
    assert [Decimal(w).scaleb(-column.places) for w in stored] == [6, 6, 4, 4, 4]
    (row,) = estimate(
        snapshot, Design(clusters=("d",), fpc=("n", "m")), statistic="total", variables=["y"]
    )
    assert row.outcome.value == 24


@pytest.mark.parametrize(
    "design", [Design("y", fpc=("n",)), Design(clusters=("d", "y"), fpc=("n",)), Design()]
)
def test_a_design_keeps_its_own_weight_or_none(design):
    """A weight stays; without all sizes there is nothing to take one from."""
    snapshot = snapshot_of([{"d": "1", "y": 1, "n": 6}] * 2, y=0, n=0)
    assert weigh_by_fractions(snapshot, design) == (snapshot, design)


def test_a_weight_from_a_tiny_fraction_still_fits():
    """One in 10^15 drawn leaves fewer decimal places, not an overflow."""
    snapshot = snapshot_of([{"y": value, "n": 10**17} for value in (1, 2)], y=0, n=0)
    weighed, design = weigh_by_fractions(snapshot, Design(fpc=("n",)))
    column = weighed.column(design.weight)
    assert column.places < 12
    assert Decimal(weighed.rows[column.name][0].as_py()).scaleb(-column.places) == 5 * 10**16


@given(st.lists(st.tuples(big, big.map(abs)), min_size=1, max_size=5), places, places)
def test_shortened_columns_have_room_for_exact_sums(pairs, y_places, w_places):
    """What is shortened passes the check of the sums, and is the rounded number."""
    snapshot = snapshot_of([{"y": y, "w": w} for y, w in pairs], y=y_places, w=w_places)
    found, shortened = fit_places(snapshot, weight="w", values=["y"])
    wanted = {one.column: one for one in shortened}
    for name, own in (("y", y_places), ("w", w_places)):
        kept = found.column(name).places
        assert (name in wanted) == (kept < own)
        step = Decimal(10) ** (own - kept)
        expected = [
            int((v / step).to_integral_value())
            for v in map(Decimal, snapshot.rows[name].to_pylist())
        ]
        assert found.rows[name].to_pylist() == expected
    may_go = any(
        found.column(name).places and max(map(abs, found.rows[name].to_pylist())) > 10**9
        for name in ("w", "y")
    )
    if may_go:
        check_sums(found, TallyPlan((), (), "w", ("y",)))


def test_columns_that_fit_are_left_alone():
    """Nothing is rounded without need."""
    snapshot = snapshot_of([{"y": 5, "w": 442099990844727}], y=0, w=13)
    assert fit_places(snapshot, weight="w", values=["y"]) == (snapshot, ())
    assert fit_places(snapshot, weight=None, values=["y"]) == (snapshot, ())


def test_a_column_that_is_weight_and_value_is_shortened_once():
    """The mean of the weights themselves has room too."""
    snapshot = snapshot_of([{"w": 10**17}, {"w": 3}], w=15)
    found, (shortened,) = fit_places(snapshot, weight="w", values=["w"])
    assert (shortened.column, shortened.places) == ("w", 15)
    size = max(found.rows["w"].to_pylist())
    assert 2 * size**3 < LARGEST_SUM


def test_a_weight_is_shortened_for_shares_too():
    """Shares square only the weight."""
    snapshot = snapshot_of([{"w": 9 * 10**18}] * 3, w=18)
    _, (shortened,) = fit_places(snapshot, weight="w", values=[])
    assert shortened.column == "w"


def test_rows_of_weight_0_are_neither_counted_nor_in_the_base():
    """They stay in the design: their units were drawn."""
    rows = [{"c": c, "w": w, "y": y} for c, w, y in [("1", 2, 3), ("2", 1, 6), ("3", 0, 99)]]
    design = Design("w", clusters=("c",))
    (row,) = estimate(snapshot_of(rows, w=0, y=0), design, statistic="mean", variables=["y"])
    assert (row.outcome.value, row.outcome.n) == (4, 2)
    assert row.outcome.degrees_of_freedom == 2
