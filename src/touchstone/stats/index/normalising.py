"""Fifth step of an index: indicators in different units come onto one scale, higher is better."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from touchstone.stats.index.arrays import (
    Floats,
    empty_columns,
    ends_known,
    mean_known,
    refuse_columns,
)
from touchstone.stats.index.choices import Normalisation

NORMALISATIONS: tuple[Normalisation, ...] = get_args(Normalisation)
BY_PLACES = ("rank", "percentile", "borda")
Z_MIDDLE, Z_SPREAD = 50.0, 10.0


@dataclass(frozen=True, eq=False, slots=True)
class Scaling:
    """What normalisation needs to know of the indicators, one entry for each.

    `better` is 1 where more is better and −1 where less is. `worst` and `best` are the goalposts,
    `target` the target, in the indicators' own units; NaN where none is stated. `reference` is
    the row of the unit that serves as reference. The scale runs from `low` to `high`.
    """

    names: tuple[str, ...]
    better: Floats
    worst: Floats
    best: Floats
    target: Floats
    reference: int | None = None
    low: float = 0.0
    high: float = 100.0


@dataclass(frozen=True, eq=False, slots=True)
class Lines:
    """Straight lines onto the scale: a signed value is cut to low … high, then start + slope·x."""

    low: Floats
    high: Floats
    start: Floats
    slope: Floats


def plain_scaling(names: Sequence[str], better: Sequence[int] | None = None) -> Scaling:
    """Describe indicators of which nothing but the good direction is known.

    >>> plain_scaling(["roads", "accidents"], [1, -1]).better.tolist()
    [1.0, -1.0]
    """
    signs = np.ones(len(names)) if better is None else np.array(better, np.float64)
    unknown = np.full(len(names), np.nan)
    return Scaling(tuple(names), signs, unknown, unknown, unknown)


def normalise(values: Floats, scaling: Scaling, method: Normalisation) -> Floats:
    """Bring an array [units, indicators] onto one scale on which higher is better; NaN stays NaN.

    With s = better·x, and the scale running from L to H (0 to 100):

    - `min_max`: L + (H − L)·(s − min)/(max − min), ends over the units given.
    - `z_score`: 50 + 10·(s − mean)/sd, with the sample standard deviation (McCall 1922).
    - `rank`: the number of units that are not better, ties at their mean: 1 for the worst.
    - `percentile`: L + (H − L)·(rank − 1)/(n − 1).
    - `borda`: the number of units that are worse (de Borda 1781).
    - `goalposts`: L + (H − L)·(s − worst)/(best − worst), cut to the scale.
    - `distance_to_target`: L + (H − L)·(s − min)/(target − min), at most H.
    - `distance_to_reference`: L + (H − L)·(s − min)/(s of the reference unit − min).

    Source: OECD and JRC handbook (Nardo and others 2008), step 5; definitions as in COINr.

    Raises INDEX-01 for an indicator whose known values are all equal where the method divides by
    their spread (one unit alone included), INDEX-02 for one without values, INDEX-03 for one
    without goalposts or target, or with no distance to it. ValueError for an unknown method.

    >>> cells = np.array([[1.0, 30.0], [2.0, 10.0], [5.0, 20.0]])
    >>> normalise(cells, plain_scaling(["roads", "accidents"], [1, -1]), "min_max").tolist()
    [[0.0, 0.0], [25.0, 100.0], [100.0, 50.0]]
    """
    if method not in NORMALISATIONS:
        raise ValueError(f"method must be one of {NORMALISATIONS}; got {method!r}")
    refuse_columns(
        empty_columns(values),
        scaling.names,
        code="INDEX-02",
        found="no unit has a value",
        remedy="Take the indicator out, or bring evidence for it.",
    )
    signed = values * scaling.better
    if method in BY_PLACES:
        return _by_places(signed, scaling, method)
    lines = lines_of(signed, scaling, method)
    return np.clip(signed, lines.low, lines.high) * lines.slope + lines.start


def lines_of(signed: Floats, scaling: Scaling, method: Normalisation) -> Lines:
    """Give the straight lines by which a method normalises; errors as in `normalise`.

    `signed` is better·x. Not for `rank`, `percentile` and `borda`, which are no lines.

    >>> lines_of(np.array([[1.0], [3.0]]), plain_scaling(["roads"]), "min_max").slope.tolist()
    [50.0]
    """
    nothing = np.full(signed.shape[1], np.inf)
    if method == "z_score":
        spread = _spread(signed, scaling)
        slope = Z_SPREAD / spread
        return Lines(-nothing, nothing, Z_MIDDLE - slope * mean_known(signed), slope)
    low, high = _ends(signed, scaling, method)
    _refuse_no_distance(low, high, scaling, method)
    slope = (scaling.high - scaling.low) / (high - low)
    cut_low = low if method == "goalposts" else -nothing
    cut_high = high if method in ("goalposts", "distance_to_target") else nothing
    return Lines(cut_low, cut_high, scaling.low - slope * low, slope)


def _ends(signed: Floats, scaling: Scaling, method: Normalisation) -> tuple[Floats, Floats]:
    """Give the values that become the low and the high end of the scale."""
    if method == "goalposts":
        return scaling.worst * scaling.better, scaling.best * scaling.better
    low, high = ends_known(signed)
    if method == "distance_to_target":
        return low, scaling.target * scaling.better
    if method == "distance_to_reference":
        if scaling.reference is None:
            raise ValueError("scaling must name the row of the reference unit; got None")
        return low, signed[scaling.reference]
    return low, high


def _spread(signed: Floats, scaling: Scaling) -> Floats:
    low, high = ends_known(signed)
    _refuse_constant(low, high, scaling)
    count = (~np.isnan(signed)).sum(axis=0)
    squares = mean_known((signed - mean_known(signed)) ** 2) * count
    spread: Floats = np.sqrt(squares / (count - 1))
    return spread


def _refuse_constant(low: Floats, high: Floats, scaling: Scaling) -> None:
    refuse_columns(
        low == high,
        scaling.names,
        code="INDEX-01",
        found="all units that have a value have the same one",
        remedy="Take the indicator out, or normalise by goalposts, which need no spread.",
    )


def _refuse_no_distance(low: Floats, high: Floats, scaling: Scaling, method: Normalisation) -> None:
    if method == "min_max":
        _refuse_constant(low, high, scaling)
    refuse_columns(
        ~(high > low),
        scaling.names,
        code="INDEX-03",
        found=f"{method} finds no distance above the low end of the scale",
        remedy="State goalposts or a target that lie apart, in the indicator's good direction; "
        "the reference unit must have a value above the least.",
    )


def _counts_below(signed: Floats) -> tuple[Floats, Floats]:
    """Count for each value those of its column below it, and those up to it; NaN has no count."""
    below, up_to = np.full(signed.shape, np.nan), np.full(signed.shape, np.nan)
    for place, column in enumerate(signed.T):
        known = ~np.isnan(column)
        ordered = np.sort(column[known])
        below[known, place] = np.searchsorted(ordered, column[known], side="left")
        up_to[known, place] = np.searchsorted(ordered, column[known], side="right")
    return below, up_to


def _by_places(signed: Floats, scaling: Scaling, method: Normalisation) -> Floats:
    below, up_to = _counts_below(signed)
    if method == "borda":
        return below
    places: Floats = (below + up_to + 1) / 2
    if method != "percentile":
        return places
    low, high = ends_known(signed)
    _refuse_constant(low, high, scaling)
    count = (~np.isnan(signed)).sum(axis=0)
    share = (places - 1) / (count - 1)
    return np.asarray(scaling.low + (scaling.high - scaling.low) * share, np.float64)
