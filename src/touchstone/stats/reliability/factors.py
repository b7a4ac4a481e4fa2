"""One common factor behind some items, by minimum residuals."""

import numpy as np
from scipy import optimize

from touchstone.base.outcomes import Withheld
from touchstone.stats.reliability.item_tables import Floats

# An item whose variance the factor explains to this share or more has no error of its own.
MOST_COMMUNALITY = 0.995
SMALLEST_SLOPE = 1e-8


def one_factor(correlations: Floats) -> Floats | Withheld:
    """Give the loadings of items on one factor by minimum residuals (Harman and Jones 1966).

    Minimises the sum of squares of (correlation − product of loadings) over all pairs of items.
    The sign is such that the loadings sum to more than 0.

    Withheld as `too_few_items` (three are needed), or `improper_factor` when an item would share
    all its variance or more, or no minimum is found.

    >>> loadings = np.array([0.9, 0.8, 0.7, 0.6])
    >>> table = np.outer(loadings, loadings)
    >>> np.fill_diagonal(table, 1.0)
    >>> one_factor(table).round(6).tolist()
    [0.9, 0.8, 0.7, 0.6]
    """
    size = len(correlations)
    if size < 3:
        return Withheld("too_few_items", (("smallest", "3"),))
    apart = correlations - np.diag(np.diagonal(correlations))
    values, vectors = np.linalg.eigh(correlations)
    start = vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.1))
    found = optimize.minimize(
        _residuals, start, (apart,), method="trust-exact", jac=_slopes, hess=_curvature,
        options={"gtol": SMALLEST_SLOPE, "maxiter": 500},
    )  # fmt: skip
    loadings: Floats = found.x
    proper = np.abs(_slopes(loadings, apart)).max() < 1e3 * SMALLEST_SLOPE
    if not proper or (loadings**2).max() >= MOST_COMMUNALITY:
        return Withheld("improper_factor")
    return loadings if loadings.sum() >= 0 else -loadings


def slopes_of_omega(correlations: Floats, loadings: Floats) -> Floats:
    """Give how omega total changes with the covariances of standardised items: [k, k], symmetric.

    The loadings follow the correlations by the implicit function theorem; a change of variances
    changes correlations, as omega is about standardised items.
    """
    size = len(loadings)
    spread = float(correlations.sum())
    apart = correlations - np.eye(size)
    pull = np.linalg.solve(_curvature(loadings, apart), 2 * loadings / spread)
    unique = float((1 - loadings**2).sum())
    # Of a pair (i, j): through the variance of the sum, then through both loadings.
    pairs = np.full((size, size), 2 * unique / spread**2)
    pairs += np.outer(pull, loadings) + np.outer(loadings, pull)
    np.fill_diagonal(pairs, 0.0)
    slopes = pairs / 2
    np.fill_diagonal(slopes, -(pairs * correlations).sum(axis=1) / 2)
    return slopes


def _residuals(loadings: Floats, apart: Floats) -> float:
    left = apart - np.outer(loadings, loadings)
    np.fill_diagonal(left, 0.0)
    return float((left**2).sum() / 4)


def _slopes(loadings: Floats, apart: Floats) -> Floats:
    squares = loadings**2
    found: Floats = loadings * (squares.sum() - squares) - apart @ loadings
    return found


def _curvature(loadings: Floats, apart: Floats) -> Floats:
    found = 2 * np.outer(loadings, loadings) - apart
    squares = loadings**2
    np.fill_diagonal(found, squares.sum() - squares)
    return found
