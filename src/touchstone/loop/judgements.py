"""Criteria judged for all units at once: measures against targets, groups, other schemes' scores.

Everything here is a list with one entry per unit, in the order of the measures' units.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.content.datasets import Dataset
from touchstone.content.schemes import Adjustment, Alternative, Criterion, Scale, Scheme
from touchstone.loop.comparisons import (
    Groups,
    Spans,
    groups_of,
    joint_confidences,
    standings,
)
from touchstone.loop.measure import MISSING, Measures
from touchstone.loop.rules import goals_of, needs_goal, rule_of
from touchstone.stats.composites import Aggregation, add, bounded, combine, settle
from touchstone.stats.raters import at_confidence
from touchstone.stats.scores import NOTHING, Rule, Span, score

REGISTER = "register"
NOTHING_MEASURED = Withheld("nothing_measured")
NEGATIVE_SCORE = Withheld("negative_score")
ZERO = Span(NOTHING, NOTHING, NOTHING)


@dataclass(frozen=True, eq=False)
class Bench:
    """What judging needs: the measures, the schemes, and the rules of the scheme at hand."""

    measures: Measures
    dataset: Dataset
    scheme: Scheme
    schemes: Mapping[str, Scheme]

    @cached_property
    def groups(self) -> Groups:
        """Give each unit's comparison group by the scheme at hand."""
        return groups_of(self.scheme.comparison, self.measures)

    def widened(self, confidences: Sequence[Decimal]) -> "Bench":
        """Give the same with every unit's intervals at a confidence of its own."""
        outcomes = {
            name: tuple(map(_at, column, confidences))
            for name, column in self.measures.outcomes.items()
        }
        return replace(self, measures=replace(self.measures, outcomes=outcomes))


@dataclass(frozen=True, eq=False, slots=True)
class Judged:
    """One criterion judged for every unit.

    `spans` are its scores. A criterion that measures has `measured`, the `goals` it was held
    against, and `otherwise`: whether the alternative served instead. A group has `beneath`; a
    criterion that is another scheme's score has that scheme's result as `inner`.
    """

    criterion: Criterion
    spans: Spans
    measured: Sequence[Outcome] = ()
    goals: Sequence[Decimal | None] = ()
    otherwise: Sequence[bool] = ()
    beneath: tuple["Judged", ...] = ()
    inner: "Scored | None" = None


@dataclass(frozen=True, eq=False, slots=True)
class Adjusted:
    """One bonus or deduction: what was measured, and the points it gives each unit."""

    adjustment: Adjustment
    spans: Spans
    measured: Sequence[Outcome]


@dataclass(frozen=True, eq=False)
class Scored:
    """A scheme's scores: of its criteria alone (`base`), and with bonuses and deductions."""

    scheme: Scheme
    criteria: tuple[Judged, ...]
    bonuses: tuple[Adjusted, ...]
    deductions: tuple[Adjusted, ...]
    base: Spans
    spans: Spans

    @cached_property
    def leaves(self) -> tuple[Judged, ...]:
        """List the judged criteria that measure something, nested ones included, in their order."""
        return tuple(_leaves(self.criteria))

    @cached_property
    def is_pass_or_fail(self) -> bool:
        """Tell whether every criterion gives all points or none, so that each is met or not."""
        return all(_gives_all_or_none(one) for one in self.criteria)


def score_scheme(bench: Bench) -> Scored:
    """Score all units by the scheme at hand.

    The criteria are combined and cut to the scale; then all bonuses are added and all deductions
    taken off, each sum within its bound, and the result is cut to the scale again. Errors of
    criteria, bonuses and deductions are taken to be independent of each other.
    """
    scheme = bench.scheme
    criteria = tuple(judge(criterion, bench) for criterion in scheme.criteria)
    scale = scheme.scale
    base = [
        bounded(span, scale.low, scale.high) if isinstance(span, Span) else span
        for span in _combined(criteria, scheme.aggregation, bench)
    ]
    bonuses = tuple(_adjust(adjustment, bench) for adjustment in scheme.bonuses)
    deductions = tuple(_adjust(adjustment, bench) for adjustment in scheme.deductions)
    spans: Spans = base
    if bonuses or deductions:
        added = _sums(bonuses, scheme.highest_bonus, base)
        taken = _sums(deductions, scheme.highest_deduction, base)
        spans = [_changed(*parts, scale) for parts in zip(base, added, taken, strict=True)]
    return Scored(scheme, criteria, bonuses, deductions, base, spans)


