"""Calibrated weights meet their targets, whatever rows and targets there are."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from touchstone.base.errors import TouchstoneError
from touchstone.stats.calibration.calibrations import calibrate
from touchstone.stats.calibration.cells import collapse
from touchstone.stats.calibration.distances import distance_of, fit_cells
from touchstone.stats.calibration.margins import Margin
from touchstone.stats.calibration.trimming import calibrate_within, trim_weights

SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=4)


@cache
def labels():
    """Give so many categories that combinations with them have too many numbers to be counted."""
    return tuple(map(str, range(2**21)))


@st.composite
def samples(draw):
    """Draw rows with categories, weights, and targets that some weights of these rows meet."""
    sizes = draw(SIZES)
    rows = draw(st.integers(max(sizes), 30))
    seed = draw(st.integers(0, 2**32 - 1))
    chance = np.random.default_rng(seed)
    weights = chance.uniform(0.5, 3, rows)
    hidden = weights * chance.uniform(0.5, 2, rows)
    margins = []
    for place, size in enumerate(sizes):
        codes = chance.integers(0, size, rows)
        targets = np.bincount(codes, hidden, size)
        margins.append(Margin(f"m{place}", tuple(map(str, range(size))), codes, targets))
    return margins, weights


@settings(deadline=None)
@given(samples())
def test_raked_weights_meet_every_target(drawn):
    """Targets that some weights meet are met, and weights stay above 0."""
    margins, weights = drawn
    found = calibrate(margins, weights)
    assert (found.weights > 0).all()
    for one in found.targets:
        assert one.after == pytest.approx(one.target, rel=1e-8, abs=1e-12)


@settings(deadline=None)
@given(samples())
def test_raking_is_the_exponential_distance(drawn):
    """Fitting margins in turn leads where Newton's method leads with the same distance."""
    margins, weights = drawn
    found = calibrate(margins, weights)
    known = found.known
    fitted = fit_cells(known.x, known.cells.weights, known.totals, distance_of("rake", None))
    raked = np.bincount(known.cells.place[known.cells.of_row], found.weights)
    np.testing.assert_allclose(known.cells.weights * fitted.factors, raked, rtol=1e-6)


@settings(deadline=None)
@given(samples())
def test_linear_weights_meet_every_target(drawn):
    """The linear method meets what can be met, in one step."""
    margins, weights = drawn
    found = calibrate(margins, weights, method="linear")
    for one in found.targets:
        assert one.after == pytest.approx(one.target, rel=1e-7, abs=1e-9)


@settings(deadline=None)
@given(samples())
def test_many_possible_cells_give_the_same_weights(drawn):
    """Combinations numbered by sorting or by mixed radix collapse to the same cells."""
    margins, weights = drawn
    wide = Margin("wide", labels(), np.zeros(len(weights), int), np.ones(2))
    narrow = collapse([*margins], weights)
    sorted_cells = collapse([*margins, wide], weights)
    np.testing.assert_array_equal(narrow.levels, sorted_cells.levels[:, :-1])
    np.testing.assert_allclose(narrow.weights, sorted_cells.weights, rtol=1e-12)


@pytest.mark.parametrize("weight", [-1.0, np.nan, np.inf])
def test_a_weight_that_is_none_is_refused(weight):
    """A weight below 0 or not finite is an error that names the row, never a weight."""
    margin = Margin("sex", ("f", "m"), np.array([0, 1]), np.array([1.0, 1.0]))
    with pytest.raises(TouchstoneError, match="CALIBRATION-06") as caught:
        calibrate([margin], np.array([1.0, weight]))
    assert "row 2" in caught.value.where


@pytest.mark.parametrize("code", [-1, 2])
def test_a_code_outside_the_categories_is_refused(code):
    """A row without category is an error that names the margin and the row."""
    margin = Margin("sex", ("f", "m"), np.array([0, code]), np.array([1.0, 1.0]))
    with pytest.raises(TouchstoneError, match="CALIBRATION-02"):
        calibrate([margin], np.ones(2))


def test_a_target_of_0_takes_the_weight_away():
    """Rows of a category that the population has not weigh nothing afterwards."""
    margin = Margin("sex", ("f", "m"), np.array([0, 1]), np.array([5.0, 0.0]))
    assert calibrate([margin], np.ones(2)).weights.tolist() == [5.0, 0.0]


def test_factors_stay_within_their_bounds():
    """Bounds hold for every distance that has them."""
    codes = np.repeat([0, 1, 2], [5, 3, 2])
    margin = Margin("m", ("a", "b", "c"), codes, np.array([4.0, 3.2, 2.8]))
    for method in ("rake", "linear", "logit"):
        factors = calibrate([margin], np.ones(10), method=method, bounds=(0.7, 1.5)).weights
        assert 0.7 <= factors.min() <= factors.max() <= 1.5


def test_trimming_and_calibration_take_turns():
    """In the end the limits and the targets hold together."""
    chance = np.random.default_rng(1)
    margin = Margin("m", ("a", "b"), chance.integers(0, 2, 200), np.array([90.0, 110.0]))
    found = calibrate_within([margin], chance.lognormal(0, 1, 200), limits=(0.2, 3.0))
    relative = found.weights / found.weights.mean()
    assert 0.2 * (1 - 1e-6) <= relative.min() <= relative.max() <= 3 * (1 + 1e-6)
    assert [one.after for one in found.targets] == pytest.approx([90.0, 110.0])
    assert found.summary.total == pytest.approx(200)


def test_limits_that_no_weights_of_that_sum_keep_are_refused():
    """Ten rows of mean 1 cannot all weigh 2 or more."""
    with pytest.raises(TouchstoneError, match="CALIBRATION-08"):
        trim_weights(np.ones(10), (2.0, 3.0))
