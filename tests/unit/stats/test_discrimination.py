"""What brings the differences, how much of them is error, and what order would last."""

from decimal import Decimal
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from touchstone.stats.discrimination import (
    levels_apart,
    pairs_apart,
    rank_stability,
    variance_shares,
    variance_within,
)
from touchstone.stats.ranks import place_ranges

POINTS = st.lists(st.lists(st.integers(0, 100), min_size=3, max_size=3), min_size=3, max_size=9)


@given(POINTS)
def test_shares_of_the_variance_are_covariances_with_the_total_and_sum_to_one(rows):
    """NumPy's covariance says the same."""
    points = np.array(rows, dtype=float).T
    total = points.sum(axis=0)
    found = variance_shares(points, np.zeros(len(rows), dtype=np.int64))
    if np.ptp(total) == 0:
        assert found is None
        return
    expected = [np.cov(row, total)[0, 1] / np.var(total, ddof=1) for row in points]
    assert found == pytest.approx(expected, abs=1e-9)
    assert sum(found) == pytest.approx(1)


def test_differences_between_groups_do_not_count():
    """Two groups at different heights, alike inside: nothing differs."""
    groups = np.array([0, 0, 1, 1])
    assert variance_shares(np.array([[1.0, 1.0, 9.0, 9.0]]), groups) is None
    assert variance_within(np.array([1.0, 1.0, 9.0, 9.0]), np.ones(4), groups).error_share is None
    found = variance_within(np.array([1.0, 3.0, 11.0, 13.0]), np.full(4, 0.5), groups)
    assert (found.between, found.error, found.error_share) == (2.0, 0.25, 0.125)


def test_thirds_that_are_equal_do_not_differ():
    """What floating-point numbers leave of equal figures is no variance."""
    values = np.full(7, 0.1) + np.array([0, 1e-17, 0, 2e-17, 0, 0, 0])
    assert variance_within(values, np.zeros(7), np.zeros(7, dtype=np.int64)).between == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=7))
def test_levels_are_the_most_units_of_which_each_is_told_from_each_other(spans):
    """Trying all subsets finds no larger one."""
    ends = [(Decimal(low), Decimal(low + width)) for low, width in spans]
    most = max(
        size
        for size in range(len(ends) + 1)
        for chosen in combinations(ends, size)
        if all(a[1] < b[0] or b[1] < a[0] for a, b in combinations(chosen, 2))
    )
    assert levels_apart(ends) == most


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), min_size=2, max_size=7))
def test_pairs_told_apart_are_those_whose_intervals_do_not_meet(spans):
    """Counted one by one."""
    ends = [(Decimal(low), Decimal(low + width)) for low, width in spans]
    pairs = list(combinations(ends, 2))
    apart = sum(a[1] < b[0] or b[1] < a[0] for a, b in pairs)
    assert pairs_apart([place_ranges(ends)]) == pytest.approx(apart / len(pairs))
    assert pairs_apart([[(1, 1)]]) is None


@pytest.mark.parametrize("true", [0.001, 5.0, 30.0])
def test_stability_tells_what_a_repeat_would_show(true):
    """Made scores with known truth: the order that holds, and the correlation with a repeat."""
    rng = np.random.default_rng(7)
    truth = rng.normal(70, true, 4000)
    values = truth + rng.normal(0, 10, 4000)
    found = rank_stability(values, np.full(4000, 10.0), np.zeros(4000, dtype=np.int64))
    first, second = rng.permutation(4000), rng.permutation(4000)
    differ = (truth[first] != truth[second]) & (first != second)
    holds = (values[first] > values[second]) == (truth[first] > truth[second])
    assert found.order_holds == pytest.approx(np.mean(holds[differ]), abs=0.03)
    repeat = truth + rng.normal(0, 10, 4000)
    expected = stats.spearmanr(values, repeat).statistic
    assert found.rank_correlation == pytest.approx(expected, abs=0.05)


def test_facts_last_and_equal_scores_have_no_order():
    """Ties have equal ranks; without differences there is nothing to tell."""
    groups = np.array([0, 0, 0, 1, 1])
    values = np.array([1.0, 2.0, 2.0, 5.0, 7.0])
    found = rank_stability(values, np.zeros(5), groups)
    assert (found.order_holds, found.rank_correlation) == (1.0, 1.0)
    same = rank_stability(np.full(5, 3.0), np.ones(5), groups)
    assert (same.order_holds, same.rank_correlation) == (None, None)
    assert rank_stability(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64)).draws == 200


@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 9), st.integers(0, 2)), min_size=1),
)
def test_stability_stays_within_its_bounds_whatever_the_input(rows):
    """Never NaN."""
    values, errors, groups = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found = rank_stability(values, errors, groups.astype(np.int64))
    if found.rank_correlation is not None:
        assert -1 <= found.rank_correlation <= 1 + 1e-12
    if found.order_holds is not None:
        assert 0 <= found.order_holds <= 1
