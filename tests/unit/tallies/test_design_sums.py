"""Both ways to the sums over sampling units agree, and both with plain Python."""

from collections import defaultdict
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.tallies import psu_sums, unit_layouts, workers
from touchstone.tallies.between import between_sums
from touchstone.tallies.design_sums import DesignPlan
from touchstone.tallies.design_tallies import design_sums_from_tallies, sum_design_by
from touchstone.tallies.engine import TallyPlan, tally
from touchstone.tallies.limbs import integers_from_limbs, limbs_from_integers, widened
from touchstone.tallies.psu_sums import sum_design
from touchstone.tallies.tables import Column, Snapshot, build_snapshot

COLUMNS = (
    Column("id", "number"),
    Column("domain", "text"),
    Column("age", "number"),
    Column("stratum", "text"),
    Column("psu", "number"),
    Column("w", "number", places=2),
    Column("y", "number", places=3),
    Column("z", "number"),
)
SMALL = 10**6
HUGE = 10**17

rows = st.lists(
    st.tuples(
        st.sampled_from([None, "a", "b"]),
        st.sampled_from([None, 1, 2]),
        st.sampled_from(["s", "t"]),
        st.integers(0, 3),
        st.integers(0, 1000),
        st.one_of(st.none(), st.integers(-SMALL, SMALL)),
        st.one_of(st.none(), st.integers(-SMALL, SMALL)),
    ),
    min_size=1,
    max_size=20,
)
plans = st.builds(
    DesignPlan,
    by=st.sampled_from([(), ("domain",), ("domain", "age")]),
    strata=st.sampled_from([(), ("stratum",)]),
    cluster=st.sampled_from([("psu",), ("id",), ("stratum", "psu")]),
    weight=st.sampled_from([None, "w"]),
    values=st.sampled_from([("y",), ("z", "y")]),
)


def snapshot_of(records) -> Snapshot:
    """Make a snapshot of rows in the order of COLUMNS, numbering them."""
    numbered = [(number, *record) for number, record in enumerate(records)]
    columns = zip(COLUMNS, zip(*numbered, strict=True), strict=True)
    arrays = [pa.array(values, column.arrow_type) for column, values in columns]
    return build_snapshot(COLUMNS, pa.table(arrays, names=[c.name for c in COLUMNS]), ("id",))


def by_duckdb(snapshot, plan: DesignPlan):
    """Let DuckDB tally and add up what it gives."""
    return sum_design_by(snapshot, plan, engine="duckdb")


def from_tallies(snapshot, plan: DesignPlan):
    """Take the way over tallies to the same sums."""
    design = tuple(dict.fromkeys(plan.strata + plan.cluster))
    tallies = tally(snapshot, TallyPlan(plan.by, design, plan.weight, plan.values), engine="kernel")
    return design_sums_from_tallies(tallies, strata=plan.strata, cluster=plan.cluster)


@settings(deadline=None, max_examples=at_most(80))
@given(rows, plans, st.tuples(*[st.sampled_from([1, 10**3, 10**8, 10**10])] * 2))
@example(
    [("a", 1, "s", 1, 1000, HUGE, -HUGE)] * 5, DesignPlan((), (), ("psu",), "w", ("y", "z")), (1, 1)
)
def test_the_fused_pass_equals_the_way_over_tallies(records, plan, scales):
    """One pass over rows and the sums of tallied cells give every figure alike.

    The scales make totals, or only their squares, of one column or both too wide for 64 bits.
    """
    records = [(*record[:5], *map(_scaled, record[5:], scales)) for record in records]
    snapshot = snapshot_of(records)
    assert sum_design(snapshot, plan).equals(from_tallies(snapshot, plan))


