"""Scores and limits of drawn measures, for the units of which a grade's probability needs them.

Arrays are of shape chosen units × draws. A measure that several criteria, caps and vetoes use is
drawn once, so that all of them see the same. Errors of different measures, and of different
units, are drawn independently of each other, as they are taken to be everywhere.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.content.schemes import Adjustment, Limit, Limiter, Target
from touchstone.loop.comparisons import Spans
from touchstone.loop.judgements import Bench, Judged, Scored
from touchstone.loop.limits import parts_counted
from touchstone.loop.measure import MISSING
from touchstone.loop.rules import needs_goal, rule_of
from touchstone.stats.composites import Aggregation
from touchstone.stats.drawn_scores import drawn_mean, drawn_measures, drawn_points
from touchstone.stats.figures import normal_quantile, t_quantile
from touchstone.stats.grade_probabilities import Array, Spread
from touchstone.stats.lattices import Lattice, Whole
from touchstone.stats.scores import Span

Flags = NDArray[np.bool_]
NORMAL = float("inf")
Entry = TypeVar("Entry")


def freedom_of(outcome: Outcome) -> float:
    """Give the degrees of freedom by which an estimate's interval was made; infinite for normal."""
    if isinstance(outcome, Estimate) and outcome.method == "t" and outcome.degrees_of_freedom:
        return float(outcome.degrees_of_freedom)
    return NORMAL


def quantile_of(freedom: float, confidence: Decimal) -> float:
    """Give how many standard errors an interval reaches to each side."""
    if freedom == NORMAL:
        return float(normal_quantile(confidence))
    return float(t_quantile(confidence, int(freedom)))


def spread_of(spans: Sequence[Span], freedom: Sequence[float], confidence: Decimal) -> Spread:
    """Give figures and the standard errors that their intervals tell, for each side apart."""
    reach = np.array([quantile_of(one, confidence) for one in freedom])
    values, lows, highs = (np.array([float(span[end]) for span in spans]) for end in range(3))
    return Spread(values, (values - lows) / reach, (highs - values) / reach, np.array(freedom))


