"""The categories of rating scales that are in use, and the thresholds between them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.outcomes import Withheld

Floats = npt.NDArray[np.float64]
# exp(−2π·4.4) is 1e-12.
STEPS_TO_A_POLE = 4.4
SMALLEST_ANGLE = 0.2


class Parameter(NamedTuple):
    """An estimate on the logit scale and its standard error."""

    estimate: float
    se: float


class Scale(NamedTuple):
    """The categories that somebody chose, ascending; two at least.

    The logit of category k is −k·difficulty + step(k), where the steps of the first and the last
    used category are 0: the difficulty is the mean threshold between them. An unused category
    has probability 0 and keeps the number of those above it (Wilson and Masters 1993, "The
    partial credit model and null categories").
    """

    used: tuple[int, ...]

    @property
    def inner(self) -> tuple[int, ...]:
        """Give the used categories that have a step of their own."""
        return self.used[1:-1]


def scale_of(counts: npt.NDArray[np.int64]) -> Scale:
    """Give the scale of categories that have answers.

    >>> scale_of(np.array([4, 0, 2, 1]))
    Scale(used=(0, 2, 3))
    """
    return Scale(tuple(np.flatnonzero(counts).tolist()))


def largest_step(scales: Sequence[Floats]) -> float:
    """Give the largest step in logits by which curves of scales are integrated to 12 digits.

    `scales`: the weights of each scale's categories, from the first used one to the last. The
    rule of equal steps h errs by about exp(−2π·d/h), where d is how far the curves' poles lie from
    the real line: the angles of the roots of the polynomial that has the weights as coefficients
    (Trefethen and Weideman 2014, "The exponentially convergent trapezoidal rule").

    >>> round(largest_step([np.ones(2)]), 3), round(largest_step([np.array([1.0, 0, 1])]), 3)
    (0.714, 0.357)
    """
    distance = np.pi
    for weights in scales:
        if len(weights) > 2:
            distance = min(distance, float(np.abs(np.angle(np.roots(weights[::-1]))).min()))
    return max(distance, SMALLEST_ANGLE) / STEPS_TO_A_POLE


def thresholds(scale: Scale, steps: Floats, covariance: Floats) -> tuple[Parameter | Withheld, ...]:
    """Give the thresholds below the categories 1, 2, …, relative to the difficulty.

    `steps`: those of the inner categories; `covariance`: theirs. The threshold below k is the
    step of k − 1 less that of k (Andrich 1978). It is withheld next to a category nobody chose.

    >>> found = thresholds(Scale((0, 1, 2)), np.array([0.5]), np.array([[0.04]]))
    >>> [(round(one.estimate, 2), round(one.se, 2)) for one in found]
    [(-0.5, 0.2), (0.5, 0.2)]
    """
    place = {category: at for at, category in enumerate(scale.inner)}
    found: list[Parameter | Withheld] = []
    for category in range(1, scale.used[-1] + 1):
        unused = [one for one in (category - 1, category) if one not in scale.used]
        if unused:
            found.append(Withheld("unused_category", (("category", str(unused[0])),)))
            continue
        weights = np.zeros(len(scale.inner))
        if category - 1 in place:
            weights[place[category - 1]] = 1
        if category in place:
            weights[place[category]] = -1
        error = np.sqrt(max(float(weights @ covariance @ weights), 0.0))
        found.append(Parameter(float(weights @ steps), float(error)))
    return tuple(found)
