"""Draws without chance: evenly spread points, each unit's in an order of its own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
SEED = 20121231
# Generating vectors built component by component (Sloan and Reztsov 2002) for the least mean of
# the product of 1 + 2π²/10·(x² − x + 1/6) over all points.
VECTORS = {
    1009: (1, 282, 381, 428, 79, 320, 171, 356, 130, 266, 335, 234, 140, 44, 296, 240, 33, 464),
    251: (1, 104, 91, 27, 33, 41, 24, 110, 15, 88, 20, 85, 38, 97, 92, 102, 29, 36),
    101: (1, 39, 27, 42, 11, 36, 24, 44, 49, 4, 14, 19, 32, 34, 6, 9, 47, 26),
}
SIZES = ((20_000, 1009), (100_000, 251))
COARSEST = 101
MANTISSA = 53


@dataclass(frozen=True, slots=True)
class Lattice:
    """So many points (1009, 251 or 101), spread evenly over any number of dimensions.

    Coordinate j of point d is (d·zⱼ mod N)/N with the generating vector z of a good lattice rule
    (Korobov 1959), moved by a shift of its own for every unit and dimension (Cranley and Patterson
    1976). Every unit runs through the points in another order, so that the points of two units do
    not move together.
    """

    points: int

    def places(self, dimension: int, units: Whole) -> Whole:
        """Give the place, from 0 to `points` − 1, of every point of some units in a dimension.

        Of shape units × points; in each row every place stands once.

        >>> rows = Lattice(101).places(0, np.array([0, 7]))
        >>> all(sorted(row) == list(range(101)) for row in rows.tolist())
        True
        """
        vector = VECTORS[self.points]
        step = vector[dimension % len(vector)] * (1 + dimension // len(vector))
        orders = 1 + _drawn(units, 0) % np.uint64(self.points - 1)
        shifts = _drawn(units, 1 + dimension) % np.uint64(self.points)
        steps = orders.astype(np.int64) * step % self.points
        counted = np.arange(self.points, dtype=np.int64)
        return (steps[:, None] * counted + shifts.astype(np.int64)[:, None]) % self.points


def lattice_for(count: int) -> Lattice:
    """Give a lattice of 1,009 points for up to 20,000 units, of 251 and 101 for more.

    >>> lattice_for(20_000).points, lattice_for(1_000_000).points
    (1009, 101)
    """
    return Lattice(next((points for most, points in SIZES if count <= most), COARSEST))


def normal_draws(rows: int, columns: int, *, seed: int = SEED) -> Array:
    """Give standard normal numbers that are the same on every machine and with every version.

    >>> drawn = normal_draws(100, 100)
    >>> abs(float(drawn.mean())) < 0.03, abs(float(drawn.std()) - 1) < 0.03
    (True, True)
    """
    raw = np.random.Philox(key=seed).random_raw(rows * columns)
    levels = ((raw >> np.uint64(64 - MANTISSA)).astype(np.float64) + 0.5) / 2.0**MANTISSA
    drawn: Array = special.ndtri(levels).reshape(rows, columns)
    return drawn


def _drawn(units: Whole, column: int) -> NDArray[np.uint64]:
    """Give a whole number for each unit and column, by the mixing of splitmix64 (Steele 2014)."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        state = (units.astype(np.uint64) * np.uint64(64) + np.uint64(column + SEED)) * golden
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return state ^ (state >> np.uint64(31))
