"""Ratees are measured fairly to all raters, and what cannot be measured is refused."""

import numpy as np
import pytest

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.stats.crossed_effects.models import fit_crossed
from touchstone.stats.crossed_effects.tables import FixedColumn, RatingTable, grouping


def table_of(rows, **more) -> RatingTable:
    """Make a table of (rater, ratee, score) rows."""
    raters, ratees, scores = zip(*rows, strict=True)
    return RatingTable(
        np.array(scores, float), grouping("rater", raters), grouping("ratee", ratees), **more
    )


def rows_of(seed: int = 1, raters: int = 30, ratees: int = 12, each: int = 6):
    """Draw rows: half the raters are lenient, and rate the first half of the ratees only."""
    generator = np.random.default_rng(seed)
    rows = []
    for rater in range(raters):
        lenient = rater % 2 == 0
        pool = range(ratees // 2 + 1) if lenient else range(ratees // 2 - 1, ratees)
        for ratee in generator.choice(list(pool), each, replace=False):
            score = 3 + 1.5 * lenient + 0.3 * generator.normal() + 0.1 * ratee
            rows.append((f"r{rater:02}", f"u{ratee:02}", score))
    return rows


def test_leniency_is_taken_out():
    """Ratees of lenient raters lead by the plain mean, and do not by the measure."""
    model = fit_crossed(table_of(rows_of()))
    half = len(model.ratees.n) // 2
    by_mean = model.ratees.mean[:half].mean() - model.ratees.mean[half:].mean()
    by_measure = model.ratees.measure[:half].mean() - model.ratees.measure[half:].mean()
    assert by_mean > 0.5
    assert by_measure < 0
    assert model.raters.leniency[0::2].min() > model.raters.leniency[1::2].max()


def test_ranks_are_ranges_within_a_subset():
    """Two groups without a common rater are reported, and each is ranked by itself."""
    near = rows_of(2)
    far = [(f"x{rater}", f"y{ratee}", score) for rater, ratee, score in rows_of(3)]
    model = fit_crossed(table_of([*near, *far]))
    assert model.subsets == 2
    for one in range(2):
        members = model.ratees.subset == one
        assert model.ratees.rank_low[members].min() == 1
        assert model.ratees.rank_high[members].max() == members.sum()
    assert (model.ratees.rank_low <= model.ratees.rank_high).all()


def test_group_effects_stand_in_measures_unless_left_out():
    """With the groups the measures spread by department as well."""
    generator = np.random.default_rng(4)
    rows = rows_of(5, raters=60)
    departments = ["ABCD"[int(ratee[1:]) % 4] for _, ratee, _ in rows]
    lift = dict(zip("ABCD", (0, 3, 6, 9), strict=True))
    rows = [
        (rater, ratee, score + lift[department] + generator.normal())
        for (rater, ratee, score), department in zip(rows, departments, strict=True)
    ]
    table = table_of(rows, groups=(grouping("department", departments),))
    whole, within = (fit_crossed(table, within_groups=one) for one in (False, True))
    assert np.ptp(whole.ratees.measure) > 3 * np.ptp(within.ratees.measure)


def test_ratees_that_do_not_differ_share_all_ranks():
    """No variance between ratees: reliability is withheld and nobody is ranked apart."""
    rows = [(f"r{a}", f"u{b}", a + (a + b) % 2) for a in range(6) for b in range(6)]
    model = fit_crossed(table_of(rows))
    assert model.variances["ratee"] == 0
    assert model.reliability == model.separation == Withheld("ratees_alike")
    assert set(model.ratees.rank_low) == {1}
    assert set(model.ratees.rank_high) == {6}


def test_a_rater_who_rates_only_himself_is_a_subset_of_his_own():
    """His measure stands, apart from all others'."""
    model = fit_crossed(table_of([*rows_of(6), ("z", "z", 5.0)]))
    assert model.subsets == 2
    assert (model.ratees.rank_low[-1], model.ratees.rank_high[-1]) == (1, 1)


def test_levels_are_numbered_without_regard_to_the_order_of_rows():
    """The same ratings in another order give the same figures."""
    rows = rows_of(7)
    one, other = fit_crossed(table_of(rows)), fit_crossed(table_of(rows[::-1]))
    np.testing.assert_allclose(one.ratees.measure, other.ratees.measure, rtol=1e-7)
    assert one.criterion == pytest.approx(other.criterion, rel=1e-10)


ONE_RATER = [("a", "u", 1), ("a", "v", 2), ("a", "w", 3)]
ONE_RATEE = [("a", "u", 1), ("b", "u", 2), ("c", "u", 3)]
ALL_EQUAL = [("a", "u", 3), ("a", "v", 3), ("b", "u", 3), ("b", "v", 3)]
ONCE_EACH = [("a", "u", 1), ("b", "u", 2), ("c", "v", 3), ("d", "v", 5)]
EACH_HIS_OWN = [("a", "u", 1), ("a", "u", 2), ("b", "v", 3), ("b", "v", 5)]


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        (ONE_RATER, "RATE-01", "'rater'"),
        (ONE_RATEE, "RATE-01", "'ratee'"),
        (ALL_EQUAL, "RATE-02", "scores"),
        (ONCE_EACH, "RATE-03", "'rater'"),
        (EACH_HIS_OWN, "RATE-04", "'rater' and 'ratee'"),
    ],
)
def test_what_no_model_can_tell_apart_is_refused(rows, code, place):
    """The error names the column and the cause."""
    with pytest.raises(TouchstoneError) as refused:
        fit_crossed(table_of(rows))
    assert refused.value.code == code
    assert place in refused.value.where


@pytest.mark.parametrize("values", [lambda n: np.full(n, 2.0), lambda n: 3 * np.arange(n) + 1.0])
def test_a_fixed_column_that_others_make_up_is_refused(values):
    """A constant column, or one that repeats another, has no slope of its own."""
    rows = rows_of(8)
    first = FixedColumn("first", np.arange(len(rows), dtype=float))
    second = FixedColumn("second", values(len(rows)))
    with pytest.raises(TouchstoneError) as refused:
        fit_crossed(table_of(rows, fixed=(first, second)))
    assert refused.value.code == "RATE-05"
    assert "'second'" in refused.value.where


def test_scores_that_fit_without_error_are_refused():
    """Where nothing is left to chance there is no standard error, and no silent 0."""
    rows = [(f"r{a}", f"u{b}", a + 2 * b) for a in range(4) for b in range(4)]
    with pytest.raises(TouchstoneError) as refused:
        fit_crossed(table_of(rows))
    assert refused.value.code == "RATE-06"
