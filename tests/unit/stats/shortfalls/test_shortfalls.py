"""Shortfalls: gaps shown beyond chance, their order, fields, and bad planks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Withheld
from touchstone.stats.shortfalls.false_discoveries import adjusted_p_values
from touchstone.stats.shortfalls.planks import Planks, shortfalls_of
from touchstone.stats.shortfalls.quadrants import Cuts, quadrants_of


def planks_of(performance, errors, targets, importance, importance_errors=None):
    """Make planks named by their places."""
    count = len(performance)
    columns = (performance, errors, targets, importance, importance_errors or [0] * count)
    names = tuple(str(place) for place in range(count))
    return Planks(names, *(np.array(column, float) for column in columns))


rows = st.lists(
    st.tuples(
        st.one_of(st.just(np.nan), st.floats(-50, 50)),
        st.one_of(st.just(0.0), st.floats(0.01, 20)),
        st.floats(-50, 50),
        st.floats(0, 5),
        st.floats(0, 2),
    ),
    min_size=1,
    max_size=9,
)


@given(rows)
@settings(deadline=None, max_examples=at_most(100))
def test_each_plank_has_figures_or_a_reason(drawn):
    """Places are 1, 2, … by priority, of planks with a gap above 0."""
    planks = planks_of(*zip(*drawn, strict=True))
    found = shortfalls_of(planks)
    placed = sorted((one for one in found if one.rank), key=lambda one: one.rank)
    assert [one.rank for one in placed] == list(range(1, len(placed) + 1))
    priorities = [one.priority.value for one in placed]
    assert priorities == sorted(priorities, reverse=True)
    for one, place in zip(found, quadrants_of(planks), strict=True):
        if isinstance(one.gap, Withheld):
            assert one.gap.reason == "no_performance"
            assert place.quadrant == "undecided"
            continue
        assert one.gap.low <= one.gap.value <= one.gap.high
        assert 0 <= one.p <= one.adjusted <= 1
        assert not one.is_shown or one.gap.value > 0


@pytest.mark.slow
def test_few_of_many_findings_are_false():
    """Of two hundred planks, half without a gap, at most about a twentieth of findings is false."""
    random = np.random.default_rng(1)
    gaps = np.repeat([0.0, 3.0], 100)
    shares = []
    for _ in range(50):
        performance = 80 - gaps + random.normal(size=200)
        found = shortfalls_of(planks_of(performance, [1] * 200, [80] * 200, [1] * 200))
        shown = np.array([one.is_shown for one in found])
        shares.append(shown[:100].sum() / max(shown.sum(), 1))
        assert shown[100:].mean() > 0.7
    assert np.mean(shares) < 0.04


def test_the_stricter_control_shows_no_more():
    """Whatever depends on what."""
    p = np.random.default_rng(2).uniform(size=30) ** 3
    usual, strict = adjusted_p_values(p), adjusted_p_values(p, "benjamini_yekutieli")
    assert (strict >= usual).all()


def test_a_plank_counted_in_full_misses_its_target_or_not():
    """Without an error there is no chance in it."""
    found = shortfalls_of(planks_of([79.9, 80, 81], [0, 0, 0], [80] * 3, [1] * 3))
    assert [one.is_shown for one in found] == [True, False, False]
    assert found[0].gap.method == "census"


def test_an_uncertain_importance_widens_the_priority():
    """By the delta method."""
    found = shortfalls_of(planks_of([70], [1], [80], [0.5], [0.1]))[0]
    assert float(found.priority.se) == pytest.approx(np.hypot(0.5 * 1, 10 * 0.1))


def test_planks_stand_in_four_fields():
    """By the middle of a scale, and undecided when an interval reaches across a cut."""
    planks = planks_of([2, 4, 2, 4, 3.1], [0.1] * 5, [5] * 5, [4, 4, 2, 2, 4])
    found = quadrants_of(planks, Cuts(3, 3))
    assert [one.quadrant for one in found] == [
        "concentrate_here",
        "keep_up",
        "low_priority",
        "possible_overkill",
        "undecided",
    ]


def test_the_error_of_a_mean_that_is_the_cut_counts():
    """Of two planks the difference to their mean is half the difference between them."""
    found = quadrants_of(planks_of([2, 4], [0.6, 0.8], [5, 5], [1, 2]))
    assert float(found[0].performance.se) == pytest.approx(np.hypot(0.6, 0.8) / 2)
    assert isinstance(found[0].importance, Estimate)


def test_one_plank_has_no_mean_to_be_held_against():
    """It is undecided."""
    found = quadrants_of(planks_of([2], [0.1], [5], [1]))[0]
    assert found.performance == Withheld("one_plank")
    assert found.quadrant == "undecided"


def test_equal_planks_are_undecided():
    """They lie on the cut."""
    found = quadrants_of(planks_of([3] * 4, [0] * 4, [5] * 4, [1] * 4))
    assert {one.quadrant for one in found} == {"undecided"}


def test_a_plank_stands_once():
    """The first name that stands twice is told."""
    twice = Planks(("a", "a"), *(np.ones(2) for _ in range(5)))
    with pytest.raises(TouchstoneError, match=r"'a'.*SHORTFALL-01"):
        shortfalls_of(twice)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ((1, np.nan, 2, 1), "no standard error.*SHORTFALL-02"),
        ((1, -1, 2, 1), "SHORTFALL-02"),
        ((1, 1, 2, np.nan), "no importance.*SHORTFALL-02"),
        ((1, 1, 2, -3), "-3 as importance.*SHORTFALL-02"),
        ((1, 1, np.nan, 1), "SHORTFALL-03"),
    ],
)
def test_what_a_plank_lacks_is_named(row, code):
    """Error, importance or target."""
    with pytest.raises(TouchstoneError, match=code):
        shortfalls_of(planks_of(*([one] for one in row)))
