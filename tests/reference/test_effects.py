"""Effects of actions equal those of regressions and searches written out in R."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from touchstone.stats.agreement.ratings import code_names
from touchstone.stats.effects.differences import difference_in_differences
from touchstone.stats.effects.event_studies import event_study, trends_before
from touchstone.stats.effects.panels import Cells, panel_by_flags
from touchstone.stats.effects.placebos import placebo_dates, placebo_units
from touchstone.stats.effects.synthetic_controls import synthetic_control

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "effects.json").read_text("utf-8"))


def panel_of(name):
    """Read a panel that the R script wrote."""
    with (HERE / "files" / f"{name}.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    units, periods = (code_names([row[key] for row in rows]) for key in ("unit", "period"))
    if name == "effects_one":
        periods = code_names([int(row["period"]) for row in rows])
    values = np.array([float(row["value"]) for row in rows])
    return panel_by_flags(Cells(units, periods, values), [row["action"] == "1" for row in rows])


PANEL = panel_of("effects_panel")


def test_the_difference_is_the_regression_with_units_and_periods():
    """The coefficient, its CR2 error by unit and Satterthwaite's degrees of freedom."""
    found = difference_in_differences(PANEL).outcome
    expected = EXPECTED["did"]
    assert float(found.value) == pytest.approx(expected["estimate"], rel=1e-12)
    assert float(found.se) == pytest.approx(expected["se"], rel=1e-10)
    assert found.degrees_of_freedom == int(expected["df"])


def test_steps_are_the_coefficients_of_leads_and_lags():
    """Each with its own error."""
    found = event_study(PANEL).steps
    assert [one.step for one in found] == [one["step"] for one in EXPECTED["event"]]
    for step, expected in zip(found, EXPECTED["event"], strict=True):
        assert float(step.outcome.value) == pytest.approx(expected["estimate"], rel=1e-9)
        assert float(step.outcome.se) == pytest.approx(expected["se"], rel=1e-9)


def test_the_test_of_trends_is_that_of_a_multivariate_analysis():
    """R's `manova` gives the same F."""
    found, expected = trends_before(PANEL), EXPECTED["trend"]
    assert found.statistic == pytest.approx(expected["F"], rel=1e-9)
    assert list(found.degrees_of_freedom) == expected["df"]
    assert found.p == pytest.approx(expected["p"], rel=1e-9)


def test_placebo_units_and_dates_are_those_tried_one_by_one():
    """All 495 ways to choose, and t tests at four earlier dates."""
    found = placebo_units(PANEL)
    assert (found.draws, found.ways) == (EXPECTED["ways"], "all")
    assert found.p == pytest.approx(EXPECTED["placebo_units"], rel=1e-12)
    for date, expected in zip(placebo_dates(PANEL), EXPECTED["dates"], strict=True):
        assert date.early == expected["early"]
        assert float(date.outcome.value) == pytest.approx(expected["estimate"], rel=1e-9)
        assert float(date.outcome.se) == pytest.approx(expected["se"], rel=1e-9)


def test_starts_at_several_times_are_held_against_units_without_the_action():
    """Each unit from its own start on."""
    starts = np.full(12, -1)
    starts[:4] = 5, 5, 4, 6
    found = difference_in_differences(PANEL._replace(starts=starts)).outcome
    assert float(found.value) == pytest.approx(EXPECTED["staggered"]["estimate"], rel=1e-12)
    assert float(found.se) == pytest.approx(EXPECTED["staggered"]["se"], rel=1e-12)


def test_the_mixture_is_the_best_of_all_supports():
    """Weights, gaps, errors, place among the others and the ends of an interval of 80 %."""
    found = synthetic_control(panel_of("effects_one"), confidence=0.8)
    expected = EXPECTED["synthetic"]
    weights = [weight for _, weight in found.weights]
    assert weights == pytest.approx(expected["weights"], abs=1e-9)
    assert sum(weight > 0 for weight in weights) > 1
    assert found.gaps == pytest.approx(expected["gaps"], abs=1e-9)
    assert found.error_before == pytest.approx(expected["before"], rel=1e-9)
    assert found.error_after == pytest.approx(expected["after"], rel=1e-9)
    assert found.p == pytest.approx(expected["p"])
    half = float(found.outcome.high - found.outcome.low) / 2
    assert half == pytest.approx(expected["half"], rel=1e-9)
