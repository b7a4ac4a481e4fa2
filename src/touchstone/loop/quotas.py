"""Quotas of a scheme: who is within them in each comparison group, who beyond, who cannot be told.

Off unless the scheme declares them. Everything here is a list with one entry per unit.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from touchstone.content.schemes import Quota
from touchstone.loop.comparisons import Groups, Spans, members
from touchstone.loop.grading import Grading
from touchstone.loop.judgements import Bench, Scored
from touchstone.loop.reasons import because_across
from touchstone.loop.results import Because, QuotaUse
from touchstone.loop.verdicts import Verdict
from touchstone.stats.quotas import Candidate, QuotaPlace, fill_quota, quota_places
from touchstone.stats.scores import Span


class Room(NamedTuple):
    """What a quota leaves in one comparison group: so many places for so many units."""

    places: int
    n: int


def apply_quotas(
    verdicts: Sequence[Verdict], scored: Scored, bench: Bench, wide: Spans
) -> tuple[list[Verdict], tuple[QuotaUse, ...]]:
    """Hold verdicts against the scheme's quotas, the one with the fewest grades first.

    In each comparison group the units that may have one of the quota's grades are placed by their
    intervals `wide`, which hold together. Who surely has a place keeps the grade; who surely has
    none gets at most the grade right below the quota's; between these the unit is undecided. A
    unit with no comparison group cannot be placed, and is undecided too. See `stats.quotas`.
    """
    found, uses = list(verdicts), []
    for quota in sorted(scored.scheme.quotas, key=lambda one: len(one.grades)):
        work = _Quota(quota, scored, bench.groups, wide)
        found, own = work.applied(found)
        uses += own
    return found, tuple(uses)


def first_place(quota: Quota, grading: Grading) -> int:
    """Give the place, from the bottom, of the lowest grade that a quota covers."""
    return min(grading.places[grade] for grade in quota.grades)


def room_in(quota: Quota, group: Sequence[int], spans: Spans) -> Room:
    """Give the places of a quota in one group, from the positions of its units.

    The group counts with all its units, or only those with a score, as the quota says.
    """
    counted = len(group)
    if quota.of == "scored":
        counted = sum(isinstance(spans[place], Span) for place in group)
    return Room(quota_places(quota.share, counted, quota.rounding), counted)


class _Quota:
    """One quota at work."""

    def __init__(self, quota: Quota, scored: Scored, groups: Groups, wide: Spans) -> None:
        self.quota = quota
        self.spans = scored.spans
        self.groups = groups
        self.wide = wide
        self.grading = Grading(scored.scheme)
        self.first = first_place(quota, self.grading)

    def applied(self, verdicts: Sequence[Verdict]) -> tuple[list[Verdict], list[QuotaUse]]:
        """Give the verdicts that the quota leaves, and its use in each group."""
        found, uses = list(verdicts), []
        for place, verdict in enumerate(verdicts):
            if self.groups[place] is None and self._is_candidate(verdict):
                found[place] = self._open(verdict, Because("quota_without_group", (self._name,)))
        for group, places in members(self.groups):
            room = room_in(self.quota, places, self.spans)
            candidates = [place for place in places if self._is_candidate(verdicts[place])]
            filled = fill_quota(
                [self._candidate(place, verdicts[place]) for place in candidates],
                room.places,
                self.quota.ties,
            )
            for place, own in zip(candidates, filled, strict=True):
                found[place] = self._verdict(place, verdicts[place], own, room)
            states = Counter(own.state for own in filled)
            counts = [states[state] for state in ("within", "beyond", "undecided")]
            uses.append(QuotaUse(self.quota.id, group, room.n, room.places, *counts))
        return found, uses

    @property
    def _name(self) -> tuple[str, str]:
        return ("limit", self.quota.id)

    def _is_candidate(self, verdict: Verdict) -> bool:
        return verdict.highest is not None and verdict.highest >= self.first

    def _candidate(self, place: int, verdict: Verdict) -> Candidate:
        span, own = self.wide[place], self.spans[place]
        is_sure = verdict.lowest is not None and verdict.lowest >= self.first
        if isinstance(span, Span):
            return Candidate((span.low, span.high), is_sure)
        # A rule that cannot map so wide an interval leaves every place possible.
        scale = (self.grading.bounds[0], self.grading.ends[-1])
        ends = (min(scale[0], own.low), max(scale[1], own.high)) if isinstance(own, Span) else scale
        return Candidate(ends, is_sure)

    def _verdict(self, place: int, verdict: Verdict, own: QuotaPlace, room: Room) -> Verdict:
        if own.state == "within":
            return verdict
        details = (
            ("best", str(own.best)),
            ("worst", str(own.worst)),
            ("places", str(room.places)),
            ("n", str(room.n)),
            self._name,
        )
        if own.state == "beyond":
            return self._lowered(place, verdict, Because("quota_full", details))
        return self._open(verdict, Because("quota_undecided", details))

    def _open(self, verdict: Verdict, because: Because) -> Verdict:
        """Leave open whether the unit has a place; what left it open before stays the reason."""
        was_sure = verdict.lowest is not None and verdict.lowest >= self.first
        lowest = min(verdict.lowest or 0, self.first - 1)
        return Verdict(None, because if was_sure else verdict.because, lowest, verdict.highest)

    def _lowered(self, place: int, verdict: Verdict, because: Because) -> Verdict:
        """Take the quota's grades away; below them the unit may still be undecided."""
        below = self.first - 1
        lowest = min(verdict.lowest or 0, below)
        if lowest == below:
            return Verdict(self.grading.grades[below], because, below, below)
        span = self.spans[place]
        if isinstance(span, Span) and self.grading.place_of(span.low) < below:
            return Verdict(None, because_across(span, self.grading, below), lowest, below)
        return Verdict(None, verdict.because, lowest, below)
