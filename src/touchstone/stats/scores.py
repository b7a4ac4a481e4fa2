"""From a measure to points: what a target and its completion rule make of a figure."""

from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from touchstone.base.outcomes import Withheld

Kind = Literal["more_is_better", "less_is_better", "on_target", "band", "yes_no", "rubric"]
Completion = Literal["met", "capped", "proportional", "mirrored", "linear"]
NOTHING, ALL, ONE = Decimal(0), Decimal(100), Decimal(1)
RATIOS = ("capped", "proportional", "mirrored")
ONE_SIDED = ("more_is_better", "less_is_better")


class Span(NamedTuple):
    """A figure between the ends of its interval; all three are equal for an exact fact."""

    value: Decimal
    low: Decimal
    high: Decimal

    @property
    def is_exact(self) -> bool:
        """Tell whether no uncertainty stands behind the figure."""
        return self.low == self.high


class Zone(NamedTuple):
    """Where a measure is as good as asked: from `low` to `high`, None for no bound."""

    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Rule:
    """How a measure held against its target becomes points; see `score`.

    `start` is where `linear` gives no points. `levels` are the levels of a rubric as numbers with
    their points, in rising order. `highest` bounds the points from above.
    """

    kind: Kind
    completion: Completion = "met"
    start: Decimal | None = None
    tolerance: Decimal = NOTHING
    low: Decimal | None = None
    high: Decimal | None = None
    levels: tuple[tuple[Decimal, Decimal], ...] = ()
    highest: Decimal | None = None

    def __post_init__(self) -> None:
        if self.completion in RATIOS and self.kind not in ONE_SIDED:
            raise ValueError(f"completion must be met or linear for {self.kind}; got {self}")
        if self.completion == "mirrored" and self.kind == "more_is_better":
            raise ValueError("completion mirrored must go with less_is_better; got more_is_better")
        if self.completion == "linear" and self.start is None:
            raise ValueError("start must be a number for completion linear; got None")
        if self.kind == "band" and (self.low is None or self.high is None):
            raise ValueError(f"low and high must bound a band; got {self}")
        if self.kind == "rubric" and not self.levels:
            raise ValueError("levels must hold at least one level of a rubric; got none")


def score(measure: Span, goal: Decimal | None, rule: Rule) -> Span | Withheld:
    """Turn a measure into points by its target: 0 for nothing, 100 for the target.

    `goal` is the target's value; a band, yes/no and a rubric need none. With actual a, target t:

    - `met` gives 100 where the target is met, else 0. More is better: a ≥ t; less is better:
      a ≤ t; on target: a within t ± tolerance; band: a from low to high, both included.
    - `proportional` gives 100·a/t, where less is better 100·t/a; `capped` at most 100.
    - `mirrored` gives 100·(2 − a/t), where less is better.
    - `linear` gives 100·(a − start)/(t − start), at most 100 unless `highest` is more. Where a
      target is to be hit, it falls on both sides, within the distance from start to zone.
    - Yes (1) gives 100, no (0) nothing, and a mean of such answers lies between.
    - A rubric gives a level its points, and a mean of levels those on the line between two.

    No rule gives less than 0: a negative actual has no points where more is better.
    The interval is mapped as a set, so that its ends become the least and the most points that
    any figure within it has.

    Withheld where there is nothing to divide by: `zero_target`; `negative_target`, as a ratio to
    it would turn better into worse; `no_distance` between start and target; `zero_measure`, a
    target over 0; and `not_yes_or_no`, `unknown_level` for a fact outside the list.

    Completion rules as yearly target assessments of public bodies use them: in proportion and
    capped where more is better, 2 − actual/target where less is, never below 0.

    >>> exact = Span(Decimal(120), Decimal(120), Decimal(120))
    >>> score(exact, Decimal(100), Rule("less_is_better", "mirrored")).value
    Decimal('80.0')
    >>> score(Span(Decimal(4), Decimal(3), Decimal(5)), Decimal(4), Rule("more_is_better"))
    Span(value=Decimal('100'), low=Decimal('0'), high=Decimal('100'))
    """
    if rule.kind == "rubric":
        return _rubric_score(measure, rule)
    if rule.kind == "yes_no":
        return _yes_score(measure, rule)
    zone = zone_of(goal, rule)
    refused = _refused(zone, rule)
    if refused is not None:
        return Withheld(refused)
    value = _points(measure.value, zone, rule)
    if value is None:
        return Withheld("zero_measure")
    if measure.low == measure.high:
        return Span(value, value, value)
    low, high = _points(measure.low, zone, rule), _points(measure.high, zone, rule)
    if low is None or high is None:
        return Withheld("zero_measure")
    best = [_bounded(ALL, rule)] if _has_point_inside(measure, zone) else []
    return Span(value, min(value, low, high), max(value, low, high, *best))


