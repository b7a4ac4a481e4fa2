"""Reasons for results as keys of the text catalogue and what fills their gaps."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from touchstone.base.outcomes import Estimate
from touchstone.loop.grading import Grading
from touchstone.loop.judgements import Judged, Scored
from touchstone.loop.results import Because
from touchstone.stats.scores import Span

MOST_PLACES = 20
PASS_OR_FAIL = 2
MISSED = {"more_is_better": "below_target", "less_is_better": "above_target"}


def because_of_score(scored: Scored, place: int, grading: Grading) -> Because:
    """Say why a score has its grade: the target met or not, or the band it lies in."""
    span = scored.spans[place]
    if not isinstance(span, Span):
        raise ValueError(f"unit {place} must have a score; got {span!r}")
    if span.is_exact and not (scored.bonuses or scored.deductions):
        found = _because_of_targets(scored, place)
        if found is not None:
            return found
    return because_in_band(span, grading)


def because_in_band(span: Span, grading: Grading) -> Because:
    """Say in which band a score lies with its whole interval."""
    band = grading.place_of(span.low)
    bounds = (grading.bounds[band], grading.ends[band])
    details = [
        ("grade", grading.grades[band]),
        ("from", plain_number(bounds[0])),
        ("below", plain_number(bounds[1])),
    ]
    if span.is_exact:
        score = number_text(span.value, grading.figure_places, bounds)
        return Because("score_in_band", (("score", score), *details))
    return Because("interval_in_band", (*_ends(span, grading, bounds), *details))


def because_across(span: Span, grading: Grading, highest: int) -> Because:
    """Say which bound an interval reaches across: of several, the one nearest to the score.

    `highest` is the place of the best grade still possible.
    """
    first = grading.place_of(span.low) + 1
    crossed = grading.bounds[first : max(highest, first) + 1]
    bound = min(crossed, key=lambda one: (abs(one - span.value), one))
    grade = grading.grades[grading.bounds.index(bound)]
    ends = _ends(span, grading, (bound,))
    return Because("interval_across", (*ends, ("bound", plain_number(bound)), ("grade", grade)))


def number_text(figure: Decimal, places: int, bounds: Sequence[Decimal]) -> str:
    """Write a figure rounded, with as many places as keep it on its side of some bounds.

    >>> number_text(Decimal("3.8000"), 2, []), number_text(Decimal("89.996"), 2, [Decimal(90)])
    ('3.8', '89.996')
    """
    for more in range(places, MOST_PLACES):
        rounded = figure.quantize(Decimal(1).scaleb(-more), rounding=ROUND_HALF_EVEN)
        if all(rounded.compare(bound) == figure.compare(bound) for bound in bounds):
            return plain_number(rounded)
    return plain_number(figure)


def plain_number(figure: Decimal) -> str:
    """Write a number without zeros at its end.

    >>> plain_number(Decimal("100.50")), plain_number(Decimal("1E+2"))
    ('100.5', '100')
    """
    return format(figure.normalize() + 0, "f")


def _ends(span: Span, grading: Grading, bounds: Sequence[Decimal]) -> list[tuple[str, str]]:
    places = grading.figure_places
    low, high = number_text(span.low, places, bounds), number_text(span.high, places, bounds)
    return [("low", low), ("high", high)]


def _because_of_targets(scored: Scored, place: int) -> Because | None:
    """Give the reason that lies in the targets of a scheme of passes and failures, if it is one."""
    if len(scored.criteria) == 1 and not scored.criteria[0].beneath:
        return _because_of_one(scored.criteria[0], place, scored.scheme.places)
    if len(scored.scheme.grades) != PASS_OR_FAIL or not scored.is_pass_or_fail:
        return None
    spans = [(leaf, leaf.spans[place]) for leaf in scored.leaves]
    counted = [(leaf, span) for leaf, span in spans if isinstance(span, Span)]
    failed = [leaf for leaf, span in counted if not span.value]
    if not failed:
        return Because("all_met", (("count", str(len(counted))),))
    first = ("criterion", failed[0].criterion.id)
    if len(failed) == 1:
        return Because("not_met", (first,))
    return Because("not_met_and_more", (first, ("count", str(len(failed) - 1))))


def _because_of_one(judged: Judged, place: int, places: int) -> Because | None:
    """Say how the only criterion was met or not, where that is the whole story."""
    criterion, measured = judged.criterion, judged.measured[place]
    if criterion.standing or not isinstance(measured, Estimate):
        return None
    if judged.inner is not None:
        return _because_of_targets(judged.inner, place) if criterion.target is None else None
    target, indicator, before = criterion.target, criterion.indicator, ""
    if criterion.otherwise is not None and judged.otherwise[place]:
        target, indicator = criterion.otherwise.target, criterion.otherwise.indicator
        before = "no_target_"
    if target is None or target.completion != "met" or indicator is None:
        return None
    own = ("indicator", indicator)
    if target.kind == "yes_no":
        return None if before else Because("is_yes" if measured.value else "is_no", (own,))
    goal = judged.goals[place]
    if goal is None or target.kind not in MISSED:
        return None
    value = measured.value
    is_met = value >= goal if target.kind == "more_is_better" else value <= goal
    key = before + ("meets_target" if is_met else MISSED[target.kind])
    shown = ("measured", number_text(value, places, (goal,)))
    return Because(key, (own, shown, ("target", plain_number(goal))))
