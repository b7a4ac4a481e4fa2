"""Fourth step of an index: outliers that would stretch a scale are drawn in, and it is told how."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from scipy import optimize, special

from touchstone.stats.index.arrays import Floats, ends_known, mean_known
from touchstone.stats.index.choices import TreatmentMethod

TREATMENTS: tuple[TreatmentMethod, ...] = get_args(TreatmentMethod)
MOST_SKEW = 2.0
MOST_KURTOSIS = 3.5
MOST_WINSORISED = 5
MARGIN = 0.01
FEWEST_UNITS = 4
POWERS = (-2.0, 2.0)


@dataclass(frozen=True, eq=False, slots=True)
class Treatments:
    """What is done to each indicator, as arrays with one entry for each of them.

    A cell x is first cut to `low` and `high` (NaN: no bound); where `power` is not NaN it then
    becomes sign·((y^power − 1)/power) with y = (sign·x + shift)/width, or sign·log y for power 0.
    `moved` counts the cells that were winsorised; `is_settled` tells whether skewness or kurtosis
    lies within its bound in the end.
    """

    low: Floats
    high: Floats
    power: Floats
    sign: Floats
    shift: Floats
    width: Floats
    moved: tuple[int, ...]
    is_settled: tuple[bool, ...]


def skewness(values: Floats) -> Floats:
    """Give the sample skewness G₁ of each column; 0 for fewer than 3 values or without spread.

    G₁ = g₁·√(n(n − 1))/(n − 2), type 2 of Joanes and Gill (1998), over the known cells.

    >>> skewness(np.array([[1.0], [2.0], [3.0], [10.0]])).round(4).tolist()
    [1.7636]
    """
    n, second, third, _ = _moments(values)
    defined = (n >= 3) & (second > 0)
    n = np.where(defined, n, 3)
    plain = third / np.where(defined, second, 1.0) ** 1.5
    return np.where(defined, plain * np.sqrt(n * (n - 1)) / (n - 2), 0.0)


def kurtosis(values: Floats) -> Floats:
    """Give the sample excess kurtosis G₂ of each column; 0 for fewer than 4 values or no spread.

    G₂ = ((n + 1)·g₂ + 6)·(n − 1)/((n − 2)(n − 3)), type 2 of Joanes and Gill (1998).

    >>> kurtosis(np.array([[1.0], [2.0], [3.0], [10.0]])).round(4).tolist()
    [3.228]
    """
    n, second, _, fourth = _moments(values)
    defined = (n >= FEWEST_UNITS) & (second > 0)
    n = np.where(defined, n, FEWEST_UNITS)
    plain = fourth / np.where(defined, second, 1.0) ** 2 - 3
    return np.where(defined, ((n + 1) * plain + 6) * (n - 1) / ((n - 2) * (n - 3)), 0.0)


def has_outliers(values: Floats) -> list[bool]:
    """Tell for each column whether skewness is beyond ±2 and kurtosis above 3.5, both at once.

    Source: Groeneveld and Meeden (1984) as the JRC audits composite indices.

    >>> has_outliers(np.array([[1.0], [2.0], [3.0], [4.0], [90.0]]))
    [True]
    """
    beyond = (np.abs(skewness(values)) > MOST_SKEW) & (kurtosis(values) > MOST_KURTOSIS)
    found: list[bool] = beyond.tolist()
    return found


def find_treatments(values: Floats, method: TreatmentMethod) -> Treatments:
    """Decide for each indicator of an array [units, indicators] how its outliers are treated.

    Only an indicator with outliers (see `has_outliers`) is treated. `winsorise` gives the greatest
    value (the least, where skewness is negative) the next one, again and again, at most 5 times.
    When that is not enough, `winsorise_then_log` and `winsorise_then_box_cox` transform the values
    as they came instead: by a logarithm of the distance from the least value (plus 1 % of the
    range), mirrored where skewness is negative; or by the power between −2 and 2 that maximum
    likelihood finds (Box and Cox 1964) for the same distance. ValueError for an unknown method.

    Source: OECD and JRC handbook (Nardo and others 2008), step 3, in the order of operations that
    the R package COINr (Becker and others 2022) takes.

    >>> cells = np.array([[1.0], [2.0], [3.0], [4.0], [90.0]])
    >>> found = find_treatments(cells, "winsorise")
    >>> found.moved, apply_treatments(cells, found)[:, 0].tolist()
    ((1,), [1.0, 2.0, 3.0, 4.0, 4.0])
    """
    if method not in TREATMENTS:
        raise ValueError(f"method must be one of {TREATMENTS}; got {method!r}")
    found = _none(values.shape[1])
    if method == "none":
        return found
    moved, settled = [0] * values.shape[1], [True] * values.shape[1]
    for place, is_beyond in enumerate(has_outliers(values)):
        if is_beyond:
            column = values[:, place]
            low, high, moved[place] = _winsorise(column)
            settled[place] = not has_outliers(np.clip(column, low, high)[:, None])[0]
            if not settled[place] and method != "winsorise":
                _transform(found, place, column, is_log=method == "winsorise_then_log")
                moved[place] = 0
                treated = apply_treatments(values, found)[:, [place]]
                settled[place] = not has_outliers(treated)[0]
            else:
                found.low[place], found.high[place] = low, high
    arrays = (found.low, found.high, found.power, found.sign, found.shift, found.width)
    return Treatments(*arrays, tuple(moved), tuple(settled))


def apply_treatments(values: Floats, treatments: Treatments) -> Floats:
    """Treat an array [units, indicators] as was decided; NaN stays NaN.

    >>> apply_treatments(np.array([[1.0, 2.0]]), _none(2)).tolist()
    [[1.0, 2.0]]
    """
    cut = np.fmin(np.fmax(values, treatments.low), treatments.high)
    cut = np.where(np.isnan(values), np.nan, cut)
    changed = np.flatnonzero(~np.isnan(treatments.power))
    for place in changed:
        sign, power = treatments.sign[place], treatments.power[place]
        distance = (sign * cut[:, place] + treatments.shift[place]) / treatments.width[place]
        raised = np.log(distance) if power == 0 else (distance**power - 1) / power
        cut[:, place] = sign * raised
    return cut


def name_treatments(treatments: Treatments, names: Sequence[str]) -> dict[str, str]:
    """Name what is done to each treated indicator: winsorised, log or box_cox.

    >>> name_treatments(find_treatments(np.array([[1.0], [2.0]]), "winsorise"), ["roads"])
    {}
    """
    told: dict[str, str] = {}
    for place, name in enumerate(names):
        if treatments.moved[place]:
            told[name] = "winsorised"
        elif not np.isnan(treatments.power[place]):
            told[name] = "log" if treatments.power[place] == 0 else "box_cox"
    return told


def _moments(values: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Give the number of known cells of each column, and three central moments."""
    n = (~np.isnan(values)).sum(axis=0).astype(np.float64)
    low, high = ends_known(values)
    distance = values - mean_known(values)
    # A column without spread has a mean that is off by a rounding, and no moments at all.
    second, third, fourth = (mean_known(distance**power) for power in (2, 3, 4))
    return n, np.where(low == high, 0.0, np.nan_to_num(second)), third, fourth


