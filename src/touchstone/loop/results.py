"""What an assessment gives: one result for each unit, with its parts and its because."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from touchstone.base.outcomes import Estimate, Outcome

Status = Literal["graded", "undecided", "withheld"]


@dataclass(frozen=True, slots=True)
class Because:
    """A reason as a key of the text catalogue and what fills its gaps.

    Words are made from it when it is shown, in the reader's language.
    """

    key: str
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What one criterion brought to a unit's score.

    `measured` is what the evidence gave; `score` is that after target and completion rule;
    `points` is what it adds to the unit's score, so that the points of all parts sum to it.
    """

    criterion: str
    weight: Decimal
    measured: Outcome
    score: Decimal | None
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit's result; score to grade are None when it is withheld.

    `group` tells the comparison group: pairs of a column and the value or part the unit has in it.
    """

    unit: str
    name: str
    n: int | None
    score: Decimal | None
    low: Decimal | None
    high: Decimal | None
    rank_low: int | None
    rank_high: int | None
    grade: str | None
    status: Status
    because: Because
    method: str
    group: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaMean:
    """The mean score of the units in one node of the tree, in two ways.

    `census` counts every unit and has no width; `superpopulation` sees the units as draws.
    """

    level: str
    unit: str
    name: str
    parent: str | None
    n: int
    census: Estimate
    superpopulation: Outcome


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Units whose result follows from the rule but differs from the official one."""

    column: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BesideResult:
    """What another scheme says of a unit, and whether the unit moves.

    `order`: the unit's place in the order of that scheme's scores, `order_here` by this scheme's,
    among the units that have both. `moves`: whether the place changes much, from there to here.
    """

    unit: str
    score: Decimal | None
    low: Decimal | None
    high: Decimal | None
    rank_low: int | None
    rank_high: int | None
    grade: str | None
    order: int | None
    order_here: int | None
    moves: Literal["up", "down"] | None


@dataclass(frozen=True, slots=True)
class Beside:
    """The results of another scheme on the same snapshot, unit by unit."""

    scheme: str
    units: tuple[BesideResult, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """All results of one scheme on one snapshot."""

    pack: str
    scheme: str
    units: tuple[UnitResult, ...]
    areas: tuple[AreaMean, ...] = ()
    unexplained: Unexplained | None = None
    beside: Beside | None = None