def judge(criterion: Criterion, bench: Bench) -> Judged:
    """Judge one criterion for all units: measure, group or other scheme, and its standing."""
    if not criterion.standing:
        return _judge_plainly(criterion, bench)
    plain = _judge_plainly(criterion, bench)
    wide = in_common(bench, plain.spans, lambda other: _judge_plainly(criterion, other).spans)
    return replace(plain, spans=standings(bench.groups, plain.spans, wide))


def in_common(bench: Bench, spans: Spans, judge_again: Callable[[Bench], Spans]) -> Spans:
    """Give some scores with intervals so wide that those of a group hold together.

    The measures' own intervals are widened, and judged again; exact scores stay as they are.
    """
    if all(span.is_exact for span in spans if isinstance(span, Span)):
        return spans
    confidences = joint_confidences(bench.groups, spans, bench.scheme.confidence)
    return judge_again(bench.widened(confidences))


def basis_of(scored: Scored) -> list[tuple[int | None, str]]:
    """Give for every unit how many answers or facts stand behind its score, and the method.

    The answers of the criterion that has the fewest; without answers, the number of facts.
    """
    columns = [leaf.measured for leaf in scored.leaves]
    columns += [extra.measured for extra in scored.bonuses + scored.deductions]
    return [_basis(row) for row in zip(*columns, strict=True)]


def _basis(outcomes: Sequence[Outcome]) -> tuple[int | None, str]:
    estimates = [outcome for outcome in outcomes if isinstance(outcome, Estimate)]
    answers = [estimate.n for estimate in estimates if estimate.method != REGISTER]
    if not answers:
        return sum(estimate.n for estimate in estimates) or None, REGISTER
    return min(answers), estimates[0].method if len(estimates) == 1 else "composite"


def _leaves(judged: Sequence[Judged]) -> Iterator[Judged]:
    for one in judged:
        if one.beneath:
            yield from _leaves(one.beneath)
        else:
            yield one


def _gives_all_or_none(judged: Judged) -> bool:
    if judged.criterion.standing:
        return False
    if judged.beneath:
        return all(map(_gives_all_or_none, judged.beneath))
    target = judged.criterion.target
    if judged.inner is not None and target is None:
        return judged.inner.is_pass_or_fail
    return target is not None and target.completion == "met" and target.kind != "rubric"


def _judge_plainly(criterion: Criterion, bench: Bench) -> Judged:
    if criterion.criteria:
        beneath = tuple(judge(part, bench) for part in criterion.criteria)
        return Judged(criterion, _combined(beneath, criterion.aggregation, bench), beneath=beneath)
    if criterion.scheme is not None:
        other = replace(bench, scheme=bench.schemes[criterion.scheme])
        inner = score_scheme(other)
        return replace(_judge_leaf(criterion, _as_measured(inner), bench), inner=inner)
    if criterion.indicator is None:
        raise ValueError(f"criterion must measure something; got {criterion.id!r} without it")
    return _judge_leaf(criterion, bench.measures.outcomes[criterion.indicator], bench)


def _as_measured(inner: Scored) -> list[Outcome]:
    return [
        Estimate(*span, n or 0, method) if isinstance(span, Span) else span
        for span, (n, method) in zip(inner.spans, basis_of(inner), strict=True)
    ]


def _judge_leaf(criterion: Criterion, measured: Sequence[Outcome], bench: Bench) -> Judged:
    """Hold one measure against its target, or against the alternative's where that is empty."""
    own, other = criterion.target, criterion.otherwise
    goals = list(goals_of(own, bench.measures))
    outcomes = list(measured)
    is_other = [False] * len(goals)
    if other is not None and needs_goal(own):
        substitutes = bench.measures.outcomes[other.indicator]
        other_goals = goals_of(other.target, bench.measures)
        for place, goal in enumerate(goals):
            if goal is None:
                is_other[place] = True
                outcomes[place], goals[place] = substitutes[place], other_goals[place]
    scores = (_scorer(criterion, None, bench), _scorer(criterion, other, bench))
    spans = [
        scores[instead](outcome, goal)
        for outcome, goal, instead in zip(outcomes, goals, is_other, strict=True)
    ]
    return Judged(criterion, spans, outcomes, goals, is_other)


