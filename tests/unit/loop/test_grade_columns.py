"""Grades worked out as columns are those that each unit gets one by one, to the last digit."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most
from tests.unit.loop.cases import Evidence, scheme_of

from touchstone.content.indicators import Indicator
from touchstone.loop import score_columns
from touchstone.loop.score_columns import are_columns_enough
from touchstone.loop.stored_grades import grade_stored, grades_of
from touchstone.tallies.stored_snapshots import open_snapshot
from touchstone.tallies.tables import write_parquet

INDICATORS = {
    "rating": Indicator(dataset="d", kind="mean", column="y", smallest_group=2),
    "other": Indicator(dataset="d", kind="mean", column="z", smallest_group=3),
    "content": Indicator(dataset="d", kind="share", column="y", counts_as_yes=(4, 5)),
}
ONE = """
places = {places}
scale = {{ low = {low}, high = 5 }}
[[criteria]]
id = "a"
indicator = "rating"
"""
SHARE = """
places = {places}
[[criteria]]
id = "a"
indicator = "content"
"""
SEVERAL = """
places = {places}
confidence = 0.9
scale = {{ low = {low}, high = 100 }}
[[criteria]]
id = "a"
indicator = "rating"
weight = 3
[[criteria]]
id = "b"
indicator = "other"
[[criteria]]
id = "c"
indicator = "content"
weight = 0.5
"""
BANDS = """
[[grades]]
id = "low"
from = {low}
[[grades]]
id = "middle"
from = 2.5
[[grades]]
id = "high"
from = 4
"""
rows = st.lists(
    st.tuples(
        st.sampled_from([f"u{number}" for number in range(5)]),
        st.integers(0, 400).map(str),
        st.one_of(st.none(), st.integers(1, 5)),
        st.one_of(st.none(), st.integers(-300, 900)),
        st.integers(0, 250),
    ),
    min_size=30,
    max_size=90,
    unique_by=lambda row: row[:2],
)


def evidence_of(records, weight) -> Evidence:
    """Make evidence: unit, rater, answers y (whole) and z (two decimals), weight."""
    drawn = [
        {"u": u, "person": r, "y": y, "z": None if z is None else Decimal(z) / 100, "w": w}
        for u, r, y, z, w in records
    ]
    small = {
        name: one if name != "content" else Indicator(
            dataset="d", kind="share", column="y", counts_as_yes=(4, 5), smallest_group=2
        )
        for name, one in INDICATORS.items()
    }  # fmt: skip
    return Evidence(drawn, rater="person", weight=weight, indicators=small)


def both_ways(evidence: Evidence, scheme, folder):
    """Grade by columns from a file, and unit by unit from memory."""
    path = folder / "snapshot.parquet"
    path.write_bytes(write_parquet(evidence.snapshot))
    assert are_columns_enough(scheme, evidence.indicators)
    by_columns = grade_stored(
        open_snapshot(path), scheme, dataset=evidence.dataset, indicators=evidence.indicators
    )
    return by_columns, grades_of(evidence.assessed(scheme), scheme)


@settings(deadline=None, max_examples=at_most(40))
@given(
    rows,
    st.sampled_from([ONE, SHARE, SEVERAL]),
    st.integers(0, 6),
    st.sampled_from(["0", "1", "2.5"]),
    st.sampled_from([None, "w"]),
)
def test_columns_give_the_results_of_each_unit(
    tmp_path_factory, records, text, places, low, weight
):
    """Scores, intervals, places, grades, counts and reasons are equal, whatever is decided by."""
    written = {"places": places, "low": low}
    scheme = scheme_of(text.format(**written), BANDS.format(**written))
    ours, theirs = both_ways(evidence_of(records, weight), scheme, tmp_path_factory.mktemp("s"))
    for name in theirs.column_names:
        assert ours[name].to_pylist() == theirs[name].to_pylist(), name
    assert ours.equals(theirs)


@pytest.mark.parametrize("guard", [1e-12, 1e-3, 10.0])
def test_what_floats_leave_open_is_decided_exactly(guard, tmp_path, monkeypatch):
    """With a guard so wide that nothing is sure, all goes the exact way, to the same end."""
    monkeypatch.setattr(score_columns, "GUARD", guard)
    chance = np.random.default_rng(7)
    records = [
        (f"u{unit}", str(rater), int(chance.integers(1, 6)), int(chance.integers(0, 500)), 1)
        for unit in range(40)
        for rater in range(16)
    ]
    written = {"places": 2, "low": 1}
    for text in (ONE, SEVERAL):
        scheme = scheme_of(text.format(**written), BANDS.format(**written))
        ours, theirs = both_ways(evidence_of(records, None), scheme, tmp_path)
        assert ours.equals(theirs)


def test_half_points_are_rounded_to_the_even_neighbour(tmp_path):
    """A mean of 2.125 in two places is 2.12, one of 2.375 is 2.38; 16 answers make many halves."""
    records = [
        (f"u{unit}", str(rater), 1 + (rater < unit) + (rater < unit // 2), 0, 1)
        for unit in range(1, 16)
        for rater in range(16)
    ]
    scheme = scheme_of(ONE.format(places=2, low=1), BANDS.format(low=1))
    ours, theirs = both_ways(evidence_of(records, None), scheme, tmp_path)
    assert ours.equals(theirs)
    halves = {"u12": Decimal("2.12"), "u15": Decimal("2.38")}
    found = dict(zip(ours["unit"].to_pylist(), ours["score"].to_pylist(), strict=True))
    assert {unit: found[unit] for unit in halves} == halves


def test_other_schemes_are_graded_unit_by_unit(tmp_path):
    """A target, a veto or a group needs what columns do not have; the table is the same."""
    records = [(f"u{k % 4}", str(k), 1 + k % 5, k, 1) for k in range(50)]
    evidence = evidence_of(records, None)
    target = 'target = { kind = "more_is_better", value = 3 }'
    scheme = scheme_of(SHARE.format(places=1) + target)
    assert not are_columns_enough(scheme, evidence.indicators)
    path = tmp_path / "snapshot.parquet"
    path.write_bytes(write_parquet(evidence.snapshot))
    stored = open_snapshot(path)
    found = grade_stored(stored, scheme, dataset=evidence.dataset, indicators=evidence.indicators)
    assert found.equals(grades_of(evidence.assessed(scheme), scheme))


def test_evidence_without_rows_has_no_units(tmp_path):
    """An empty file gives an empty table with the same columns."""
    evidence = evidence_of([("u", "r", 1, 1, 1)], None)
    path = tmp_path / "snapshot.parquet"
    whole = evidence.snapshot
    path.write_bytes(write_parquet(type(whole)(whole.columns, whole.rows.slice(0, 0), whole.key)))
    scheme = scheme_of(ONE.format(places=2, low=1), BANDS.format(low=1))
    found = grade_stored(
        open_snapshot(path), scheme, dataset=evidence.dataset, indicators=evidence.indicators
    )
    assert found.num_rows == 0
    assert found.column_names[:3] == ["unit", "n", "score"]