def _none(count: int) -> Treatments:
    def all_of(value: float) -> Floats:
        return np.full(count, value)

    arrays = (all_of(np.nan), all_of(np.nan), all_of(np.nan), all_of(1.0), all_of(0.0), all_of(1.0))
    return Treatments(*arrays, (0,) * count, (True,) * count)


def _winsorise(column: Floats) -> tuple[float, float, int]:
    """Give the bounds that winsorising ends with, and how many cells lie beyond them."""
    low, high = float(np.nanmin(column)), float(np.nanmax(column))
    for _ in range(MOST_WINSORISED):
        cut = np.clip(column, low, high)
        if not has_outliers(cut[:, None])[0]:
            break
        if skewness(cut[:, None])[0] > 0:
            high = float(column[column < high].max())
        else:
            low = float(column[column > low].min())
    return low, high, int((column > high).sum() + (column < low).sum())


def _transform(found: Treatments, place: int, column: Floats, *, is_log: bool) -> None:
    """Put a transformation into the arrays of treatments."""
    low, high = float(np.nanmin(column)), float(np.nanmax(column))
    sign = 1.0 if skewness(column[:, None])[0] > 0 else -1.0
    shift = -min(sign * low, sign * high) + MARGIN * (high - low)
    width = high - low
    known = (sign * column[~np.isnan(column)] + shift) / width
    found.low[place], found.high[place] = low, high
    found.sign[place], found.shift[place], found.width[place] = sign, shift, width
    found.power[place] = 0.0 if is_log else _likeliest_power(known)


def _likeliest_power(distances: Floats) -> float:
    """Find the power of Box and Cox (1964) with the greatest likelihood."""
    logarithms = float(np.log(distances).sum())

    def loss(power: float) -> float:
        spread = float(np.var(special.boxcox(distances, power)))
        return len(distances) / 2 * math.log(spread) - (power - 1) * logarithms

    return float(optimize.minimize_scalar(loss, bounds=POWERS, method="bounded").x)
