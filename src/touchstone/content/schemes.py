"""The scheme language: how measures become scores, intervals, ranks and grades.

A scheme is data. Its content hash names it: two schemes with one hash judge alike.
"""

from decimal import Decimal
from typing import Literal

import msgspec

from touchstone.base.canonical import content_hash
from touchstone.content.index_specs import IndexSpec, Scaling, SensitivitySpec

TargetKind = Literal["more_is_better", "less_is_better", "on_target", "band", "yes_no", "rubric"]
Completion = Literal["met", "capped", "proportional", "mirrored", "linear"]
Aggregation = Literal["arithmetic", "geometric", "harmonic"]
MissingRule = Literal["withhold", "skip", "zero"]


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a measure is held against, and how much of the points a unit gets for it.

    The target stands in `value`, or differs by unit and stands in the fact column `column`.
    `kind` says which side is good. `completion` gives 0 to 100 points: `met` all or nothing;
    `proportional` actual / target (target / actual where less is better); `capped` the same, at
    most 100; `mirrored` 2 − actual / target, at least 0; `linear` from 0 points at `from` to 100
    at the target. `on_target` allows a `tolerance`; a `band` runs from `low` to `high`, both
    included; a `rubric` gives each level in `levels` its points.
    """

    kind: TargetKind
    value: Decimal | None = None
    column: str | None = None
    completion: Completion = "met"
    start: Decimal | None = msgspec.field(name="from", default=None)
    tolerance: Decimal = Decimal(0)
    low: Decimal | None = None
    high: Decimal | None = None
    levels: dict[str, Decimal] = {}
    highest: Decimal | None = None


class Alternative(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is judged instead for a unit whose own target is empty."""

    indicator: str
    target: Target


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One criterion: an indicator with its target, a nested group, or another scheme's score.

    Without a target the score is the measure itself. `otherwise` serves units whose target column
    is empty. `standing` turns the score into the place within the comparison group, 0 to 100.
    `scaling` brings an indicator of an index onto its scale.
    """

    id: str
    weight: Decimal = Decimal(1)
    indicator: str | None = None
    target: Target | None = None
    otherwise: Alternative | None = None
    scheme: str | None = None
    criteria: "tuple[Criterion, ...]" = ()
    aggregation: Aggregation = "arithmetic"
    standing: bool = False
    scaling: Scaling | None = None


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A cap or a veto: what must hold, for which units, and what follows when it does not.

    `at_least` or `at_most` is the bar for the indicator. `where` narrows it to units whose text
    columns have one of the given values. `if_missing` says what an empty indicator means.
    """

    id: str
    indicator: str
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    where: dict[str, tuple[str, ...]] = {}
    if_missing: Literal["applies", "is_passed"] = "applies"
    highest_grade: str | None = None


class Limiter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule on the parts: when so many of them are too low, the whole cannot be better than that.

    It follows when `parts` or more of the criteria score less than `below`: "two inadequate parts
    make the whole inadequate". `criteria` names the criteria that count, nested ones and groups
    included; without, those of the first level count.
    """

    id: str
    below: Decimal
    highest_grade: str
    parts: int = 2
    criteria: tuple[str, ...] = ()


class Quota(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A policy that so many units of a comparison group, and no more, may have the top grades.

    Off unless a scheme declares it, and then with the law or rule that asked for it. `share` of
    the units of the group (`of`: all of them, or those with a score) is rounded to whole places;
    whoever is beyond them gets the grade right below. Units that the evidence cannot tell apart
    at the cut are undecided; `ties` rules over equal facts there.
    """

    id: str
    grades: tuple[str, ...]
    share: Decimal
    citation: str
    of: Literal["group", "scored"] = "group"
    rounding: Literal["half_up", "down", "up"] = "half_up"
    ties: Literal["include", "exclude", "undecided"] = "undecided"


class Adjustment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Points added to the score (a bonus) or taken off it (a deduction), beside the criteria.

    The measure of `indicator` times `points`, never less than 0 and at most `most`. A unit for
    which the evidence has no value gets none.
    """

    id: str
    indicator: str
    points: Decimal = Decimal(1)
    most: Decimal | None = None


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One grade: from its lower bound (included) up to the next band's bound (not included)."""

    id: str
    start: Decimal = msgspec.field(name="from")
    below: Decimal | None = None


class QuantileGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Equal parts of the units by one number, such as fifths by the share of poor pupils."""

    of: str
    parts: int


class Comparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which units are compared with each other: equal texts in `by`, equal part of a number.

    The parts are taken among the units with equal texts.
    """

    by: tuple[str, ...] = ()
    quantiles: QuantileGroup | None = None


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The lowest and the highest score a unit can have."""

    low: Decimal
    high: Decimal


class Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole scheme, as it stands in a pack's file.

    `missing` says what a criterion without a measure does: the unit is withheld, the criterion is
    left out and the other weights grow, or it counts zero. `official` names a column with the
    official result, which the report compares. `beside` names another scheme of the same dataset
    whose results are shown beside these, with the units that move; `analyses` are those of the
    pack that are made with it. `places` are the decimals of
    published figures.
    `index` makes the scheme a composite index, and `sensitivity` says what varies in its draws.
    `highest_bonus` and `highest_deduction` bound all bonuses and all deductions together.
    """

    dataset: str
    scale: Scale
    criteria: tuple[Criterion, ...]
    grades: tuple[Band, ...]
    version: int = 1
    citation: str = ""
    aggregation: Aggregation = "arithmetic"
    missing: MissingRule = "withhold"
    caps: tuple[Limit, ...] = ()
    vetoes: tuple[Limit, ...] = ()
    limiters: tuple[Limiter, ...] = ()
    quotas: tuple[Quota, ...] = ()
    bonuses: tuple[Adjustment, ...] = ()
    deductions: tuple[Adjustment, ...] = ()
    highest_bonus: Decimal | None = None
    highest_deduction: Decimal | None = None
    comparison: Comparison | None = None
    official: str | None = None
    beside: str | None = None
    analyses: tuple[str, ...] = ()
    index: IndexSpec | None = None
    sensitivity: SensitivitySpec | None = None
    confidence: Decimal = Decimal("0.95")
    places: int = 2

    @property
    def interval_confidence(self) -> Decimal:
        """How sure the intervals of scores are: of an index, over the draws of its sensitivity."""
        drawn = self.index is not None and self.sensitivity is not None
        return self.sensitivity.confidence if drawn and self.sensitivity else self.confidence

    @property
    def content_hash(self) -> str:
        """SHA-256 of the scheme as canonical JSON; names and order of its file play no part."""
        return content_hash(msgspec.to_builtins(self))


def leaves(criteria: tuple[Criterion, ...]) -> list[Criterion]:
    """List the criteria that measure something, nested ones included, in their order."""
    found: list[Criterion] = []
    for criterion in criteria:
        found += leaves(criterion.criteria) if criterion.criteria else [criterion]
    return found


def limits(scheme: Scheme) -> tuple[Limit, ...]:
    """List a scheme's vetoes and caps together, vetoes first."""
    return scheme.vetoes + scheme.caps
