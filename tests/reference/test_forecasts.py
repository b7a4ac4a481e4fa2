"""Forecasts equal those written out in base R, and published contributions are plausible."""

import json
from pathlib import Path

import numpy as np
import pytest

from touchstone.stats.forecasts.elasticities import (
    elasticity_of,
    fit_elasticity,
    predict_elastic,
)
from touchstone.stats.forecasts.grey import fit_grey, predict_grey
from touchstone.stats.forecasts.smoothing import fit_smoothing, predict_smoothed
from touchstone.stats.growth import Elasticity, contributions, stated_growths

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "forecasts.json").read_text("utf-8"))
TALENTS = np.array([62.06, 67.21, 71.53, 73.06, 82.20])
LABOUR = np.array([295.09, 308.54, 332.80, 359.02, 422.29])


def test_the_grey_model_of_talents():
    """Development, input and the next three values."""
    found, expected = fit_grey(TALENTS), EXPECTED["grey"]
    assert (found.a, found.b) == pytest.approx((expected["a"], expected["b"]), rel=1e-9)
    centres = [one.centre for one in predict_grey(found, 3)]
    assert centres == pytest.approx(expected["forecasts"], rel=1e-9)


def test_the_elasticity_of_talents_on_labour():
    """Elasticity with its interval, and the forecast for 450 with its own."""
    fitted, expected = fit_elasticity(TALENTS, LABOUR), EXPECTED["elastic"]
    found = elasticity_of(fitted)
    assert float(found.value) == pytest.approx(expected["elasticity"], rel=1e-9)
    ends = [float(found.low), float(found.high)]
    assert ends == pytest.approx(expected["ends"], rel=1e-9)
    (said,) = predict_elastic(fitted, np.array([450.0]))
    assert [said.median, *said.interval(0.95)] == pytest.approx(expected["forecast"], rel=1e-9)


@pytest.mark.parametrize(
    ("series", "method"),
    [("nile", "ses"), ("nile", "holt"), ("air", "ses"), ("air", "holt"), ("air", "damped")],
)
def test_smoothing_finds_the_same_least_squares(series, method):
    """The sum of squares is no larger, forecasts and their spreads are the same."""
    case = EXPECTED["smoothing"][series]
    found, expected = fit_smoothing(np.array(case["values"], float), method), case[method]
    assert found.freedom == expected["freedom"]
    assert found.variance * found.freedom == pytest.approx(expected["sse"], rel=1e-8)
    said = predict_smoothed(found, 3)
    assert [one.centre for one in said] == pytest.approx(expected["forecasts"], rel=1e-5)
    assert [one.scale for one in said] == pytest.approx(expected["scales"], rel=1e-5)


def test_simple_smoothing_is_near_that_of_holt_winters():
    """Base R begins at the first value; over a hundred years that hardly matters."""
    found = fit_smoothing(np.array(EXPECTED["smoothing"]["nile"]["values"], float), "ses")
    assert found.alpha == pytest.approx(EXPECTED["holt_winters"], abs=0.01)


def test_the_worked_example_of_growth_accounting():
    """Elasticities .5, .2, .3 and growth of 12, 1.5, 8 against 9: 66.7, 3.3, 26.7, rest 3.3."""
    growths = stated_growths(
        {"capital": (0.12, 0), "labour": (0.015, 0), "talent": (0.08, 0)}, (0.09, 0)
    )
    elasticities = {"capital": 0.5, "labour": 0.2, "talent": 0.3}
    found = contributions(growths, {name: Elasticity(e, e, e) for name, e in elasticities.items()})
    parts = {name: round(float(one.value), 1) for name, one in found.parts.items()}
    assert parts == {"capital": 66.7, "labour": 3.3, "talent": 26.7}
    assert round(float(found.residual.value), 1) == 3.3
    assert found.sum_of_elasticities == pytest.approx(1)


@pytest.mark.parametrize(
    ("area", "published"),
    [
        ("nation 2010", 26.6),
        ("nation 2015", 33.5),
        ("Hebei 1996-2011", 11.1),
        ("Tianjin", 30.63),
        ("Shanghai", 26.06),
        ("Beijing", 21.13),
    ],
)
def test_published_rates_lie_in_the_range_of_stated_elasticities(area, published):
    """Talent growing by 4 to 9 % a year beside an output of 9 %: a model output, not a measurement.

    The same city has 21 and 36 in two studies; that is what the range is for.
    """
    growths = stated_growths({"talent": (0.065, 0.0125)}, (0.09, 0.01))
    found = contributions(growths, {"talent": Elasticity(0.2, 0.3, 0.4)}).parts["talent"]
    assert float(found.low) < published < float(found.high), area
