"""Importance and performance side by side: where to concentrate, and where too much is done."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.model_figures import model_estimate, two_sided_z
from touchstone.stats.shortfalls.planks import Planks

Floats = npt.NDArray[np.float64]
UNDECIDED = "undecided"
FEWEST_PLANKS = 2
# By importance above the cut, then performance above it.
QUADRANTS = {
    (True, False): "concentrate_here",
    (True, True): "keep_up",
    (False, False): "low_priority",
    (False, True): "possible_overkill",
}


class Place(NamedTuple):
    """One plank: how far it lies above each cut, and its quadrant or `undecided`."""

    name: str
    importance: Outcome
    performance: Outcome
    quadrant: str


class Cuts(NamedTuple):
    """Where the axes are cut; None for the mean of all planks."""

    importance: float | None = None
    performance: float | None = None


def quadrants_of(
    planks: Planks, cuts: Cuts | None = None, *, confidence: float = 0.95
) -> tuple[Place, ...]:
    """Put planks into four fields by importance and performance (Martilla and James 1977).

    The cuts are given, such as the middle of a scale, or the means of all planks; a mean's own
    error is taken into account. A plank whose interval reaches across a cut is undecided. Planks
    are taken as independent of each other.

    Withheld as `no_performance`, or `one_plank` where a mean of fewer than two planks would be
    the cut; such planks are undecided.

    >>> planks = Planks(("pay", "tools"), np.array([60.0, 80]), np.array([2.0, 2]),
    ...                 np.full(2, 80.0), np.array([0.7, 0.2]), np.zeros(2))
    >>> [(one.name, one.quadrant) for one in quadrants_of(planks)]
    [('pay', 'concentrate_here'), ('tools', 'possible_overkill')]
    """
    lines = cuts or Cuts()
    important = _above(planks.importance, planks.importance_errors, lines.importance, confidence)
    performing = _above(planks.performance, planks.errors, lines.performance, confidence)
    return tuple(
        Place(name, one, other, _quadrant(one, other))
        for name, one, other in zip(planks.names, important, performing, strict=True)
    )


def _above(values: Floats, errors: Floats, cut: float | None, confidence: float) -> list[Outcome]:
    """Give each value less the cut; a mean's error counts each plank's own part in it."""
    known = np.isfinite(values)
    count = int(known.sum())
    line, variances = cut, errors**2
    if cut is None and count >= FEWEST_PLANKS:
        line = float(values[known].mean())
        variances = errors**2 * (1 - 2 / count) + (errors[known] ** 2).sum() / count**2
    found: list[Outcome] = []
    z = two_sided_z(confidence)
    for place, value in enumerate(values.tolist()):
        if not known[place]:
            found.append(Withheld("no_performance"))
        elif line is None:
            found.append(Withheld("one_plank"))
        else:
            se = float(np.sqrt(variances[place]))
            ends = (value - line - z * se, value - line + z * se)
            method = "normal" if se > 0 else "census"
            found.append(model_estimate(value - line, ends, n=count, method=method, se=se))
    return found


def _quadrant(importance: Outcome, performance: Outcome) -> str:
    sides = []
    for outcome in (importance, performance):
        if isinstance(outcome, Withheld) or outcome.low <= 0 <= outcome.high:
            return UNDECIDED
        sides.append(outcome.value > 0)
    return QUADRANTS[sides[0], sides[1]]
