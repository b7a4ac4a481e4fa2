"""Points for a measure held against its target."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from touchstone.base.outcomes import Withheld
from touchstone.stats.figures import EXACT
from touchstone.stats.scores import Rule, Span, score, zone_of

numbers = st.decimals(-1000, 1000, places=2)
positive = st.decimals(Decimal("0.01"), 1000, places=2)
RULES = [
    Rule("more_is_better", "met"),
    Rule("more_is_better", "capped"),
    Rule("more_is_better", "proportional"),
    Rule("more_is_better", "proportional", highest=Decimal(120)),
    Rule("more_is_better", "linear", start=Decimal(-1)),
    Rule("less_is_better", "met"),
    Rule("less_is_better", "capped"),
    Rule("less_is_better", "proportional", highest=Decimal(150)),
    Rule("less_is_better", "mirrored"),
    Rule("less_is_better", "mirrored", highest=Decimal(100)),
    Rule("less_is_better", "linear", start=Decimal(2000)),
    Rule("on_target", "met", tolerance=Decimal(5)),
    Rule("on_target", "linear", start=Decimal(-1), tolerance=Decimal("0.005")),
    Rule("band", "met", low=Decimal(10), high=Decimal(20)),
    Rule("band", "linear", low=Decimal(10), high=Decimal(20), start=Decimal(0)),
]
UNBOUNDED = ("proportional", "mirrored")


def exact(value) -> Span:
    """Give a fact."""
    return Span(Decimal(value), Decimal(value), Decimal(value))


def points(actual, goal, rule):
    """Give the points of a fact, or the reason why there are none."""
    with localcontext(EXACT):
        found = score(exact(actual), None if goal is None else Decimal(goal), rule)
    return found.reason if isinstance(found, Withheld) else found.value


@pytest.mark.parametrize(
    ("kind", "completion", "goal", "cases"),
    [
        ("more_is_better", "met", 100, {99: 0, 100: 100, 130: 100}),
        # Growth targets: weight · min(1, actual/target), never below 0 for negative growth.
        ("more_is_better", "capped", 8, {10: 100, 8: 100, 6: 75, 0: 0, -3: 0}),
        ("more_is_better", "proportional", 8, {10: 125, 6: 75, -3: 0}),
        # Control targets: 2 − actual/target while actual ≤ 2 · target, else 0.
        ("less_is_better", "mirrored", 100, {50: 150, 100: 100, 120: 80, 200: 0, 250: 0}),
        ("less_is_better", "met", 100, {100: 100, 101: 0, -5: 100}),
        ("less_is_better", "capped", 100, {200: 50, 100: 100, 0: 100, -5: 100}),
        ("less_is_better", "proportional", 100, {200: 50, 80: 125, 0: "zero_measure"}),
    ],
)
def test_a_completion_rule_gives_the_points_of_its_formula(kind, completion, goal, cases):
    """Worked values of the rules that yearly target assessments use."""
    rule = Rule(kind, completion)
    assert {actual: points(actual, goal, rule) for actual in cases} == cases


@pytest.mark.parametrize(
    ("rule", "goal", "cases"),
    [
        # Levels A to D as coefficients 4 to 1: below D nothing, above A all, linear between.
        (
            Rule("more_is_better", "linear", start=Decimal(50)),
            90,
            {40: 0, 50: 0, 60: 25, 70: 50, 90: 100, 95: 100},
        ),
        (
            Rule("more_is_better", "linear", start=Decimal(50), highest=Decimal(110)),
            90,
            {90: 100, 94: 110, 98: 110},
        ),
        (Rule("less_is_better", "linear", start=Decimal(10)), 2, {1: 100, 2: 100, 6: 50, 10: 0}),
        (
            Rule("on_target", "met", tolerance=Decimal(2)),
            10,
            {"7.9": 0, 8: 100, 10: 100, 12: 100, "12.1": 0},
        ),
        (
            Rule("on_target", "linear", start=Decimal(4), tolerance=Decimal(2)),
            10,
            {4: 0, 6: 50, 8: 100, 12: 100, 14: 50, 16: 0, 90: 0},
        ),
        (Rule("band", low=Decimal(3), high=Decimal(5)), None, {2: 0, 3: 100, 5: 100, 6: 0}),
        (Rule("yes_no"), None, {1: 100, 0: 0, "0.25": 25, 2: "not_yes_or_no"}),
        (
            Rule("rubric", levels=((Decimal(1), Decimal(0)), (Decimal(2), Decimal(60)))),
            None,
            {1: 0, 2: 60, 3: "unknown_level", "1.5": "unknown_level"},
        ),
    ],
)
def test_a_rule_gives_the_points_between_its_marks(rule, goal, cases):
    """Linear rules, targets to be hit, bands, yes and no, and rubrics."""
    assert {actual: points(actual, goal, rule) for actual in cases} == cases


@pytest.mark.parametrize("kind", ["more_is_better", "less_is_better"])
@pytest.mark.parametrize("completion", ["capped", "proportional"])
def test_a_ratio_is_withheld_when_its_target_is_not_above_zero(kind, completion):
    """Nothing is divided by 0, and a target below 0 would turn better into worse."""
    rule = Rule(kind, completion)
    assert points(5, 0, rule) == "zero_target"
    assert points(0, 0, rule) == "zero_target"
    assert points(-5, -10, rule) == "negative_target"


@pytest.mark.parametrize(("kind", "start"), [("more_is_better", 90), ("less_is_better", 90)])
def test_a_linear_rule_is_withheld_when_start_and_target_leave_no_distance(kind, start):
    """Targets that differ by unit may fall on the start, or on its wrong side."""
    rule = Rule(kind, "linear", start=Decimal(start))
    assert points(95, 90, rule) == "no_distance"
    assert points(95, 80 if kind == "more_is_better" else 99, rule) == "no_distance"


@given(st.sampled_from(RULES), positive, st.tuples(numbers, numbers, numbers))
@example(RULES[11], Decimal(10), (Decimal(0), Decimal(3), Decimal(90)))
@example(RULES[6], Decimal(10), (Decimal(-1), Decimal(0), Decimal(0)))
def test_an_interval_becomes_the_points_of_all_figures_within_it(rule, goal, figures):
    """The ends of the points are those of the worst and the best figure of the interval."""
    low, value, high = sorted(figures)
    with localcontext(EXACT):
        found = score(Span(value, low, high), goal, rule)
        assume(isinstance(found, Span))
        assert found.low <= found.value <= found.high
        zone = zone_of(goal, rule)
        inside = [edge for edge in zone if edge is not None and low <= edge <= high]
        for figure in (low, value, high, *inside):
            own = score(exact(figure), goal, rule)
            assert found.low <= own.value <= found.high
        ends = [score(exact(figure), goal, rule).value for figure in (low, value, high, *inside)]
        best = max(ends)
        if rule.kind in ("on_target", "band") and zone.low <= high and zone.high >= low:
            best = Decimal(100)
        assert (found.low, found.high) == (min(ends), best)


@given(st.sampled_from(RULES), positive, numbers, numbers)
def test_a_better_figure_never_has_fewer_points(rule, goal, first, second):
    """Rules are monotone where more, or less, is better; and points are from 0 to 100, or more
    where the rule rewards more than the target."""
    assume(rule.kind in ("more_is_better", "less_is_better"))
    worse, better = sorted((first, second), reverse=rule.kind == "less_is_better")
    few, many = points(worse, goal, rule), points(better, goal, rule)
    assert 0 <= few <= many
    assert rule.completion in UNBOUNDED or many <= (rule.highest or 100)
    assert rule.highest is None or many <= rule.highest


def test_a_mean_of_rubric_levels_has_the_points_between_them():
    """Several judges may disagree: their mean lies on the line between two levels' points."""
    levels = ((Decimal(1), Decimal(0)), (Decimal(2), Decimal(60)), (Decimal(3), Decimal(100)))
    rule = Rule("rubric", levels=levels)
    found = score(Span(Decimal("2.5"), Decimal("1.5"), Decimal("3.5")), None, rule)
    assert found == Span(Decimal(80), Decimal(30), Decimal(100))
    uneven = ((Decimal(1), Decimal(50)), (Decimal(2), Decimal(90)), (Decimal(3), Decimal(20)))
    found = score(
        Span(Decimal("1.5"), Decimal("1"), Decimal("3")), None, Rule("rubric", levels=uneven)
    )
    assert found == Span(Decimal(70), Decimal(20), Decimal(90))


def test_an_interval_that_reaches_zero_is_withheld_where_it_is_the_divisor():
    """Target / actual has no bound near 0, unless the rule names the highest points."""
    near_zero = Span(Decimal(1), Decimal(-1), Decimal(3))
    bare = Rule("less_is_better", "proportional")
    assert score(near_zero, Decimal(2), bare) == Withheld("zero_measure")
    bounded = Rule("less_is_better", "proportional", highest=Decimal(150))
    assert score(near_zero, Decimal(2), bounded).high == 150


@pytest.mark.parametrize(
    "faulty",
    [
        lambda: Rule("more_is_better", "mirrored"),
        lambda: Rule("band", "capped", low=Decimal(1), high=Decimal(2)),
        lambda: Rule("band", low=Decimal(1)),
        lambda: Rule("more_is_better", "linear"),
        lambda: Rule("rubric"),
        lambda: zone_of(None, Rule("more_is_better")),
    ],
)
def test_a_rule_that_contradicts_itself_is_a_value_error(faulty):
    """Packs are checked before; a rule made by hand is checked here."""
    with pytest.raises(ValueError):
        faulty()
