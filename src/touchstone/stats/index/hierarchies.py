"""How indicators hang together: groups within groups up to the whole, each node with a weight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.stats.index.arrays import Floats, Integers


@dataclass(frozen=True, eq=False, slots=True)
class Hierarchy:
    """The tree of an index as arrays: indicators first, then groups, the whole at the end.

    Indicators stand in the order of the columns, and every group stands after its children.
    `parents` is the place of each node's group, −1 for the whole; `weights` are the nodes' weights
    among their siblings, which sum to 1; that of the whole is 1.
    """

    names: tuple[str, ...]
    parents: Integers
    weights: Floats

    @property
    def indicator_count(self) -> int:
        """Count the nodes that are indicators."""
        return int(min(parent for parent in self.parents.tolist() if parent >= 0))

    @property
    def groups(self) -> tuple[str, ...]:
        """Name the groups, the whole at the end."""
        return self.names[self.indicator_count :]

    def children(self, place: int) -> Integers:
        """Give the places of a group's children."""
        return np.flatnonzero(self.parents == place)


def flat_hierarchy(
    names: Sequence[str], weights: Sequence[float] | None = None, *, whole: str = "index"
) -> Hierarchy:
    """Make a tree of one group; equal weights when none are given. Else as `build_hierarchy`.

    >>> flat_hierarchy(["roads", "schools"], [3, 1]).weights.tolist()
    [0.75, 0.25, 1.0]
    """
    given = [1.0] * len(names) if weights is None else weights
    weighted = dict(zip(names, given, strict=True))
    return build_hierarchy(names, dict.fromkeys(names, whole), weighted)


def build_hierarchy(
    indicators: Sequence[str], parents: Mapping[str, str], weights: Mapping[str, float]
) -> Hierarchy:
    """Make the tree of an index from the parent and the weight of each node.

    The one node without a parent is the whole. Weights are scaled to sum to 1 among siblings;
    a node that none is given has weight 1. ValueError for no indicator, doubled names, several
    wholes or circles. Raises INDEX-04 for a negative weight, or siblings that all have weight 0.

    >>> tree = build_hierarchy(["a", "b", "c"], {"a": "g", "b": "g", "g": "all", "c": "all"}, {})
    >>> tree.names, tree.parents.tolist(), tree.weights.tolist()
    (('a', 'b', 'c', 'g', 'all'), [3, 3, 4, 4, -1], [0.5, 0.5, 0.5, 0.5, 1.0])
    """
    names = (*indicators, *_groups_upwards(indicators, parents))
    if not indicators or len(set(names)) < len(names):
        raise ValueError(f"indicators must be there, each once, and no group; got {indicators!r}")
    place = {name: number for number, name in enumerate(names)}
    above = np.array([place[parents[name]] if name in parents else -1 for name in names])
    given = np.array([float(weights.get(name, 1.0)) for name in names])
    return with_weights(Hierarchy(names, above, given), given)


def with_weights(hierarchy: Hierarchy, weights: Floats) -> Hierarchy:
    """Give the tree with other weights, scaled to sum to 1 among siblings; else INDEX-04.

    >>> with_weights(flat_hierarchy(["a", "b"]), np.array([1.0, 3.0, 1.0])).weights.tolist()
    [0.25, 0.75, 1.0]
    """
    scaled = weights.astype(np.float64, copy=True)
    scaled[-1] = 1.0
    for place in range(hierarchy.indicator_count, len(hierarchy.names)):
        inside = hierarchy.children(place)
        total = scaled[inside].sum()
        if not (scaled[inside] >= 0).all() or not total > 0:
            raise TouchstoneError(
                "INDEX-04",
                where=f"group '{hierarchy.names[place]}'",
                found=f"the weights {scaled[inside].tolist()}",
                remedy="Give weights of 0 or more, and at least one above 0.",
            )
        scaled[inside] /= total
    return replace(hierarchy, weights=scaled)


def effective_weights(hierarchy: Hierarchy, weights: Floats | None = None) -> Floats:
    """Give each indicator's weight in the whole: the product of the weights on its way up.

    `weights` may hold other weights, [nodes] or [draws, nodes]; the sum over indicators is 1.

    >>> tree = build_hierarchy(["a", "b", "c"], {"a": "g", "b": "g", "g": "all", "c": "all"}, {})
    >>> effective_weights(tree).tolist()
    [0.25, 0.25, 0.5]
    """
    found = (hierarchy.weights if weights is None else weights).astype(np.float64, copy=True)
    for place in range(len(hierarchy.names) - 2, -1, -1):
        found[..., place] *= found[..., hierarchy.parents[place]]
    return found[..., : hierarchy.indicator_count]


def _groups_upwards(indicators: Sequence[str], parents: Mapping[str, str]) -> list[str]:
    """List the groups, each after its children; ValueError unless they form one tree."""
    heights: dict[str, int] = dict.fromkeys(indicators, 0)
    for indicator in indicators:
        name, height = indicator, 0
        while name in parents:
            name, height = parents[name], height + 1
            heights[name] = max(heights.get(name, 0), height)
            if height > len(parents):
                raise ValueError(f"parents must form a tree; got a circle through {name!r}")
    groups = [name for name in heights if name not in set(indicators)]
    tops = [name for name in groups if name not in parents]
    if len(tops) != 1 or set(parents) - set(heights):
        raise ValueError(f"parents must lead every node to one whole; got {dict(parents)!r}")
    return sorted(groups, key=lambda name: heights[name])
