"""The grade bands of a scheme, from the lowest up."""

from bisect import bisect_right
from decimal import Decimal

from touchstone.content.schemes import Scheme


class Grading:
    """A scheme's grades in rising order, with the bounds of their bands.

    A band holds its lower bound and ends right below the next one's.
    """

    def __init__(self, scheme: Scheme) -> None:
        bands = sorted(scheme.grades, key=lambda band: band.start)
        self.grades = tuple(band.id for band in bands)
        self.bounds = tuple(band.start for band in bands)
        self.places = {grade: place for place, grade in enumerate(self.grades)}
        self.ends = (*self.bounds[1:], scheme.scale.high)
        self.figure_places = scheme.places

    def place_of(self, figure: Decimal) -> int:
        """Give the place of the band that a figure lies in, 0 for the lowest."""
        return max(bisect_right(self.bounds, figure) - 1, 0)
