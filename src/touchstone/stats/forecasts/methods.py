"""The methods of forecasting by name: each from a series to distributions of the next values."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.outcomes import Withheld
from touchstone.stats.forecasts.choices import Method
from touchstone.stats.forecasts.elasticities import FEWEST as FEWEST_PAIRS
from touchstone.stats.forecasts.elasticities import fit_elasticity, predict_elastic
from touchstone.stats.forecasts.grey import FEWEST as FEWEST_GREY
from touchstone.stats.forecasts.grey import fit_grey, predict_grey
from touchstone.stats.forecasts.predictions import Prediction
from touchstone.stats.forecasts.smoothing import (
    FITTED,
    Smoothing,
    fit_smoothing,
    predict_smoothed,
)

# Scores and tests look at no level farther out.
WIDEST = 0.99
Floats = npt.NDArray[np.float64]
# As many values as each method needs.
FEWEST: dict[Method, int] = {
    "naive": 3,
    **{name: fitted + 2 for name, fitted in FITTED.items()},
    "gm11": FEWEST_GREY,
    "elasticity": FEWEST_PAIRS,
}


class Series(NamedTuple):
    """Values in order of time; `driver` is as long or longer, NaN where it is unknown."""

    values: Floats
    driver: Floats | None = None

    def until(self, count: int) -> "Series":
        """Give what was known after so many values, but the driver as it came to be."""
        return Series(self.values[:count], self.driver)


def forecast_series(
    series: Series, method: Method, horizon: int
) -> list[Prediction | Withheld] | Withheld:
    """Forecast the next values of a series by a method.

    `naive` says that nothing changes (errors grow with the root of time); `ses`, `holt`,
    `damped`: `fit_smoothing`; `gm11`: `fit_grey`; `elasticity`: `fit_elasticity` on the driver,
    whose later values must be known.

    Withheld as a whole when the method cannot be fitted; a single value as `driver_unknown`, or
    as `forecast_unbounded` when it is too large to be told.

    >>> found = forecast_series(Series(np.array([3.0, 5, 4, 6])), "naive", 2)
    >>> [round(one.centre, 1) for one in found]
    [6.0, 6.0]
    """
    if horizon < 1:
        raise ValueError(f"horizon must be at least 1; got {horizon}")
    if len(series.values) < FEWEST[method]:
        return Withheld("series_too_short", (("smallest", str(FEWEST[method])),))
    found = _by_method(series, method, horizon)
    if isinstance(found, Withheld):
        return found
    return [one if _is_told(one) else Withheld("forecast_unbounded") for one in found]


def _is_told(said: Prediction | Withheld) -> bool:
    return isinstance(said, Withheld) or said.is_bounded(WIDEST)


def _by_method(
    series: Series, method: Method, horizon: int
) -> list[Prediction | Withheld] | Withheld:
    if method == "elasticity":
        return _elastic(series, horizon)
    if method == "naive":
        return _naive(series.values, horizon)
    if method == "gm11":
        grey = fit_grey(series.values)
        return grey if isinstance(grey, Withheld) else [*predict_grey(grey, horizon)]
    return _smoothed(series.values, method, horizon)


def _smoothed(
    values: Floats, method: Smoothing, horizon: int
) -> list[Prediction | Withheld] | Withheld:
    fitted = fit_smoothing(values, method)
    return fitted if isinstance(fitted, Withheld) else [*predict_smoothed(fitted, horizon)]


def _naive(values: Floats, horizon: int) -> list[Prediction | Withheld] | Withheld:
    changes = np.diff(values)
    variance = float(changes @ changes) / len(changes)
    if variance <= 0:
        return Withheld("series_fits_exactly")
    last, freedom = float(values[-1]), float(len(changes))
    return [
        Prediction("t", last, float(np.sqrt(variance * step)), freedom)
        for step in range(1, horizon + 1)
    ]


def _elastic(series: Series, horizon: int) -> list[Prediction | Withheld] | Withheld:
    count = len(series.values)
    driver = series.driver
    if driver is None or not np.isfinite(driver[:count]).all():
        return Withheld("driver_unknown")
    fitted = fit_elasticity(series.values, driver[:count])
    if isinstance(fitted, Withheld):
        return fitted
    found: list[Prediction | Withheld] = []
    for place in range(count, count + horizon):
        known = place < len(driver) and driver[place] > 0
        found.append(
            predict_elastic(fitted, driver[place : place + 1])[0]
            if known
            else Withheld("driver_unknown")
        )
    return found
