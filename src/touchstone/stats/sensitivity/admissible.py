"""Which places a unit can have at all, over every weight that may be called admissible."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from touchstone.stats.index.aggregating import Mean
from touchstone.stats.index.arrays import Floats, Integers
from touchstone.stats.index.composing import Panel, Steps, means_of
from touchstone.stats.index.hierarchies import Hierarchy
from touchstone.stats.sensitivity.weight_programmes import Order, WeightProgramme
from touchstone.tallies.limbs import compiled
from touchstone.tallies.workers import share_work

LEVEL = 1e-9


@dataclass(frozen=True, eq=False, slots=True)
class PlaceBounds:
    """No unit is better than `best` or worse than `worst`, whatever the admissible weights."""

    best: Integers
    worst: Integers


@dataclass(frozen=True, slots=True)
class ExtremePlaces:
    """The best and the worst place of one unit; `is_proven` when no weights can do better."""

    best: int
    worst: int
    is_proven: bool


def bound_places(points: Floats, hierarchy: Hierarchy, noise: float) -> PlaceBounds:
    """Bound the place of every unit over all admissible weights.

    `points` is [units, indicators], such that an index is a weighted mean of them (see
    `additive_points`). Admissible is every set of weights in which each node has between
    (1 − noise) and (1 + noise) times its own, scaled to sum to 1 among siblings: the set that
    draws with weight noise are taken from.

    For each two units the greatest lead that one can have over the other is found exactly: group
    by group from below, children with a lead above the group's best mean take their greatest
    weight, the others their least, which solves this linear fractional programme. A unit that can
    never be level with another is behind it always; the best place is 1 + the units always ahead,
    the worst the number of units less those always behind (necessary preference in robust ordinal
    regression, Kadziński, Greco and Słowiński 2012). The bounds hold; `extreme_places` tells
    whether they are reached.

    >>> from touchstone.stats.index.hierarchies import flat_hierarchy
    >>> points = np.array([[9.0, 1.0], [5.0, 5.5], [4.0, 0.5]])
    >>> found = bound_places(points, flat_hierarchy(["a", "b"]), 0.3)
    >>> found.best.tolist(), found.worst.tolist()
    ([1, 1, 3], [2, 2, 3])
    """
    if not 0 <= noise < 1:
        raise ValueError(f"noise must be 0 or more, below 1; got {noise}")
    low, high = hierarchy.weights * (1 - noise), hierarchy.weights * (1 + noise)
    lead = np.empty((len(points), len(points)))
    groups = range(hierarchy.indicator_count, len(hierarchy.names))
    children = [hierarchy.children(group) for group in groups]
    family = (np.concatenate(children), np.cumsum([0, *map(len, children)]))
    ordered = np.ascontiguousarray(points)

    def lead_some(units: Iterable[int]) -> None:
        for unit in units:
            greatest_leads(ordered[unit], ordered, family, (low, high), lead[unit])

    share_work(lead_some, len(points))
    return _bounds_from(lead)


def bound_places_ordered(
    points: Floats, hierarchy: Hierarchy, noise: float, orders: Sequence[Order]
) -> PlaceBounds:
    """Bound places as `bound_places` does, where some nodes must weigh at least what others do.

    `orders` holds pairs of nodes (more, less): the first weighs in the whole at least as much as
    the second. Each two units take one linear programme (HiGHS, Huangfu and Hall 2018), so that
    this suits some hundred units. ValueError when no weights are admissible.

    >>> from touchstone.stats.index.hierarchies import flat_hierarchy
    >>> points = np.array([[9.0, 1.0], [5.0, 5.5]])
    >>> found = bound_places_ordered(points, flat_hierarchy(["a", "b"]), 0.3, [("a", "b")])
    >>> found.best.tolist(), found.worst.tolist()
    ([1, 1], [2, 2])
    """
    programme = WeightProgramme(hierarchy, noise, orders)
    lead = np.zeros((len(points), len(points)))
    for one in range(len(points)):
        for other in range(len(points)):
            if one != other:
                lead[one, other] = programme.greatest(points[one] - points[other])
    return _bounds_from(lead)


def extreme_places(
    points: Floats, hierarchy: Hierarchy, noise: float, unit: int, *, seconds: float = 10.0
) -> ExtremePlaces:
    """Find the best and the worst place that a unit really has for some admissible weights.

    Each is a mixed-integer programme that counts the units ahead, or behind (extreme ranking
    analysis, Kadziński, Greco and Słowiński 2012), solved by HiGHS within so many seconds; when
    they do not suffice the bounds found so far are given, as not proven. Units that are level are
    not ahead of each other.

    >>> from touchstone.stats.index.hierarchies import flat_hierarchy
    >>> points = np.array([[9.0, 1.0], [5.0, 5.5], [4.0, 0.5]])
    >>> extreme_places(points, flat_hierarchy(["a", "b"]), 0.3, 0)
    ExtremePlaces(best=1, worst=2, is_proven=True)
    """
    programme = WeightProgramme(hierarchy, noise, ())
    others = np.delete(points, unit, axis=0)
    ahead, is_best_proven = programme.fewest_above(others - points[unit], seconds)
    behind, is_worst_proven = programme.fewest_above(points[unit] - others, seconds)
    return ExtremePlaces(1 + ahead, len(points) - behind, is_best_proven and is_worst_proven)


def additive_points(panel: Panel, normalised: Floats, steps: Steps) -> Floats | None:
    """Give points whose weighted arithmetic mean ranks units as the index does, or None.

    A geometric mean ranks as the mean of logarithms, a harmonic one as that of −1/x, of at least
    the panel's floor. There are no such points where groups take different means, for Copeland,
    and where cells are missing, so that weights differ by unit.

    >>> from touchstone.stats.index.hierarchies import flat_hierarchy
    >>> from touchstone.stats.index.normalising import plain_scaling
    >>> cells = np.array([[1.0, 10.0]])
    >>> panel = Panel(("A",), cells, cells, plain_scaling(["a", "b"]), flat_hierarchy(["a", "b"]),
    ...               ("harmonic",))
    >>> additive_points(panel, cells, Steps()).tolist()
    [[-1.0, -0.1]]
    """
    if steps.aggregate == "copeland" or np.isnan(normalised).any():
        return None
    means = set(means_of(panel, steps.aggregate))
    return _changed(normalised, means.pop(), panel.floor) if len(means) == 1 else None


def _changed(normalised: Floats, mean: Mean, floor: float) -> Floats:
    if mean == "arithmetic":
        return normalised
    raised = np.maximum(normalised, floor)
    return np.asarray(np.log(raised) if mean == "geometric" else -1 / raised, np.float64)


def _bounds_from(lead: Floats) -> PlaceBounds:
    """Count who is always ahead and always behind, from the greatest lead of each over each."""
    is_behind = lead < -LEVEL * max(float(np.abs(lead).max(initial=0.0)), 1.0)
    return PlaceBounds(1 + is_behind.sum(axis=1), len(lead) - is_behind.sum(axis=0))


@compiled
def greatest_leads(
    own: Floats,
    points: Floats,
    family: tuple[Integers, Integers],
    ends: tuple[Floats, Floats],
    lead: Floats,
) -> None:
    """Fill lead[k] with the greatest mean of one unit's points less points[k] over all weights.

    `family` has the children of the groups one after the other, and where each group's begin;
    `ends` the least and the greatest weight of each node.
    """
    units, indicators = points.shape
    nodes = len(ends[0])
    best = np.empty(nodes)
    for other in range(units):
        for node in range(indicators):
            best[node] = own[node] - points[other, node]
        for group in range(indicators, nodes):
            place = group - indicators
            inside = family[0][family[1][place] : family[1][place + 1]]
            best[group] = greatest_mean(best, inside, ends[0], ends[1])
        lead[other] = best[nodes - 1]


@compiled
def greatest_mean(best: Floats, inside: Integers, low: Floats, high: Floats) -> float:
    """Give the greatest weighted mean of a group's children, each weight between two bounds.

    Children that lie above the mean take their greatest weight, the others their least; the mean
    rises until nothing changes (Dinkelbach 1967).
    """
    mean = -np.inf
    while True:
        total, mass = 0.0, 0.0
        for node in inside:
            weight = high[node] if best[node] > mean else low[node]
            total += weight * best[node]
            mass += weight
        found = total / mass
        if found <= mean:
            return mean
        mean = found
