"""What many draws of an index say of a unit: its places, its scores, its grades."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from touchstone.stats.index.arrays import Floats, Integers
from touchstone.stats.sensitivity.kernels import Places


@dataclass(frozen=True, eq=False, slots=True)
class PlaceSpread:
    """The places of every unit over all draws: the middle one, and the ends of an interval."""

    low: Integers
    median: Integers
    high: Integers
    mean: Floats


def spread_places(places: Places, confidence: float) -> PlaceSpread:
    """Give for each unit the places that hold it in at least a share `confidence` of the draws.

    `places` is [draws, units]. Of the sorted places of a unit the interval leaves out the same
    share at either end; its ends, and the median, are places that were drawn (inverse of the
    empirical distribution, type 1 of Hyndman and Fan 1996). ValueError for a confidence outside
    0 to 1.

    >>> drawn = np.array([[1, 2], [1, 2], [2, 1], [1, 2]], np.int32)
    >>> found = spread_places(drawn, 0.9)
    >>> found.low.tolist(), found.median.tolist(), found.high.tolist()
    ([1, 1], [1, 2], [2, 2])
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1; got {confidence}")
    wanted = ((1 - confidence) / 2, 0.5, (1 + confidence) / 2)
    positions = [_position(share, len(places)) for share in wanted]
    by_unit = np.ascontiguousarray(places.T)
    ordered = np.partition(by_unit, sorted(set(positions)), axis=1)
    low, median, high = (ordered[:, position].astype(np.int64) for position in positions)
    return PlaceSpread(low, median, high, by_unit.mean(axis=1))


def spread_scores(scores: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Give the ends of each unit's interval of scores, as `spread_places` does for places.

    >>> low, high = spread_scores(np.array([[1.0], [2.0], [3.0], [4.0]]), 0.5)
    >>> low.tolist(), high.tolist()
    ([1.0], [3.0])
    """
    positions = [_position((1 - confidence) / 2, len(scores))]
    positions.append(_position((1 + confidence) / 2, len(scores)))
    by_unit = np.ascontiguousarray(scores.T)
    ordered = np.partition(by_unit, sorted(set(positions)), axis=1)
    return ordered[:, positions[0]], ordered[:, positions[1]]


def share_places(places: Places) -> list[dict[int, float]]:
    """Give for each unit the share of draws in which it has a place, for the places it ever has.

    >>> share_places(np.array([[1, 2], [1, 2], [2, 1], [1, 2]], np.int32))
    [{1: 0.75, 2: 0.25}, {1: 0.25, 2: 0.75}]
    """
    draws, units = places.shape
    cells = (places - 1).astype(np.int64) + units * np.arange(units)
    counts = np.bincount(cells.reshape(-1), minlength=units * units).reshape(units, units)
    return [
        {
            place + 1: float(counts[unit, place] / draws)
            for place in np.flatnonzero(counts[unit]).tolist()
        }
        for unit in range(units)
    ]


def share_grades(scores: Floats, bounds: Sequence[float]) -> Floats:
    """Give the share of draws in which each unit's score lies in each band, [units, bands].

    `scores` is [draws, units]; `bounds` are the lower bounds of the bands in rising order, each
    included in its band; what lies below the first counts to the first. Shares of a unit sum to 1.

    >>> share_grades(np.array([[40.0], [60.0], [61.0], [60.0]]), [0, 60]).tolist()
    [[0.25, 0.75]]
    """
    above = np.array(bounds[1:], np.float64)
    bands = np.searchsorted(above, scores, side="right")
    shares = [(bands == band).mean(axis=0) for band in range(len(bounds))]
    return np.stack(shares, axis=1)


def _position(share: float, count: int) -> int:
    """Give the position, among so many sorted draws, of the quantile of a share."""
    return min(count - 1, max(0, int(np.ceil(share * count - 1e-9)) - 1))
