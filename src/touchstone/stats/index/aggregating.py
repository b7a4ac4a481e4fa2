"""Seventh step of an index: normalised indicators become one score, up the tree of groups."""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from touchstone.stats.index.arrays import Floats, Integers
from touchstone.stats.index.hierarchies import Hierarchy, effective_weights

Mean = Literal["arithmetic", "geometric", "harmonic"]
IndexAggregation = Literal["arithmetic", "geometric", "harmonic", "copeland"]
MEANS: tuple[Mean, ...] = get_args(Mean)
AGGREGATIONS: tuple[IndexAggregation, ...] = get_args(IndexAggregation)
FLOOR = 1.0


def aggregate_tree(
    normalised: Floats, hierarchy: Hierarchy, means: Sequence[Mean], *, floor: float = FLOOR
) -> Floats:
    """Aggregate up the tree: the score of every node, [units, nodes], in the hierarchy's order.

    `means` holds for each group, in the hierarchy's order, which weighted mean it takes. For a
    geometric or harmonic mean, values below `floor` (above 0) count as `floor`: without that one
    0 would decide everything. A child without a value (NaN) is left out and the weights of its
    siblings grow; a group without any has none.

    Means of higher order let strong indicators make up for weak ones less: geometric less than
    arithmetic, harmonic least (OECD and JRC handbook, Nardo and others 2008, step 7).

    >>> from touchstone.stats.index.hierarchies import flat_hierarchy
    >>> points = np.array([[80.0, 20.0], [50.0, np.nan]])
    >>> aggregate_tree(points, flat_hierarchy(["a", "b"]), ["geometric"])[:, -1].round(6).tolist()
    [40.0, 50.0]
    """
    first_group = hierarchy.indicator_count
    if len(means) != len(hierarchy.groups) or not set(means) <= set(MEANS) or not floor > 0:
        raise ValueError(f"means must be one of {MEANS} for each group; got {means!r}, {floor=}")
    scores = np.empty((len(normalised), len(hierarchy.names)))
    scores[:, :first_group] = normalised
    for place, mean in enumerate(means, start=first_group):
        inside = hierarchy.children(place)
        scores[:, place] = weighted_mean(
            scores[:, inside], hierarchy.weights[inside], mean, floor=floor
        )
    return scores


def weighted_mean(values: Floats, weights: Floats, mean: Mean, *, floor: float = FLOOR) -> Floats:
    """Give the weighted mean of each row over its known cells; NaN for a row without any.

    >>> weighted_mean(np.array([[80.0, 20.0]]), np.array([1.0, 1.0]), "harmonic").tolist()
    [32.0]
    """
    known = ~np.isnan(values)
    mass = np.where(known, weights, 0.0)
    whole = mass.sum(axis=1)
    safe = np.where(known, values, floor)
    if mean != "arithmetic":
        safe = np.maximum(safe, floor)
        safe = np.log(safe) if mean == "geometric" else 1 / safe
    total = (mass * safe).sum(axis=1) / np.where(whole > 0, whole, 1.0)
    if mean == "geometric":
        total = np.exp(total)
    elif mean == "harmonic":
        total = 1 / np.where(total > 0, total, 1.0)
    return np.where(whole > 0, total, np.nan)


def copeland(normalised: Floats, hierarchy: Hierarchy) -> Floats:
    """Give each unit the number of units it outranks less the number that outrank it.

    A unit outranks another when the indicators on which it is better weigh more than those on
    which it is worse; weights are the indicators' weights in the whole, groups play no further
    part, and indicators that one of the two lacks do not count (Copeland 1951; as a rule that
    allows no compensation in Munda and Nardo 2009). Only the order within each indicator matters.

    >>> from touchstone.stats.index.hierarchies import flat_hierarchy
    >>> points = np.array([[9.0, 1.0, 1.0], [1.0, 2.0, 2.0], [0.0, 0.0, 3.0]])
    >>> copeland(points, flat_hierarchy(["a", "b", "c"])).tolist()
    [0.0, 2.0, -2.0]
    """
    weights = effective_weights(hierarchy)
    balance = np.zeros((len(normalised), len(normalised)))
    for place, weight in enumerate(weights):
        column = normalised[:, place]
        balance += weight * (column[:, None] > column)
        balance -= weight * (column[:, None] < column)
    # Sums of equal weights in another order may differ in their last digits.
    wins = (balance > 1e-12).astype(np.float64) - (balance < -1e-12)
    return np.asarray(wins.sum(axis=1), np.float64)


def places_of(scores: Floats) -> Integers:
    """Give each score its place, the highest first; equal scores share the better place.

    Scores are compared as they are: round them first where noise must not decide.

    >>> places_of(np.array([7.0, 9.0, 7.0])).tolist()
    [2, 1, 2]
    """
    ordered = np.sort(-scores)
    return np.asarray(np.searchsorted(ordered, -scores, side="left") + 1, np.int64)
