"""Scores of drawn measures: the rules of `stats.scores` and `stats.composites` on whole arrays.

Arrays are of shape units × draws. They serve to see how probable a grade is; the score itself is
always that of the exact rules.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from touchstone.stats.composites import Aggregation
from touchstone.stats.grade_probabilities import Array, Spread
from touchstone.stats.lattices import Lattice, Whole
from touchstone.stats.scores import ONE_SIDED, RATIOS, Rule

ALL = 100.0
MOST_KEPT = 4_096


class Edges(NamedTuple):
    """The lower and upper edge of what is asked for, as columns; infinite where there is none."""

    low: Array
    high: Array


def drawn_measures(spread: Spread, lattice: Lattice, *, dimension: int, units: Whole) -> Array:
    """Draw a measure of some units: Student's t on either side of the value, evenly spread.

    Each unit's draws are the midpoints of as many equally probable parts as the lattice has
    points. `units` tell whose order of points is used, `dimension` which coordinate of them.

    >>> one = Spread(*(np.array([number]) for number in (50.0, 10.0, 20.0, np.inf)))
    >>> drawn = drawn_measures(one, Lattice(101), dimension=0, units=np.array([3]))
    >>> np.quantile(drawn, [0.025, 0.5, 0.975]).round(1).tolist()
    [31.1, 50.0, 87.8]
    """
    kinds, rows = np.unique(spread.freedom, return_inverse=True)
    table = np.concatenate([_quantiles(kind, lattice.points) for kind in kinds.tolist()])
    places = lattice.places(dimension, units)
    places += rows.reshape(-1, 1) * lattice.points
    moved: Array = table[places]
    moved *= np.where(moved < 0, spread.below[:, None], spread.above[:, None])
    moved += spread.values[:, None]
    return moved


def drawn_points(actual: Array, goals: Array | None, rule: Rule) -> Array:
    """Turn drawn measures into points; `goals` has one target a unit. See `scores.score`.

    A target divided by a measure of 0 or less gives the most points there are.

    >>> from decimal import Decimal
    >>> rule = Rule("more_is_better", "capped")
    >>> drawn_points(np.array([[60.0, 90.0]]), np.array([80.0]), rule).tolist()
    [[75.0, 100.0]]
    """
    if rule.kind == "rubric":
        levels = np.array([float(level) for level, _ in rule.levels])
        points = np.array([float(points) for _, points in rule.levels])
        return _bounded(np.interp(actual, levels, points), rule)
    if rule.kind == "yes_no":
        return _bounded(ALL * np.clip(actual, 0.0, 1.0), rule)
    edges = _edges(goals, rule)
    inside = np.minimum(actual - edges.low, edges.high - actual)
    if rule.completion == "linear":
        start = float(rule.start or 0)
        ways = np.stack(np.broadcast_arrays(edges.low - start, start - edges.high))
        reach = np.max(np.where(np.isfinite(ways), ways, -np.inf), axis=0)
        kept = inside if rule.kind in ONE_SIDED else np.minimum(inside, 0.0)
        return _bounded(ALL + ALL * kept / reach, rule)
    if rule.completion not in RATIOS:
        return _bounded(np.where(inside >= 0, ALL, 0.0), rule)
    ratio = _ratio(actual, edges, rule)
    if rule.completion == "capped":
        ratio = np.where(inside >= 0, ALL, ratio)
    return _bounded(ratio, rule)


def drawn_mean(
    scores: Sequence[Array],
    weights: Sequence[float],
    present: Sequence[NDArray[np.bool_]],
    aggregation: Aggregation,
) -> Array:
    """Combine drawn scores by the weights of those that are present for a unit.

    Geometric and harmonic means see scores below 0 as 0, and are 0 with a score of 0.

    >>> halves = [np.array([[80.0]]), np.array([[20.0]])]
    >>> here = [np.array([True])] * 2
    >>> float(drawn_mean(halves, [1.0, 1.0], here, "harmonic")[0, 0])
    32.0
    """
    counted = [weight * here[:, None] for weight, here in zip(weights, present, strict=True)]
    total: Array = np.sum(counted, axis=0)
    summed = np.zeros_like(scores[0])
    is_nothing = np.zeros(scores[0].shape, dtype=np.bool_)
    for score, weight in zip(scores, counted, strict=True):
        if aggregation == "arithmetic":
            summed += weight * score
            continue
        kept = (score > 0) | (weight == 0)
        is_nothing |= ~kept
        safe = np.where(kept & (weight > 0), score, 1.0)
        summed += weight * (np.log(safe) if aggregation == "geometric" else 1.0 / safe)
    if aggregation == "arithmetic":
        plain: Array = summed / total
        return plain
    mean = np.exp(summed / total) if aggregation == "geometric" else total / summed
    found: Array = np.where(is_nothing, 0.0, mean)
    return found


@lru_cache(maxsize=MOST_KEPT)
def _quantiles(freedom: float, points: int) -> Array:
    """Give the midpoints, in probability, of so many equally probable parts of Student's t."""
    levels = (np.arange(points) + 0.5) / points
    found: Array = (
        special.stdtrit(freedom, levels) if np.isfinite(freedom) else special.ndtri(levels)
    )
    return found


def _edges(goals: Array | None, rule: Rule) -> Edges:
    """Give the edges of what is asked for; see `scores.zone_of`."""
    if rule.kind == "band":
        return Edges(*(np.array([[float(end or 0)]]) for end in (rule.low, rule.high)))
    if goals is None:
        raise ValueError(f"goals must be numbers for {rule.kind}; got None")
    column = goals[:, None]
    if rule.kind == "more_is_better":
        return Edges(column, np.full_like(column, np.inf))
    if rule.kind == "less_is_better":
        return Edges(np.full_like(column, -np.inf), column)
    tolerance = float(rule.tolerance)
    return Edges(column - tolerance, column + tolerance)


def _ratio(actual: Array, edges: Edges, rule: Rule) -> Array:
    if rule.kind == "more_is_better":
        return ALL * actual / edges.low
    if rule.completion == "mirrored":
        return ALL * (2 - actual / edges.high)
    most = np.inf if rule.highest is None else float(rule.highest)
    safe = np.where(actual > 0, actual, 1.0)
    return np.where(actual > 0, ALL * edges.high / safe, most)


def _bounded(points: Array, rule: Rule) -> Array:
    highest = ALL if rule.completion not in ("proportional", "mirrored") else np.inf
    if rule.highest is not None:
        highest = float(rule.highest)
    return np.clip(points, 0.0, highest)
