"""Results of very many units as one table: score, interval, places and grade, exact to the last.

Columns decide what floats can decide; the few units left over (a figure near a half to be rounded
to even, an end of an interval near a bound or near another unit's) are scored exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import localcontext

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.content.datasets import Dataset
from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Scheme
from touchstone.loop.grading import Grading
from touchstone.loop.judgements import Bench, score_scheme
from touchstone.loop.measure import Measures, ratings_of
from touchstone.loop.parts import round_half_even
from touchstone.loop.score_columns import (
    Flags,
    ScoreColumns,
    SpanColumns,
    rounded_figures,
)
from touchstone.loop.variables import variable_of
from touchstone.loop.verdicts import verdicts_of
from touchstone.stats.figures import EXACT
from touchstone.stats.ranks import sidak_confidence
from touchstone.stats.rated_columns import REASONS, Floats, Places, rate_columns
from touchstone.stats.raters import RatedRule
from touchstone.stats.scores import Span
from touchstone.tallies.plans import Tallies
from touchstone.tallies.unit_sums import UnitColumns, UnitSums, unit_columns
from touchstone.tallies.whole_numbers import exact_product, limbs_of

IN_BAND, ACROSS, EXACTLY = "interval_in_band", "interval_across", "score_in_band"
FIGURES = ("score", "low", "high")
MOST_DIGITS = 38


@dataclass(frozen=True, eq=False)
class UnitTable:
    """What is to be graded: tallies, units and their sums, and the rules for them."""

    tallies: Tallies
    units: pa.Array
    sums: Mapping[str, UnitColumns]
    scheme: Scheme
    dataset: Dataset
    indicators: Mapping[str, Indicator]

    def rule(self, indicator: Indicator) -> RatedRule:
        """Give the rule that turns one indicator's answers into a figure."""
        variable = variable_of(indicator, self.dataset)
        places = dict(zip(self.tallies.plan.values, self.tallies.value_places, strict=True))
        return RatedRule(places[variable], indicator.smallest_group, self.scheme.confidence)

    def bench(self, places: Places) -> Bench:
        """Measure some units exactly, one by one."""
        outcomes = {}
        for name, indicator in self.indicators.items():
            columns = self.sums[variable_of(indicator, self.dataset)]
            chosen = UnitSums(*(part[places].tolist() for part in columns))
            outcomes[name] = ratings_of(chosen, indicator, self.rule(indicator))
        units = tuple(self.units.take(pa.array(places)).to_pylist())
        own = Measures(self.tallies, self.indicators, units, units, outcomes, {}, {})
        return Bench(own, self.dataset, self.scheme, {})


def grade_columns(
    tallies: Tallies, scheme: Scheme, *, dataset: Dataset, indicators: Mapping[str, Indicator]
) -> pa.Table:
    """Grade every unit of some tallies by a scheme that `are_columns_enough` for.

    Gives the columns `unit`, `n`, `score`, `low`, `high` (decimals of the scheme's places),
    `rank_low`, `rank_high`, `grade`, `status` and `reason`, in the order of the units: the same
    that `assess` says of them, each figure included.
    """
    units, sums = unit_columns(tallies)
    used = {one.indicator: indicators[one.indicator] for one in scheme.criteria if one.indicator}
    table = UnitTable(tallies, units, sums, scheme, dataset, used)
    measured = [
        rate_columns(
            sums[variable_of(used[one.indicator or ""], dataset)],
            table.rule(used[one.indicator or ""]),
            is_share=used[one.indicator or ""].kind == "share",
        )
        for one in scheme.criteria
    ]
    scores = ScoreColumns(scheme, measured)
    with localcontext(EXACT):
        return _Results(table, scores).as_table()


