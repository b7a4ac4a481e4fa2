"""All forecasts of one series, and what is kept of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.base.outcomes import Withheld
from touchstone.stats.forecasts.methods import Series
from touchstone.stats.forecasts.periods import Periods
from touchstone.stats.forecasts.predictions import Prediction
from touchstone.stats.forecasts.series_forecasts import (
    UNBOUNDED,
    Timed,
    forecast_all,
    kept_forecasts,
)

VALUES = np.array([62.06, 67.21, 71.53, 73.06, 82.2])
DRIVER = np.array([295.09, 308.54, 332.8, 359.02, 422.29, 450.0])


def timed(driver=None):
    """A series of five years."""
    return Timed("talents", Periods("whole", 1999, 1, len(VALUES)), Series(VALUES, driver))


def test_a_series_is_forecast_by_the_methods_asked_for_and_tested_beside_no_change():
    """In the order asked for; the naive method is always among the tests."""
    found = forecast_all(timed(DRIVER), ["elasticity", "gm11"], horizon=2)
    assert [(one.method, one.target) for one in found.said] == [
        ("elasticity", "2004"), ("elasticity", "2005"), ("gm11", "2004"), ("gm11", "2005"),
    ]  # fmt: skip
    assert set(found.tests) == {"naive", "gm11", "elasticity"}
    assert found.said[1].prediction == Withheld("driver_unknown")
    assert found.elastic.elasticity == pytest.approx(0.720556, rel=1e-5)


def test_an_elasticity_is_withheld_when_the_driver_has_a_gap():
    """It is looked for only where a driver is named."""
    gap = DRIVER.copy()
    gap[2] = np.nan
    assert forecast_all(timed(gap), ["elasticity"], horizon=1).elastic == Withheld("driver_unknown")
    assert forecast_all(timed(), [], horizon=1).elastic is None


def test_kept_forecasts_leave_out_what_is_withheld():
    """What was not said is not scored; the event is that of the rounded distribution."""
    kept = kept_forecasts(forecast_all(timed(DRIVER), ["elasticity"], horizon=3), bound=85)
    assert [one.target for one in kept] == ["2004"]
    assert kept[0].issued == "2003"
    assert kept[0].probability == pytest.approx(kept[0].prediction.probability_at_least(85), 1e-5)


def test_a_forecast_that_grows_beyond_all_numbers_is_withheld():
    """A hundredfold a year has no value in two hundred years; a driver may leap as far."""
    values = np.array([1, 100, 1.2e4, 1e6, 1.3e8, 1.1e10, 1e12])
    fast = Timed("y", Periods("whole", 2000, 1, len(values)), Series(values))
    found = forecast_all(fast, ["gm11"], horizon=200)
    assert isinstance(found.said[0].prediction, Prediction)
    assert found.said[-1].prediction == UNBOUNDED
    assert len(kept_forecasts(found)) < 200
    leap = forecast_all(timed(np.array([*DRIVER[:5], 1e300])), ["elasticity"], horizon=1)
    assert leap.said[0].prediction == UNBOUNDED


def test_a_forecast_without_an_end_at_the_confidence_asked_for_is_withheld():
    """The interval is told whole, or not at all."""
    found = [
        forecast_all(timed(DRIVER), ["elasticity"], horizon=1, confidence=confidence)
        for confidence in (0.95, 1 - 1e-15)
    ]
    assert isinstance(found[0].said[0].prediction, Prediction)
    assert found[1].said[0].prediction == UNBOUNDED
    assert Prediction("log_t", 1.0, 500.0, 2.0).interval(0.95) == (0.0, math.inf)


@given(
    st.sampled_from(["normal", "t", "log_t"]),
    st.floats(-1e12, 1e12),
    st.floats(1e-6, 1e9),
)
def test_a_kept_prediction_says_what_the_prediction_said(family, centre, scale):
    """Rounding moves no centre by more than a thousandth of the scale, and stays when repeated."""
    prediction = Prediction(family, centre, scale, 4.0)
    kept = prediction.as_kept()
    assert abs(kept.centre - centre) <= max(1e-3 * scale, 1e-15 * abs(centre))
    assert kept.scale == pytest.approx(scale, rel=1e-5)
    assert kept.as_kept() == kept


def test_stated_quantiles_are_kept_as_they_were_stated():
    """Forecasts of others are nobody's to round."""
    stated = Prediction("quantiles", quantiles=((0.1, 1.23456789), (0.9, 2.0)))
    assert stated.as_kept() is stated
