"""The gap between one's own view and that of others has an interval, or a reason why not."""

import numpy as np
import pytest
from scipy import stats

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.stats.crossed_effects.tables import grouping
from touchstone.stats.rater_checks import is_self
from touchstone.stats.self_other_gaps import self_other_gaps


def gaps_of(rows, **options):
    """Give the gaps of (rater, ratee, score) rows, by the ratees' names."""
    raters, ratees, scores = zip(*rows, strict=True)
    rater, ratee = grouping("by", raters), grouping("of", ratees)
    found = self_other_gaps(np.array(scores, float), rater, ratee, is_self(rater, ratee), **options)
    return dict(zip(ratee.levels, found.ratees, strict=True)), found.mean


def rows_of(seed=1, ratees=8, others=6, lift=1.0):
    """Draw ratings in which people see themselves `lift` higher than others do."""
    generator = np.random.default_rng(seed)
    names = [f"p{n}" for n in range(ratees)]
    rows = []
    for place, name in enumerate(names):
        raters = [names[(place + step) % ratees] for step in range(1, others + 1)]
        rows.append((name, name, 3 + lift + 0.3 * generator.normal()))
        rows += [(rater, name, 3 + 0.5 * generator.normal()) for rater in raters]
    return rows


def test_a_gap_has_the_interval_of_the_mean_of_others():
    """Low and high are those of a t interval around own − mean of others."""
    rows = rows_of()
    found, _ = gaps_of(rows)
    others = np.array([score for rater, ratee, score in rows if ratee == "p0" != rater])
    own = next(score for rater, ratee, score in rows if rater == ratee == "p0")
    low, high = stats.t.interval(0.95, 5, loc=own - others.mean(), scale=stats.sem(others))
    assert float(found["p0"].low) == pytest.approx(low)
    assert float(found["p0"].high) == pytest.approx(high)
    assert (found["p0"].n, found["p0"].degrees_of_freedom) == (6, 5)


def test_the_mean_gap_is_that_of_a_paired_comparison():
    """It equals the one-sample t interval of the gaps, and finds the lift."""
    found, mean = gaps_of(rows_of(2))
    gaps = np.array([float(one.value) for one in found.values()])
    low, high = stats.t.interval(0.95, 7, loc=gaps.mean(), scale=stats.sem(gaps))
    assert (float(mean.low), float(mean.high)) == pytest.approx((low, high))
    assert float(mean.low) < 1 < float(mean.high)


def test_several_items_of_a_rater_count_as_one_opinion():
    """A rater who answers each item twice weighs as much as before."""
    rows = rows_of(3)
    once, twice = gaps_of(rows)[1], gaps_of(rows * 2)[1]
    assert float(once.value) == pytest.approx(float(twice.value))
    assert float(once.se) == pytest.approx(float(twice.se))


def test_too_few_others_and_no_own_view_are_withheld():
    """Each reason is told, and no figure stands in their place."""
    rows = [*rows_of(4), ("q", "q", 5.0), ("p0", "q", 3.0), ("p1", "r", 2.0)]
    found, _ = gaps_of(rows)
    assert found["q"] == Withheld("too_few_raters", (("smallest", "5"),))
    assert found["r"] == Withheld("no_self_rating")
    rows = [("s", "s", 5.0), *((f"p{n}", "s", 3.0) for n in range(6))]
    found, mean = gaps_of(rows)
    assert found["s"] == Withheld("raters_alike")
    assert mean == Withheld("too_few_pairs", (("smallest", "2"),))


def test_equal_gaps_have_no_spread():
    """When all see themselves just as far above others, no error can be told."""
    rows = [
        row
        for n in range(3)
        for row in [
            (f"p{n}", f"p{n}", 4.0), *((f"o{m}", f"p{n}", 2.0 + m % 2) for m in range(6))
        ]
    ]  # fmt: skip
    found, mean = gaps_of(rows)
    assert all(isinstance(one, Estimate) for one in found.values())
    assert mean == Withheld("gaps_alike")
