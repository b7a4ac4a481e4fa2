"""Drivers: contributions add up, intervals hold what they should, and bad predictors are named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Withheld
from touchstone.stats.drivers.contributions import relative_weights, shapley_values
from touchstone.stats.drivers.drivers import drivers_of


def correlations_of(count, seed):
    """Draw a matrix of correlations."""
    random = np.random.default_rng(seed)
    return np.corrcoef(random.normal(size=(count, 4 * count)) + random.normal(size=4 * count))


@given(st.integers(1, 7), st.integers(0, 10**6))
@settings(deadline=None, max_examples=at_most(60))
def test_contributions_add_up_to_what_is_explained(count, seed):
    """Both ways of splitting, none below 0."""
    table = correlations_of(count + 1, seed)
    explained = table[0, 1:] @ np.linalg.solve(table[1:, 1:], table[0, 1:])
    for split in (relative_weights, shapley_values):
        found = split(table)
        assert found.sum() == pytest.approx(explained, abs=1e-10)
        assert found.min() > -1e-12


@given(st.integers(2, 6), st.integers(0, 10**6))
@settings(deadline=None, max_examples=at_most(40))
def test_the_order_of_predictors_does_not_matter(count, seed):
    """Contributions move with their predictors."""
    table = correlations_of(count + 1, seed)
    turned = np.array([0, *range(count, 0, -1)])
    for split in (relative_weights, shapley_values):
        found = split(table[np.ix_(turned, turned)])
        assert found[::-1] == pytest.approx(split(table), abs=1e-10)


def test_fifteen_predictors_are_split():
    """And no more, as all orders are tried."""
    table = correlations_of(16, 1)
    assert len(shapley_values(table)) == 15
    with pytest.raises(ValueError, match="15 predictors"):
        shapley_values(correlations_of(17, 1))


def made(n, seed, slopes=(0.6, 0.4, 0.2)):
    """Draw an outcome of correlated predictors."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, len(slopes))) + random.normal(size=(n, 1))
    return x @ np.array(slopes) + random.normal(size=n), x


@pytest.mark.slow
@pytest.mark.parametrize("splitting", ["relative", "shapley"])
def test_intervals_hold_the_contribution_nearly_as_often_as_they_say(splitting):
    """Over many samples, against a very large one."""
    truth = drivers_of(*made(400_000, 999), "abc", splitting=splitting)
    inside = []
    for seed in range(200):
        found = drivers_of(*made(150, seed), "abc", splitting=splitting)
        inside += [
            one.contribution.low <= true.contribution.value <= one.contribution.high
            for one, true in zip(found.drivers, truth.drivers, strict=True)
        ]
    assert 0.91 < np.mean(inside) < 0.98


def test_units_and_origins_do_not_matter():
    """Figures are of standardised values."""
    y, x = made(80, 3)
    plain = drivers_of(y, x, "abc")
    moved = drivers_of(1e4 * y - 7e5, x * [1, 1e3, 1e-3] + [0, 5, 1e2], "abc")
    for one, other in zip(plain.drivers, moved.drivers, strict=True):
        assert float(one.share.value) == pytest.approx(float(other.share.value), rel=1e-6)
        assert one.coefficient == pytest.approx(other.coefficient, rel=1e-6)


def test_rows_without_all_values_are_left_out():
    """And counted."""
    y, x = made(50, 4)
    y[0], x[1, 2] = np.nan, np.nan
    found = drivers_of(y, x, "abc")
    assert (found.n, found.left_out) == (48, 2)


@pytest.mark.parametrize(
    ("outcome", "predictors", "reason"),
    [
        ([1, 2], [[1], [3]], "too_few_answers"),
        ([4, 4, 4, 4], [[1], [3], [2], [5]], "all_answers_equal"),
        ([np.nan] * 4, [[1], [3], [2], [5]], "too_few_answers"),
    ],
)
def test_nothing_to_split_has_a_reason(outcome, predictors, reason):
    """Too few rows, or an outcome that never differs."""
    found = drivers_of(np.array(outcome, float), np.array(predictors, float), "a")
    assert found.reason == reason


def test_a_full_or_an_empty_explanation_has_no_interval():
    """Neither end of the scale has one."""
    x = np.array([[-1.0], [0], [1], [2], [-2]])
    full = drivers_of(3 * x[:, 0], x, "a")
    assert full.explained == Withheld("everything_explained")
    empty = drivers_of(x[:, 0] ** 2, x, "a")
    assert empty.explained == Withheld("nothing_contributed")
    assert empty.drivers[0].share == Withheld("nothing_contributed")


@pytest.mark.parametrize("splitting", ["relative", "shapley"])
@pytest.mark.parametrize(
    ("column", "code"),
    [(lambda x: x[:, 0] * 2 - x[:, 1], "DRIVER-02"), (lambda x: 0 * x[:, 0] + 7, "'c'.*DRIVER-01")],
)
def test_a_predictor_that_tells_nothing_new_is_named(column, code, splitting):
    """A mixture of others, or one that never differs."""
    y, x = made(40, 5)
    x[:, 2] = column(x)
    with pytest.raises(TouchstoneError, match=code):
        drivers_of(y, x, "abc", splitting=splitting)


def test_too_many_predictors_for_all_orders_are_refused():
    """Relative weights take them."""
    y, x = made(60, 6, slopes=(0.1,) * 16)
    names = [f"x{place}" for place in range(16)]
    with pytest.raises(TouchstoneError, match="DRIVER-03"):
        drivers_of(y, x, names, splitting="shapley")
    assert isinstance(drivers_of(y, x, names).explained, Estimate)
