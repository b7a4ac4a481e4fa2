"""Means of the units' scores in each node of the tree, as a census and as draws."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from touchstone.base.outcomes import Estimate
from touchstone.content.schemes import Scheme
from touchstone.content.trees import Node
from touchstone.loop.parts import rounded_estimate
from touchstone.loop.results import AreaMean
from touchstone.stats.composites import bounded
from touchstone.stats.means import census_mean, superpopulation_mean
from touchstone.stats.scores import Span

SMALLEST_AREA = 5
# The mean of many whole scores is told finer than they are.
FEWEST_PLACES = 2


def area_means(
    nodes: Sequence[Node], scores: Mapping[str, Decimal], scheme: Scheme
) -> tuple[AreaMean, ...]:
    """Give each higher node of the tree the mean score of the units beneath it.

    `scores` holds the unrounded score of every unit that has one. The census mean counts these
    units and has no width. The superpopulation mean sees them as draws; its interval is cut at the
    ends of the scale, and it is withheld for fewer than 5 units. A node without any score has no
    mean. In the order of the nodes.
    """
    parents = {node.unit: node.parent for node in nodes}
    beneath: dict[str, list[Decimal]] = {}
    for unit, score in scores.items():
        above = parents.get(unit)
        while above is not None:
            beneath.setdefault(above, []).append(score)
            above = parents[above]
    return tuple(_area(node, beneath[node.unit], scheme) for node in nodes if node.unit in beneath)


def places_of_means(places: int) -> int:
    """Give the decimal places of means of scores that have `places`: two at least.

    >>> places_of_means(0), places_of_means(3)
    (2, 3)
    """
    return max(places, FEWEST_PLACES)


def _area(node: Node, scores: Sequence[Decimal], scheme: Scheme) -> AreaMean:
    places = places_of_means(scheme.places)
    draws = superpopulation_mean(scores, confidence=scheme.confidence, smallest=SMALLEST_AREA)
    if isinstance(draws, Estimate):
        span = Span(draws.value, draws.low, draws.high)
        _, low, high = bounded(span, scheme.scale.low, scheme.scale.high)
        draws = rounded_estimate(replace(draws, low=low, high=high), places)
    return AreaMean(
        level=node.level,
        unit=node.unit,
        name=node.name,
        parent=node.parent,
        n=len(scores),
        census=rounded_estimate(census_mean(scores), places),
        superpopulation=draws,
    )
