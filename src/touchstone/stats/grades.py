"""Grades: an interval gets a grade only when it lies in one band from end to end."""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol


class Band(Protocol):
    """One grade and its lower bound, which belongs to it."""

    @property
    def id(self) -> str:
        """The grade's name."""

    @property
    def start(self) -> Decimal:
        """The lowest value that gets the grade."""


def grade_of(low: Decimal, high: Decimal, bands: Sequence[Band]) -> str | None:
    """Give the grade whose band holds the whole interval from `low` to `high`, or None.

    None means undecided: the evidence cannot tell two grades apart. A band runs from its own
    bound (included) up to the next band's (not included), whatever the order of `bands`. The
    lowest band has no lower end and the highest no upper end, as an interval may reach beyond
    the scale. A fact has low = high and is always decided.

    >>> from types import SimpleNamespace as band
    >>> bands = [band(id="good", start=Decimal(70)), band(id="fair", start=Decimal(0))]
    >>> grade_of(Decimal(70), Decimal(75), bands), grade_of(Decimal(65), Decimal(70), bands)
    ('good', None)
    """
    if low > high or not bands:
        raise ValueError(f"grade_of needs low <= high and a band; got {low=}, {high=}, {bands=}")
    ordered = sorted(bands, key=lambda band: band.start)
    bounds = [band.start for band in ordered[1:]]
    place = bisect_right(bounds, low)
    return ordered[place].id if place == bisect_right(bounds, high) else None
