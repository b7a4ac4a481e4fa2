"""Effects: what difference in differences, event study, placebos and mixtures promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Withheld
from touchstone.stats.agreement.ratings import Levels, code_names
from touchstone.stats.effects.differences import difference_in_differences
from touchstone.stats.effects.event_studies import event_study, trends_before
from touchstone.stats.effects.panels import (
    Cells,
    Panel,
    in_order_of_time,
    panel_by_flags,
    panel_by_starts,
)
from touchstone.stats.effects.placebos import placebo_dates, placebo_units
from touchstone.stats.effects.synthetic_controls import nearest_mixture, synthetic_control
from touchstone.stats.effects.verdicts import verdict_of_differences, verdict_of_synthetic


def panel_of(values, starts):
    """Make a panel with units and periods named by their places."""
    table = np.array(values, float)
    units, periods = (tuple(map(str, range(count))) for count in table.shape)
    return Panel(units, periods, table, np.array(starts))


def verdict_of(panel):
    """Give the verdict on a panel with all its checks."""
    return verdict_of_differences(
        difference_in_differences(panel).outcome,
        trends_before(panel),
        placebo_dates(panel),
        placebo_units(panel, draws=999),
    )


def noise(units, periods, *, seed=1):
    """Draw values of so many units around levels of their own."""
    random = np.random.default_rng(seed)
    return random.normal(size=(units, 1)) * 5 + random.normal(size=(units, periods))


def test_the_textbook_case_of_two_by_two():
    """(18 − 10) − (13 − 9) = 4, with the error of Welch's t test of the changes."""
    found = difference_in_differences(
        panel_of([[9, 16], [11, 20], [8, 11], [9, 14], [10, 14]], [1, 1, -1, -1, -1])
    )
    assert float(found.outcome.value) == 4
    assert float(found.outcome.se) == pytest.approx(np.sqrt(2 / 2 + 1 / 3))
    assert (found.outcome.method, found.outcome.n) == ("cr2", 5)


def test_one_unit_with_the_action_takes_the_spread_of_the_others():
    """Student's t with one spread, as the unit's own is not known."""
    found = difference_in_differences(panel_of([[0, 9], [0, 1], [0, 2], [0, 3]], [1, -1, -1, -1]))
    assert float(found.outcome.value) == 7
    assert float(found.outcome.se) == pytest.approx(np.sqrt(1 * (1 + 1 / 3)))
    assert (found.outcome.method, found.outcome.degrees_of_freedom) == ("common_spread", 2)


def test_units_not_seen_in_a_period_are_left_out_and_named():
    """And nothing else changes."""
    values = [[1, 5], [2, 8], [1, 2], [3, 5], [9, np.nan], [np.nan, 1]]
    found = difference_in_differences(panel_of(values, [1, 1, -1, -1, -1, 1]))
    assert found.left_out == ("4", "5")
    assert float(found.outcome.value) == 3.5


def test_an_effect_that_is_there_is_shown():
    """Ten of thirty units, an effect of three spreads."""
    values = noise(30, 6)
    values[:10, 4:] += 3
    verdict = verdict_of(panel_of(values, [4] * 10 + [-1] * 20))
    assert verdict == ("shown", "rise")
    assert verdict_of(panel_of(-values, [4] * 10 + [-1] * 20)) == ("shown", "fall")


@pytest.mark.slow
def test_no_effect_is_called_no_effect():
    """Nearly nineteen times of twenty when there is none; never more effects than chance allows."""
    found = [
        verdict_of(panel_of(noise(16, 6, seed=seed), [4] * 6 + [-1] * 10)).verdict
        for seed in range(60)
    ]
    assert found.count("shown") <= 5
    assert found.count("not_shown") >= 45


def test_groups_that_went_apart_before_tell_nothing():
    """The rise goes on as before, which an after without a before would call an effect."""
    values = noise(30, 6)
    values[:10] += 2 * np.arange(6)
    panel = panel_of(values, [4] * 10 + [-1] * 20)
    assert difference_in_differences(panel).outcome.low > 0
    assert verdict_of(panel) == ("cannot_be_told", "apart_before")


def test_few_units_cannot_rule_out_chance():
    """Three and three can be chosen in twenty ways, and each has a mirror image."""
    values = noise(6, 4) / 100
    values[:3, 2:] += 5
    panel = panel_of(values, [2] * 3 + [-1] * 3)
    assert placebo_units(panel).smallest == pytest.approx(0.1)
    assert verdict_of(panel) == ("cannot_be_told", "too_few_to_rule_out_chance")


