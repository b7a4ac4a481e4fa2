"""Methods of forecasting and their tests on the past."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.stats.forecasts.backtests import BackTest, back_test, best_method, common_first
from touchstone.stats.forecasts.choices import METHODS
from touchstone.stats.forecasts.elasticities import fit_elasticity
from touchstone.stats.forecasts.grey import fit_grey, predict_grey
from touchstone.stats.forecasts.methods import FEWEST, Series, forecast_series
from touchstone.stats.forecasts.periods import equal_steps, read_period
from touchstone.stats.forecasts.smoothing import fit_smoothing, predict_smoothed

ALONE = [method for method in METHODS if method != "elasticity"]
numbers = st.lists(st.one_of(st.integers(-3, 9), st.floats(-1e6, 1e6)), min_size=1, max_size=12)


@given(numbers, st.sampled_from(METHODS))
@settings(deadline=None, max_examples=at_most(80))
def test_any_series_has_a_forecast_or_a_reason(values, method):
    """Never an error, never no number."""
    series = Series(np.array(values, float), np.arange(1.0, 20))
    found = forecast_series(series, method, 3)
    if isinstance(found, Withheld):
        return
    assert len(found) == 3
    for one in found:
        low, high = one.interval(0.95)
        assert np.isfinite([low, one.median, high]).all()
        assert low < one.median < high or one.scale < 1e-12 * abs(one.median)


@pytest.mark.parametrize("method", ALONE)
def test_a_series_that_stands_still_has_no_error_to_tell(method):
    """A forecast without doubt would be a claim nobody can make."""
    found = forecast_series(Series(np.full(9, 4.0)), method, 1)
    assert found == Withheld("series_fits_exactly")
    assert isinstance(back_test(Series(np.full(9, 4.0)), method, horizon=1), Withheld)


@pytest.mark.parametrize("method", METHODS)
def test_a_series_that_is_too_short_says_how_long_it_must_be(method):
    """One value is never enough."""
    found = forecast_series(Series(np.array([3.0]), np.array([1.0, 2])), method, 1)
    assert found == Withheld("series_too_short", (("smallest", str(FEWEST[method])),))


@pytest.mark.parametrize(("method", "alpha", "beta", "phi"), [
    ("ses", 0.4, 0.0, 1.0), ("holt", 0.5, 0.2, 1.0), ("damped", 0.5, 0.3, 0.9),
])  # fmt: skip
def test_the_spread_of_smoothing_is_that_of_simulated_futures(method, alpha, beta, phi):
    """Many futures drawn from the model have the stated centres and scales."""
    random = np.random.default_rng(1)
    level, trend = 10.0, 0.0 if method == "ses" else 0.5
    values = []
    for error in random.normal(size=300):
        said = level + phi * trend
        values.append(said + error)
        level, trend = said + alpha * error, phi * trend + beta * error
    found = fit_smoothing(np.array(values), method)
    errors = random.normal(0, np.sqrt(found.variance), (4, 20_000))
    level, trend = np.full(20_000, found.level), np.full(20_000, found.trend)
    for error in errors:
        said = level + found.phi * trend
        level, trend = said + found.alpha * error, found.phi * trend + found.beta * error
    futures = said + errors[-1]
    last = predict_smoothed(found, 4)[-1]
    assert np.mean(futures) == pytest.approx(last.centre, abs=4 * last.scale / np.sqrt(20_000))
    assert np.std(futures) == pytest.approx(last.scale, rel=0.03)


def test_the_grey_model_follows_even_growth():
    """A series that grows by five percent, but for a little noise, goes on so."""
    noise = np.random.default_rng(2).normal(0, 0.1, 10)
    values = 100 * 1.05 ** np.arange(10) + noise
    found = fit_grey(values)
    assert found.even
    assert -found.a == pytest.approx(np.log(1.05), rel=0.02)
    assert predict_grey(found, 1)[0].centre == pytest.approx(100 * 1.05**10, rel=0.01)


def test_grey_and_elastic_need_values_above_zero():
    """They work on rates."""
    values = np.array([1.0, 2, 0, 3, 4])
    assert fit_grey(values) == Withheld("not_above_zero")
    assert fit_elasticity(values, np.arange(1.0, 6)) == Withheld("not_above_zero")
    still = fit_elasticity(np.array([1.0, 2, 4, 3]), np.ones(4))
    assert still == Withheld("driver_constant")


def test_an_elastic_forecast_needs_the_driver_ahead():
    """A period whose driver is unknown has a reason of its own."""
    series = Series(np.array([1.0, 2.1, 2.9, 4.2]), np.array([1.0, 2, 3, 4, 5]))
    first, second = forecast_series(series, "elasticity", 2)
    assert first.median == pytest.approx(5.2, abs=0.2)
    assert second == Withheld("driver_unknown")
    assert forecast_series(Series(series.values), "elasticity", 1) == Withheld("driver_unknown")
    with pytest.raises(ValueError, match="horizon"):
        forecast_series(series, "naive", 0)


def test_the_past_shows_which_method_is_the_better_one():
    """A steady rise is told by a trend, not by no change."""
    random = np.random.default_rng(3)
    series = Series(10 + 2.0 * np.arange(30) + random.normal(size=30))
    methods = ("naive", "holt")
    first = common_first(methods)
    tests = [back_test(series, method, horizon=2, first=first) for method in methods]
    assert [one.n for one in tests] == [47, 47]
    assert best_method(tests) == "holt"
    assert tests[1].beside_naive < 0.7
    assert tests[0].beside_naive == 1
    assert 0.8 < tests[1].covered <= 1
    assert best_method([Withheld("series_too_short")]) is None


def test_a_value_of_zero_has_no_error_in_percent():
    """Nothing to divide by; the scaled error is there."""
    found = back_test(Series(np.array([3.0, 1, 2, 0, 2, 1, 3])), "naive", horizon=1)
    assert isinstance(found, BackTest)
    assert found.percent_error is None
    assert found.scaled_error > 0


@pytest.mark.parametrize(
    ("texts", "following"),
    [
        (["2003", "2001", "2002"], "2004"),
        (["2000", "2010", "2005"], "2015"),
        (["2024-11", "2024-12"], "2025-01"),
        (["2024-Q3", "2024Q4"], "2025-Q1"),
        (["7"], "8"),
    ],
)
def test_periods_go_on_in_equal_steps(texts, following):
    """Years, every fifth year, months, quarters, and a single one."""
    periods, places = equal_steps(texts, where="a.csv")
    assert sorted(places) == list(range(len(texts)))
    assert periods.name(periods.count) == following


@pytest.mark.parametrize(
    ("texts", "code", "said"),
    [
        (["2001", "soon"], "FORECAST-01", "soon"),
        (["2001-13"], "FORECAST-01", "2001-13"),
        (["2001", "2001"], "FORECAST-02", "2001 stands twice"),
        (["2001", "2002", "2004"], "FORECAST-02", "no period 2003"),
        (["2001", "2001-02"], "FORECAST-02", "2 kinds"),
    ],
)
def test_periods_that_are_not_even_are_named(texts, code, said):
    """Nothing is filled in by guessing."""
    with pytest.raises(TouchstoneError, match=said) as fault:
        equal_steps(texts, where="a.csv")
    assert fault.value.code == code
    assert read_period("2001", where="a.csv") == ("whole", 2001)
