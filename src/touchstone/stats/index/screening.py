"""First step of an index: which units have data enough, and which indicators tell nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from touchstone.stats.index.arrays import Floats, Mask, empty_columns, ends_known

COLLINEAR = 0.99


@dataclass(frozen=True, slots=True)
class Screening:
    """What a look at the indicators found.

    `empty` have no value, `constant` the same for every unit; `collinear` are pairs whose
    correlation over the units is at least 0.99 either way, so that one thing counts twice.
    `known` is the share of units with a value, by indicator.
    """

    empty: tuple[str, ...]
    constant: tuple[str, ...]
    collinear: tuple[tuple[str, str], ...]
    known: tuple[float, ...]


def screen_units(values: Floats, *, least_known: float, least_nonzero: float = 0.0) -> Mask:
    """Mark the units that have enough data to stay.

    `values` is [units, indicators]. A unit stays when at least the share `least_known` of its
    cells has a value, and of these at least `least_nonzero` is not 0: many zeros often stand for
    values nobody had. ValueError for shares outside 0 to 1.

    Source: OECD and JRC handbook (Nardo and others 2008), step 2.

    >>> cells = np.array([[1.0, 2.0], [np.nan, 2.0], [np.nan, np.nan]])
    >>> screen_units(cells, least_known=0.5).tolist()
    [True, True, False]
    """
    if not (0 <= least_known <= 1 and 0 <= least_nonzero <= 1):
        raise ValueError(f"shares must lie between 0 and 1; got {least_known=}, {least_nonzero=}")
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    nonzero = (known & (values != 0)).sum(axis=1)
    has_values = count >= least_known * values.shape[1] - 1e-9
    kept: Mask = has_values & (count > 0) & (nonzero >= least_nonzero * count - 1e-9)
    return kept


def screen_indicators(values: Floats, names: Sequence[str]) -> Screening:
    """Find the indicators that are empty, constant, or say what another one says.

    Correlations (Pearson 1895) are taken over the units that have both values, at least 3.

    >>> cells = np.array([[1.0, 2.0, 5.0], [2.0, 4.0, 5.0], [4.0, 8.0, 5.0]])
    >>> found = screen_indicators(cells, ["roads", "streets", "rain"])
    >>> found.constant, found.collinear
    (('rain',), (('roads', 'streets'),))
    """
    known = ~np.isnan(values)
    low, high = ends_known(values)
    strength = np.abs(pairwise_correlations(values))
    firsts, seconds = np.nonzero(np.triu(strength >= COLLINEAR, 1))
    return Screening(
        empty=_named(empty_columns(values), names),
        constant=_named(low == high, names),
        collinear=tuple(
            (names[one], names[other])
            for one, other in zip(firsts.tolist(), seconds.tolist(), strict=True)
        ),
        known=tuple(known.mean(axis=0).tolist()),
    )


def pairwise_correlations(values: Floats) -> Floats:
    """Give the correlation of each two columns over the rows that have both; 0 where undefined.

    Undefined are pairs with fewer than 3 common rows, or with a column that is constant there.

    >>> cells = np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0], [5.0, np.nan]])
    >>> pairwise_correlations(cells).round(6).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    known = (~np.isnan(values)).astype(np.float64)
    middle = np.where(known > 0, values, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    filled = np.where(known > 0, values - middle, 0.0)
    size = np.maximum(np.abs(filled).max(axis=0), np.finfo(float).tiny)
    filled = filled / size
    count = known.T @ known
    safe = np.maximum(count, 1)
    sums = filled.T @ known
    squares = (filled**2).T @ known - sums**2 / safe
    products = filled.T @ filled - sums * sums.T / safe
    spread = squares * squares.T
    defined = (count >= 3) & (spread > 1e-24 * safe**2)
    return np.where(defined, products / np.sqrt(np.where(defined, spread, 1.0)), 0.0)


def _named(marked: Mask, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name, is_marked in zip(names, marked, strict=True) if is_marked)
