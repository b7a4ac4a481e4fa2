"""Sums per unit and its raters equal the definition, whatever the engine."""

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.design_tallies import design_sums_from_tallies
from touchstone.tallies.engine import TallyPlan, tally
from touchstone.tallies.limbs import integers_from_limbs
from touchstone.tallies.tables import Column, Snapshot, build_snapshot
from touchstone.tallies.unit_sums import SUM_NAMES, sum_units

COLUMNS = (
    Column("unit", "text"),
    Column("rater", "text"),
    Column("w", "number", places=1),
    Column("y", "number"),
    Column("z", "number", places=2),
)
HUGE = 10**13
values = st.one_of(st.none(), st.integers(-9, 9), st.integers(-HUGE, HUGE))
rows = st.lists(
    st.tuples(
        st.sampled_from([None, "a", "b", "村"]),
        st.sampled_from(["r", "s", "t"]),
        st.one_of(st.integers(0, 9), st.integers(0, 10**9)),
        values,
        values,
    ),
    max_size=12,
)
BY_RATER = TallyPlan(("unit",), ("rater",), "w", ("z", "y"))
BY_ROW = TallyPlan(("unit",), (), None, ("y", "z"))


def snapshot_of(records) -> Snapshot:
    """Make a snapshot of rows in the order of COLUMNS."""
    columns = list(zip(*records, strict=True)) or [()] * len(COLUMNS)
    arrays = [pa.array(c, k.arrow_type) for k, c in zip(COLUMNS, columns, strict=True)]
    return build_snapshot(COLUMNS, pa.table(arrays, names=[c.name for c in COLUMNS]), ())


def plain_sums(records, plan: TallyPlan) -> dict[str, dict[str, tuple[int, ...]]]:
    """Sum in plain Python, as the definition reads."""
    found: dict[str, dict[str, tuple[int, ...]]] = {"y": {}, "z": {}}
    for variable, place in (("y", 3), ("z", 4)):
        for unit in {record[0] for record in records} - {None}:
            raters: dict[object, tuple[int, int]] = {}
            n, w, wy, wyy = 0, 0, 0, 0
            for number, record in enumerate(records):
                value = record[place]
                if record[0] != unit or value is None:
                    continue
                weight = record[2] if plan.weight else 1
                rater = record[1] if plan.design else number
                a, b = raters.get(rater, (0, 0))
                raters[rater] = (a + weight * value, b + weight)
                n, w, wy, wyy = n + 1, w + weight, wy + weight * value, wyy + weight * value**2
            squares = [sum(f(a, b) for a, b in raters.values()) for f in PRODUCTS]
            found[variable][unit] = (n, len(raters), w, wy, wyy, *squares)
    return found


PRODUCTS = (lambda a, b: a * a, lambda a, b: a * b, lambda a, b: b * b)


@settings(deadline=None, max_examples=at_most(60))
@given(rows, st.sampled_from([BY_RATER, BY_ROW]), st.sampled_from(["duckdb", "kernel"]))
@example([("a", "r", 10**9, HUGE, -HUGE)] * 4, BY_RATER, "kernel")
@example([(None, "r", 1, 2, 3)], BY_ROW, "kernel")
def test_sums_of_units_are_those_of_the_definition(records, plan, engine):
    """Counts, first sums and squares over raters, exact also where they need wide integers."""
    units, sums = sum_units(tally(snapshot_of(records), plan, engine=engine))
    expected = plain_sums(records, plan)
    assert list(units) == sorted(expected["y"])
    for variable in ("y", "z"):
        columns = [getattr(sums[variable], name) for name in SUM_NAMES]
        found = dict(zip(units, zip(*columns, strict=True), strict=True))
        assert found == expected[variable]


@settings(deadline=None, max_examples=at_most(20))
@given(rows.filter(bool))
def test_sums_of_units_equal_those_of_the_design(records):
    """Units as domains and strata, raters as sampling units: two ways to the same figures."""
    known = [record for record in records if record[0] is not None]
    tallies = tally(snapshot_of(known), BY_RATER, engine="kernel")
    units, sums = sum_units(tallies)
    design = design_sums_from_tallies(tallies, strata=("unit",), cluster=("rater",))
    assert [unit for (unit,) in design.domains] == list(units)
    for place, variable in enumerate(BY_RATER.values):
        for kind, other in (("aa", "aa"), ("ab", "ab"), ("bb", "bb"), ("wyy", "wyy")):
            limbs = getattr(design, other)[place]
            assert integers_from_limbs(limbs) == getattr(sums[variable], kind)
        assert design.psus[place].tolist() == sums[variable].raters


def test_a_row_without_its_rater_is_refused():
    """A rater who is not told cannot be told apart."""
    snapshot = snapshot_of([("a", "r", 1, 2, 3), ("a", None, 1, 2, 3)])
    with pytest.raises(TouchstoneError) as refused:
        sum_units(tally(snapshot, BY_RATER, engine="kernel"))
    assert refused.value.code == "TALLY-05"


@pytest.mark.parametrize(
    "plan", [TallyPlan((), (), None, ("y",)), TallyPlan(("unit",), (), "w", ("y",))]
)
def test_a_plan_that_does_not_tell_units_or_raters_is_a_value_error(plan):
    """Weighted rows need raters, as sums by unit have lost each row's weight times value."""
    with pytest.raises(ValueError, match="plan"):
        sum_units(tally(snapshot_of([("a", "r", 1, 2, 3)]), plan, engine="kernel"))
