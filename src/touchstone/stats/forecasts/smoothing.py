"""Exponential smoothing: simple, with a trend, with a damped trend."""

from itertools import product
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
STATES: dict[Smoothing, int] = {"ses": 1, "holt": 2, "damped": 2}
PARAMETERS: dict[Smoothing, int] = {"ses": 1, "holt": 2, "damped": 3}
LEAST_DAMPING, MOST_DAMPING = 0.8, 0.98
STEPS = (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
DAMPINGS = (0.82, 0.9, 0.96)
# So many points of the grid, the best ones, are followed to a minimum.
STARTS = 4
# A determinant below this share of its terms is none.
SINGULAR = 1e-12
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
    parameters are searched by SciPy (L-BFGS-B) from the best points of a grid.

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
    # A level that is fitted takes up any shift, and without it sums of squares lose no digits.
    centred = values - values.mean()
    centred /= float(np.abs(centred).max()) or 1.0
    grid = _grid(method)
    losses = [_loss(point, centred, method) for point in grid]
    best = min(
        (
            optimize.minimize(
                _loss, grid[place], (centred, method), "L-BFGS-B", bounds=_bounds(method)
            )
            for place in np.argsort(losses, kind="stable")[:STARTS]
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


def _bounds(method: Smoothing) -> list[tuple[float, float]]:
    """Give bounds of alpha, beta / alpha and phi, as many as the method has."""
    unit = (0.0, 1.0)
    return [unit, unit, (LEAST_DAMPING, MOST_DAMPING)][: PARAMETERS[method]]


def _grid(method: Smoothing) -> Floats:
    """Give points all over the parameters' space, [points, parameters]."""
    sides = (STEPS, STEPS, DAMPINGS)[: len(_bounds(method))]
    return np.array(list(product(*sides)))


def _parameters(found: Floats, method: Smoothing) -> tuple[float, float, float]:
    alpha = float(found[0])
    beta = 0.0 if method == "ses" else alpha * float(found[1])
    return alpha, beta, float(found[2]) if method == "damped" else 1.0


def _loss(found: Floats, values: Floats, method: Smoothing) -> float:
    alpha, beta, phi = _parameters(found, method)
    return float(_sum_of_squares(values, np.array([alpha, beta, phi]), STATES[method]))


def _run(
    values: Floats, alpha: float, beta: float, phi: float, method: Smoothing
) -> tuple[Floats, float, float]:
    """Give the errors with the best first level and trend, and the last level and trend."""
    states = STATES[method]
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


@compiled
def _sum_of_squares(values: Floats, parameters: Floats, count: int) -> float:
    """Give the sum of squared errors with the best of `count` first states (see `_run`).

    Errors are linear in the first states, which two by two normal equations give.
    """
    alpha, beta, phi = parameters
    nothing, states = np.zeros(len(values)), np.zeros(2)
    own, _ = _errors(values, alpha, beta, phi, states)
    by_level, _ = _errors(nothing, alpha, beta, phi, np.array([1.0, 0.0]))
    by_trend, _ = _errors(nothing, alpha, beta, phi, np.array([0.0, 1.0]))
    level_level, level_own = np.sum(by_level * by_level), np.sum(by_level * own)
    states[0] = -level_own / level_level
    if count > 1:
        trend_trend, trend_own = np.sum(by_trend * by_trend), np.sum(by_trend * own)
        crossed = np.sum(by_level * by_trend)
        determinant = level_level * trend_trend - crossed * crossed
        if determinant > SINGULAR * level_level * trend_trend:
            states[0] = (crossed * trend_own - trend_trend * level_own) / determinant
            states[1] = (crossed * level_own - level_level * trend_own) / determinant
    errors = own + states[0] * by_level + states[1] * by_trend
    total: float = np.sum(errors * errors)
    return total