class _Results:
    """The columns of the results, filled by floats first and then exactly where they doubt."""

    def __init__(self, table: UnitTable, scores: ScoreColumns) -> None:
        self._table, self._scores = table, scores
        self._scheme, self._grading = table.scheme, Grading(table.scheme)
        self._has = scores.reason == 0
        spans = scores.spans(self._scheme.confidence)
        self.figures, doubtful = self._rounded(spans)
        self.lowest, self.highest, unsure = self._bands(spans)
        self.is_exact = self._has & (spans.low == spans.high)
        doubtful |= unsure | spans.is_near_end
        self._settle(np.flatnonzero(doubtful & self._has))

    def as_table(self) -> pa.Table:
        """Give the results as a table, nulls where there is nothing to tell."""
        absent = ~self._has
        counts, is_told = self._scores.n
        rank_low, rank_high = _Places(self._table, self._scores, self._has).ranges()
        one_band = self.lowest == self.highest
        grades = pa.array(self._grading.grades, pa.string())
        chosen = pa.array(self.lowest, pa.int64(), mask=absent | ~one_band)
        status = np.where(absent, "withheld", np.where(one_band, "graded", "undecided"))
        reasons = np.where(one_band, np.where(self.is_exact, EXACTLY, IN_BAND), ACROSS)
        why = np.where(absent, np.array(REASONS)[self._scores.reason], reasons)
        return pa.table(
            {
                "unit": self._table.units,
                "n": pa.array(counts, pa.int64(), mask=~is_told),
                **{name: self._decimals(self.figures[name], absent) for name in FIGURES},
                "rank_low": pa.array(rank_low, pa.int64(), mask=absent),
                "rank_high": pa.array(rank_high, pa.int64(), mask=absent),
                "grade": grades.take(chosen),
                "status": pa.array(status, pa.string()),
                "reason": pa.array(why, pa.string()),
            }
        )

    def _rounded(self, spans: SpanColumns) -> tuple[dict[str, Places], Flags]:
        """Round all figures; a mean that is a plain fraction is rounded as such."""
        found: dict[str, Places] = {}
        doubtful = np.zeros(len(self._has), np.bool_)
        for name, figures in zip(FIGURES, (spans.value, spans.low, spans.high), strict=True):
            found[name], unsure = rounded_figures(figures, spans.guard, self._scheme.places)
            if name == "score" and len(self._scores.measured) == 1:
                unsure &= ~self._round_fractions(found[name], unsure, figures)
            doubtful |= unsure
        return found, doubtful

    def _round_fractions(self, rounded: Places, unsure: Flags, cut: Floats) -> Flags:
        """Round the unsure scores by their fractions, half to even; tell which are done.

        `cut` are the scores after the scale's cut; one that was cut is no longer that fraction.
        """
        places = np.flatnonzero(unsure & self._has)
        own = self._scores.measured[0]
        numerator, denominator = own.numerator[places], own.denominator[places]
        scaled = exact_product(numerator, np.full(len(places), 10**self._scheme.places))
        whole = scaled // denominator
        twice = 2 * (scaled - whole * denominator)
        up = (twice > denominator) | ((twice == denominator) & (whole % 2 == 1))
        # A fraction of so small a denominator is a half exactly or not within 20 places of one.
        sure = (denominator < 10**12).astype(np.bool_) & (cut[places] == own.value[places])
        rounded[places[sure]] = (whole + up)[sure].astype(np.int64)
        done = np.zeros(len(unsure), np.bool_)
        done[places[sure]] = True
        return done

    def _bands(self, spans: SpanColumns) -> tuple[Places, Places, Flags]:
        """Find the bands that both ends lie in; the lowest reaches down to anything."""
        bounds = [float(bound) for bound in self._grading.bounds[1:]]
        lowest, highest = (
            np.searchsorted(np.array(bounds), ends, side="right")
            for ends in (spans.low, spans.high)
        )
        unsure = np.zeros(len(self._has), np.bool_)
        for bound in bounds:
            unsure |= spans.near(spans.low, bound) | spans.near(spans.high, bound)
        return lowest, highest, unsure

    def _settle(self, places: Places) -> None:
        """Score some units exactly and put what is found in its place."""
        bench = self._table.bench(places)
        scored = score_scheme(bench)
        verdicts = verdicts_of(scored, bench)
        unit = 10**self._scheme.places
        for place, span, verdict in zip(places.tolist(), scored.spans, verdicts, strict=True):
            if isinstance(span, Span) and verdict.lowest is not None:
                for name, figure in zip(FIGURES, span, strict=True):
                    rounded = round_half_even(figure, self._scheme.places)
                    self.figures[name][place] = int(rounded * unit)
                self.lowest[place] = verdict.lowest
                self.highest[place] = verdict.highest or 0
                self.is_exact[place] = span.is_exact

    def _decimals(self, figures: Places, absent: Flags) -> pa.Array:
        content = pa.py_buffer(np.ascontiguousarray(limbs_of(figures, width=2), "<i8"))
        kind = pa.decimal128(MOST_DIGITS, self._scheme.places)
        numbers = pa.Array.from_buffers(kind, len(figures), [None, content])
        return pc.if_else(pa.array(absent), pa.scalar(None, kind), numbers)


class _Places:
    """The places that each unit with a figure may hold among all of them, as `ranks` gives them."""

    def __init__(self, table: UnitTable, scores: ScoreColumns, has: Flags) -> None:
        self._table, self._has = table, has
        self._where = np.flatnonzero(has)
        if len(self._where):
            self._each = sidak_confidence(table.scheme.confidence, len(self._where))
            spans = scores.spans(self._each)
            self._low, self._high = spans.low[has], spans.high[has]
            self._guard = float(spans.guard[has].max())

    def ranges(self) -> tuple[Places, Places]:
        """Give the best and the worst place of each unit, 0 where it has none."""
        best, worst = np.zeros((2, len(self._has)), np.int64)
        count = len(self._where)
        if count:
            # Reaching above: 1 + those wholly above; the lows not wholly above are at most `high`.
            best[self._where] = 1 + count - self._count(self._high, self._low, is_high=True)
            worst[self._where] = count - self._count(self._low, self._high, is_high=False)
        return best, worst

    def _count(self, ends: Floats, others: Floats, *, is_high: bool) -> Places:
        """Count for each end the others at most as large (`is_high`), or smaller than it."""
        order = np.argsort(others)
        ordered = others[order]
        sure = np.searchsorted(ordered, ends - 2 * self._guard, side="left")
        perhaps = np.searchsorted(ordered, ends + 2 * self._guard, side="right")
        for place in np.flatnonzero(sure != perhaps).tolist():
            near = order[sure[place] : perhaps[place]]
            own, *found = self._exact_ends(np.array([place, *near.tolist()]))
            end = own.high if is_high else own.low
            for other in found:
                sure[place] += other.low <= end if is_high else other.high < end
        return sure

    def _exact_ends(self, places: Places) -> list[Span]:
        """Score some units exactly, with intervals that hold together for all units."""
        bench = self._table.bench(self._where[places])
        wide = bench.widened([self._each] * len(places))
        return [span for span in score_scheme(wide).spans if isinstance(span, Span)]
