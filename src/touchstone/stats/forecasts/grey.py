"""Grey forecasts, GM(1,1): a short series that grows or shrinks at an even rate."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.outcomes import Withheld
from touchstone.stats.forecasts.predictions import Prediction

Floats = npt.NDArray[np.float64]
FEWEST = 5
NO_ERROR = 1e-9


class Grey(NamedTuple):
    """A fitted grey model: development `a` (growth is about −a a period) and grey input `b`.

    `covariance` [2, 2] is that of a and b; `variance`, `freedom`: of the residuals of the values.
    `ratio`: spread of the errors over that of the values (the posterior ratio C: below 0.35 is
    called good). `even`: whether all ratios of neighbours lie in the range the model is made for.
    """

    first: float
    a: float
    b: float
    rows: int
    covariance: Floats
    variance: float
    freedom: int
    ratio: float
    even: bool


def fit_grey(values: Floats) -> Grey | Withheld:
    """Fit the grey model GM(1,1) by least squares (Deng 1982).

    With the running sums x of the values and the middles z of neighbouring sums, value = b − a·z;
    fitted values are differences of (first − b/a)·exp(−a·k) + b/a. The model suits ratios of
    neighbouring values within exp(±2/(n + 1)), which is told and not enforced.

    Withheld as `series_too_short` below five values, `not_above_zero`, `series_fits_exactly`.

    >>> found = fit_grey(np.array([62.06, 67.21, 71.53, 73.06, 82.20]))
    >>> round(found.a, 4), round(found.b, 2), found.even
    (-0.0641, 60.48, True)
    """
    if len(values) < FEWEST:
        return Withheld("series_too_short", (("smallest", str(FEWEST)),))
    if not (values > 0).all():
        return Withheld("not_above_zero")
    sums = np.cumsum(values)
    table = np.column_stack([-(sums[1:] + sums[:-1]) / 2, np.ones(len(values) - 1)])
    inverse = np.linalg.inv(table.T @ table)
    a, b = inverse @ table.T @ values[1:]
    fitted = _values(float(values[0]), float(a), float(b), np.arange(1, len(values)))
    errors = values[1:] - fitted
    freedom = len(values) - 3
    variance = float(errors @ errors) / freedom
    if variance <= (NO_ERROR * float(values.max())) ** 2:
        return Withheld("series_fits_exactly")
    residuals = values[1:] - table @ np.array([a, b])
    covariance = inverse * float(residuals @ residuals) / freedom
    reach = 2 / (len(values) + 1)
    even = bool((np.abs(np.diff(np.log(values))) < reach).all())
    spread = float(np.std(errors) / np.std(values))
    return Grey(
        float(values[0]),
        float(a),
        float(b),
        len(values),
        covariance,
        variance,
        freedom,
        spread,
        even,
    )


def predict_grey(grey: Grey, horizon: int) -> list[Prediction]:
    """Give the distributions of the next values.

    Student's t about the curve; its variance is that of the errors of past values, and that of
    the curve by the delta method from the covariance of a and b.
    """
    # Curves that grow beyond floating-point numbers are left to the caller, without a warning.
    with np.errstate(over="ignore", invalid="ignore"):
        return [_predict(grey, step) for step in range(grey.rows, grey.rows + horizon)]


def _predict(grey: Grey, step: int) -> Prediction:
    centre = float(_values(grey.first, grey.a, grey.b, np.array([step]))[0])
    move = 1e-6 * max(abs(grey.a), 1e-3), 1e-6 * abs(grey.b)
    slopes = np.array([_slope(grey, step, 0, move[0]), _slope(grey, step, 1, move[1])])
    variance = grey.variance + float(slopes @ grey.covariance @ slopes)
    return Prediction("t", centre, float(np.sqrt(variance)), float(grey.freedom))


def _slope(grey: Grey, step: int, place: int, move: float) -> float:
    ends = []
    for sign in (1, -1):
        moved = [grey.a, grey.b]
        moved[place] += sign * move
        ends.append(float(_values(grey.first, moved[0], moved[1], np.array([step]))[0]))
    return (ends[0] - ends[1]) / (2 * move)


def _values(first: float, a: float, b: float, steps: npt.NDArray[np.int64]) -> Floats:
    """Give the values at some steps after the first; where a is 0 the limit is b."""
    share = 1.0 if abs(a) < 1e-12 else float(np.expm1(a)) / a
    found: Floats = (b * share - np.expm1(a) * first) * np.exp(-a * steps)
    return found
