"""All forecasts of one series: by which methods, how these did on the past, and what is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import numpy as np

from touchstone.base.canonical import content_hash
from touchstone.base.outcomes import Withheld
from touchstone.stats.forecasts.backtests import (
    BackTest,
    back_test,
    best_method,
    common_first,
    naive_scale,
)
from touchstone.stats.forecasts.choices import METHODS, Method, MethodOrBest
from touchstone.stats.forecasts.elasticities import Elastic, fit_elasticity
from touchstone.stats.forecasts.methods import FEWEST, Series, forecast_series
from touchstone.stats.forecasts.periods import Periods
from touchstone.stats.forecasts.predictions import Prediction, kept_figure
from touchstone.stats.forecasts.records import KeptForecast

ENDS = 2
BEST = "best"
UNBOUNDED = Withheld("forecast_unbounded")


class Timed(NamedTuple):
    """A series with its periods; `label` names it."""

    label: str
    periods: Periods
    series: Series


class Said(NamedTuple):
    """What one method says of one period, `step` periods after the last value."""

    method: Method
    target: str
    step: int
    prediction: Prediction | Withheld


@dataclass(frozen=True, slots=True)
class SeriesForecasts:
    """What was said of a series, and the tests on the past of all methods that were looked at.

    `elastic`: the regression on the driver over the whole series, None when it was not asked for.
    """

    timed: Timed
    said: tuple[Said, ...]
    tests: Mapping[Method, BackTest | Withheld]
    elastic: Elastic | Withheld | None


def forecast_all(
    timed: Timed, methods: Sequence[MethodOrBest], *, horizon: int, confidence: float = 0.95
) -> SeriesForecasts:
    """Test methods on the past of a series, and forecast it by those asked for.

    All are tested on the same values, with the naive one beside them. `best`, or no name at all,
    takes the method of the smallest mean CRPS (Tashman 2000; Gneiting and Raftery 2007) among
    those that leave two ends of the series for tests.

    >>> timed = Timed("y", Periods("whole", 2001, 1, 5), Series(np.array([3.0, 5, 4, 6, 5])))
    >>> found = forecast_all(timed, ["naive"], horizon=2)
    >>> [(one.target, round(one.prediction.median, 1)) for one in found.said]
    [('2006', 5.0), ('2007', 5.0)]
    """
    chosen = _tested(methods, timed.series)
    roomy = [name for name in chosen if FEWEST[name] < timed.periods.count]
    first = common_first(roomy) if roomy else None
    tests = {
        method: back_test(timed.series, method, horizon=horizon, first=first, confidence=confidence)
        for method in chosen
    }
    wanted = _wanted(methods, tests)
    said = [
        one if _is_told(one, confidence) else one._replace(prediction=UNBOUNDED)
        for method in wanted
        for one in _say(timed, method, horizon)
    ]
    elastic = _elastic(timed.series) if "elasticity" in tests else None
    return SeriesForecasts(timed, tuple(said), tests, elastic)


def kept_forecasts(found: SeriesForecasts, *, bound: float | None = None) -> list[KeptForecast]:
    """Give forecasts as they are kept for scoring, with the probability of reaching a bound.

    Figures are rounded before anything is hashed, so that another machine keeps the same.
    """
    timed = found.timed
    periods, values = timed.periods, timed.series.values
    known = [[periods.name(place), value] for place, value in enumerate(values.tolist())]
    evidence = content_hash({"series": timed.label, "values": known})
    naive = kept_figure(naive_scale(values)) if len(values) > 1 else 0.0
    issued = periods.name(periods.count - 1)
    kept = []
    for one in found.said:
        if isinstance(one.prediction, Withheld):
            continue
        prediction, chance = one.prediction.as_kept(), None
        if bound is not None:
            chance = kept_figure(prediction.probability_at_least(bound))
        kept.append(
            KeptForecast(
                timed.label, one.method, issued, one.target, one.step, prediction, naive, evidence,
                bound, chance,
            )
        )  # fmt: skip
    return kept


def _tested(methods: Sequence[MethodOrBest], series: Series) -> tuple[Method, ...]:
    """Name the methods to test: those asked for, and the naive one beside them."""
    usable = [name for name in METHODS if name != "elasticity" or series.driver is not None]
    if not methods or BEST in methods:
        room = len(series.values) - ENDS
        usable = [name for name in usable if name in methods or FEWEST[name] <= room]
        return tuple(usable) or ("naive",)
    return tuple(name for name in METHODS if name in methods or name == "naive")


def _wanted(
    methods: Sequence[MethodOrBest], tests: Mapping[Method, BackTest | Withheld]
) -> tuple[Method, ...]:
    if methods and BEST not in methods:
        return cast(tuple[Method, ...], tuple(dict.fromkeys(methods)))
    best = best_method(list(tests.values()))
    return (best or "naive",)


def _say(timed: Timed, method: Method, horizon: int) -> list[Said]:
    found = forecast_series(timed.series, method, horizon)
    count = timed.periods.count
    targets = [timed.periods.name(count + step) for step in range(horizon)]
    if isinstance(found, Withheld):
        return [Said(method, target, step + 1, found) for step, target in enumerate(targets)]
    pairs = zip(targets, found, strict=True)
    return [Said(method, target, step + 1, one) for step, (target, one) in enumerate(pairs)]


def _is_told(said: Said, confidence: float) -> bool:
    return isinstance(said.prediction, Withheld) or said.prediction.is_bounded(confidence)


def _elastic(series: Series) -> Elastic | Withheld | None:
    if series.driver is None:
        return None
    driver = series.driver[: len(series.values)]
    if not np.isfinite(driver).all():
        return Withheld("driver_unknown")
    return fit_elasticity(series.values, driver)
