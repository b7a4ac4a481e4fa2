"""How probable each grade is, where the evidence cannot be sure of one."""

from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
DECIMALS = 6
WHOLE = 10**DECIMALS


class Spread(NamedTuple):
    """Scores of some units, their standard errors to either side, and degrees of freedom.

    All of one length. Two errors, as intervals need not be symmetrical; both are 0 for a fact.
    Degrees of freedom are infinite for a normal error.
    """

    values: Array
    below: Array
    above: Array
    freedom: Array


def probabilities_below(spread: Spread, bounds: Array) -> Array:
    """Give each unit's probability of lying below each bound, of shape units × bounds.

    The score's error is taken to follow Student's t (Student 1908), on each side with a standard
    error of its own, each side holding one half. So a score whose interval at confidence c just
    reaches a bound lies beyond it with probability (1 − c)/2, and a grade that holds the whole
    interval has a probability of at least c. A fact lies below a bound or does not. This is the
    confidence distribution of the score (Schweder and Hjort 2002); no prior stands behind it.

    >>> one = Spread(*(np.array([number]) for number in (50.0, 10.0, 10.0, np.inf)))
    >>> probabilities_below(one, np.array([50.0, 69.6])).round(3).tolist()
    [[0.5, 0.975]]
    """
    distance = bounds[None, :] - spread.values[:, None]
    errors = np.where(distance < 0, spread.below[:, None], spread.above[:, None])
    is_fact = errors == 0
    moved = distance / np.where(is_fact, 1.0, errors)
    freedom = np.broadcast_to(spread.freedom[:, None], moved.shape)
    is_normal = np.isinf(freedom)
    by_t = special.stdtr(np.where(is_normal, 1.0, freedom), moved)
    found = np.where(is_normal, special.ndtr(moved), by_t)
    certain: Array = np.where(is_fact, (distance > 0).astype(np.float64), found)
    return certain


def shares_of(below: Array) -> list[tuple[Decimal, ...]]:
    """Turn probabilities of lying below rising bounds into those of the bands between them.

    `below` is of shape units × bounds and rises along each row; there is one band more than
    bounds. The bounds' probabilities are rounded to 6 decimals, so that the bands' sum to 1.

    >>> shares_of(np.array([[0.25, 0.5000004]]))
    [(Decimal('0.250000'), Decimal('0.250000'), Decimal('0.500000'))]
    """
    counts = np.rint(np.clip(below, 0.0, 1.0) * WHOLE).astype(np.int64)
    ends = np.zeros((len(counts), 1), dtype=np.int64)
    steps = np.diff(np.hstack([ends, counts, ends + WHOLE]), axis=1)
    known: dict[int, Decimal] = {}
    return [tuple(_decimal(step, known) for step in row) for row in steps.tolist()]


def _decimal(count: int, known: dict[int, Decimal]) -> Decimal:
    """Give so many millionths; equal ones are one object."""
    found = known.get(count)
    if found is None:
        found = known[count] = Decimal(count).scaleb(-DECIMALS)
    return found
