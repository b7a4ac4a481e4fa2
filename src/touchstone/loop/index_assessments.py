"""An index as an assessment: the same results as any other scheme gives, for the same pages."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.content.schemes import Criterion, Scheme, leaves
from touchstone.loop.grading import Grading
from touchstone.loop.index_results import IndexResult, IndexSpread, IndexUnit, summary_of
from touchstone.loop.indices import make_index
from touchstone.loop.judgements import REGISTER
from touchstone.loop.measure import Measures
from touchstone.loop.parts import WEIGHT_PLACES, WHOLE, round_half_even
from touchstone.loop.reasons import because_across, because_in_band
from touchstone.loop.results import (
    Because,
    GradeProbabilities,
    IndexSummary,
    Part,
    Status,
    UnitResult,
)
from touchstone.stats.composites import share_out
from touchstone.stats.scores import NOTHING, Span

METHOD = "index"
PROBABILITY_PLACES = 6


class IndexAssessment(NamedTuple):
    """An index's results by unit, its scores before rounding, and how it was made."""

    units: tuple[UnitResult, ...]
    scores: Mapping[str, Decimal]
    summary: IndexSummary


def assess_index(measures: Measures, scheme: Scheme) -> IndexAssessment:
    """Make an index, and give each unit the result that pages, tables and releases expect.

    Interval and places are those over the draws of the scheme's sensitivity; without draws a score
    is its own interval. A grade is given when the whole interval lies in its band; probabilities
    are the shares of draws. Parts are the criteria of the first level: their points are shared
    by weight times score, and sum to the score. `n` is the number of answers behind the figure
    with the fewest, or the number of facts. In the order of the measures.

    Raises INDEX-01 to INDEX-11, INDEX-14 and INDEX-17 (see `loop.indices.make_index`).
    """
    found = make_index(measures, scheme)
    places = {unit: place for place, unit in enumerate(measures.units)}
    by_unit = sorted(found.units, key=lambda one: places[one.unit])
    results = tuple(
        _result(one, found, scheme, _measured(measures, scheme, place))
        for place, one in enumerate(by_unit)
    )
    scores = {one.unit: one.score for one in by_unit if one.score is not None}
    return IndexAssessment(results, scores, summary_of(found))


def _measured(measures: Measures, scheme: Scheme, place: int) -> dict[str, Outcome]:
    return {
        leaf.id: measures.outcomes[leaf.indicator or ""][place] for leaf in leaves(scheme.criteria)
    }


def _result(
    unit: IndexUnit, found: IndexResult, scheme: Scheme, measured: Mapping[str, Outcome]
) -> UnitResult:
    n = _basis(measured)
    figures: list[Decimal | None] = [None] * 3
    ranks: tuple[int | None, int | None] = (None, None)
    if unit.score is not None:
        span = _span(unit, unit.score)
        figures = [round_half_even(figure, scheme.places) for figure in span]
        ranks = _ranks(unit)
    return UnitResult(
        unit=unit.unit,
        name=unit.name,
        n=n,
        score=figures[0],
        low=figures[1],
        high=figures[2],
        rank_low=ranks[0],
        rank_high=ranks[1],
        grade=unit.grade,
        status=_status(unit),
        because=_because(unit, scheme),
        method=METHOD,
        parts=_parts(unit, found, scheme, measured),
        probabilities=_probabilities(unit.spread),
    )


def _basis(measured: Mapping[str, Outcome]) -> int | None:
    """Count the answers of the figure that has the fewest; without answers, the facts."""
    estimates = [one for one in measured.values() if isinstance(one, Estimate)]
    answers = [one.n for one in estimates if one.method != REGISTER]
    return min(answers) if answers else len(estimates) or None


def _span(unit: IndexUnit, score: Decimal) -> Span:
    """Give the score with its interval, which holds the score also where few draws do."""
    if unit.spread is None:
        return Span(score, score, score)
    return Span(score, min(score, unit.spread.low), max(score, unit.spread.high))


def _ranks(unit: IndexUnit) -> tuple[int | None, int | None]:
    if unit.spread is None:
        return unit.place, unit.place
    return unit.spread.place_low, unit.spread.place_high


def _status(unit: IndexUnit) -> Status:
    if unit.score is None:
        return "withheld"
    return "undecided" if unit.grade is None else "graded"


def _because(unit: IndexUnit, scheme: Scheme) -> Because:
    if unit.score is None:
        reason = unit.withheld or Withheld("nothing_measured")
        return Because(reason.reason, reason.details)
    span, grading = _span(unit, unit.score), Grading(scheme)
    if unit.grade is None:
        return because_across(span, grading, grading.place_of(span.high))
    return because_in_band(span, grading)


def _parts(
    unit: IndexUnit, found: IndexResult, scheme: Scheme, measured: Mapping[str, Outcome]
) -> tuple[Part, ...]:
    if unit.score is None or unit.criteria is None:
        return ()
    weights = [Decimal(str(found.notes.weights[one.id])) for one in scheme.criteria]
    scores = [unit.criteria[one.id] for one in scheme.criteria]
    points = _points(unit.score, weights, scores, scheme.places)
    shares = share_out(WHOLE, weights, weights)
    parts = []
    for one, share, score, own in zip(scheme.criteria, shares, scores, points, strict=True):
        told = None if score is None else round_half_even(score, scheme.places)
        weight = round_half_even(share, WEIGHT_PLACES)
        parts.append(Part(one.id, weight, _outcome(one, measured, told), told, own))
    return tuple(parts)


def _points(
    total: Decimal, weights: Sequence[Decimal], scores: Sequence[Decimal | None], places: int
) -> list[Decimal | None]:
    """Share the score among criteria by weight times score, rounded as running totals."""
    amounts = [
        NOTHING if score is None else weight * score
        for weight, score in zip(weights, scores, strict=True)
    ]
    shared = share_out(total, amounts, weights)
    points: list[Decimal | None] = []
    reached = before = NOTHING
    for own, score in zip(shared, scores, strict=True):
        reached += own
        after = round_half_even(reached, places)
        points.append(None if score is None else after - before)
        before = after
    return points


def _outcome(one: Criterion, measured: Mapping[str, Outcome], told: Decimal | None) -> Outcome:
    """Give what was measured for a criterion; a group's own score where it has criteria beneath."""
    if not one.criteria:
        return measured[one.id]
    if told is None:
        return Withheld("nothing_measured")
    beneath = {leaf.id: measured[leaf.id] for leaf in leaves(one.criteria)}
    return Estimate(told, told, told, _basis(beneath) or 0, "composite")


def _probabilities(spread: IndexSpread | None) -> GradeProbabilities | None:
    """Give the share of draws in each grade, to six places that sum to exactly 1."""
    if spread is None:
        return None
    shares = {
        grade: round_half_even(Decimal(share), PROBABILITY_PLACES)
        for grade, share in spread.grade_shares.items()
    }
    largest = max(shares, key=lambda grade: shares[grade])
    shares[largest] += 1 - sum(shares.values())
    return GradeProbabilities("index_draws", tuple(shares.items()))
