"""Small areas: what the model promises, and what bad areas give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.stats.small_areas import Areas, estimate_small_areas


def areas_of(estimates, errors, covariates=None):
    """Make areas named by their places."""
    count = len(estimates)
    table = np.zeros((count, 0)) if covariates is None else np.array(covariates, float)
    names = tuple(f"x{place}" for place in range(table.shape[1]))
    labels = tuple(str(place) for place in range(count))
    return Areas(labels, np.array(estimates, float), np.array(errors, float), table, names)


rows = st.lists(
    st.tuples(
        st.one_of(st.just(np.nan), st.floats(-50, 50)),
        st.one_of(st.just(0.0), st.floats(0.01, 20)),
    ),
    min_size=1,
    max_size=12,
)


@given(rows)
@settings(deadline=None, max_examples=at_most(80))
def test_each_area_has_a_figure_or_a_reason(drawn):
    """A figure lies between the direct estimate and the prediction, with finite ends."""
    estimates, errors = zip(*drawn, strict=True)
    found = estimate_small_areas(areas_of(estimates, errors))
    for figure in found.figures:
        if isinstance(figure.outcome, Withheld):
            assert figure.outcome.reason == "too_few_areas"
            continue
        assert figure.outcome.low <= figure.outcome.value <= figure.outcome.high
        assert 0 <= figure.gamma <= 1
        if figure.outcome.method == "fay_herriot":
            predicted = float(found.model.coefficients[0])
            low, high = sorted((figure.direct, predicted))
            assert low - 1e-6 <= float(figure.outcome.value) <= high + 1e-6


@pytest.mark.slow
def test_intervals_hold_the_truth_nearly_as_often_as_they_say():
    """Over many draws nearly 95 of 100 true values lie inside; the errors are those made."""
    random = np.random.default_rng(1)
    errors = np.tile([0.5, 1.0, 1.5], 10)
    inside, squared, told = [], [], []
    for _ in range(100):
        x = random.normal(size=30)
        truth = 2 + x + random.normal(size=30)
        found = estimate_small_areas(areas_of(truth + errors * random.normal(size=30), errors,
                                              x[:, None]))  # fmt: skip
        outcomes = [figure.outcome for figure in found.figures]
        inside += [one.low <= true <= one.high for one, true in zip(outcomes, truth, strict=True)]
        values = np.array([float(one.value) for one in outcomes])
        squared.append((values - truth) ** 2)
        told.append([float(one.se) ** 2 for one in outcomes])
    assert 0.92 < np.mean(inside) < 0.965
    assert np.mean(told) == pytest.approx(np.mean(squared), rel=0.1)


def test_the_units_of_covariates_do_not_matter():
    """A covariate in millions with a far origin gives the same figures."""
    random = np.random.default_rng(2)
    x = random.normal(size=12)
    y = x + random.normal(size=12)
    plain = estimate_small_areas(areas_of(y, np.ones(12), x[:, None]))
    moved = estimate_small_areas(areas_of(y, np.ones(12), 1e6 * x[:, None] + 1e8))
    for one, other in zip(plain.figures, moved.figures, strict=True):
        assert float(one.outcome.value) == pytest.approx(float(other.outcome.value), rel=1e-7)
    assert plain.model.variance == pytest.approx(moved.model.variance, rel=1e-6)


def test_equal_estimates_leave_no_variance_between_areas():
    """The variance is at its bound, and that is said; there are no residuals to test."""
    found = estimate_small_areas(areas_of([5.0] * 6, [1.0] * 6))
    assert found.model.at_zero
    assert found.checks.normal is None
    assert {round(float(figure.outcome.value), 9) for figure in found.figures} == {5.0}


def test_an_area_counted_in_full_is_left_as_it_is():
    """No error, no width, and no weight in the model."""
    found = estimate_small_areas(areas_of([1, 2, 4, 5, 90], [1, 1, 1, 1, 0]))
    whole = found.figures[-1].outcome
    assert (whole.method, whole.value, whole.low, whole.high) == ("census", 90, 90, 90)
    assert found.model.areas == 4


def test_an_area_without_covariates_has_no_figure():
    """Nothing is known of it by which it could be told."""
    table = [[1], [2], [3], [4], [5], [np.nan]]
    found = estimate_small_areas(areas_of([1, 2, 2, 4, 5, 5], [1] * 6, table))
    assert found.figures[-1].outcome == Withheld("missing_covariate")
    assert found.model.areas == 5


def test_one_area_is_too_few():
    """A model needs areas to compare."""
    found = estimate_small_areas(areas_of([3.0], [1.0]))
    assert found.figures[0].outcome == Withheld("too_few_areas", (("smallest", "4"),))
    assert (found.model, found.checks) == (None, None)


@pytest.mark.parametrize("table", [[[1, 2], [2, 4], [3, 6], [4, 8], [5, 10], [6, 12]], [[7]] * 6])
def test_a_covariate_that_tells_nothing_new_is_named(table):
    """Twice another, or the same for all areas."""
    with pytest.raises(TouchstoneError, match=r"covariate.*AREA-03|'the constant'.*AREA-03"):
        estimate_small_areas(areas_of([1, 2, 2, 4, 5, 5], [1] * 6, table))


@pytest.mark.parametrize("error", [np.nan, -1.0])
def test_an_estimate_needs_its_error(error):
    """Without one it cannot be weighed."""
    with pytest.raises(TouchstoneError, match=r"'1'.*AREA-02"):
        estimate_small_areas(areas_of([1, 2], [1, error]))


def test_an_area_stands_once():
    """The first name that stands twice is told."""
    twice = Areas(("a", "a"), np.ones(2), np.ones(2), np.zeros((2, 0)), ())
    with pytest.raises(TouchstoneError, match=r"'a'.*AREA-01"):
        estimate_small_areas(twice)
