"""Numbers of people as bands, so that one more or less is not seen."""

from dataclasses import dataclass
from itertools import count as count_up


@dataclass(frozen=True, slots=True)
class Band:
    """A number of people as two bounds, both included."""

    low: int
    high: int


def band_of(count: int) -> Band:
    """Tell a count of people only by its band: 0–9, 10–19, 20–49, 50–99, 100–199, 200–499, ….

    >>> band_of(7), band_of(250)
    (Band(low=0, high=9), Band(low=200, high=499))
    """
    edges = (first * 10**zeros for zeros in count_up(1) for first in (1, 2, 5))
    low = 0
    for edge in edges:
        if count < edge:
            return Band(low, edge - 1)
        low = edge
    raise AssertionError("edges never end")
