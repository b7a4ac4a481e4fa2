"""What a series will be."""

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.forecast import ForecastSpec
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.series import (
    Floats,
    TimedColumns,
    columns_by_period,
    rest_on_few,
)
from touchstone.stats.forecasts.methods import Series
from touchstone.stats.forecasts.periods import Periods
from touchstone.stats.forecasts.series_forecasts import SeriesForecasts, Timed, forecast_all


def find_forecast(spec: ForecastSpec, evidence: Evidence) -> SeriesForecasts | Withheld:
    """Forecast a series of a dataset by methods that were tested on its past.

    Withheld as `too_few_rows` when a value of the series rests on fewer rows than the smallest
    group.
    """
    columns = series_of(spec, evidence)
    few = rest_on_few(columns.rows[:, :1], evidence, smallest=spec.smallest_group, by=spec.by)
    return few or forecast_in(columns, spec, where=evidence.where)


def series_of(spec: ForecastSpec, evidence: Evidence) -> TimedColumns:
    """Give the series, and its driver where it has one, by period."""
    names = [spec.value, *([spec.driver] if spec.driver else [])]
    return columns_by_period(evidence, spec.time, names, by=spec.by)


def forecast_in(columns: TimedColumns, spec: ForecastSpec, *, where: str) -> SeriesForecasts:
    """Forecast a series; see `stats.forecasts`.

    Raises TouchstoneError FORECAST-05 when a value before the last one is missing.
    """
    place = f"{where}, column {spec.value!r}"
    count = _count_known(columns.values[:, 0], columns.periods, where=place)
    driver = columns.values[:, 1] if spec.driver else None
    series = Series(columns.values[:count, 0], driver)
    return forecast_all(
        Timed(spec.label, columns.periods.until(count), series),
        spec.methods,
        horizon=spec.horizon,
        confidence=float(spec.confidence),
    )


def _count_known(values: Floats, periods: Periods, *, where: str) -> int:
    """Count the values up to the last one; none of them may be missing."""
    known = np.flatnonzero(np.isfinite(values))
    count = int(known[-1]) + 1 if len(known) else 0
    if len(known) < count or not count:
        gap = int(np.argmin(np.isfinite(values)))
        raise TouchstoneError(
            "FORECAST-05",
            where=where,
            found=f"no value for {periods.name(gap)}" if count else "no value at all",
            remedy="Fill it in; only the last rows may be without a value.",
        )
    return count