@pytest.mark.parametrize(
    ("values", "starts", "reason"),
    [
        ([[1, 2], [3, 4], [5, 6]], [0, -1, -1], "no_period_before"),
        ([[1, 2], [3, 5]], [1, -1], "one_unit_each"),
        ([[7, 7]] * 5, [1, 1, -1, -1, -1], "changes_all_equal"),
        ([[0.1, 0.4]] * 2 + [[0.7, 0.9]] * 3, [1, 1, -1, -1, -1], "changes_all_equal"),
        ([[1, np.nan], [3, 4], [5, 6]], [1, -1, -1], "no_unit_seen_with_action"),
        ([[1, 2], [3, np.nan], [5, np.nan]], [1, -1, -1], "no_comparison_unit_seen"),
    ],
)
def test_what_cannot_be_compared_has_a_reason(values, starts, reason):
    """The figure is withheld, and the verdict says that it cannot be told."""
    panel = panel_of(values, starts)
    found = difference_in_differences(panel)
    assert found.outcome.reason == reason
    assert found.p is None
    assert verdict_of(panel) == ("cannot_be_told", reason)


def test_groups_apart_without_any_spread_are_not_taken_for_alike():
    """Before the action one group rose by 1, the other by 0, every unit of it."""
    panel = panel_of([[0, 1, 5], [2, 3, 9], [4, 4, 5], [1, 1, 3]], [2, 2, -1, -1])
    assert trends_before(panel) == Withheld("changes_without_spread")
    assert verdict_of(panel) == ("cannot_be_told", "apart_before")


def test_many_periods_before_are_tested_by_their_trend():
    """As many periods as units leave no room for a joint test."""
    found = trends_before(panel_of(noise(6, 10), [8, 8, -1, -1, -1, -1]))
    assert (found.test, found.degrees_of_freedom) == ("trend", (1, 4))


def test_one_period_before_is_not_tested():
    """There is a figure, but no check of what went before."""
    panel = panel_of(noise(8, 3), [1, 1, 1, -1, -1, -1, -1, -1])
    assert trends_before(panel) == Withheld("one_period_before")
    assert placebo_dates(panel) == ()
    assert [one.step for one in event_study(panel).steps] == [0, 1]


def test_starts_at_several_times_keep_steps_that_all_reach():
    """Steps of the same units, and no unit with the action serves as comparison."""
    values = noise(9, 6)
    panel = panel_of(values, [2, 4, 4, -1, -1, -1, -1, -1, -1])
    assert [one.step for one in event_study(panel).steps] == [-2, 0, 1]
    values[0, 4:] += 1000
    moved = event_study(panel_of(values, panel.starts)).steps
    assert moved[1].outcome == event_study(panel).steps[1].outcome
    found = placebo_units(panel, draws=99)
    assert (found.ways, found.draws) == ("drawn", 99)


cells = st.one_of(st.just(np.nan), st.floats(-1e6, 1e6), st.integers(0, 2).map(float))


@given(st.data())
@settings(deadline=None, max_examples=at_most(120))
def test_there_is_a_figure_or_a_reason_and_never_a_silent_number(drawn):
    """Whatever the panel: estimates are finite and ordered, tests lie between 0 and 1."""
    units, periods = drawn.draw(st.integers(2, 7)), drawn.draw(st.integers(2, 5))
    rows = st.lists(cells, min_size=periods, max_size=periods)
    values = drawn.draw(st.lists(rows, min_size=units, max_size=units))
    starts = drawn.draw(
        st.lists(st.integers(-1, periods - 1), min_size=units, max_size=units).filter(
            lambda places: -1 in places and set(places) != {-1}
        )
    )
    panel = panel_of(values, starts)
    outcomes = [difference_in_differences(panel).outcome]
    outcomes += [one.outcome for one in (*event_study(panel).steps, *placebo_dates(panel))]
    for outcome in outcomes:
        if isinstance(outcome, Estimate):
            assert outcome.low <= outcome.value <= outcome.high
            assert outcome.se > 0
    tests = [trends_before(panel), placebo_units(panel, draws=50)]
    assert all(isinstance(one, Withheld) or 0 <= one.p <= 1 for one in tests)
    verdict_of(panel)
    if panel.treated.sum() == 1:
        found = synthetic_control(panel)
        verdict_of_synthetic(found)
        if not isinstance(found, Withheld):
            assert 0 < found.p <= 1
            assert np.isfinite(found.gaps).all()


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 10**6))
@settings(deadline=None, max_examples=at_most(60))
def test_no_other_mixture_is_nearer(parts, places, seed):
    """Weights are ≥ 0 and 1 in all, and no step towards one part comes nearer."""
    random = np.random.default_rng(seed)
    table, goal = random.normal(size=(parts, places)), random.normal(size=places)
    weights = nearest_mixture(goal, table)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    apart = weights @ table - goal
    assert ((table - weights @ table) @ apart >= -1e-8).all()


