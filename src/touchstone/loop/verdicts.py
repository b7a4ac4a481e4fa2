"""From a score to a grade and its because: bands, caps, vetoes and limiters together."""

from collections.abc import Sequence
from typing import NamedTuple

from touchstone.base.outcomes import Withheld
from touchstone.loop.grading import Grading
from touchstone.loop.judgements import Bench, Scored
from touchstone.loop.limits import State, limit_states, limiter_states
from touchstone.loop.reasons import because_across, because_of_score
from touchstone.loop.results import Because


class Verdict(NamedTuple):
    """A grade, None while it is undecided or withheld, and the reason for it.

    `lowest` and `highest` are the grades still possible, by their places from the bottom; None
    when the result is withheld.
    """

    grade: str | None
    because: Because
    lowest: int | None = None
    highest: int | None = None


class Ceiling(NamedTuple):
    """A limit, the highest grade (by its place from the bottom) it allows, and for which units."""

    limit: str
    place: int
    is_veto: bool
    states: Sequence[State]


def verdicts_of(scored: Scored, bench: Bench) -> list[Verdict]:
    """Give every unit its grade and because.

    A grade is given only when the whole interval lies in its band. A veto that applies leaves
    the lowest grade; a cap or limiter that applies, none above its own. Where it cannot be told
    whether one applies, the grades with it and without it are both possible, and the unit is
    undecided unless they are the same. Limits bear on the grade, never on the score.
    """
    grading = Grading(scored.scheme)
    ceilings = ceilings_of(scored, bench, grading)
    return [_verdict(scored, place, ceilings, grading) for place in range(len(scored.spans))]


def _verdict(scored: Scored, place: int, ceilings: Sequence[Ceiling], grading: Grading) -> Verdict:
    span = scored.spans[place]
    if isinstance(span, Withheld):
        return Verdict(None, Because(span.reason, span.details))
    applying = [one for one in ceilings if one.states[place] == "applies"]
    for one in applying:
        if one.is_veto:
            return Verdict(grading.grades[0], _limited("vetoed", one), 0, 0)
    lowest, highest = grading.place_of(span.low), grading.place_of(span.high)
    cap = min(applying, key=lambda one: one.place, default=None)
    is_capped = cap is not None and cap.place < highest
    if cap is not None and is_capped:
        lowest, highest = min(lowest, cap.place), cap.place
    doubtful = [one for one in ceilings if one.states[place] == "unknown" and one.place < lowest]
    bottom = min((one.place for one in doubtful), default=lowest)
    if lowest != highest:
        return Verdict(None, because_across(span, grading, highest), bottom, highest)
    if doubtful:
        return Verdict(None, _limited("limit_unknown", doubtful[0]), bottom, highest)
    grade = grading.grades[lowest]
    if cap is not None and is_capped:
        return Verdict(grade, _limited("capped", cap, ("grade", grade)), lowest, highest)
    return Verdict(grade, because_of_score(scored, place, grading), lowest, highest)


def _limited(key: str, ceiling: Ceiling, *details: tuple[str, str]) -> Because:
    return Because(key, (*details, ("limit", ceiling.limit)))


def ceilings_of(scored: Scored, bench: Bench, grading: Grading) -> list[Ceiling]:
    """Give the vetoes, limiters and caps of a scheme, each with its state for every unit."""
    scheme, places = scored.scheme, grading.places
    found = [Ceiling(one.id, 0, True, limit_states(one, bench)) for one in scheme.vetoes]  # noqa: FBT003
    for limiter in scheme.limiters:
        states = limiter_states(limiter, scored)
        found.append(Ceiling(limiter.id, places[limiter.highest_grade], False, states))  # noqa: FBT003
    for cap in scheme.caps:
        place = 0 if cap.highest_grade is None else places[cap.highest_grade]
        found.append(Ceiling(cap.id, place, False, limit_states(cap, bench)))  # noqa: FBT003
    return found
