"""Raking: the weights of cells fitted to each margin in turn until all hold."""

from collections.abc import Sequence

import numpy as np

from touchstone.stats.calibration.margins import Floats
from touchstone.tallies.limbs import Integers, compiled

# Every margin is to hold within this share of its target.
TOLERANCE = 1e-10
MOST_ROUNDS = 10_000


def rake_cells(
    levels: Integers, weights: Floats, targets: Sequence[Floats], *, most_rounds: int = MOST_ROUNDS
) -> tuple[Floats, int]:
    """Give the raked weights of cells, and the rounds it took; 0 rounds: no convergence.

    `levels` is [C, M], the category of each cell in each margin, `weights` [C] above 0. One round
    multiplies, margin by margin, the weights of each category by what it lacks (iterative
    proportional fitting; Deming and Stephan 1940). The weights it comes to are those that meet
    all targets at the least exponential distance from the given ones (Ireland and Kullback 1968).

    The caller sees to it that each category with a target above 0 has a cell.

    >>> levels = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> targets = [np.array([60.0, 40.0]), np.array([50.0, 50.0])]
    >>> raked, rounds = rake_cells(levels, np.ones(4), targets)
    >>> raked.round(6).tolist()
    [30.0, 30.0, 20.0, 20.0]
    """
    width = max(len(one) for one in targets)
    aims = np.zeros((len(targets), width))
    for place, target in enumerate(targets):
        aims[place, : len(target)] = target
    raked = weights.copy()
    rounds = _rake(np.ascontiguousarray(levels.T), raked, aims, most_rounds, TOLERANCE)
    return raked, int(rounds)


@compiled
def _rake(levels: Integers, weights: Floats, aims: Floats, most_rounds: int, close: float) -> int:
    margins, width = aims.shape
    factors = np.empty(width)
    for done in range(most_rounds):
        farthest = 0.0
        for margin in range(margins):
            factors[:] = 0.0
            for cell in range(len(weights)):
                factors[levels[margin, cell]] += weights[cell]
            farthest = max(farthest, _divide(aims[margin], factors))
            for cell in range(len(weights)):
                weights[cell] *= factors[levels[margin, cell]]
        if farthest <= close:
            return done + 1
    return 0


@compiled
def _divide(aims: Floats, sums: Floats) -> float:
    """Turn sums into the factors that they lack; give by how much the farthest was off.

    It is endless where a category with a target has come to hold nothing.
    """
    farthest = 0.0
    for level in range(len(aims)):
        aim, found = aims[level], sums[level]
        if found > 0.0:
            away = abs(found / aim - 1.0) if aim > 0.0 else 1.0
            farthest = max(farthest, away)
            sums[level] = aim / found
        elif aim > 0.0:
            farthest = np.inf
    return farthest
