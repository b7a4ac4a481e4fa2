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
class GradeProbabilities:
    """How probable each grade of a unit is, from the lowest up; they sum to exactly 1.

    `method`: `certain` for facts, `distribution` or `draws`, see `loop.probabilities`; of an index
    the shares of its `index_draws`.
    """

    method: Literal["certain", "distribution", "draws", "index_draws"]
    grades: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit's result; score to grade are None when it is withheld.

    `group` tells the comparison group: pairs of a column and the value or part the unit has in it.
    `probabilities` are None when the result is withheld, or a limit that nothing is known about
    could change the grade.
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
    probabilities: GradeProbabilities | None = None


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """How a quota was used in one comparison group of `n` units that count, with `places` for them.

    `within`, `beyond` and `undecided` count the units that might have one of its grades.
    """

    quota: str
    group: tuple[tuple[str, str], ...]
    n: int
    places: int
    within: int
    beyond: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Component:
    """How far one criterion, bonus or deduction tells units apart; shares are between 0 and 1.

    `weight` is its mean weight in percent. `variance_share` is its part of the variance of the
    scores, and sums to 1 over all components; None where the scores do not differ. The others are
    shares of its `n` units: with full marks, within 1 % and within 5 % of the scale from them, and
    with the lowest mark and within 5 % of it; None for a component whose marks have no ends.
    `low` and `high` are these ends, and `tenth`, `median` and `ninetieth` the marks that so many
    percent of the units do not exceed.
    """

    criterion: str
    n: int
    weight: Decimal
    low: Decimal | None
    high: Decimal | None
    variance_share: Decimal | None
    full: Decimal | None
    near_full: Decimal | None
    top: Decimal | None
    lowest: Decimal | None
    bottom: Decimal | None
    tenth: Decimal | None
    median: Decimal | None
    ninetieth: Decimal | None
    verdict: Because


@dataclass(frozen=True, slots=True)
class Discrimination:
    """How far a scheme tells its units apart, within their comparison groups.

    `spread` is the standard deviation of the scores, `error_share` the part of their variance that
    is sampling error, `reliability` the rest. `levels` is the largest number of units each of which
    can be told from each other, of the group with the most. `pairs_apart` is the share of pairs of
    units that are told apart; `order_holds` the probability that of two units with unlike scores
    the higher one truly is the better; `rank_correlation` that of the ranking with the ranking of
    a repeat. Figures are None where they do not exist, and then `absent` says why. `total` is the
    score itself, seen as a component. `seed` and `draws` made `order_holds` and `rank_correlation`.
    """

    n: int
    groups: int
    spread: Decimal | None
    error_share: Decimal | None
    reliability: Decimal | None
    levels: int
    pairs_apart: Decimal | None
    order_holds: Decimal | None
    rank_correlation: Decimal | None
    components: tuple[Component, ...]
    total: Component
    verdicts: tuple[Because, ...]
    absent: Because | None
    seed: int
    draws: int


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
class IndexFactor:
    """How much of the shift in places one factor of an index accounts for, on its own and in all.

    Shares have intervals of 95 %; see `stats.sensitivity.attributions`.
    """

    factor: str
    first: float
    first_interval: tuple[float, float]
    total: float
    total_interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """How an index was made, and how far it depends on its choices; figures to 6 digits.

    `steps` pairs each step with its method, `weights` each criterion with its weight in the whole,
    `treated` indicators with what was done to their outliers, `consistency` groups with the ratio
    of their judged pairs; `unsettled` indicators have outliers still, `collinear` pairs say the
    same. `varied` pairs what varies with its methods.
    """

    steps: tuple[tuple[str, str], ...]
    weights: tuple[tuple[str, float], ...]
    treated: tuple[tuple[str, str], ...]
    unsettled: tuple[str, ...]
    collinear: tuple[tuple[str, str], ...]
    consistency: tuple[tuple[str, float], ...]
    draws: int
    own_draws: int
    seed: int
    confidence: Decimal
    varied: tuple[tuple[str, tuple[str, ...]], ...]
    factors: tuple[IndexFactor, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """All results of one scheme on one snapshot; `index` tells how an index was made."""

    pack: str
    scheme: str
    units: tuple[UnitResult, ...]
    areas: tuple[AreaMean, ...] = ()
    unexplained: Unexplained | None = None
    beside: Beside | None = None
    quotas: tuple[QuotaUse, ...] = ()
    discrimination: Discrimination | None = None
    index: IndexSummary | None = None
