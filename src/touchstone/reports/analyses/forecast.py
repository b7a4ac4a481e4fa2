"""Forecasts and their tests, as a record and as readers see them."""

from collections.abc import Iterator
from typing import Any

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.content.analyses.forecast import ForecastSpec
from touchstone.reports.charts import Ahead, Chart, FanTitles, forecast_fan
from touchstone.reports.charts.forecast_fans import INNER
from touchstone.reports.outcome_tables import number, outcome_record, outcome_table, readable
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.forecasts.backtests import BackTest
from touchstone.stats.forecasts.choices import KEPT, Method
from touchstone.stats.forecasts.elasticities import elasticity_of
from touchstone.stats.forecasts.predictions import Prediction
from touchstone.stats.forecasts.series_forecasts import Said, SeriesForecasts, kept_forecasts
from touchstone.stats.model_figures import decimal_of, model_estimate

TESTED = ("n", "scaled_error", "percent_error", "covered", "ranked_score", "beside_naive")


def forecast_record(spec: ForecastSpec, found: SeriesForecasts) -> dict[str, Any]:
    """Give forecasts, elasticity and tests as plain data, and what is kept for scoring.

    What is kept has a hash each, so that it must stay as it is to the last digit.
    """
    periods = found.timed.periods
    bound = None if spec.at_least is None else float(spec.at_least)
    return {
        "series": found.timed.label,
        "first": periods.name(0),
        "issued": periods.name(periods.count - 1),
        "n": periods.count,
        "forecasts": [_said_record(spec, found, one) for one in found.said],
        "elasticity": _elasticity_record(spec, found),
        "tests": [_test_record(method, test) for method, test in found.tests.items()],
        KEPT: [one.as_record() for one in kept_forecasts(found, bound=bound)],
    }


def show_forecast(spec: ForecastSpec, found: SeriesForecasts, words: Words) -> Shown:
    """Give forecasts, the elasticity, and the tests of all methods; a picture of each method."""
    rows = []
    for one in found.said:
        of = {"period": one.target}
        if spec.at_least is not None:
            of["event"] = readable(_chance(spec, one), words)
        rows.append((of, _outcome(spec, found, one)))
    parts: list[ShownTable | str] = [outcome_table(rows, words, confidence=float(spec.confidence))]
    elasticity = _elasticity(spec, found)
    if isinstance(elasticity, Estimate) and not isinstance(found.elastic, Withheld | None):
        figures = {"estimate": elasticity.value, "low": elasticity.low, "high": elasticity.high}
        texts = {name: readable(figure, words) for name, figure in figures.items()}
        watson = readable(found.elastic.durbin_watson, words)
        parts.append(words.text("forecast.elasticity", **texts, durbin_watson=watson))
    parts += [words.text("forecast.tests"), _tests(found, words)]
    return Shown(tuple(parts), charts=tuple(_charts(spec, found, words)))


def _chance(spec: ForecastSpec, said: Said) -> float | None:
    if spec.at_least is None or isinstance(said.prediction, Withheld):
        return None
    return said.prediction.probability_at_least(float(spec.at_least))


def _outcome(spec: ForecastSpec, found: SeriesForecasts, said: Said) -> Outcome:
    if isinstance(said.prediction, Withheld):
        return said.prediction
    ends = said.prediction.interval(float(spec.confidence))
    n = len(found.timed.series.values)
    return model_estimate(said.prediction.median, ends, n=n, method=said.method)


def _elasticity(spec: ForecastSpec, found: SeriesForecasts) -> Outcome | None:
    if found.elastic is None or isinstance(found.elastic, Withheld):
        return found.elastic
    return elasticity_of(found.elastic, confidence=float(spec.confidence))


def _said_record(spec: ForecastSpec, found: SeriesForecasts, said: Said) -> dict[str, Any]:
    record: dict[str, Any] = {
        "method": said.method, "target": said.target, "horizon": said.step,
    } | outcome_record(_outcome(spec, found, said))  # fmt: skip
    chance = _chance(spec, said)
    if spec.at_least is not None and chance is not None:
        record["event"] = {"at_least": number(spec.at_least), "probability": number(chance)}
    return record


def _elasticity_record(spec: ForecastSpec, found: SeriesForecasts) -> dict[str, Any] | None:
    outcome = _elasticity(spec, found)
    if outcome is None:
        return None
    record = outcome_record(outcome)
    if not isinstance(found.elastic, Withheld | None):
        record["durbin_watson"] = number(found.elastic.durbin_watson)
    return record


def _test_record(method: Method, test: BackTest | Withheld) -> dict[str, Any]:
    if isinstance(test, Withheld):
        return {"method": method, **dict.fromkeys(TESTED), "reason": test.reason}
    figures = {name: getattr(test, name) for name in TESTED}
    return {"method": method} | {
        name: one if one is None or isinstance(one, int) else number(one)
        for name, one in figures.items()
    }


def _tests(found: SeriesForecasts, words: Words) -> ShownTable:
    heads = [words.text(f"forecast.head.{name}") for name in ("method", *TESTED)]
    lines = []
    for method, test in found.tests.items():
        cells = [words.method(method)]
        if isinstance(test, Withheld):
            lines.append([*cells, "0", *[words.text("sign.none")] * 4, words.withheld(test)])
        else:
            cells.append(format_number(test.n))
            cells += [readable(getattr(test, name), words) for name in TESTED[1:]]
            lines.append(cells)
    return shown_table(heads, lines, numbers=range(1, 6))


def _charts(spec: ForecastSpec, found: SeriesForecasts, words: Words) -> Iterator[Chart]:
    timed = found.timed
    past = [
        (timed.periods.name(place), decimal_of(value))
        for place, value in enumerate(timed.series.values.tolist())
    ]
    series = spec.series or words.column(spec.value)
    for method in dict.fromkeys(one.method for one in found.said):
        ahead = [
            _ahead(spec, one, one.prediction)
            for one in found.said
            if one.method == method and isinstance(one.prediction, Prediction)
        ]
        titles = FanTitles(f"forecast-{method}", series, words.method(method))
        yield forecast_fan(
            titles, past, ahead, words, confidence=spec.confidence, bound=spec.at_least
        )


def _ahead(spec: ForecastSpec, said: Said, prediction: Prediction) -> Ahead:
    spans = [prediction.interval(float(one)) for one in (INNER, spec.confidence)]
    inner, outer = ((decimal_of(low), decimal_of(high)) for low, high in spans)
    chance = _chance(spec, said)
    return Ahead(
        said.target,
        decimal_of(prediction.median),
        inner,
        outer,
        None if chance is None else decimal_of(chance),
    )
