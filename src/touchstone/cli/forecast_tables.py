"""Forecasts and their tests as plain records, and as tables for the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.cli.aligned_tables import aligned, outcome_text
from touchstone.reports.outcome_tables import number, outcome_record, readable
from touchstone.reports.words import Words, format_number
from touchstone.stats.forecasts.backtests import BackTest
from touchstone.stats.forecasts.elasticities import elasticity_of, fit_elasticity
from touchstone.stats.forecasts.methods import Method, Series
from touchstone.stats.forecasts.periods import Periods
from touchstone.stats.forecasts.predictions import Prediction
from touchstone.stats.model_figures import model_estimate

TESTED = ("n", "scaled_error", "percent_error", "covered", "ranked_score", "beside_naive")


class Timed(NamedTuple):
    """A series with its periods; `label` names it."""

    label: str
    periods: Periods
    series: Series


class Said(NamedTuple):
    """What one method says of one period."""

    method: Method
    target: str
    step: int
    prediction: Prediction | Withheld


def _outcome(said: Said, timed: Timed, confidence: float) -> Outcome:
    if isinstance(said.prediction, Withheld):
        return said.prediction
    ends = said.prediction.interval(confidence)
    n = len(timed.series.values)
    return model_estimate(said.prediction.median, ends, n=n, method=said.method)


def forecast_record(
    timed: Timed,
    said: Sequence[Said],
    tests: Mapping[Method, BackTest | Withheld],
    *,
    bound: float | None,
    confidence: float,
) -> dict[str, Any]:
    """Give forecasts, elasticity and tests of all methods as plain data."""
    forecasts = []
    for one in said:
        record = {
            "method": one.method, "target": one.target, "horizon": one.step,
        } | outcome_record(_outcome(one, timed, confidence))  # fmt: skip
        if bound is not None and isinstance(one.prediction, Prediction):
            chance = one.prediction.probability_at_least(bound)
            record["event"] = {"at_least": number(bound), "probability": number(chance)}
        forecasts.append(record)
    periods = timed.periods
    return {
        "series": timed.label,
        "first": periods.name(0),
        "issued": periods.name(periods.count - 1),
        "n": periods.count,
        "forecasts": forecasts,
        "elasticity": _elasticity(timed, tests, confidence),
        "tests": [_test_record(method, test) for method, test in tests.items()],
    }


def _elasticity(
    timed: Timed, tests: Mapping[Method, Any], confidence: float
) -> dict[str, Any] | None:
    if "elasticity" not in tests or timed.series.driver is None:
        return None
    count = len(timed.series.values)
    driver = timed.series.driver[:count]
    fitted = (
        fit_elasticity(timed.series.values, driver)
        if np.isfinite(driver).all()
        else Withheld("driver_unknown")
    )
    if isinstance(fitted, Withheld):
        return outcome_record(fitted)
    outcome = elasticity_of(fitted, confidence=confidence)
    return outcome_record(outcome) | {"durbin_watson": number(fitted.durbin_watson)}


def _test_record(method: Method, test: BackTest | Withheld) -> dict[str, Any]:
    if isinstance(test, Withheld):
        return {"method": method, **dict.fromkeys(TESTED), "reason": test.reason}
    figures = {name: getattr(test, name) for name in TESTED}
    return {"method": method} | {
        name: one if one is None or isinstance(one, int) else number(one)
        for name, one in figures.items()
    }


def forecast_report(
    timed: Timed,
    said: Sequence[Said],
    tests: Mapping[Method, BackTest | Withheld],
    *,
    words: Words,
    bound: float | None,
    confidence: float,
) -> list[str]:
    """Give forecasts and tests as tables."""
    rows = []
    for one in said:
        of = {"period": one.target}
        if bound is not None:
            told = one.prediction
            chance = told.probability_at_least(bound) if isinstance(told, Prediction) else None
            of["event"] = readable(chance, words)
        rows.append((of, _outcome(one, timed, confidence)))
    parts = [outcome_text(rows, words, confidence=confidence)]
    found = _elasticity(timed, tests, confidence)
    if found is not None and found["estimate"] is not None:
        figures = {name: readable(found[name], words) for name in ("estimate", "low", "high")}
        watson = readable(found["durbin_watson"], words)
        parts.append(words.text("forecast.elasticity", **figures, durbin_watson=watson))
    lines = [[words.text(f"forecast.head.{name}") for name in ("method", *TESTED)]]
    for method, test in tests.items():
        cells = [words.method(method)]
        if isinstance(test, Withheld):
            lines.append([*cells, "0", *[words.text("sign.none")] * 4, words.withheld(test)])
        else:
            cells.append(format_number(test.n))
            cells += [readable(getattr(test, name), words) for name in TESTED[1:]]
            lines.append(cells)
    parts += [words.text("forecast.tests"), aligned(lines, right=range(1, 6))]
    return parts
