"""Many figures at once, as columns of floating-point numbers taken from exact sums."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
import numpy.typing as npt

from touchstone.stats.figures import normal_quantile, t_quantile
from touchstone.stats.stages import StagedSums
from touchstone.stats.variances import Exact, exact_mean, exact_total, mean_design_effect
from touchstone.tallies.between import BetweenSums
from touchstone.tallies.between_floats import mean_floats, total_floats

Statistic = Literal["mean", "share", "total"]
Floats = npt.NDArray[np.float64]
MakeExact = Callable[[BetweenSums, int, int], Exact]


@dataclass(frozen=True, eq=False, slots=True)
class FigureColumns:
    """Figures as columns, [V, D] for V variables and D domains; NaN where there is no figure.

    Sums and the numerators of variances are exact; they are rounded to floating-point numbers,
    and divisions, roots and the ends of intervals follow by single operations of IEEE 754. So all
    are the same on every machine, and differ from the exact figures in the last binary places only.
    """

    n: npt.NDArray[np.int64]
    value: Floats
    se: Floats
    low: Floats
    high: Floats


def work_out(sums: StagedSums, *, statistic: Statistic, confidence: Decimal) -> FigureColumns:
    """Work the figures of all variables and domains out together."""
    shape = sums.is_census.shape
    n = np.concatenate([stages[0].counts[:, 0] for stages in sums.tables]).reshape(shape)
    value, se = _values_and_errors(sums, statistic)
    if statistic == "share":
        low, high = _wilson_ends(value, _effective_sizes(sums), confidence)
        low, high = (np.where(sums.is_census, value, end) for end in (low, high))
    else:
        half = _t_quantiles(sums, confidence) * se
        low, high = value - half, value + half
    return FigureColumns(n, value, se, low, high)


def effective_size(n: int, deff: tuple[int, int] | None) -> tuple[int, int]:
    """Give n/deff as a fraction, or n itself where the design effect is unknown or 0.

    >>> effective_size(100, (3, 2)), effective_size(100, None)
    ((200, 3), (100, 1))
    """
    return (n, 1) if deff is None or not deff[0] else (n * deff[1], deff[0])


def _values_and_errors(sums: StagedSums, statistic: Statistic) -> tuple[Floats, Floats]:
    """Give figures and standard errors: at once where sums are short, otherwise one by one."""
    give = total_floats if statistic == "total" else mean_floats
    found = [give(stages[0]) if len(stages) == 1 else None for stages in sums.tables]
    if None in found:
        return _one_by_one(sums, exact_total if statistic == "total" else exact_mean)
    value = np.concatenate([one[0] for one in found if one])
    variance = np.concatenate([one[1] for one in found if one])
    units = np.array(sums.value_units, np.float64)[:, np.newaxis]
    if statistic == "total":
        units = units * float(sums.weight_unit)
    return value / units, np.sqrt(variance) / units


def _one_by_one(sums: StagedSums, make_exact: MakeExact) -> tuple[Floats, Floats]:
    value, variance = np.full((2, *sums.is_census.shape), np.nan)
    for variable, row in enumerate(sums.between):
        value_unit = sums.value_units[variable]
        for domain, cell in enumerate(row):
            if cell.n:
                (a, b), (c, d) = make_exact(cell, sums.weight_unit, value_unit)
                # Python divides whole numbers of any length to the nearest float.
                value[variable, domain] = a / b
                variance[variable, domain] = c / d
    return value, np.sqrt(variance)


def _effective_sizes(sums: StagedSums) -> Floats:
    sizes = np.full(sums.is_census.shape, np.nan)
    for variable, row in enumerate(sums.between):
        for domain, cell in enumerate(row):
            if cell.n:
                deff = mean_design_effect(cell, sums.weight_unit)
                numerator, denominator = effective_size(cell.n, deff)
                sizes[variable, domain] = numerator / denominator
    return sizes


def _t_quantiles(sums: StagedSums, confidence: Decimal) -> Floats:
    """Give each figure's quantile; 0 for a census, which has no degrees of freedom to need."""
    found, places = np.unique(sums.degrees_of_freedom, return_inverse=True)
    known = [float(t_quantile(confidence, df)) if df > 0 else 0.0 for df in found.tolist()]
    quantiles: Floats = np.array(known, np.float64)[places].reshape(sums.is_census.shape)
    return quantiles


def _wilson_ends(share: Floats, n: Floats, confidence: Decimal) -> tuple[Floats, Floats]:
    """Give the ends of `intervals.wilson_interval` for columns."""
    square = float(normal_quantile(confidence)) ** 2
    middle = share + square / (2 * n)
    half = np.sqrt(square * (share * (1 - share) / n + square / (4 * n * n)))
    whole = 1 + square / n
    low, high = (middle - half) / whole, (middle + half) / whole
    return np.where(share == 0, 0, low), np.where(share == 1, 1, high)
