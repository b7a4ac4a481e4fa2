"""What the public knows: unknown numbers, and statements that published figures make of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

Number = int | Fraction
# What is told of a figure leaves at least this share of its value open.
OPEN_SHARE = Fraction(1, 5)


class Unknown(NamedTuple):
    """A number that nobody was told: its ends where they are known to all, and if it is whole."""

    low: Number | None = 0
    high: Number | None = None
    whole: bool = True


class Statement(NamedTuple):
    """What a published figure says: low ≤ Σ factor · unknown ≤ high; None where it says nothing.

    A rounded figure says that the number lies within half a unit of its last place. A rounded mean
    of sum S and count N says S − low·N ≥ 0 and S − high·N ≤ 0, two statements.
    """

    terms: tuple[tuple[str, Number], ...]
    low: Number | None
    high: Number | None


class Secret(NamedTuple):
    """An unknown to be protected, and how wide its range must stay at least."""

    name: str
    least: Number


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that follows from what was published, and what everybody knows beforehand."""

    unknowns: Mapping[str, Unknown]
    statements: Sequence[Statement]


class Exposure(NamedTuple):
    """A secret that can be worked out too closely: the range in which it must lie."""

    name: str
    low: Number
    high: Number
    least: Number


def least_width(value: Number, smallest: int, *, step: Number = 1) -> Number:
    """Give how wide the range of a protected sum must stay: max(k, 20 % of the value).

    `smallest` is the smallest group k; `step` is by how much one person can change the sum at
    least, 1 for a count.

    >>> least_width(4, 10), least_width(100, 10)
    (10, 20)
    """
    share = max(value, -value) * OPEN_SHARE
    return _plain(max(Fraction(smallest * step), share))


def equals(terms: Sequence[tuple[str, Number]], value: Number) -> Statement:
    """Make the statement of a figure that is told exactly.

    >>> equals([("town", 1)], 7).low
    7
    """
    return Statement(tuple(terms), value, value)


def adds_up(total: str, parts: Sequence[str]) -> Statement:
    """Make the statement that a total is the sum of its parts, which anybody knows.

    >>> adds_up("all", ["a", "b"]).terms
    (('all', -1), ('a', 1), ('b', 1))
    """
    return Statement(((total, -1), *((part, 1) for part in parts)), 0, 0)


def _plain(number: Number) -> Number:
    return int(number) if number == int(number) else number