@settings(deadline=None, max_examples=at_most(40))
@given(rows, plans, st.sampled_from([1, 10**10]), st.sampled_from([-(10**4), 1]))
def test_the_fused_pass_gives_the_same_however_work_is_shared(records, plan, scale, possible):
    """Rows in many parts, columns one by one and units found otherwise give the same sums."""
    records = [
        (*record[:5], *(_scaled(value, scale) for value in record[5:])) for record in records
    ]
    snapshot = snapshot_of(records)
    expected = sum_design(snapshot, plan)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "FEWEST_ROWS", 1)
        patch.setattr(psu_sums, "MOST_BYTES", 1)
        patch.setattr(unit_layouts, "MOST_POSSIBLE", possible)
        assert sum_design(snapshot, plan).equals(expected)


EDGES = [2**15 - 1, 2**15, 2**31 - 1, 2**31]


@settings(deadline=None, max_examples=at_most(40))
@given(
    st.lists(
        st.one_of(st.none(), st.sampled_from([*EDGES, *(-edge for edge in EDGES)])),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(EDGES),
)
def test_the_fused_pass_keeps_values_at_the_edge_of_a_width(values, largest):
    """The largest and least numbers of 16 and 32 bits are summed, and not taken for empty."""
    kept = [value if value is None or abs(value) <= largest else largest for value in values]
    snapshot = snapshot_of([("a", 1, "s", k % 3, 1, y, 1) for k, y in enumerate(kept)])
    plan = DesignPlan(("domain",), ("stratum",), ("psu",), None, ("y", "z"))
    assert sum_design(snapshot, plan).equals(from_tallies(snapshot, plan))


@settings(deadline=None, max_examples=at_most(40))
@given(
    rows,
    plans,
    st.sampled_from([("psu",), ()]),
    st.tuples(*[st.sampled_from([1, 10**3, 10**8, 10**10])] * 2),
)
def test_an_engine_that_tallies_gives_the_sums_of_the_compiled_pass(records, plan, cluster, scales):
    """DuckDB's sums, with clusters and for rows that are their own units, are those of the pass."""
    records = [(*record[:5], *map(_scaled, record[5:], scales)) for record in records]
    plan = DesignPlan(plan.by, plan.strata, cluster, plan.weight, plan.values)
    snapshot = snapshot_of(records)
    assert sum_design_by(snapshot, plan, engine="duckdb").equals(sum_design(snapshot, plan))


@settings(deadline=None, max_examples=at_most(60))
@given(rows, plans, st.sampled_from([1, 10**10]))
def test_sums_between_units_equal_those_of_the_definition(records, plan, scale):
    """The sums over strata and the linearised variance follow their formulas exactly."""
    records = [
        (*record[:5], *(None if value is None else value * scale for value in record[5:]))
        for record in records
    ]
    sums = sum_design(snapshot_of(records), plan)
    factors = [Fraction(3, int(n) * 10**18 + 7) for n in sums.stratum_psus]
    for variable, by_domain in zip(plan.values, between_sums(sums, factors).cells, strict=True):
        for domain, found in zip(sums.domains, by_domain, strict=True):
            totals = _unit_totals(records, plan, domain, variable)
            assert found.wy == sum(a for unit in totals.values() for a, _ in unit)
            assert found.w == sum(b for unit in totals.values() for _, b in unit)
            ratio = Fraction(found.wy, found.w) if found.w else Fraction(0)
            expected = Fraction(0)
            for stratum, psus, g in zip(sums.strata, sums.stratum_psus, factors, strict=True):
                z = [a - ratio * b for a, b in totals[stratum]]
                expected += g * (int(psus) * sum(x * x for x in z) - sum(z) ** 2)
            if found.w:
                assert Fraction(*found.ratio_variance()) == expected / found.w**2


def _scaled(value, scale):
    return None if value is None else value * scale


def _unit_totals(records, plan, domain, variable):
    """Give (A, B) of each sampling unit of one domain, by stratum."""
    names = [column.name for column in COLUMNS]
    totals: dict = defaultdict(lambda: defaultdict(lambda: (0, 0)))
    for number, record in enumerate(records):
        row = dict(zip(names, (number, *record), strict=True))
        inside = all(str(row[name]) == text for name, text in zip(plan.by, domain, strict=True))
        if inside and row[variable] is not None:
            w = row[plan.weight] if plan.weight else 1
            unit = totals[tuple(row[name] for name in plan.strata)]
            psu = tuple(row[name] for name in plan.cluster)
            unit[psu] = (unit[psu][0] + w * row[variable], unit[psu][1] + w)
    return defaultdict(list, {stratum: list(unit.values()) for stratum, unit in totals.items()})


@settings(deadline=None, max_examples=at_most(30))
@given(rows, plans)
def test_rows_are_their_own_units_when_no_cluster_is_named(records, plan):
    """Without a cluster the sums are those of a cluster column that differs in each row."""
    snapshot = snapshot_of(records)
    alone = DesignPlan(plan.by, plan.strata, (), plan.weight, plan.values)
    named = DesignPlan(plan.by, plan.strata, ("id",), plan.weight, plan.values)
    found, expected = sum_design(snapshot, alone), sum_design(snapshot, named)
    for name in ("n", "psus", "w", "wy", "wyy", "aa", "ab", "bb", "domain", "stratum"):
        assert np.array_equal(getattr(found, name), getattr(expected, name))
    assert np.array_equal(found.stratum_psus, expected.stratum_psus)


def test_a_design_without_rows_has_no_cells():
    """An empty snapshot gives empty sums, not an error."""
    empty = Snapshot(COLUMNS, snapshot_of([("a", 1, "s", 1, 1, 1, 1)]).rows.slice(0, 0), ("id",))
    plan = DesignPlan(("domain",), ("stratum",), ("psu",), "w", ("y",))
    sums = sum_design(empty, plan)
    assert sums.equals(from_tallies(empty, plan))
    assert sums.equals(by_duckdb(empty, plan))
    assert sums.domains == ()
    assert between_sums(sums, []).cells == [[]]


def test_a_row_without_stratum_or_cluster_is_refused():
    """A row that belongs to no sampling unit would make the variance wrong."""
    snapshot = snapshot_of([("a", 1, None, 1, 1, 1, 1), ("a", 1, "s", 1, 1, 1, 1)])
    plan = DesignPlan((), ("stratum",), ("psu",), None, ("y",))
    for way in (sum_design, from_tallies, by_duckdb):
        with pytest.raises(TouchstoneError) as refused:
            way(snapshot, plan)
        assert refused.value.code == "TALLY-05"


def test_tallies_without_units_are_refused():
    """Units that the tallies' plan does not name cannot be told apart."""
    tallies = tally(snapshot_of([("a", 1, "s", 1, 1, 1, 1)]), TallyPlan((), (), None, ("y",)))
    with pytest.raises(ValueError, match="psu"):
        design_sums_from_tallies(tallies, strata=(), cluster=("psu",))
    with pytest.raises(ValueError, match="cluster"):
        design_sums_from_tallies(tallies, strata=(), cluster=())


def test_a_wrong_number_of_factors_is_refused():
    """Each stratum needs one factor, and none may be negative."""
    sums = sum_design(
        snapshot_of([("a", 1, "s", 1, 1, 1, 1)]), DesignPlan((), (), ("psu",), None, ("y",))
    )
    for factors in ([], [Fraction(-1)]):
        with pytest.raises(ValueError, match="factors"):
            between_sums(sums, factors)


@given(st.lists(st.integers(-(2**127), 2**127 - 1)))
def test_limbs_give_their_integers_back(numbers):
    """Splitting into limbs, widening and joining loses nothing."""
    limbs = limbs_from_integers(numbers, width=2)
    assert integers_from_limbs(limbs) == numbers
    assert integers_from_limbs(widened(limbs, 4)) == numbers
