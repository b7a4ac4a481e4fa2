"""Probabilities of grades: they sum to 1, rise with the score, agree with intervals."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from touchstone.stats.figures import t_quantile
from touchstone.stats.grade_probabilities import Spread, probabilities_below, shares_of

NUMBERS = st.floats(-50, 150)
ERRORS = st.one_of(st.just(0.0), st.floats(0.01, 40))
FREEDOM = st.one_of(st.just(np.inf), st.integers(1, 60).map(float))
BOUNDS = st.lists(NUMBERS, max_size=5, unique=True).map(sorted).map(np.array)


def spread(*rows: tuple[float, float, float, float]) -> Spread:
    return Spread(*np.array(rows, dtype=float).T)


@given(st.lists(st.tuples(NUMBERS, ERRORS, ERRORS, FREEDOM), min_size=1, max_size=6), BOUNDS)
def test_probabilities_sum_to_one_and_none_is_negative(rows, bounds):
    """Exactly, after rounding to six decimals."""
    for shares in shares_of(probabilities_below(spread(*rows), bounds)):
        assert len(shares) == len(bounds) + 1
        assert sum(shares) == 1
        assert min(shares) >= 0


@given(NUMBERS, st.floats(0, 60), ERRORS, FREEDOM, BOUNDS)
def test_a_higher_score_with_the_same_error_never_has_a_lower_chance_of_a_better_grade(
    value, more, error, freedom, bounds
):
    """The probability of lying below a bound falls as the score rises."""
    rows = ((value, error, error, freedom), (value + more, error, error, freedom))
    lower, higher = probabilities_below(spread(*rows), bounds)
    assert np.all(higher <= lower + 1e-12)


@pytest.mark.parametrize("freedom", [2, 9, 40])
def test_an_interval_that_just_reaches_a_bound_crosses_it_with_half_the_rest(freedom):
    """At 95 % that is 2.5 %, so that a grade that holds the whole interval has at least 95 %."""
    reach = float(t_quantile(Decimal("0.95"), freedom))
    found = probabilities_below(
        spread((70.0, 3.0, 5.0, freedom)), np.array([70 - 3 * reach, 70.0, 70 + 5 * reach])
    )
    assert found[0] == pytest.approx([0.025, 0.5, 0.975], abs=1e-9)


def test_a_fact_has_one_grade_for_sure_and_a_bound_belongs_to_the_upper_one():
    """A band holds its lower bound."""
    found = probabilities_below(spread((60.0, 0.0, 0.0, np.inf)), np.array([59.9, 60.0, 60.1]))
    assert found.tolist() == [[0.0, 0.0, 1.0]]


@given(st.floats(0, 100), st.floats(0.1, 20), st.integers(1, 80))
def test_equal_errors_on_both_sides_give_students_t(value, error, freedom):
    """Two ways to one number: SciPy's distribution, and the product's."""
    bounds = np.array([20.0, 50.0, 80.0])
    expected = stats.t(freedom, loc=value, scale=error).cdf(bounds)
    found = probabilities_below(spread((value, error, error, float(freedom))), bounds)[0]
    assert found == pytest.approx(expected, abs=1e-12)
