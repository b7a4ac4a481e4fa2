"""Drawn scores follow the exact rules: what a draw gives is what the same fact would get."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from touchstone.stats.composites import aggregate
from touchstone.stats.drawn_quotas import drawn_quota
from touchstone.stats.drawn_scores import drawn_mean, drawn_measures, drawn_points
from touchstone.stats.grade_probabilities import Spread
from touchstone.stats.lattices import Lattice, lattice_for, normal_draws
from touchstone.stats.quotas import Candidate, fill_quota
from touchstone.stats.scores import Rule, Span, score

TENTHS = st.integers(-300, 1500).map(lambda number: Decimal(number) / 10)
GOALS = st.integers(1, 1200).map(lambda number: Decimal(number) / 10)
RULES = [
    Rule("more_is_better", "met"),
    Rule("less_is_better", "met"),
    Rule("more_is_better", "capped"),
    Rule("less_is_better", "capped"),
    Rule("more_is_better", "proportional"),
    Rule("more_is_better", "proportional", highest=Decimal(120)),
    Rule("less_is_better", "proportional", highest=Decimal(150)),
    Rule("less_is_better", "mirrored"),
    Rule("more_is_better", "linear", start=Decimal("-31")),
    Rule("less_is_better", "linear", start=Decimal(151), highest=Decimal(110)),
    Rule("on_target", "met", tolerance=Decimal("2.5")),
    Rule("on_target", "linear", start=Decimal("-40"), tolerance=Decimal(1)),
    Rule("band", "met", low=Decimal(20), high=Decimal(40)),
    Rule("band", "linear", start=Decimal(90), low=Decimal(20), high=Decimal(40)),
    Rule("yes_no", "met"),
    Rule("rubric", levels=((Decimal(0), Decimal(10)), (Decimal(9), Decimal(70)))),
]
LATTICE = Lattice(1009)


@given(st.sampled_from(RULES), st.lists(TENTHS, min_size=1, max_size=8), GOALS)
def test_a_drawn_measure_gets_the_points_of_an_equal_fact(rule, actuals, goal):
    """The exact rules and their copy on arrays are held against each other."""
    if rule.kind == "yes_no":
        actuals = [Decimal(min(max(actual, 0), 1)) for actual in actuals]
    drawn = drawn_points(np.array([[float(a) for a in actuals]]), np.array([float(goal)]), rule)
    for actual, points in zip(actuals, drawn[0], strict=True):
        # A width above 0 keeps rubrics from asking for a known level.
        exact = score(Span(actual, actual, actual + Decimal("1e-30")), goal, rule)
        if isinstance(exact, Span):
            assert points == pytest.approx(float(exact.value), abs=1e-8)


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 9), st.booleans()), min_size=1),
    st.sampled_from(("arithmetic", "geometric", "harmonic")),
)
def test_a_drawn_mean_is_that_of_the_criteria_which_are_there(parts, aggregation):
    """A criterion without a measure is left out, and the others weigh more."""
    there = [part for part in parts if part[2]]
    if not there:
        return
    drawn = drawn_mean(
        [np.array([[float(one)]]) for one, _, _ in parts],
        [float(weight) for _, weight, _ in parts],
        [np.array([known]) for _, _, known in parts],
        aggregation,
    )
    columns = [[Decimal(part[place]) for part in there] for place in (0, 1)]
    assert drawn[0, 0] == pytest.approx(float(aggregate(*columns, aggregation)), abs=1e-8)


@pytest.mark.parametrize("freedom", [3.0, 25.0, np.inf])
def test_drawn_measures_have_the_distribution_that_was_asked_for(freedom):
    """Each unit's draws are the same evenly spread quantiles, in an order of its own."""
    two = Spread(np.array([50.0, 50.0]), np.full(2, 4.0), np.full(2, 8.0), np.full(2, freedom))
    drawn = drawn_measures(two, LATTICE, dimension=1, units=np.array([0, 1]))
    assert np.array_equal(np.sort(drawn[0]), np.sort(drawn[1]))
    assert not np.array_equal(drawn[0], drawn[1])
    below = stats.t(freedom).cdf(-1.5) if np.isfinite(freedom) else stats.norm.cdf(-1.5)
    assert np.mean(drawn[0] < 50 - 1.5 * 4) == pytest.approx(below, abs=0.001)
    assert np.mean(drawn[0] > 50 + 1.5 * 8) == pytest.approx(below, abs=0.001)


@pytest.mark.parametrize(
    ("count", "most", "mean"), [(100, 0.15, 0.015), (50_000, 0.25, 0.04), (500_000, 0.45, 0.07)]
)
def test_measures_of_one_unit_and_of_two_units_are_drawn_independently(count, most, mean):
    """Neither the criteria of a unit nor two units move together."""
    lattice = lattice_for(count)
    spread = Spread(np.zeros(40), np.ones(40), np.ones(40), np.full(40, np.inf))
    drawn = [
        drawn_measures(spread, lattice, dimension=number, units=np.arange(40))
        for number in range(8)
    ]
    within = [np.corrcoef([column[unit] for column in drawn]) for unit in range(40)]
    apart = np.abs(np.array(within) - np.eye(8))
    assert apart.max() < most
    assert apart.mean() < mean
    between = np.abs(np.corrcoef(drawn[0]) - np.eye(40))
    assert between.mean() < mean + 0.02


def test_the_mean_of_seven_drawn_measures_has_the_error_it_must_have():
    """σ/√7 within two percent, and tails within one percent."""
    spread = Spread(np.zeros(30), np.ones(30), np.ones(30), np.full(30, np.inf))
    units = np.arange(30)
    drawn = [drawn_measures(spread, LATTICE, dimension=n, units=units) for n in range(7)]
    mean = drawn_mean(drawn, [1.0] * 7, [np.ones(30, dtype=bool)] * 7, "arithmetic")
    assert mean.std(axis=1) * 7**0.5 == pytest.approx(np.ones(30), rel=0.02)
    assert np.mean(mean > 1.645 / 7**0.5, axis=1) == pytest.approx(np.full(30, 0.05), abs=0.01)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=8),
    st.integers(0, 9),
    st.sampled_from(("include", "exclude")),
)
def test_a_quota_in_draws_of_facts_is_the_quota_of_facts(units, places, ties):
    """Two ways to one cut."""
    scores = np.repeat([[float(value)] for value, _ in units], 101, axis=1)
    may = np.repeat([[known] for _, known in units], 101, axis=1)
    has = drawn_quota(scores, may, places, ties, units=np.arange(len(units)))
    facts = [Candidate((Decimal(v), Decimal(v)), is_sure=True) for v, known in units if known]
    within = iter(one.state == "within" for one in fill_quota(facts, places, ties))
    expected = [known and next(within) for _, known in units]
    assert has.all(axis=1).tolist() == has.any(axis=1).tolist() == expected


@given(st.lists(st.integers(0, 3), min_size=1, max_size=8), st.integers(0, 9))
def test_lots_among_equals_fill_the_quota_exactly(values, places):
    """In every draw, and over all draws about equally often."""
    scores = np.repeat([[float(value)] for value in values], 1009, axis=1)
    units = np.arange(len(values))
    has = drawn_quota(scores, scores >= 0, places, "undecided", units=units)
    assert set(has.sum(axis=0).tolist()) == {min(places, len(values))}


def test_normal_draws_never_change():
    """They are kept to what they were, so that a folder verifies with every version of NumPy."""
    expected = [[-1.29, -0.83], [-0.75, -1.02]]
    assert normal_draws(2, 2).round(2).tolist() == expected