def _scorer(
    criterion: Criterion, other: Alternative | None, bench: Bench
) -> Callable[[Outcome, Decimal | None], Span | Withheld]:
    """Give the function from measure and goal to score; equal facts share one score."""
    target = criterion.target if other is None else other.target
    named = criterion.indicator if other is None else other.indicator
    indicator = bench.measures.indicators.get(named or "")
    rule = None if target is None else rule_of(target, indicator, bench.dataset)
    own = (("criterion", criterion.id),)
    missing, no_goal = Withheld("missing_value", own), Withheld("missing_target", own)
    without = ZERO if bench.scheme.missing == "zero" else missing
    known: dict[tuple[int, int], Span | Withheld] = {}

    def find(outcome: Outcome, goal: Decimal | None) -> Span | Withheld:
        if isinstance(outcome, Withheld):
            return without if outcome.reason == MISSING.reason else outcome
        if goal is None and needs_goal(target):
            return no_goal
        # Equal facts and goals are one object, so their identity serves as key and costs little.
        key = (id(outcome), id(goal))
        found = known.get(key)
        if found is None:
            found = known[key] = _score(outcome, goal, rule)
        return found

    return find


def _score(outcome: Estimate, goal: Decimal | None, rule: Rule | None) -> Span | Withheld:
    measure = Span(outcome.value, outcome.low, outcome.high)
    found = measure if rule is None else score(measure, goal, rule)
    return Span(*map(settle, found)) if isinstance(found, Span) else found


def _combined(
    judged: Sequence[Judged], aggregation: Aggregation, bench: Bench
) -> list[Span | Withheld]:
    """Combine criteria to one score per unit, by the scheme's rule for missing measures."""
    weights = [one.criterion.weight for one in judged]
    if len(judged) == 1:
        return list(judged[0].spans)
    skips = bench.scheme.missing == "skip"
    found: list[Span | Withheld] = []
    for row in zip(*(one.spans for one in judged), strict=True):
        spans = [span for span in row if isinstance(span, Span)]
        if len(spans) == len(row):
            found.append(_mean(spans, weights, aggregation))
        elif skips:
            kept = [w for w, span in zip(weights, row, strict=True) if isinstance(span, Span)]
            found.append(_mean(spans, kept, aggregation) if spans else NOTHING_MEASURED)
        else:
            found.append(next(span for span in row if isinstance(span, Withheld)))
    return found


def _mean(
    spans: Sequence[Span], weights: Sequence[Decimal], aggregation: Aggregation
) -> Span | Withheld:
    """Combine scores; a mean that knows no numbers below 0 sees intervals cut there."""
    if aggregation != "arithmetic":
        if min(span.value for span in spans) < 0:
            return NEGATIVE_SCORE
        spans = [bounded(span, NOTHING, None) for span in spans]
    return combine(spans, weights, aggregation)


def _adjust(adjustment: Adjustment, bench: Bench) -> Adjusted:
    """Turn a measure into bonus or deduction points; no value gives none."""
    measured = bench.measures.outcomes[adjustment.indicator]
    spans: list[Span | Withheld] = []
    for outcome in measured:
        if isinstance(outcome, Estimate):
            ends = sorted(adjustment.points * end for end in (outcome.low, outcome.high))
            span = Span(adjustment.points * outcome.value, *ends)
            spans.append(bounded(span, NOTHING, adjustment.most))
        else:
            spans.append(ZERO if outcome.reason == MISSING.reason else outcome)
    return Adjusted(adjustment, spans, measured)


def _sums(adjusted: Sequence[Adjusted], highest: Decimal | None, base: Spans) -> Spans:
    """Add up adjustments within their common bound; Withheld where one of them is."""
    sums: list[Span | Withheld] = []
    for place in range(len(base)):
        parts = [one.spans[place] for one in adjusted]
        absent = next((part for part in parts if isinstance(part, Withheld)), None)
        total = add([part for part in parts if isinstance(part, Span)])
        sums.append(absent or bounded(total, NOTHING, highest))
    return sums


def _changed(
    base: Span | Withheld, added: Span | Withheld, taken: Span | Withheld, scale: Scale
) -> Span | Withheld:
    if not isinstance(base, Span):
        return base
    if not isinstance(added, Span):
        return added
    if not isinstance(taken, Span):
        return taken
    off = Span(-taken.value, -taken.high, -taken.low)
    changed = Span(*map(settle, add([base, added, off])))
    return bounded(changed, scale.low, scale.high)


def _at(outcome: Outcome, confidence: Decimal) -> Outcome:
    if isinstance(outcome, Withheld) or outcome.se is None:
        return outcome
    low, high = at_confidence(outcome, confidence)
    return replace(outcome, low=low, high=high)
