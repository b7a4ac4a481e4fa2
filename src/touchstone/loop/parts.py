"""What each criterion brought to a unit's score: parts whose points sum to it.

Everything here is a list with one entry per unit, as in `judgements`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from touchstone.base.outcomes import Estimate, Outcome
from touchstone.loop.comparisons import Spans
from touchstone.loop.judgements import REGISTER, Judged, Scored
from touchstone.loop.results import Part
from touchstone.stats.composites import share_out
from touchstone.stats.scores import NOTHING, ONE, Span

WHOLE = Decimal(100)
WEIGHT_PLACES = 2
MORE_PLACES_OF_ERRORS = 2


@dataclass(frozen=True, eq=False, slots=True)
class Brought:
    """One criterion, bonus or deduction: weights in percent of the whole, points not rounded."""

    name: str
    measured: Sequence[Outcome]
    spans: Spans
    weights: Sequence[Decimal]
    points: Sequence[Decimal]
    is_fact: bool


def brought_of(scored: Scored) -> list[Brought]:
    """Give what each criterion, in its order, each bonus and each deduction brought to the scores.

    A criterion's weight is in percent of the whole, over the criteria that count for the unit.
    In a sum, its points are weight times score. Where the score is not that sum (a geometric or
    harmonic mean, a standing, a sum cut at the end of the scale), the points of the parts stand
    in the same proportion. The points of a unit sum to its score.
    """
    base = [span.value if isinstance(span, Span) else NOTHING for span in scored.base]
    brought = _shared(scored.criteria, base, [WHOLE] * len(base))
    if scored.bonuses or scored.deductions:
        brought += _adjustments(scored)
    return brought


def parts_of(scored: Scored, brought: Sequence[Brought]) -> list[tuple[Part, ...]]:
    """Give the parts of every unit's score from what each criterion brought, rounded.

    Points are rounded as running totals, so that they sum to the score; none is further than one
    unit of the last place from its own value. A unit without a score, and a criterion left out for
    a unit, have no points.
    """
    unit = unit_of(scored.scheme.places)
    # What is left of the score after each part: it ends at 0, give or take the 50th digit, which
    # no rounding can turn into anything else.
    left = [span.value if isinstance(span, Span) else NOTHING for span in scored.spans]
    before = [figure.quantize(unit, rounding=ROUND_HALF_EVEN) for figure in left]
    columns = []
    for one in brought:
        left = list(map(Decimal.__sub__, left, one.points))
        after = [figure.quantize(unit, rounding=ROUND_HALF_EVEN) for figure in left]
        columns.append(_parts(one, list(map(Decimal.__sub__, before, after)), scored))
        before = after
    return list(zip(*columns, strict=True))


def round_half_even(value: Decimal, places: int) -> Decimal:
    """Round a published figure, a half to the even neighbour, and never to minus zero.

    >>> round_half_even(Decimal("2.345"), 2), round_half_even(Decimal("-0.001"), 2)
    (Decimal('2.34'), Decimal('0.00'))
    """
    return value.quantize(unit_of(places), rounding=ROUND_HALF_EVEN) + 0


def rounded_estimate(estimate: Estimate, places: int) -> Estimate:
    """Round an estimate for publishing: value and interval to `places`, its error two finer."""
    finer = places + MORE_PLACES_OF_ERRORS
    return replace(
        estimate,
        value=round_half_even(estimate.value, places),
        low=round_half_even(estimate.low, places),
        high=round_half_even(estimate.high, places),
        se=None if estimate.se is None else round_half_even(estimate.se, finer),
        deff=None if estimate.deff is None else round_half_even(estimate.deff, finer),
    )


@cache
def unit_of(places: int) -> Decimal:
    """Give the unit of the last of so many decimal places.

    >>> unit_of(2)
    Decimal('0.01')
    """
    return Decimal(1).scaleb(-places)


def _shared(
    judged: Sequence[Judged], totals: Sequence[Decimal], weights: Sequence[Decimal]
) -> list[Brought]:
    """Share every unit's points and weight among the criteria of a group, down to the last.

    Points go by weight times score, and by weight where these sum to 0.
    """
    counts = _counting_weights(judged)
    amounts = [
        [
            count * span.value if isinstance(span, Span) else NOTHING
            for count, span in zip(own, one.spans, strict=True)
        ]
        for own, one in zip(counts, judged, strict=True)
    ]
    all_counts, all_amounts = _added(counts), _added(amounts)
    each_point = [
        total / (amount or count)
        for total, amount, count in zip(totals, all_amounts, all_counts, strict=True)
    ]
    each_share = list(map(Decimal.__truediv__, weights, all_counts))
    found: list[Brought] = []
    for one, own_counts, own_amounts in zip(judged, counts, amounts, strict=True):
        points = [
            each * (own if all_own else count)
            for each, own, all_own, count in zip(
                each_point, own_amounts, all_amounts, own_counts, strict=True
            )
        ]
        shares = list(map(Decimal.__mul__, each_share, own_counts))
        if one.beneath:
            found += _shared(one.beneath, points, shares)
        else:
            is_fact = one.inner is None
            found.append(
                Brought(one.criterion.id, one.measured, one.spans, shares, points, is_fact)
            )
    return found


def _counting_weights(judged: Sequence[Judged]) -> list[list[Decimal]]:
    """Give each criterion's weight for every unit: 0 where it has no score and others have."""
    counts = [
        [one.criterion.weight if isinstance(span, Span) else NOTHING for span in one.spans]
        for one in judged
    ]
    for place, total in enumerate(_added(counts)):
        if not total:
            for own, one in zip(counts, judged, strict=True):
                own[place] = one.criterion.weight
    return counts


