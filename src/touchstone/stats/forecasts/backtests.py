"""Methods tested on the past: forecasts from earlier ends of the series, against what came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from touchstone.base.outcomes import Withheld
from touchstone.stats.forecasts.choices import Method
from touchstone.stats.forecasts.methods import (
    FEWEST,
    Floats,
    Series,
    forecast_series,
)
from touchstone.stats.forecasts.predictions import (
    Prediction,
    continuous_ranked_score,
)


@dataclass(frozen=True, slots=True)
class BackTest:
    """How a method did from earlier ends of the series.

    `n` forecasts were held against what came. `scaled_error`: mean absolute error over that of
    "no change" within the series known then (MASE); `percent_error`: mean absolute error in
    percent of the value, None where a value is 0; `covered`: share of values within the interval;
    `ranked_score`: mean CRPS; `beside_naive`: mean absolute error over that of the naive method
    for the same values, below 1 when the method is the better one.
    """

    method: Method
    n: int
    scaled_error: float
    percent_error: float | None
    covered: float
    ranked_score: float
    beside_naive: float | None


class _Trial(NamedTuple):
    """One forecast from an earlier end: what was said, what came, and what no change would say."""

    prediction: Prediction
    value: float
    last: float
    scale: float


def back_test(
    series: Series,
    method: Method,
    *,
    horizon: int,
    first: int | None = None,
    confidence: float = 0.95,
) -> BackTest | Withheld:
    """Forecast from each earlier end of a series, and hold it against what came (rolling origin).

    From `first` values on (as many as the method needs, when not given) the method is fitted
    anew at each end and looks at most `horizon` values ahead (Tashman 2000). The scaled error is
    that of Hyndman and Koehler (2006). A driver is taken as known, so that the errors of its own
    forecasts are not in.

    Withheld as `series_too_short` when no end is left, `nothing_changed` when the series stood
    still before every end, or as the method's own reason.

    >>> values = np.array([3.0, 5, 4, 6, 5, 7, 8, 7])
    >>> found = back_test(Series(values), "naive", horizon=1)
    >>> found.n, round(found.beside_naive, 2)
    (5, 1.0)
    """
    start = max(FEWEST[method], first or 0)
    trials: list[_Trial] = []
    reason: Withheld | None = None
    for end in range(start, len(series.values)):
        reach = min(horizon, len(series.values) - end)
        said = forecast_series(series.until(end), method, reach)
        if isinstance(said, Withheld):
            reason = said
            continue
        trials += _trials(series.values, end, said)
    if not trials:
        return reason or Withheld("series_too_short", (("smallest", str(start + 1)),))
    scaled = [abs(one.value - one.prediction.median) / one.scale for one in trials if one.scale > 0]
    if not scaled:
        return Withheld("nothing_changed")
    return _summed(method, trials, scaled, confidence)


def best_method(tests: Sequence[BackTest | Withheld]) -> Method | None:
    """Give the method of the smallest mean CRPS, the first of equals; None when none was tested.

    The tests must have looked at the same values (`first` and horizon alike).
    """
    tested = [one for one in tests if isinstance(one, BackTest)]
    return min(tested, key=lambda one: one.ranked_score).method if tested else None


def common_first(methods: Sequence[Method]) -> int:
    """Give as many values as the neediest of some methods needs, so that all are tested alike."""
    return max(FEWEST[method] for method in methods)


def naive_scale(values: Floats) -> float:
    """Give the mean absolute change from value to value, which scaled errors are held against."""
    return float(np.abs(np.diff(values)).mean())


def _trials(values: Floats, end: int, said: Sequence[Prediction | Withheld]) -> Iterator[_Trial]:
    scale = naive_scale(values[:end])
    for step, prediction in enumerate(said):
        if not isinstance(prediction, Withheld):
            yield _Trial(prediction, float(values[end + step]), float(values[end - 1]), scale)


def _summed(
    method: Method, trials: list[_Trial], scaled: list[float], confidence: float
) -> BackTest:
    errors = np.array([abs(one.value - one.prediction.median) for one in trials])
    naive = np.array([abs(one.value - one.last) for one in trials])
    values = np.array([one.value for one in trials])
    inside = [
        low <= one.value <= high
        for one in trials
        for low, high in [one.prediction.interval(confidence)]
    ]
    percent = None if (values == 0).any() else float(100 * (errors / np.abs(values)).mean())
    return BackTest(
        method,
        len(trials),
        float(np.mean(scaled)),
        percent,
        float(np.mean(inside)),
        float(np.mean([continuous_ranked_score(one.prediction, one.value) for one in trials])),
        float(errors.mean() / naive.mean()) if naive.any() else None,
    )
