"""Reliability of scales and mean ratings: laws, and what bad input gives."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tests.support.examples import at_most

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.stats.reliability.generalizability import coefficient, study_facets
from touchstone.stats.reliability.item_tables import sum_items, turn_items
from touchstone.stats.reliability.raters_needed import (
    curve_of_single,
    curve_of_study,
    raters_needed,
    reliability_curve,
    stepped_up,
)
from touchstone.stats.reliability.scales import cronbach_alpha, omega_total, scale_reliability

answers_of_three = arrays.arrays(
    np.float64, st.tuples(st.integers(3, 12), st.just(3)), elements=st.sampled_from([0, 1, 2, 3.5])
)


def drawn(loadings, n, seed):
    """Draw answers of one factor and independent errors."""
    random = np.random.default_rng(seed)
    loadings = np.array(loadings)
    errors = random.normal(size=(n, len(loadings))) * np.sqrt(1 - loadings**2)
    return random.normal(size=(n, 1)) * loadings + errors


@given(answers_of_three)
@settings(deadline=None, max_examples=at_most(80))
def test_no_answers_give_an_error_or_no_number(answers):
    """Whatever was answered, figures are finite or there is a reason."""
    sums = sum_items(answers, ["a", "b", "c"])
    if isinstance(sums, Withheld):
        assert sums.reason == "item_constant"
        return
    found = scale_reliability(sums)
    for outcome in (found.alpha, found.alpha_standardised, found.omega_total):
        assert isinstance(outcome, Withheld) or outcome.low <= outcome.value <= outcome.high


def test_blocks_of_rows_sum_to_the_whole():
    """More rows than one block give the covariances of NumPy."""
    answers = drawn([0.5, 0.7, 0.9], 70_000, seed=1)
    sums = sum_items(answers, ["a", "b", "c"])
    np.testing.assert_allclose(sums.covariances, np.cov(answers.T), rtol=1e-10)
    assert sums.n == 70_000


def test_answers_of_one_pair_count_where_both_are_given():
    """Pairwise covariances are about the means of those who answered both."""
    answers = np.array([[1.0, 2, 3], [2, 4, np.nan], [3, 3, 5], [4, np.nan, 4], [5, 9, 1]])
    sums = sum_items(answers, ["a", "b", "c"])
    both = np.isfinite(answers[:, 0]) & np.isfinite(answers[:, 2])
    expected = np.cov(answers[both, 0], answers[both, 2])[0, 1]
    assert sums.covariances[0, 2] == pytest.approx(expected)
    assert sums.n == 3


@pytest.mark.slow
@pytest.mark.parametrize("loadings", [[0.4, 0.5, 0.6, 0.8], [0.6] * 6])
def test_omega_and_its_interval_hold_in_repeated_samples(loadings):
    """The true omega lies in about 95 of 100 intervals, and errors are those of the figures."""
    true = sum(loadings) ** 2 / (sum(loadings) ** 2 + sum(1 - loading**2 for loading in loadings))
    names = [str(place) for place in range(len(loadings))]
    found = [omega_total(sum_items(drawn(loadings, 400, seed), names)) for seed in range(200)]
    inside = sum(one.low <= Decimal(true) <= one.high for one in found)
    assert 180 <= inside <= 199
    spread = np.std([float(one.value) for one in found])
    assert np.mean([float(one.se) for one in found]) == pytest.approx(spread, rel=0.15)


def test_alpha_equals_omega_for_equal_items():
    """Items that measure one thing equally well: the two coefficients are the same."""
    table = np.full((5, 5), 0.4) + 0.6 * np.eye(5)
    sums = sum_items(drawn([0.5] * 5, 50, seed=1), list("abcde"))
    same = type(sums)(sums.names, sums.means, table, sums.pairs, sums.n)
    assert float(cronbach_alpha(same).value) == pytest.approx(float(omega_total(same).value))


def test_an_item_the_other_way_round_is_named_and_turned():
    """It runs against the rest until it is turned."""
    answers = drawn([0.7, 0.7, 0.7, 0.7], 300, seed=2)
    answers[:, 1] *= -1
    sums = sum_items(answers, list("abcd"))
    assert scale_reliability(sums).against == ("b",)
    turned = scale_reliability(turn_items(sums, ["b"]))
    assert turned.against == ()
    assert turned.alpha.value > Decimal("0.7")
    with pytest.raises(ValueError, match="turned items"):
        turn_items(sums, ["z"])


def test_bad_scales_have_their_reasons():
    """One item, an unanswered and a constant one, too few respondents, items that cancel out."""
    good = drawn([0.5, 0.5, 0.5], 20, seed=3)
    assert sum_items(good[:, :1], ["a"]) == Withheld("too_few_items", (("smallest", "2"),))
    empty, constant = good.copy(), good.copy()
    empty[:, 1], constant[:, 2] = np.nan, 4.0
    assert sum_items(empty, list("abc")) == Withheld("item_unanswered", (("item", "b"),))
    assert sum_items(constant, list("abc")) == Withheld("item_constant", (("item", "c"),))
    few = Withheld("too_few_respondents", (("smallest", "3"),))
    assert sum_items(good[:2], list("abc")) == few
    opposite = np.column_stack([good[:, 0], -good[:, 0]])
    assert cronbach_alpha(sum_items(opposite, ["a", "b"])) == Withheld("items_cancel_out")
    two = sum_items(good[:, :2], ["a", "b"])
    assert omega_total(two) == Withheld("too_few_items", (("smallest", "3"),))
    same = np.column_stack([good[:, 0], good[:, 0], good[:, 1]])
    assert omega_total(sum_items(same, list("abc"))) == Withheld("improper_factor")


def crossed(seed, *, ratees=30, raters=6, items=4):
    """Draw a complete table of known variances; give scores and facets."""
    random = np.random.default_rng(seed)
    p, r, i = (code.ravel() for code in np.indices((ratees, raters, items)))
    scores = random.normal(size=ratees)[p] + 0.5 * random.normal(size=raters)[r]
    scores += 0.4 * random.normal(size=(ratees, items))[p, i] + random.normal(size=len(p))
    return scores, {"ratee": p, "rater": r, "item": i}


@pytest.mark.parametrize(
    "layout", ["ratee x rater x item", "(rater in ratee) x item", "ratee x rater", "rater in ratee"]
)
def test_gaps_change_little_and_are_told(layout):
    """A table without one rating has nearly the components of the whole, and another method."""
    scores, facets = crossed(1)
    if "item" not in layout:
        first = facets["item"] == 0
        scores, facets = scores[first], {name: codes[first] for name, codes in facets.items()}
    if "in ratee" in layout:
        facets["rater"] = facets["ratee"] * 6 + facets["rater"]
    whole = study_facets(scores, facets, layout)
    gap = study_facets(scores[1:], {name: codes[1:] for name, codes in facets.items()}, layout)
    assert (whole.components.complete, gap.components.complete) == (True, False)
    np.testing.assert_allclose(gap.components.variances, whole.components.variances, atol=0.03)
    assert coefficient(whole, "absolute").method == "components"
    assert coefficient(gap, "absolute").method == "components_with_gaps"


@pytest.mark.slow
def test_components_with_gaps_are_unbiased():
    """Over many tables with a third missing, the mean component is the true one."""
    found = []
    for seed in range(150):
        scores, facets = crossed(seed)
        kept = np.random.default_rng(seed + 1000).random(len(scores)) < 0.67
        study = study_facets(
            scores[kept], {name: codes[kept] for name, codes in facets.items()},
            "ratee x rater x item",
        )  # fmt: skip
        found.append(study.components.variances)
    mean = np.mean(found, axis=0)
    np.testing.assert_allclose(mean, [1, 0.25, 0, 0, 0.16, 0, 1], atol=0.06)


def test_absolute_decisions_are_never_surer_than_relative_ones():
    """The level of raters and items adds to the error when levels count."""
    study = study_facets(*crossed(3), "ratee x rater x item")
    relative, absolute = (coefficient(study, name) for name in ("relative", "absolute"))
    assert absolute.value <= relative.value
    assert coefficient(study, "relative", {"rater": 50}).value > relative.value


def test_bad_designs_have_their_reasons():
    """Equal answers, one rater, ratees that differ by chance only."""
    facets = {"ratee": np.array([0, 0, 1, 1]), "rater": np.array([0, 1, 0, 1])}
    assert study_facets(np.ones(4), facets, "ratee x rater") == Withheld("all_answers_equal")
    alone = {"ratee": np.array([0, 1, 2]), "rater": np.zeros(3, np.int64)}
    found = study_facets(np.array([1.0, 2, 4]), alone, "ratee x rater")
    assert found == Withheld("design_too_small")
    study = study_facets(np.array([1.0, 2, 2, 1]), facets, "ratee x rater")
    assert coefficient(study, "relative") == Withheld("ratees_not_told_apart")
    study = study_facets(np.array([1.0, 1, 2, 2]), facets, "ratee x rater")
    assert coefficient(study, "absolute") == Withheld("no_error_left")


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_the_number_of_raters_is_the_smallest_that_reaches_the_target(single, target):
    """One rater fewer would not do."""
    figure = Estimate(Decimal(single), Decimal(single), Decimal(single), 20, "anova")
    found = raters_needed(curve_of_single(figure), target)
    assert stepped_up(single, found.raters) >= target - 1e-9
    assert found.raters == 1 or stepped_up(single, found.raters - 1) < target
    assert (found.fewest, found.most) == (found.raters, found.raters)


def test_items_may_set_a_ceiling_that_no_number_of_raters_passes():
    """What a ratee does on one item stays an error of two items, however many rate."""
    study = study_facets(*crossed(4, items=2), "ratee x rater x item")
    curve = curve_of_study(lambda raters: coefficient(study, "relative", {"rater": raters}))
    assert raters_needed(curve, 0.999) == Withheld("target_out_of_reach", (("target", "0.999"),))
    shown = reliability_curve(curve, 4)
    assert [count for count, _, _ in shown] == [1, 2, 3, 4]
    assert [value for _, value, _ in shown] == sorted(value for _, value, _ in shown)


def test_a_reliability_that_may_be_nothing_has_no_most():
    """At the lower end no number of raters is enough."""
    figure = Estimate(Decimal("0.3"), Decimal("-0.1"), Decimal("0.6"), 20, "anova")
    found = raters_needed(curve_of_single(figure), 0.8)
    assert (found.fewest, found.raters, found.most) == (3, 10, None)