class Draws:
    """Drawn measures of some units, and what the scheme's rules make of them.

    `chosen` are the units' positions; each of them has a score. `dimensions` number the measures.
    """

    def __init__(
        self, bench: Bench, chosen: Sequence[int], lattice: Lattice, dimensions: Mapping[str, int]
    ) -> None:
        self.bench = bench
        self.chosen = chosen
        self.lattice = lattice
        self.dimensions = dimensions
        self.units: Whole = np.array(chosen, dtype=np.int64)
        self._measures: dict[str, Array] = {}

    def score(self, scored: Scored) -> Array:
        """Give drawn scores of a scheme, with its bonuses and deductions, cut to its scale."""
        scheme = scored.scheme
        scale = (float(scheme.scale.low), float(scheme.scale.high))
        base = np.clip(self._combined(scored.criteria, scheme.aggregation), *scale)
        if not (scored.bonuses or scored.deductions):
            return base
        added = self._adjusted([one.adjustment for one in scored.bonuses], scheme.highest_bonus)
        taken = self._adjusted(
            [one.adjustment for one in scored.deductions], scheme.highest_deduction
        )
        return np.clip(base + added - taken, *scale)

    def fails(self, limit: Limit) -> Flags:
        """Say for every draw whether a cap or veto applies."""
        outcomes = self._chosen(self.bench.measures.outcomes[limit.indicator])
        drawn = self.measure(limit.indicator)
        found = np.zeros(drawn.shape, dtype=np.bool_)
        if limit.at_least is not None:
            found |= drawn < float(limit.at_least)
        if limit.at_most is not None:
            found |= drawn > float(limit.at_most)
        for row, outcome in enumerate(outcomes):
            if isinstance(outcome, Withheld):
                is_empty = outcome.reason == MISSING.reason
                found[row] = is_empty and limit.if_missing == "applies"
        for column, wanted in limit.where.items():
            texts = self._chosen(self.bench.measures.texts[column])
            found &= np.array([text in wanted for text in texts])[:, None]
        return found

    def limits(self, limiter: Limiter, scored: Scored) -> Flags:
        """Say for every draw whether a limiter applies: so many parts are too low."""
        count = np.zeros((len(self.chosen), self.lattice.points), dtype=np.int64)
        for part in parts_counted(limiter, scored):
            is_low = self._judged(part) < float(limiter.below)
            count += is_low & self._present(part.spans)[:, None]
        found: Flags = count >= limiter.parts
        return found

    def measure(self, indicator: str) -> Array:
        """Draw a measure; 0 where it is withheld."""
        if indicator not in self._measures:
            outcomes = self._chosen(self.bench.measures.outcomes[indicator])
            self._measures[indicator] = self._drawn(
                [span_of(outcome) for outcome in outcomes],
                [freedom_of(outcome) for outcome in outcomes],
                indicator,
            )
        return self._measures[indicator]

    def _drawn(self, spans: Sequence[Span], freedom: Sequence[float], name: str) -> Array:
        if all(span.is_exact for span in spans):
            values = np.array([[float(span.value)] for span in spans])
            return np.repeat(values, self.lattice.points, axis=1)
        spread = spread_of(spans, freedom, self.bench.scheme.confidence)
        dimension = self.dimensions[name]
        return drawn_measures(spread, self.lattice, dimension=dimension, units=self.units)

    def _chosen(self, column: Sequence[Entry]) -> list[Entry]:
        return [column[place] for place in self.chosen]

    def _combined(self, judged: Sequence[Judged], aggregation: Aggregation) -> Array:
        scores = [self._judged(one) for one in judged]
        if len(scores) == 1:
            return scores[0]
        weights = [float(one.criterion.weight) for one in judged]
        present = [self._present(one.spans) for one in judged]
        return drawn_mean(scores, weights, present, aggregation)

    def _present(self, spans: Spans) -> Flags:
        return np.array([isinstance(span, Span) for span in self._chosen(spans)])

    def _judged(self, judged: Judged) -> Array:
        """Draw the scores of one criterion; 0 for a unit that has none."""
        drawn = self._plainly(judged)
        return np.where(self._present(judged.spans)[:, None], drawn, 0.0)

    def _plainly(self, judged: Judged) -> Array:
        criterion = judged.criterion
        if criterion.standing:
            spans = [span_of(span) for span in self._chosen(judged.spans)]
            return self._drawn(spans, [NORMAL] * len(spans), f"standing {criterion.id}")
        if judged.beneath:
            return self._combined(judged.beneath, criterion.aggregation)
        if judged.inner is not None:
            drawn = self.score(judged.inner)
        else:
            drawn = self.measure(criterion.indicator or "")
        found = self._points(drawn, criterion.target, criterion.indicator, judged)
        if criterion.otherwise is not None:
            instead = np.array(self._chosen(judged.otherwise))[:, None]
            name, target = criterion.otherwise.indicator, criterion.otherwise.target
            other = self._points(self.measure(name), target, name, judged)
            found = np.where(instead, other, found)
        return self._without_measure(found, judged)

    def _points(
        self, drawn: Array, target: Target | None, indicator: str | None, judged: Judged
    ) -> Array:
        if target is None:
            return drawn
        known = self.bench.measures.indicators.get(indicator or "")
        rule = rule_of(target, known, self.bench.dataset)
        if not needs_goal(target):
            return drawn_points(drawn, None, rule)
        # A unit without a goal has no score here, or the alternative's; 1 only fills its row.
        goals = [1.0 if goal is None else float(goal) for goal in self._chosen(judged.goals)]
        with np.errstate(divide="ignore", invalid="ignore"):
            return drawn_points(drawn, np.array(goals), rule)

    def _without_measure(self, drawn: Array, judged: Judged) -> Array:
        """Put the score that a missing measure counts into the rows that have none."""
        rows = zip(self._chosen(judged.measured), self._chosen(judged.spans), strict=True)
        for row, (measured, span) in enumerate(rows):
            if isinstance(span, Span) and not isinstance(measured, Estimate):
                drawn[row] = float(span.value)
        return drawn

    def _adjusted(self, adjustments: Sequence[Adjustment], highest: Decimal | None) -> Array:
        total = np.zeros((len(self.chosen), self.lattice.points))
        for one in adjustments:
            outcomes = self._chosen(self.bench.measures.outcomes[one.indicator])
            has_figure = np.array([isinstance(outcome, Estimate) for outcome in outcomes])
            most = np.inf if one.most is None else float(one.most)
            points = np.clip(float(one.points) * self.measure(one.indicator), 0.0, most)
            total += np.where(has_figure[:, None], points, 0.0)
        return np.minimum(total, np.inf if highest is None else float(highest))


def span_of(outcome: Outcome | Span) -> Span:
    """Give a figure with its interval; 0 where there is none."""
    if isinstance(outcome, Estimate):
        return Span(outcome.value, outcome.low, outcome.high)
    return outcome if isinstance(outcome, Span) else Span(*[Decimal(0)] * 3)