def zone_of(goal: Decimal | None, rule: Rule) -> Zone:
    """Give the lower and upper edge of what a target asks for; None where it has no bound.

    >>> zone_of(Decimal(5), Rule("on_target", tolerance=Decimal(1)))
    Zone(low=Decimal('4'), high=Decimal('6'))
    """
    if rule.kind == "band":
        return Zone(rule.low, rule.high)
    if goal is None:
        raise ValueError(f"goal must be a number for {rule.kind}; got None")
    if rule.kind == "more_is_better":
        return Zone(goal, None)
    if rule.kind == "less_is_better":
        return Zone(None, goal)
    return Zone(goal - rule.tolerance, goal + rule.tolerance)


def _refused(zone: Zone, rule: Rule) -> str | None:
    """Say why a rule has nothing to divide by, or None."""
    if rule.completion == "linear":
        return "no_distance" if _reach(zone, rule) <= 0 else None
    base = zone.high if zone.low is None else zone.low
    if rule.completion == "met" or base is None or base > 0:
        return None
    return "zero_target" if base == 0 else "negative_target"


def _reach(zone: Zone, rule: Rule) -> Decimal:
    """Give the distance from the start of a linear rule to the zone; 0 or less where it is none."""
    start = NOTHING if rule.start is None else rule.start
    ways = [zone.low - start] if zone.low is not None else []
    ways += [start - zone.high] if zone.high is not None else []
    return max(ways)


def _points(actual: Decimal, zone: Zone, rule: Rule) -> Decimal | None:
    """Give the points of one figure; None where they would be without bound."""
    # How far the actual lies within the zone; below 0 it lies outside.
    ways = [actual - zone.low] if zone.low is not None else []
    ways += [zone.high - actual] if zone.high is not None else []
    inside = min(ways)
    if rule.completion == "linear":
        if rule.kind not in ONE_SIDED:
            inside = min(inside, NOTHING)
        return _bounded(ALL + ALL * inside / _reach(zone, rule), rule)
    if rule.completion == "met" or (rule.completion == "capped" and inside >= 0):
        return _bounded(ALL if inside >= 0 else NOTHING, rule)
    if zone.low is not None:
        return _bounded(ALL * actual / zone.low, rule)
    if zone.high is None:
        raise ValueError("zone must have an edge; got none")
    if rule.completion == "mirrored":
        return _bounded(ALL * (2 - actual / zone.high), rule)
    return _bounded(ALL * zone.high / actual, rule) if actual > 0 else rule.highest


def _bounded(points: Decimal, rule: Rule) -> Decimal:
    highest = rule.highest
    if highest is None and rule.completion not in ("proportional", "mirrored"):
        highest = ALL
    return max(points if highest is None else min(points, highest), NOTHING)


def _has_point_inside(measure: Span, zone: Zone) -> bool:
    """Tell whether an interval reaches into a zone with two edges."""
    if zone.low is None or zone.high is None:
        return False
    return measure.low <= zone.high and measure.high >= zone.low


def _yes_score(measure: Span, rule: Rule) -> Span | Withheld:
    if not 0 <= measure.value <= 1:
        return Withheld("not_yes_or_no")
    return Span(*(_bounded(ALL * min(max(end, NOTHING), ONE), rule) for end in measure))


def _rubric_score(measure: Span, rule: Rule) -> Span | Withheld:
    if measure.is_exact and measure.value not in dict(rule.levels):
        return Withheld("unknown_level")
    within = [points for level, points in rule.levels if measure.low <= level <= measure.high]
    value, *ends = (_between_levels(end, rule) for end in measure)
    image = [_bounded(points, rule) for points in (value, *ends, *within)]
    return Span(image[0], min(image), max(image))


def _between_levels(actual: Decimal, rule: Rule) -> Decimal:
    """Give the points on the straight line between the two levels around a figure."""
    place = bisect_left(rule.levels, actual, key=lambda level: level[0])
    if place == len(rule.levels):
        return rule.levels[-1][1]
    level, points = rule.levels[place]
    if place == 0 or level == actual:
        return points
    lower, fewer = rule.levels[place - 1]
    return fewer + (points - fewer) * (actual - lower) / (level - lower)