def test_a_synthetic_control_finds_an_effect_among_enough_others():
    """Twenty others bound an interval of 95 %, and one of twenty-one is the best p there is."""
    random = np.random.default_rng(3)
    loads = random.uniform(size=(21, 2))
    loads[0] = loads[1:4].mean(axis=0)
    values = loads @ random.normal(size=(2, 14)).cumsum(axis=1) + 0.1 * random.normal(size=(21, 14))
    values[0, 10:] += 4
    found = synthetic_control(panel_of(values, [10] + [-1] * 20))
    assert found.p == pytest.approx(1 / 21)
    assert found.outcome.low <= 4 <= found.outcome.high
    assert verdict_of_synthetic(found) == ("shown", "rise")
    values[0, 10:] -= 4
    none = synthetic_control(panel_of(values, [10] + [-1] * 20))
    assert verdict_of_synthetic(none).verdict == "not_shown"


def test_weights_that_tell_nothing_are_marked():
    """More units than periods can be mixed to fit in many ways."""
    values = [[2, 2, 9], [1, 1, 1], [3, 3, 3], [0, 4, 1], [4, 0, 1]]
    assert not synthetic_control(panel_of(values, [2, -1, -1, -1, -1])).is_unique


@pytest.mark.parametrize(
    ("values", "starts", "reason"),
    [
        ([[1, 2, 3], [2, 3, 4], [3, 4, 5]], [0, -1, -1], "no_period_before"),
        ([[1, 2, 3], [2, 3, 4], [3, 4, 5]], [1, -1, -1], "one_period_before"),
        ([[1, 2, 3], [2, 3, 4]], [2, -1], "too_few_donors"),
        ([[np.nan, 2, 3], [2, 3, 4], [3, 4, 5]], [2, -1, -1], "no_unit_seen_with_action"),
        ([[4, 4, 4]] * 4, [2, -1, -1, -1], "changes_all_equal"),
    ],
)
def test_a_unit_that_cannot_be_mixed_has_a_reason(values, starts, reason):
    """And the verdict names it."""
    found = synthetic_control(panel_of(values, starts))
    assert found.reason == reason
    assert verdict_of_synthetic(found) == ("cannot_be_told", reason)


def test_a_mixture_for_several_units_is_refused():
    """It is a method for one."""
    with pytest.raises(TouchstoneError, match="EFFECT-05"):
        synthetic_control(panel_of(noise(5, 4), [2, 2, -1, -1, -1]))


def cells_of(rows):
    """Make cells of (unit, period, value) rows."""
    units, periods, values = zip(*rows, strict=True)
    return Cells(code_names(units), code_names(periods), np.array(values, float))


ROWS = [("a", "1", 1), ("a", "2", 2), ("b", "1", 3), ("b", "2", 4)]


@pytest.mark.parametrize(
    ("rows", "flags", "code"),
    [
        ([*ROWS, ("a", "2", 5)], [0, 1, 0, 0, 1], "EFFECT-01"),
        (ROWS, [1, 0, 0, 0], "EFFECT-02"),
        (ROWS, [0, 0, 0, 0], "EFFECT-03"),
        (ROWS, [0, 1, 0, 1], "EFFECT-03"),
    ],
)
def test_a_table_that_makes_no_panel_is_refused(rows, flags, code):
    """With the unit at fault."""
    with pytest.raises(TouchstoneError, match=code):
        panel_by_flags(cells_of(rows), flags)


@pytest.mark.parametrize("starts", [{"c": "2"}, {"a": "3"}])
def test_an_action_of_nobody_is_refused(starts):
    """A unit or a period that the table does not hold."""
    with pytest.raises(TouchstoneError, match="EFFECT-04"):
        panel_by_starts(cells_of(ROWS), starts)


def test_periods_that_are_no_numbers_stand_in_the_order_of_their_texts():
    """Such as quarters."""
    found = in_order_of_time(Levels(np.array([0, 1]), ("2024-Q2", "2024-Q1")))
    assert (found.names, found.codes.tolist()) == (("2024-Q1", "2024-Q2"), [1, 0])
