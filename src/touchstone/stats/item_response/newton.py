"""The maximum of a smooth function by Newton's method, with one parameter bounded below."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import linalg

from touchstone.stats.item_response.scales import Floats

MOST_STEPS = 100
MOST_HALVINGS = 20
# A step is the last when it promises to raise the function by less than this.
SMALLEST_GAIN = 1e-10
# Where rounding hides a rise, so small a promise will do.
SMALL_GAIN = 1e-6
# Integrals are exact to about so many digits.
ROUNDING = 1e-10
LARGEST_MOVE = 2.0
# Parameters beyond this, in logits, run away: the function has no maximum.
FARTHEST = 40.0
# The largest logarithm of the abilities' deviation.
WIDEST = 3.5


class Evaluation(NamedTuple):
    """A function's value, its gradient, and the information: minus its second derivatives."""

    value: float
    gradient: Floats
    information: Floats


class Maximum(NamedTuple):
    """Where a function is largest, what it is there, and whether the last parameter is at its end.

    `covariance`: the inverse of the information, with 0 for a parameter at its end.
    """

    parameters: Floats
    value: float
    covariance: Floats
    at_floor: bool


def maximise(evaluate: Callable[[Floats], Evaluation], start: Floats, *, floor: float) -> Maximum:
    """Climb from a start by steps of Newton's method, halved until the value rises.

    The last parameter, the logarithm of a deviation, stays at or above `floor`. Where the
    information is not positive definite its smallest eigenvalues are raised. Raises ArithmeticError
    when a parameter runs away or no maximum is found.

    >>> def bowl(x):
    ...     return Evaluation(-float(((x - 1) ** 2).sum()), -2 * (x - 1), 2 * np.eye(2))
    >>> maximise(bowl, np.zeros(2), floor=-9.0).parameters.round(9).tolist()
    [1.0, 1.0]
    """
    at, here = start, evaluate(start)
    for _ in range(MOST_STEPS):
        held = bool(at[-1] <= floor and here.gradient[-1] <= 0)
        move, gain = _move(here, held=held)
        if gain < SMALLEST_GAIN:
            return Maximum(at, here.value, _covariance(here.information, held=held), held)
        climbed = _climb(evaluate, at, here, move, floor)
        if climbed is None and gain < SMALL_GAIN:
            return Maximum(at, here.value, _covariance(here.information, held=held), held)
        if climbed is None:
            raise ArithmeticError("no step raises the likelihood")
        at, here = climbed
        if np.abs(at).max() > FARTHEST:
            raise ArithmeticError("a parameter runs away, as if it had no finite value")
        if at[-1] >= WIDEST:
            raise ArithmeticError("abilities run apart, as answers follow without chance")
    raise ArithmeticError(f"no maximum after {MOST_STEPS} steps")


def _move(here: Evaluation, *, held: bool) -> tuple[Floats, float]:
    free = slice(0, len(here.gradient) - held)
    gradient = here.gradient[free]
    move = np.zeros(len(here.gradient))
    move[free] = _solve(here.information[free, free], gradient)
    return move, float(move[free] @ gradient) / 2


def _solve(information: Floats, gradient: Floats) -> Floats:
    try:
        found: Floats = linalg.cho_solve(linalg.cho_factor(information), gradient)
    except linalg.LinAlgError:
        sizes, directions = np.linalg.eigh(information)
        sizes = np.maximum(np.abs(sizes), np.abs(sizes).max() * 1e-3)
        found = directions @ ((directions.T @ gradient) / sizes)
    return found


def _climb(
    evaluate: Callable[[Floats], Evaluation],
    at: Floats,
    here: Evaluation,
    move: Floats,
    floor: float,
) -> tuple[Floats, Evaluation] | None:
    """Give the next point and what is found there, or None when no step raises the value."""
    move = move * min(1.0, LARGEST_MOVE / np.abs(move).max())
    slack = ROUNDING * (1 + abs(here.value))
    for halving in range(MOST_HALVINGS):
        moved = at + move / 2**halving
        moved[-1] = min(max(moved[-1], floor), WIDEST)
        found = evaluate(moved)
        if found.value >= here.value - slack:
            return moved, found
    return None


def _covariance(information: Floats, *, held: bool) -> Floats:
    free = slice(0, len(information) - held)
    found = np.zeros_like(information)
    try:
        factor = linalg.cho_factor(information[free, free])
    except linalg.LinAlgError:
        raise ArithmeticError("the likelihood is flat, so a parameter is not told") from None
    found[free, free] = linalg.cho_solve(factor, np.eye(len(information) - held))
    return found
