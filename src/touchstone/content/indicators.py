"""Indicators: what is measured of a unit, and how."""

from typing import Literal

import msgspec

IndicatorKind = Literal["fact", "mean", "share", "corrected_mean"]


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing measured of every unit.

    A `fact` is read from a register, one row a unit. A `mean` is the mean of many answers, a
    `share` the share of answers that are among `counts_as_yes`, in percent; both have an interval,
    and are withheld below `smallest_group` raters.
    """

    dataset: str
    kind: IndicatorKind
    column: str
    counts_as_yes: tuple[int, ...] = ()
    smallest_group: int = 10
    groups: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    within_groups: bool = False
