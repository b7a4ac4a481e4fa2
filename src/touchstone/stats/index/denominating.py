"""Second step of an index: absolute numbers become comparable between large and small units."""

import numpy as np

from touchstone.stats.index.arrays import Floats


def denominate(values: Floats, denominators: Floats, *, per: float = 1.0) -> Floats:
    """Divide an indicator by the size of each unit: patents by population, roads by area.

    `values` and `denominators` have one entry for each unit, or are [units, indicators]. `per`
    multiplies, such as 1000 for "per thousand inhabitants". A cell whose denominator is missing,
    0 or negative has no value (NaN). Standard errors are divided in the same way; the denominator
    is taken to be exact.

    >>> denominate(np.array([10.0, 10.0]), np.array([5.0, 0.0])).tolist()
    [2.0, nan]
    """
    is_size = denominators > 0
    return np.where(is_size, per * values / np.where(is_size, denominators, 1.0), np.nan)
