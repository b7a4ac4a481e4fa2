"""Calibration by any distance between given and new weights: linear, raking, logit, bounded."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from touchstone.stats.calibration.margins import Floats

DistanceName = Literal["linear", "rake", "logit"]
Bounds = tuple[float, float]
TOLERANCE = 1e-10
MOST_STEPS = 200
MOST_HALVINGS = 30
# Directions of the totals that are this small beside the largest are combinations of others.
SMALLEST_DIRECTION = 1e-12
# Steps that shorten the misfit by less have come to their end.
LITTLE = 1e-3


class Distance(NamedTuple):
    """The factor that a cell's weight is changed by, as a function of u = x·η, and its slope."""

    factor: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


class Fitted(NamedTuple):
    """Factors of cells, the steps it took, and by how much each total is missed at the end."""

    factors: Floats
    steps: int
    misfit: Floats
    converged: bool


def distance_of(name: DistanceName, bounds: Bounds | None) -> Distance:
    """Give the factor F(u) of a distance (Deville and Särndal 1992, table 1), and its slope.

    `linear` is 1 + u, `rake` is exp(u); with `bounds` both are cut off there (case 7). `logit`
    lies between its bounds by itself (case 6) and needs them. Bounds are of new over given weight.

    >>> distance_of("linear", (0.5, 2.0)).factor(np.array([-3.0, 0.0, 3.0])).tolist()
    [0.5, 1.0, 2.0]
    """
    if name == "logit":
        if bounds is None or not 0 <= bounds[0] < 1 < bounds[1] < np.inf:
            raise ValueError(f"logit needs finite bounds around 1; got {bounds}")
        return _logit(*bounds)
    low, high = bounds or (-np.inf, np.inf)
    raw = np.exp if name == "rake" else _one_more

    def factor(u: Floats) -> Floats:
        return np.clip(raw(np.minimum(u, 700.0)), low, high)

    def slope(u: Floats) -> Floats:
        value = raw(np.minimum(u, 700.0))
        rise = value if name == "rake" else np.ones(len(u))
        return np.where((value > low) & (value < high), rise, 0.0)

    return Distance(factor, slope)


def fit_cells(x: Floats, weights: Floats, totals: Floats, distance: Distance) -> Fitted:
    """Find the factors F(x·η) of cells under which Σ weight·factor·x equals the totals.

    `x` is [C, P], `weights` [C] above 0, `totals` [P]. Newton's method with steps halved where
    they lead away; totals that follow from others, as those of several margins do, do no harm.

    >>> x = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> fit_cells(x, np.ones(2), np.array([3.0, 0.5]), distance_of("linear", None)).factors.tolist()
    [3.0, 0.5]
    """
    scale = np.maximum(np.abs(totals), np.abs(x).T @ weights)
    scale[scale == 0] = 1.0
    x, totals = x / scale, totals / scale
    eta = np.zeros(x.shape[1])
    misfit = totals - x.T @ (weights * distance.factor(x @ eta))
    for step in range(1, MOST_STEPS + 1):
        eta, moved = _step(x, (weights, totals, misfit), eta, distance)
        is_close = float(np.abs(moved).max()) <= TOLERANCE
        is_stuck = np.linalg.norm(moved) > (1 - LITTLE) * np.linalg.norm(misfit)
        misfit = moved
        if is_close or is_stuck:
            return Fitted(distance.factor(x @ eta), step, misfit * scale, is_close)
    return Fitted(distance.factor(x @ eta), MOST_STEPS, misfit * scale, converged=False)


def solve_symmetric(matrix: Floats, right: Floats) -> Floats:
    """Solve with a symmetric matrix of any rank by its eigenvalues, the shortest solution.

    >>> solve_symmetric(np.array([[2.0, 2.0], [2.0, 2.0]]), np.array([4.0, 4.0])).round(9).tolist()
    [1.0, 1.0]
    """
    values, vectors = np.linalg.eigh(matrix)
    is_large = values > SMALLEST_DIRECTION * max(float(values[-1]), 0.0)
    inverse = np.where(is_large, 1 / np.where(is_large, values, 1.0), 0.0)
    found: Floats = vectors @ ((vectors.T @ right).T * inverse).T
    return found


def _step(
    x: Floats, sums: tuple[Floats, Floats, Floats], eta: Floats, distance: Distance
) -> tuple[Floats, Floats]:
    """Take one step of Newton; give where it leads and the misfit there."""
    weights, totals, misfit = sums
    slopes = weights * distance.slope(x @ eta)
    move = solve_symmetric(x.T @ (slopes[:, np.newaxis] * x), misfit)
    best = eta, misfit
    for _ in range(MOST_HALVINGS):
        there = totals - x.T @ (weights * distance.factor(x @ (eta + move)))
        if np.linalg.norm(there) < np.linalg.norm(best[1]):
            return eta + move, there
        move = move / 2
    return best


def _one_more(u: Floats) -> Floats:
    return 1 + u


def _logit(low: float, high: float) -> Distance:
    steep = (high - low) / ((high - 1) * (1 - low))

    def factor(u: Floats) -> Floats:
        grown = np.exp(np.clip(steep * u, -700, 700))
        return (low * (high - 1) + high * (1 - low) * grown) / (high - 1 + (1 - low) * grown)

    def slope(u: Floats) -> Floats:
        value = factor(u)
        return steep * (value - low) * (high - value) / (high - low)

    return Distance(factor, slope)
