"""Quotas: so many places for a grade, and nobody cut apart whom the evidence cannot tell apart."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from touchstone.stats.intervals import Interval

Rounding = Literal["half_up", "down", "up"]
Ties = Literal["include", "exclude", "undecided"]
State = Literal["within", "beyond", "undecided"]
MODES = {"half_up": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING}


class Candidate(NamedTuple):
    """A unit that may have the grade of a quota: its interval, and whether it has it for sure.

    The ends of an exact fact are equal.
    """

    interval: Interval
    is_sure: bool


class QuotaPlace(NamedTuple):
    """The best and the worst place of a candidate, and where that leaves it."""

    best: int
    worst: int
    state: State


def quota_places(share: Decimal, count: int, rounding: Rounding) -> int:
    """Give the number of places in a quota: a share of some units as a whole number.

    `half_up` is the rule of Chinese yearly assessments (Hubei, 2013): 0.5 becomes 1.

    >>> [quota_places(Decimal("0.15"), 10, rule) for rule in ("half_up", "down", "up")]
    [2, 1, 2]
    """
    if not 0 <= share <= 1 or count < 0:
        raise ValueError(f"quota_places needs 0 <= share <= 1, count >= 0; got {share=}, {count=}")
    return int((share * count).to_integral_value(rounding=MODES[rounding]))


def fill_quota(candidates: Sequence[Candidate], places: int, ties: Ties) -> list[QuotaPlace]:
    """Say of every candidate whether it is within a quota, beyond it, or whether that is open.

    The best place of a candidate is 1 + the sure candidates wholly above it, the worst the number
    of all candidates less those wholly below it, so the intervals should hold together, as in
    `ranks.rank_ranges`. Within the quota is whose worst place is, beyond it whose best place is
    not; between these a candidate is undecided.

    `ties` rules over equal facts at the cut alone: `include` lets all of them in, although the
    quota is then exceeded; `exclude` lets none of them in; with `undecided` the cut stays open.

    >>> facts = [Candidate((Decimal(n), Decimal(n)), is_sure=True) for n in (9, 8, 8, 7)]
    >>> [place.state for place in fill_quota(facts, 2, "include")]
    ['within', 'within', 'within', 'beyond']
    >>> [place.state for place in fill_quota(facts, 2, "exclude")]
    ['within', 'beyond', 'beyond', 'beyond']
    >>> [place.state for place in fill_quota(facts, 2, "undecided")]
    ['within', 'undecided', 'undecided', 'beyond']
    """
    if places < 0:
        raise ValueError(f"places must be 0 or more; got {places}")
    lows = sorted(one.interval[0] for one in candidates if one.is_sure)
    highs = sorted(one.interval[1] for one in candidates)
    alike = Counter(one.interval for one in candidates if _is_fact(one))
    surely_alike = Counter(one.interval for one in candidates if _is_fact(one) and one.is_sure)
    found = []
    for one in candidates:
        low, high = one.interval
        best = 1 + len(lows) - bisect_right(lows, high)
        worst = len(highs) - bisect_left(highs, low)
        tied = surely_tied = 0
        if _is_fact(one):
            tied = alike[one.interval] - 1
            surely_tied = surely_alike[one.interval] - int(one.is_sure)
        first, last = best, worst
        if ties == "include":
            last -= tied
        elif ties == "exclude":
            first += surely_tied
        state: State = "within" if last <= places else "beyond" if first > places else "undecided"
        found.append(QuotaPlace(best, worst, state))
    return found


def _is_fact(candidate: Candidate) -> bool:
    return candidate.interval[0] == candidate.interval[1]
