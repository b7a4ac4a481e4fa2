"""The results of another scheme held beside those of a scheme: who moves."""

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from touchstone.loop.results import BesideResult, UnitResult

# A unit moves when its place in the order changes by more than one such part of the units.
PARTS = 10


def results_beside(
    units: Sequence[UnitResult], others: Sequence[UnitResult]
) -> tuple[BesideResult, ...]:
    """Give what another scheme says of each unit; both lists have the same units in one order.

    Among the units with a score by both, each has a place in the order of scores, 1 being the
    highest; equal scores share the best of their places. A unit moves when its place by this scheme
    differs from that by the other by more than a tenth of these units. Places in an order do not
    say whether scores can be told apart; ranges of ranks do.
    """
    pairs = list(zip(units, others, strict=True))
    scored = [
        (-unit.score, -other.score)
        for unit, other in pairs
        if unit.score is not None and other.score is not None
    ]
    here = sorted(score for score, _ in scored)
    there = sorted(score for _, score in scored)
    return tuple(_beside(unit, other, here, there) for unit, other in pairs)


def places_gained(beside: BesideResult) -> int | None:
    """Give how many places in the order a unit wins by this scheme over that by the other."""
    if beside.order is None or beside.order_here is None:
        return None
    return beside.order - beside.order_here


def _beside(
    unit: UnitResult, other: UnitResult, here: Sequence[Decimal], there: Sequence[Decimal]
) -> BesideResult:
    order, other_order = None, None
    moves: Literal["up", "down"] | None = None
    if unit.score is not None and other.score is not None:
        order = bisect_left(here, -unit.score) + 1
        other_order = bisect_left(there, -other.score) + 1
        if abs(order - other_order) * PARTS > len(here):
            moves = "up" if order < other_order else "down"
    return BesideResult(
        other.unit,
        other.score,
        other.low,
        other.high,
        other.rank_low,
        other.rank_high,
        other.grade,
        other_order,
        order,
        moves,
    )
