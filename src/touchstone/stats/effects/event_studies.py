"""Event studies: the effect period by period, and whether both groups went alike before."""

from typing import NamedTuple

import numpy as np
from scipy import linalg, special

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.effects.differences import NO_SPREAD, told
from touchstone.stats.effects.panels import Codes, Panel
from touchstone.stats.effects.windows import (
    Comparison,
    against_the_last_before,
    compare,
    starts_of,
    trend_before,
)

FEWEST_BEFORE = 2


class Step(NamedTuple):
    """The effect so many periods from the start of the action (0: the first one with it)."""

    step: int
    outcome: Outcome


class PreTrend(NamedTuple):
    """A test that both groups went alike before: p is small when they did not.

    `test`: `joint` of all periods before, or `trend`, of a straight line through them.
    """

    test: str
    statistic: float
    degrees_of_freedom: tuple[int, int]
    p: float


class EventStudy(NamedTuple):
    """Steps in order of time without the last one before the action, which is 0 by definition."""

    steps: tuple[Step, ...]
    left_out: tuple[str, ...]


def event_study(panel: Panel, *, confidence: float = 0.95) -> EventStudy:
    """Tell the effect in each period, counted from the start of the action.

    Each period is held against the last one before the action, as in
    `differences.difference_in_differences`; steps that some start does not reach are left out, so
    that all steps are of the same units. Steps before the action are no effects: they should be
    near 0. Each interval is for its step alone. Assumes that without the action all units would
    have gone alike, and that nobody acted on it before it began (Sun and Abraham 2021).

    Withheld as there; without a period before the action there is no step at all.

    >>> panel = Panel(("a", "b", "c", "d"), ("1", "2", "3"),
    ...               np.array([[1.0, 1, 5], [2, 2, 8], [1, 2, 2], [3, 3, 5]]),
    ...               np.array([2, 2, -1, -1]))
    >>> [(one.step, float(one.outcome.value)) for one in event_study(panel).steps]
    [(-2, 0.5), (0, 4.0)]
    """
    steps = _steps(panel)
    if not len(steps):
        return EventStudy((), ())
    comparison = compare(panel, against_the_last_before(steps))
    found = [
        Step(int(step), told(comparison, place, panel, confidence=confidence).outcome)
        for place, step in enumerate(steps)
    ]
    return EventStudy(tuple(found), comparison.left_out)


def trends_before(panel: Panel) -> PreTrend | Withheld:
    """Test that the units with the action and those without went alike before it.

    Hotelling's test (1931) of all steps before the action together, with one covariance for both
    groups; when there are more than half as many steps as degrees of freedom, Student's test of
    the slope of a straight line, which needs fewer units. A large p does not prove that both
    would have gone alike after: the test may be weak.

    Withheld as `one_period_before`, `too_few_units_compared`, `changes_all_equal`,
    `changes_without_spread`, or as a group without a unit that was seen.

    >>> panel = Panel(("a", "b", "c", "d"), ("1", "2", "3"),
    ...               np.array([[1.0, 1, 5], [2, 2, 8], [1, 2, 2], [3, 3, 5]]),
    ...               np.array([2, 2, -1, -1]))
    >>> found = trends_before(panel)
    >>> found.test, round(found.statistic, 4), found.degrees_of_freedom, round(found.p, 4)
    ('joint', 1.0, (1, 2), 0.4226)
    """
    before = int(starts_of(panel)[0])
    if before < FEWEST_BEFORE:
        return Withheld("one_period_before")
    comparison = compare(panel, against_the_last_before(np.arange(-before, -1)))
    units = len(comparison.treated) + len(comparison.untreated)
    if not len(comparison.treated) or not len(comparison.untreated):
        kind = "no_comparison_unit_seen" if len(comparison.treated) else "no_unit_seen_with_action"
        return Withheld(kind)
    if units - 2 < 1:
        return Withheld("too_few_units_compared", (("smallest", "3"),))
    if before - 1 <= max(1, (units - 2) // 2):
        return _hotelling(comparison, "joint", panel)
    return _hotelling(compare(panel, trend_before(before)), "trend", panel)


def _steps(panel: Panel) -> Codes:
    starts = starts_of(panel)
    first, last = -int(starts[0]), len(panel.periods) - int(starts[-1])
    return np.array([step for step in range(first, last) if step != -1 and first < 0], np.int64)


def _hotelling(comparison: Comparison, test: str, panel: Panel) -> PreTrend | Withheld:
    groups = comparison.treated, comparison.untreated
    ones, others = map(len, groups)
    freedom = ones + others - 2
    apart = np.concatenate([group - group.mean(axis=0) for group in groups])
    scale = NO_SPREAD * float(np.nanmax(np.abs(panel.values), initial=0))
    values, vectors = linalg.eigh(apart.T @ apart / freedom)
    kept = values > max(scale**2, 1e-12 * float(values[-1]))
    along = vectors.T @ comparison.effects
    rank = int(kept.sum())
    if rank == 0 and bool((np.abs(along) <= scale).all()):
        return Withheld("changes_all_equal")
    if bool((np.abs(along[~kept]) > max(scale, 1e-6 * float(np.sqrt(values[-1])))).any()):
        return Withheld("changes_without_spread")
    squared = float((along[kept] ** 2 / values[kept]).sum()) / (1 / ones + 1 / others)
    below = freedom - rank + 1
    statistic = below / (rank * freedom) * squared
    return PreTrend(test, statistic, (rank, below), float(special.fdtrc(rank, below, statistic)))
