"""Exact ranges of unknown numbers: each statement narrows what stands in it, until nothing moves.

Where unknowns and statements form no cycle, as in every tree of totals, the ranges that are left
are the exact ones: each value in them occurs in some solution. Elsewhere they are outer bounds.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from touchstone.base.errors import TouchstoneError
from touchstone.stats.disclosure.knowledge import Knowledge, Number, Statement, Unknown

# Around a cycle the bounds may creep forever; then the attack by linear programming goes on.
MOST_VISITS = 30


class Narrowed(NamedTuple):
    """The ranges of all unknowns, and whether nothing moves any more."""

    ranges: dict[str, Unknown]
    is_settled: bool


def narrowed(knowledge: Knowledge) -> Narrowed:
    """Narrow all unknowns by all statements.

    Exact: whole numbers and fractions only. Raises TouchstoneError DISCLOSURE-01 when no numbers
    fit the statements.

    >>> from touchstone.stats.disclosure.knowledge import Unknown, adds_up, equals
    >>> told = [adds_up("all", ["a", "b"]), equals([("all", 1)], 12), equals([("b", 1)], 9)]
    >>> ranges, _ = narrowed(Knowledge({name: Unknown() for name in ("all", "a", "b")}, told))
    >>> ranges["a"]
    Unknown(low=3, high=3, whole=True)
    """
    ranges = dict(knowledge.unknowns)
    for name, unknown in ranges.items():
        ranges[name] = _within(unknown, None, None, name)
    statements = knowledge.statements
    standing = _standing_of(statements)
    waiting, is_waiting = deque(range(len(statements))), [True] * len(statements)
    visits = [0] * len(statements)
    is_settled = True
    while waiting:
        place = waiting.popleft()
        is_waiting[place] = False
        visits[place] += 1
        if visits[place] > MOST_VISITS + len(statements[place].terms):
            is_settled = False
            continue
        for name in _narrow(statements[place], ranges):
            for other in standing[name]:
                if other != place and not is_waiting[other]:
                    waiting.append(other)
                    is_waiting[other] = True
    return Narrowed(ranges, is_settled)


def _standing_of(statements: Sequence[Statement]) -> Mapping[str, list[int]]:
    """List for each unknown the statements it stands in."""
    found: dict[str, list[int]] = {}
    for place, statement in enumerate(statements):
        for name, _ in statement.terms:
            found.setdefault(name, []).append(place)
    return found


def _narrow(statement: Statement, ranges: dict[str, Unknown]) -> list[str]:
    """Narrow the unknowns of one statement by each other; name those that moved."""
    ends = [_scaled(ranges[name], factor) for name, factor in statement.terms]
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    sum_low, open_low = _sum(lows)
    sum_high, open_high = _sum(highs)
    moved = []
    for (name, factor), low, high in zip(statement.terms, lows, highs, strict=True):
        new_low = _left(statement.low, sum_high, high, open_high)
        new_high = _left(statement.high, sum_low, low, open_low)
        if factor < 0:
            new_low, new_high = new_high, new_low
        unknown = ranges[name]
        found = _within(unknown, _divided(new_low, factor), _divided(new_high, factor), name)
        if found != unknown:
            ranges[name] = found
            moved.append(name)
    return moved


def _sum(ends: Sequence[Number | None]) -> tuple[Number, int]:
    """Sum the known ends, and count the unknown ones."""
    known = [end for end in ends if end is not None]
    return sum(known), len(ends) - len(known)


def _left(end: Number | None, total: Number, own: Number | None, unknown: int) -> Number | None:
    """Give what an end leaves to one term when all others take as much as they can."""
    if end is None or unknown > (own is None):
        return None
    return end - (total if own is None else total - own)


def _scaled(unknown: Unknown, factor: Number) -> tuple[Number | None, Number | None]:
    low = None if unknown.low is None else unknown.low * factor
    high = None if unknown.high is None else unknown.high * factor
    return (low, high) if factor > 0 else (high, low)


def _divided(end: Number | None, factor: Number) -> Number | None:
    if end is None or factor == 1:
        return end
    if factor == -1:
        return -end
    exact = Fraction(end) / factor
    return int(exact) if exact.denominator == 1 else exact


def _within(unknown: Unknown, low: Number | None, high: Number | None, name: str) -> Unknown:
    """Narrow one unknown; the ends of a whole number are whole."""
    if unknown.low is not None and (low is None or low < unknown.low):
        low = unknown.low
    if unknown.high is not None and (high is None or high > unknown.high):
        high = unknown.high
    if unknown.whole:
        low = None if low is None else ceil(low)
        high = None if high is None else floor(high)
    if low is not None and high is not None and low > high:
        raise TouchstoneError(
            "DISCLOSURE-01",
            where=name,
            found="no number fits all that was published of it",
            remedy="Correct the figure that contradicts the others.",
        )
    return Unknown(low, high, unknown.whole)
