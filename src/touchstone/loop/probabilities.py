"""How probable each grade of each unit is: by the score's distribution, or by drawn measures.

Everything here is a list with one entry per unit.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from touchstone.base.outcomes import Estimate
from touchstone.loop.comparisons import members
from touchstone.loop.draws import NORMAL, Draws, freedom_of, span_of, spread_of
from touchstone.loop.grading import Grading
from touchstone.loop.judgements import Bench, Scored
from touchstone.loop.quotas import first_place, room_in
from touchstone.loop.results import GradeProbabilities
from touchstone.loop.uncertainties import CERTAIN, KINKED, SMOOTH, all_leaves, kinds_of
from touchstone.loop.verdicts import Ceiling, Verdict, ceilings_of
from touchstone.stats.drawn_quotas import drawn_quota
from touchstone.stats.grade_probabilities import Array, probabilities_below, shares_of
from touchstone.stats.lattices import lattice_for
from touchstone.stats.scores import Span

Places = NDArray[np.int8]
Method = Literal["certain", "distribution", "draws"]
# So many units that the arrays of their draws stay in the processor's cache.
AT_ONCE = 100
# Sums of floating-point numbers that equal a bound must not fall below it.
DECIMALS = 9


def probabilities_of(
    scored: Scored, bench: Bench, verdicts: Sequence[Verdict]
) -> list[GradeProbabilities | None]:
    """Give every unit the probability of each grade, from the lowest up.

    - `certain`: nothing uncertain stands behind the unit, so its grade has probability 1.
    - `distribution`: the score is a weighted sum of measures that no rule bends. Its error follows
      Student's t, with the fewest degrees of freedom among its measures, on each side of the score
      with the standard error that the interval tells (`stats.grade_probabilities`).
    - `draws`: a target's points end at 0 or 100 within reach of the measure, the mean is not
      arithmetic, an uncertain measure stands behind a cap, veto or limiter, bonus or deduction,
      or the scheme has a quota. Then the measures are drawn 1,009 times (251 above 20,000 such
      units, 101 above 100,000), evenly spread, and all rules are applied to each draw
      (`loop.draws`). So a probability is told to about 0.002, from many measures to about 0.01.

    None for a withheld result, and where a measure withheld for other reasons than being empty
    stands behind a limit that could change the grade.
    """
    work = _Probabilities(scored, bench, verdicts)
    ways = {CERTAIN: work.certain, SMOOTH: work.by_distribution, KINKED: work.by_draws}
    found: list[GradeProbabilities | None] = [None] * len(verdicts)
    kinds = kinds_of(scored, bench)
    for kind, way in ways.items():
        places = [
            place
            for place, span in enumerate(scored.spans)
            if kinds[place] == kind and isinstance(span, Span)
        ]
        for place, own in zip(places, way(places) if places else (), strict=True):
            found[place] = own if work.is_told(place) else None
    return found


class _Probabilities:
    """One scheme's probabilities at work."""

    def __init__(self, scored: Scored, bench: Bench, verdicts: Sequence[Verdict]) -> None:
        self.scored = scored
        self.scheme = scored.scheme
        self.bench = bench
        self.verdicts = verdicts
        self.grading = Grading(scored.scheme)
        self.bounds = np.array([float(bound) for bound in self.grading.bounds[1:]])
        self.leaves = list(all_leaves(scored))
        self.ceilings = ceilings_of(scored, bench, self.grading)

    def is_told(self, place: int) -> bool:
        """Say whether no measure that nobody knows could change the unit's grade."""
        if self.scheme.quotas and self.bench.groups[place] is None:
            return False
        highest = self.verdicts[place].highest or 0
        return not any(
            one.states[place] == "unknown" and one.place < highest and self._is_withheld(one, place)
            for one in self.ceilings
        )

    def certain(self, places: Sequence[int]) -> list[GradeProbabilities]:
        """Give each unit's grade the probability 1; equal ones are one object."""
        grades = np.arange(len(self.bounds) + 1)[:, None]
        below = (np.arange(len(self.bounds))[None, :] >= grades).astype(np.float64)
        known = self._told("certain", below)
        return [known[self.verdicts[place].highest or 0] for place in places]

    def by_distribution(self, places: Sequence[int]) -> list[GradeProbabilities]:
        """Give probabilities from the scores' own errors, below the limits that surely apply."""
        spans = [span_of(self.scored.spans[place]) for place in places]
        freedom = [
            min((freedom_of(leaf.measured[place]) for leaf in self.leaves), default=NORMAL)
            for place in places
        ]
        spread = spread_of(spans, freedom, self.bench.scheme.confidence)
        below = probabilities_below(spread, self.bounds)
        steps = np.arange(len(self.bounds))
        for row, place in enumerate(places):
            applying = [one.place for one in self.ceilings if one.states[place] == "applies"]
            if applying:
                below[row, steps >= min(applying)] = 1.0
        return self._told("distribution", below)

    def by_draws(self, places: Sequence[int]) -> list[GradeProbabilities]:
        """Give probabilities from drawn measures, held against all rules of the scheme."""
        lattice = lattice_for(len(places))
        shape = (len(places), lattice.points)
        grades = np.empty(shape, dtype=np.int8)
        scores = np.empty(shape) if self.scheme.quotas else None
        dimensions = {name: number for number, name in enumerate(self._drawn_names())}
        for start in range(0, len(places), AT_ONCE):
            rows = slice(start, start + AT_ONCE)
            draws = Draws(self.bench, places[rows], lattice, dimensions)
            drawn = np.round(draws.score(self.scored), DECIMALS)
            grades[rows] = self._limited(draws, drawn)
            if scores is not None:
                scores[rows] = drawn
        if scores is not None:
            self._apply_quotas(places, grades, scores)
        steps = range(len(self.bounds))
        below = np.array([np.mean(grades <= step, axis=1) for step in steps])
        return self._told("draws", below.reshape(len(steps), len(places)).T)

    def _limited(self, draws: Draws, drawn: Array) -> Places:
        """Give drawn grades by their places, after vetoes, caps and limiters."""
        grades = np.searchsorted(self.bounds, drawn, side="right").astype(np.int8)
        places = self.grading.places
        for veto in self.scheme.vetoes:
            grades[draws.fails(veto)] = 0
        for cap in self.scheme.caps:
            highest = np.int8(places[cap.highest_grade or self.grading.grades[0]])
            grades = np.where(draws.fails(cap), np.minimum(grades, highest), grades)
        for limiter in self.scheme.limiters:
            highest = np.int8(places[limiter.highest_grade])
            limits = draws.limits(limiter, self.scored)
            grades = np.where(limits, np.minimum(grades, highest), grades)
        return grades

    def _apply_quotas(self, places: Sequence[int], grades: Places, scores: Array) -> None:
        rows = {place: row for row, place in enumerate(places)}
        for quota in sorted(self.scheme.quotas, key=lambda one: len(one.grades)):
            first = first_place(quota, self.grading)
            for _, group in members(self.bench.groups):
                own = np.array([rows[place] for place in group if place in rows], dtype=np.int64)
                room = room_in(quota, group, self.scored.spans)
                may_have = grades[own] >= first
                has = drawn_quota(scores[own], may_have, room.places, quota.ties, units=own)
                grades[own] = np.where(may_have & ~has, np.int8(first - 1), grades[own])

    def _drawn_names(self) -> list[str]:
        standing = [f"standing {one.criterion.id}" for one in self.leaves if one.criterion.standing]
        return [*sorted(self.bench.measures.outcomes), *standing]

    def _is_withheld(self, ceiling: Ceiling, place: int) -> bool:
        for limit in self.scheme.vetoes + self.scheme.caps:
            if limit.id == ceiling.limit:
                return not isinstance(
                    self.bench.measures.outcomes[limit.indicator][place], Estimate
                )
        return False

    def _told(self, method: Method, below: Array) -> list[GradeProbabilities]:
        return [
            GradeProbabilities(method, tuple(zip(self.grading.grades, shares, strict=True)))
            for shares in shares_of(below)
        ]
