"""Contributions of predictors to the explained variance, from correlations alone."""

import math

import numpy as np
import numpy.typing as npt

from touchstone.tallies.limbs import compiled

Floats = npt.NDArray[np.float64]
# The explained variance of every subset is kept: 2¹⁵ of them.
MOST_PREDICTORS = 15


def relative_weights(correlations: Floats) -> Floats:
    """Split the explained variance by uncorrelated stand-ins of the predictors (Johnson 2000).

    `correlations` [1 + predictors, 1 + predictors], the outcome first. The stand-ins are the
    uncorrelated variables nearest to the predictors; each predictor gets of their contributions
    what it shares with them. Weights are not below 0 and add up to R².

    >>> relative_weights(np.array([[1, 0.6, 0.3], [0.6, 1, 0], [0.3, 0, 1]])).round(9).tolist()
    [0.36, 0.09]
    """
    values, vectors = np.linalg.eigh(correlations[1:, 1:])
    root = (vectors * np.sqrt(values)) @ vectors.T
    slopes = np.linalg.solve(root, correlations[1:, 0])
    weights: Floats = root**2 @ slopes**2
    return weights


def shapley_values(correlations: Floats) -> Floats:
    """Average what each predictor adds to R² over all orders of entering them.

    Known as LMG (Lindeman, Merenda and Gold 1980), and as the Shapley value (1953) of the game in
    which predictors share R². `correlations` as in `relative_weights`; at most 15 predictors.
    Values are not below 0 and add up to R².

    Cost: one partial variance for each of the 2^predictors subsets.

    >>> shapley_values(np.array([[1, 0.6, 0.3], [0.6, 1, 0], [0.3, 0, 1]])).round(9).tolist()
    [0.36, 0.09]
    """
    count = len(correlations) - 1
    if count > MOST_PREDICTORS:
        raise ValueError(f"shapley_values takes {MOST_PREDICTORS} predictors; got {count}")
    sizes = range(count)
    chances = [math.factorial(k) * math.factorial(count - 1 - k) for k in sizes]
    values: Floats = _shapley(
        np.ascontiguousarray(correlations, np.float64),
        np.array(chances, np.float64) / math.factorial(count),
    )
    return values


@compiled
def _shapley(correlations: Floats, chances: Floats) -> Floats:
    """Walk through all subsets, each reached from the one without its last predictor."""
    count = len(chances)
    explained = np.zeros(1 << count)
    # Partial covariances at each depth, given the predictors chosen so far.
    partial = np.empty((count + 1, count + 1, count + 1))
    partial[0] = correlations
    chosen = np.zeros(count + 1, np.int64)
    depth, subset, following = 0, 0, 1
    while True:
        if following <= count:
            _partial_out(partial[depth], partial[depth + 1], following)
            depth += 1
            chosen[depth] = following
            subset |= 1 << (following - 1)
            explained[subset] = 1 - partial[depth][0, 0]
            following += 1
        elif depth == 0:
            break
        else:
            following = chosen[depth] + 1
            subset &= ~(1 << (chosen[depth] - 1))
            depth -= 1
    values = np.zeros(count)
    for subset in range(1 << count):
        size = 0
        for one in range(count):
            size += (subset >> one) & 1
        for one in range(count):
            if not (subset >> one) & 1:
                gain = explained[subset | (1 << one)] - explained[subset]
                values[one] += chances[size] * gain
    return values


@compiled
def _partial_out(given: Floats, rest: Floats, one: int) -> None:
    """Take one predictor out of the outcome and of the predictors after it."""
    share = given[0, one] / given[one, one]
    rest[0, 0] = given[0, 0] - share * given[one, 0]
    for row in range(one + 1, len(given)):
        part = given[row, one] / given[one, one]
        rest[row, 0] = rest[0, row] = given[row, 0] - part * given[one, 0]
        for column in range(one + 1, len(given)):
            rest[row, column] = given[row, column] - part * given[one, column]
