"""What making an index gives: one result for each unit, and what holds for the index as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from touchstone.base.outcomes import Withheld
from touchstone.loop.results import IndexFactor, IndexSummary
from touchstone.stats.sensitivity.attributions import Attribution

DIGITS = 6


@dataclass(frozen=True, slots=True)
class IndexSpread:
    """How a unit's score and place vary over the draws, and over all admissible weights.

    `low` and `high` bound the score in the draws on the index's own scale, `place_low` and
    `place_high` the place in all draws. `best` and `worst` bound the place over all weights within
    their noise; None where the index is no weighted mean. Shares sum to 1.
    """

    low: Decimal
    high: Decimal
    place_low: int
    place_median: int
    place_high: int
    place_shares: Mapping[int, float]
    grade_shares: Mapping[str, float]
    best: int | None = None
    worst: int | None = None


@dataclass(frozen=True, slots=True)
class IndexUnit:
    """One unit's result; without a score `withheld` says why.

    `grade` is None where the interval of the score reaches across a bound: undecided.
    `criteria` holds the score of each criterion, normalised indicators included; None where there
    is none. `imputed` counts the figures that were filled.
    """

    unit: str
    name: str
    score: Decimal | None = None
    place: int | None = None
    grade: str | None = None
    spread: IndexSpread | None = None
    criteria: Mapping[str, Decimal | None] | None = None
    imputed: int = 0
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True)
class IndexNotes:
    """What a reader of an index must know: what was done, and what speaks against it.

    `weights` are those used, of each criterion in the whole. `treated` names what was done to
    indicators with outliers, `unsettled` those that have outliers still. `collinear` are pairs of
    indicators that say the same.
    """

    weights: Mapping[str, float]
    treated: Mapping[str, str]
    unsettled: tuple[str, ...]
    collinear: tuple[tuple[str, str], ...]
    consistency: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class IndexResult:
    """An index of all units: the best place first, the withheld ones at the end.

    `steps` names the method of each step. `draws` is 0 where no draws were asked for; then no unit
    has a spread. `own_draws` counts those on the index's own scale, on which grades rest.
    """

    units: tuple[IndexUnit, ...]
    steps: Mapping[str, str]
    notes: IndexNotes
    draws: int
    own_draws: int
    seed: int
    confidence: Decimal
    varied: Mapping[str, tuple[str, ...]]
    attributions: tuple[Attribution, ...]


def summary_of(found: IndexResult) -> IndexSummary:
    """Tell how an index was made without its units, every figure with 6 significant digits."""
    notes = found.notes
    return IndexSummary(
        steps=tuple(found.steps.items()),
        weights=tuple((name, _short(one)) for name, one in notes.weights.items()),
        treated=tuple(notes.treated.items()),
        unsettled=notes.unsettled,
        collinear=notes.collinear,
        consistency=tuple((name, _short(one)) for name, one in notes.consistency.items()),
        draws=found.draws,
        own_draws=found.own_draws,
        seed=found.seed,
        confidence=found.confidence,
        varied=tuple(found.varied.items()),
        factors=tuple(
            IndexFactor(
                one.factor,
                _short(one.first),
                (_short(one.first_interval[0]), _short(one.first_interval[1])),
                _short(one.total),
                (_short(one.total_interval[0]), _short(one.total_interval[1])),
            )
            for one in found.attributions
        ),
    )


def _short(figure: float) -> float:
    return float(f"{figure:.{DIGITS}g}")
