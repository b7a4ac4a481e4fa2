"""Exponential smoothing: simple, with a trend, with a damped trend."""

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize

from touchstone.base.outcomes import Withheld
from touchstone.stats.forecasts.predictions import Prediction
from touchstone.tallies.limbs import compiled

Floats = npt.NDArray[np.float64]
Smoothing = Literal["ses", "holt", "damped"]
# Parameters and first states that are fitted.
FITTED: dict[Smoothing, int] = {"ses": 2, "holt": 4, "damped": 5}
LEAST_DAMPING, MOST_DAMPING = 0.8, 0.98
STARTS = (0.1, 0.5, 0.9)
# Residuals of this share of the series' size are those of rounding.
NO_ERROR = 1e-9


class Smoothed(NamedTuple):
    """A fitted smoothing: parameters, last level and trend, residual variance and its freedom.

    `alpha` moves the level, `beta` the trend, `phi` damps it (1 for none).
    """

    alpha: float
    beta: float
    phi: float
    level: float
    trend: float
    variance: float
    freedom: int


def fit_smoothing(values: Floats, method: Smoothing) -> Smoothed | Withheld:
    """Fit exponential smoothing by least squares of the one-step errors.

    Level and trend follow level + phi·trend + alpha·error and phi·trend + beta·error (Hyndman,
    Koehler, Ord and Snyder 2008), 0 ≤ beta ≤ alpha ≤ 1, phi from 0.8 to 0.98. The first level and
    trend are fitted too: given the parameters they follow by linear least squares, and the
    parameters are searched by SciPy (L-BFGS-B) from several starts.

    Withheld as `series_too_short` when fewer than two degrees of freedom are left, and
    `series_fits_exactly` when no error is.

    >>> found = fit_smoothing(np.array([3.0, 5, 4, 6, 5, 7, 8]), "ses")
    >>> 0 <= found.alpha <= 1, found.freedom
    (True, 5)
    """
    freedom = len(values) - FITTED[method]
    if freedom < 2:
        return Withheld("series_too_short", (("smallest", str(FITTED[method] + 2)),))
    scale = float(np.abs(values).max()) or 1.0
    bounds, starts = _search_space(method)
    best = min(
        (
            optimize.minimize(_loss, start, (values / scale, method), "L-BFGS-B", bounds=bounds)
            for start in starts
        ),
        key=lambda one: float(one.fun),
    )
    alpha, beta, phi = _parameters(best.x, method)
    errors, level, trend = _run(values, alpha, beta, phi, method)
    variance = float(errors @ errors) / freedom
    if variance <= (NO_ERROR * scale) ** 2:
        return Withheld("series_fits_exactly")
    return Smoothed(alpha, beta, phi, level, trend, variance, freedom)


def predict_smoothed(smoothed: Smoothed, horizon: int) -> list[Prediction]:
    """Give the distributions of the next values.

    Their variance grows with the errors that level and trend take up on the way: variance·(1 +
    Σc²), with c = alpha + beta·(phi + phi² + …) (Hyndman and others 2008, table 6.1). Student's t
    with the freedom of the residuals; the doubt about the parameters is left out.
    """
    found = []
    damped, reach, carried = 0.0, 0.0, 0.0
    for _ in range(horizon):
        scale = float(np.sqrt(smoothed.variance * (1 + carried)))
        reach = smoothed.phi * (1 + reach)
        damped = reach
        centre = smoothed.level + damped * smoothed.trend
        found.append(Prediction("t", centre, scale, float(smoothed.freedom)))
        carried += (smoothed.alpha + smoothed.beta * damped) ** 2
    return found


def _search_space(
    method: Smoothing,
) -> tuple[list[tuple[float, float]], list[list[float]]]:
    """Give bounds and starts of alpha, beta / alpha and phi, as many as the method has."""
    unit = (0.0, 1.0)
    if method == "ses":
        return [unit], [[start] for start in STARTS]
    pairs = [[first, second] for first in STARTS for second in STARTS]
    if method == "holt":
        return [unit, unit], pairs
    bounds = [unit, unit, (LEAST_DAMPING, MOST_DAMPING)]
    return bounds, [[*pair, phi] for pair in pairs for phi in (0.85, 0.95)]


def _parameters(found: Floats, method: Smoothing) -> tuple[float, float, float]:
    alpha = float(found[0])
    beta = 0.0 if method == "ses" else alpha * float(found[1])
    return alpha, beta, float(found[2]) if method == "damped" else 1.0


def _loss(found: Floats, values: Floats, method: Smoothing) -> float:
    errors, _, _ = _run(values, *_parameters(found, method), method)
    return float(errors @ errors)


def _run(
    values: Floats, alpha: float, beta: float, phi: float, method: Smoothing
) -> tuple[Floats, float, float]:
    """Give the errors with the best first level and trend, and the last level and trend."""
    states = 1 if method == "ses" else 2
    own, last = _errors(values, alpha, beta, phi, np.zeros(2))
    columns, ends = [], []
    for place in range(states):
        first = np.zeros(2)
        first[place] = 1.0
        moved, end = _errors(np.zeros(len(values)), alpha, beta, phi, first)
        columns.append(moved)
        ends.append(end)
    table = np.column_stack(columns)
    states_found = np.linalg.lstsq(table, -own, rcond=None)[0]
    level, trend = last + np.column_stack(ends) @ states_found
    errors: Floats = own + table @ states_found
    return errors, float(level), float(trend)


@compiled
def _errors(
    values: Floats, alpha: float, beta: float, phi: float, first: Floats
) -> tuple[Floats, Floats]:
    """Run through the values from a first level and trend."""
    level, trend = first[0], first[1]
    errors = np.empty(len(values))
    for place in range(len(values)):
        expected = level + phi * trend
        error = values[place] - expected
        errors[place] = error
        level = expected + alpha * error
        trend = phi * trend + beta * error
    return errors, np.array([level, trend])
