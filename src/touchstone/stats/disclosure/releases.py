"""What one release told of which groups of people, and what it kept back: the entry of a ledger."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from fractions import Fraction

import msgspec
import numpy as np
import numpy.typing as npt

Prints = npt.NDArray[np.uint64]
PRINT_TYPE = np.dtype(">u8")


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of figure that adds up over groups, and what everybody knows of it beforehand.

    `of` says what it sums: values of `people`, or one value for each lowest group (`groups`).
    `low` and `high` are the ends of one such value, fractions as text; None where there is none.
    """

    name: str
    of: str
    low: str | None = None
    high: str | None = None
    whole: bool = False


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group of people: one of the lowest, with its members' prints, or the sum of `parts`.

    `prints` are 8 bytes for each member, in ascending order, in Base64: keyed hashes of who
    answered and what, by which the members of different releases are compared. Groups of one
    `axis` do not overlap, unless one is part of the other.
    """

    id: str
    axis: str = "units"
    parts: tuple[str, ...] = ()
    prints: str = ""


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A figure of a group as it was told: the ends that its rounding, or its band, leaves open."""

    figure: str
    group: str
    low: str
    high: str


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A figure of a group that must stay hidden, and how wide its range must stay at least."""

    figure: str
    group: str
    least: str


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that one release says of people; `smallest` is the smallest group k it kept to.

    `wave` tells rounds of answers apart: the same person's answers in two waves are two things.
    """

    label: str
    wave: str
    smallest: int
    scales: tuple[Scale, ...] = ()
    groups: tuple[Group, ...] = ()
    told: tuple[Told, ...] = ()
    kept: tuple[Kept, ...] = ()


def pack_prints(prints: Prints) -> str:
    """Write members' prints as text, in ascending order.

    >>> pack_prints(np.array([2, 1], np.uint64))
    'AAAAAAAAAAEAAAAAAAAAAg=='
    """
    return b64encode(np.sort(prints).astype(PRINT_TYPE).tobytes()).decode()


def unpack_prints(text: str) -> Prints:
    """Read what `pack_prints` wrote.

    >>> unpack_prints("AAAAAAAAAAEAAAAAAAAAAg==").tolist()
    [1, 2]
    """
    return np.frombuffer(b64decode(text), PRINT_TYPE).astype(np.uint64)


def ends_of(value: Fraction, half_width: Fraction, *, times: int = 1) -> tuple[str, str]:
    """Give the ends that a rounded figure leaves open, of a sum of `times` such values.

    >>> from fractions import Fraction
    >>> ends_of(Fraction(5), Fraction(1, 20), times=4)
    ('99/5', '101/5')
    """
    return str(times * (value - half_width)), str(times * (value + half_width))


def ids_of(groups: Sequence[Group]) -> dict[str, Group]:
    """Give groups by their identifiers."""
    return {group.id: group for group in groups}