def _added(columns: Sequence[Sequence[Decimal]]) -> list[Decimal]:
    return [sum(row, NOTHING) for row in zip(*columns, strict=True)]


def _adjustments(scored: Scored) -> list[Brought]:
    """Give bonuses and deductions points that sum to the change they made of each score.

    What the end of the scale cut off is missing from the side that ran into it.
    """
    extras = scored.bonuses + scored.deductions
    rows = []
    for base, after, *row in zip(
        scored.base, scored.spans, *(one.spans for one in extras), strict=True
    ):
        amounts = [span.value if isinstance(span, Span) else NOTHING for span in row]
        change = NOTHING
        if isinstance(base, Span) and isinstance(after, Span):
            change = after.value - base.value
        rows.append(_change_shared(amounts, change, scored))
    nothing = [NOTHING] * len(rows)
    return [
        Brought(one.adjustment.id, one.measured, one.spans, nothing, points, is_fact=True)
        for one, points in zip(extras, zip(*rows, strict=True), strict=True)
    ]


def _change_shared(amounts: list[Decimal], change: Decimal, scored: Scored) -> list[Decimal]:
    count, scheme = len(scored.bonuses), scored.scheme
    bonuses, deductions = amounts[:count], amounts[count:]
    added = _at_most(sum(bonuses, NOTHING), scheme.highest_bonus)
    taken = _at_most(sum(deductions, NOTHING), scheme.highest_deduction)
    if added - taken > change:
        added = change + taken
    else:
        taken = added - change
    return [
        *(share_out(added, bonuses, [ONE] * len(bonuses)) if bonuses else ()),
        *(share_out(-taken, deductions, [ONE] * len(deductions)) if deductions else ()),
    ]


def _at_most(amount: Decimal, highest: Decimal | None) -> Decimal:
    return amount if highest is None else min(amount, highest)


def _parts(one: Brought, points: Sequence[Decimal], scored: Scored) -> list[Part]:
    """Make one criterion's part of every unit's score."""
    places, unit = scored.scheme.places, unit_of(WEIGHT_PLACES)
    # Equal facts share one span, so their scores are rounded once; their identity serves as key.
    scores: dict[int, Decimal | None] = {}
    for span in one.spans:
        if id(span) not in scores:
            known = span.value if isinstance(span, Span) else None
            scores[id(span)] = None if known is None else round_half_even(known, places)
    measured = one.measured
    if not one.is_fact or any(_has_error(outcome) for outcome in measured):
        measured = [
            rounded_estimate(outcome, places) if isinstance(outcome, Estimate) else outcome
            for outcome in measured
        ]
    return [
        Part(
            one.name,
            weight.quantize(unit, rounding=ROUND_HALF_EVEN),
            outcome,
            scores[id(span)],
            own if isinstance(span, Span) and isinstance(total, Span) else None,
        )
        for weight, outcome, span, own, total in zip(
            one.weights, measured, one.spans, points, scored.spans, strict=True
        )
    ]


def _has_error(outcome: Outcome) -> bool:
    return isinstance(outcome, Estimate) and outcome.method != REGISTER
