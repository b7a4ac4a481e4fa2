"""Ratees are measured by forms fairly to all raters, and what has no figure is withheld."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most
from tests.unit.stats.many_facets.forms import drawn_forms, table_of

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.stats.item_response.models import fit_item_response
from touchstone.stats.item_response.scales import Parameter
from touchstone.stats.many_facets.forms import telling_forms, whole_categories
from touchstone.stats.many_facets.likelihood import FacetLikelihood, places_of
from touchstone.stats.many_facets.measures import RateeMeasure
from touchstone.stats.many_facets.models import fit_many_facets

MUTE = Withheld("all_at_one_end")


def severities_of(model):
    """Give the raters' severities."""
    return np.array([one.measure.estimate for one in model.raters])


def measures_of(model):
    """Give the ratees' measures."""
    return np.array([one.measure.measure for one in model.ratees])


@st.composite
def any_rows(draw):
    """Make small tables of any ratings."""
    name = st.sampled_from("abcd")
    row = st.tuples(name, st.sampled_from("uvwxy"), st.sampled_from("12"), st.integers(0, 3))
    return draw(st.lists(row, min_size=12, max_size=40))


@settings(deadline=None, max_examples=at_most(25))
@given(rows=any_rows(), scale_of=st.sampled_from(["common", "item", "rater"]))
def test_gradient_and_information_are_the_derivatives_of_the_likelihood(rows, scale_of):
    """Differences of the value give the gradient, those of the gradient the information."""
    try:
        forms = telling_forms(table_of(rows), scale_of, keep_raters=False)
    except TouchstoneError:
        return
    likelihood = FacetLikelihood(forms, places_of(forms))
    at, move = 0.3 * np.cos(np.arange(likelihood.places.size + 0.0)), 1e-5
    here = likelihood(at)
    present = np.ones(len(at), bool)
    ends = len(forms.severities), len(forms.severities) + len(forms.difficulties)
    present[: ends[0]], present[ends[0] : ends[1]] = forms.severities, forms.difficulties
    for place in np.flatnonzero(present):
        unit = np.zeros(len(at))
        unit[place] = move
        above, below = likelihood(at + unit), likelihood(at - unit)
        slope = (above.value - below.value) / (2 * move)
        assert slope == pytest.approx(here.gradient[place], abs=1e-4)
        turn = (below.gradient - above.gradient) / (2 * move)
        np.testing.assert_allclose(turn, here.information[place], atol=1e-4)


def test_one_rater_is_the_model_of_persons_by_items():
    """With a single rater the likelihood, difficulties and measures are those of item response."""
    rows, _, _ = drawn_forms(2, raters=1, each=1)
    model = fit_many_facets(table_of(rows), scale_of="item")
    answers = np.array([row[3] for row in rows]).reshape(-1, 4)
    other = fit_item_response(answers, "partial_credit")
    assert model.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-9)
    assert model.variance == pytest.approx(other.variance, rel=1e-5)
    for one, item in zip(model.items, other.items, strict=True):
        np.testing.assert_allclose(one.measure, item.difficulty, rtol=1e-5, atol=1e-7)
        assert one.infit == pytest.approx(item.infit, rel=1e-5)
        assert one.outfit == pytest.approx(item.outfit, rel=1e-5)
        steps = [taus for taus in item.thresholds if isinstance(taus, Parameter)]
        np.testing.assert_allclose(one.thresholds, steps, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(measures_of(model), other.persons.measure, atol=1e-5)
    assert model.raters[0].measure == Withheld("no_rater_beside")
    assert model.raters[0].infit == pytest.approx(1, abs=0.2)
    assert model.rater_reliability == model.rater_separation == Withheld("one_rater")


def test_severity_is_taken_out():
    """Severities are found again, and measures follow abilities better than plain means."""
    rows, abilities, severities = drawn_forms(3, ratees=150, severity=1.5)
    model = fit_many_facets(table_of(rows))
    np.testing.assert_allclose(severities_of(model), severities, atol=0.3)
    means = np.array([one.mean for one in model.ratees])
    by_measure = np.corrcoef(measures_of(model), abilities)[0, 1]
    assert by_measure > np.corrcoef(means, abilities)[0, 1] + 0.02
    assert model.variance == pytest.approx(1.69, abs=0.6)
    assert 0.8 < model.reliability < 0.97
    assert model.rater_reliability > 0.9


def test_mean_squares_are_about_one_and_tell_an_erratic_rater():
    """Raters of the model have infit near 1; one who throws dice has far more."""
    rows, _, _ = drawn_forms(4, ratees=150)
    calm = fit_many_facets(table_of(rows))
    for one in (*calm.raters, *calm.items):
        assert one.infit == pytest.approx(1, abs=0.25)
    generator = np.random.default_rng(5)
    rows = [
        (rater, ratee, item, int(generator.integers(1, 5)) if rater == "r03" else category)
        for rater, ratee, item, category in rows
    ]
    wild = fit_many_facets(table_of(rows)).raters
    assert wild[3].infit > 1.5
    assert max(one.infit for place, one in enumerate(wild) if place != 3) < 1.25


def test_averages_stand_on_the_scale_of_the_ratings():
    """The rating an average rater would give lies within the scale, in its interval."""
    rows, _, _ = drawn_forms(6)
    for one in fit_many_facets(table_of(rows)).ratees:
        found = one.measure
        assert 1 < found.average_low < found.average < found.average_high < 4
        assert found.average == pytest.approx(one.mean, abs=0.7)


def test_perfect_scores_have_finite_measures():
    """A ratee rated best by all, and one rated worst, have measures with errors."""
    rows, _, _ = drawn_forms(7)
    best = [(f"r{n:02}", "x", f"i{item}", 4) for n in range(4) for item in range(4)]
    worst = [(f"r{n:02}", "y", f"i{item}", 1) for n in range(4) for item in range(4)]
    measures = measures_of(fit_many_facets(table_of([*rows, *best, *worst])))
    assert measures[-2] == measures.max()
    assert measures[-1] == measures.min()
    assert np.isfinite(measures).all()


@pytest.mark.parametrize("scale_of", ["common", "item", "rater"])
def test_a_rater_who_always_gives_the_best_is_withheld(scale_of):
    """No finite severity fits; the rater is left out, named, and moves nobody."""
    rows, _, _ = drawn_forms(8)
    generous = [("z", f"u{n:02}", f"i{item}", 4) for n in range(10) for item in range(4)]
    without = fit_many_facets(table_of(rows), scale_of=scale_of)
    model = fit_many_facets(table_of([*rows, *generous]), scale_of=scale_of)
    assert model.raters[-1].measure == model.raters[-1].infit == MUTE
    assert (model.raters[-1].n, model.raters[-1].mean) == (40, 4)
    assert model.left_out == 40
    assert model.log_likelihood == pytest.approx(without.log_likelihood, rel=1e-10)
    np.testing.assert_allclose(measures_of(model), measures_of(without), atol=1e-6)


def test_a_rater_who_always_gives_the_best_has_a_severity_when_random():
    """As one of many, the rater is the most lenient, with a finite value."""
    rows, _, _ = drawn_forms(8)
    generous = [("z", f"u{n:02}", f"i{item}", 4) for n in range(10) for item in range(4)]
    model = fit_many_facets(table_of([*rows, *generous]), raters="random")
    assert severities_of(model).argmin() == 8
    assert model.left_out == 0
    assert model.rater_variance > 0


def test_random_raters_find_the_variance_of_severities_again():
    """From many raters their variance comes out about right, and likewise that of ratees."""
    rows, _, severities = drawn_forms(9, ratees=200, raters=40, each=6, severity=1.5)
    model = fit_many_facets(table_of(rows), raters="random")
    assert model.rater_variance == pytest.approx(severities.var(), rel=0.3)
    assert model.variance == pytest.approx(1.69, rel=0.3)
    assert np.abs(severities_of(model) - severities).mean() < 0.3


def test_raters_who_are_alike_have_next_to_no_variance():
    """Equal raters are not told apart, and the variance goes to its end without failing."""
    rows, _, _ = drawn_forms(10, severity=0)
    model = fit_many_facets(table_of(rows), raters="random")
    assert 0 < model.rater_variance < 0.05


def test_ratees_rated_by_a_mute_rater_alone_are_withheld():
    """Who has no telling rating has a plain mean, and no measure."""
    rows, _, _ = drawn_forms(11)
    alone = [("z", "only", f"i{item}", 4) for item in range(4)]
    model = fit_many_facets(table_of([*rows, *alone]))
    assert (model.ratees[0].n, model.ratees[0].mean, model.ratees[0].measure) == (4, 4, MUTE)
    assert model.subsets == 1


def test_subsets_without_a_common_rater_are_reported_and_ranked_apart():
    """Two groups that share nobody: each has its own number and its own ranks."""
    near, _, _ = drawn_forms(12)
    far = [(f"x{rater}", f"y{ratee}", item, c) for rater, ratee, item, c in drawn_forms(13)[0]]
    model = fit_many_facets(table_of([*near, *far]))
    assert model.subsets == 2
    for subset in (0, 1):
        of_it = [one.measure for one in model.ratees if one.measure.subset == subset]
        assert len(of_it) == 60
        assert min(one.rank_low for one in of_it) == 1
        assert max(one.rank_high for one in of_it) == 60
        assert all(one.rank_low <= one.rank_high for one in of_it)


def test_a_rater_who_rates_only_himself_is_a_subset_of_his_own():
    """His measure stands, apart from all others'."""
    rows, _, _ = drawn_forms(14)
    own = [("z", "z", f"i{item}", 1 + item % 3) for item in range(4)]
    model = fit_many_facets(table_of([*rows, *own]))
    assert model.subsets == 2
    found = model.ratees[-1].measure
    assert (found.subset, found.rank_low, found.rank_high) == (1, 1, 1)


def test_raters_with_items_of_their_own_are_centred_among_themselves():
    """Where two sets of raters share no item, severities of each set sum to 0."""
    rows, _, _ = drawn_forms(15)
    rows = [
        (rater, ratee, item + ("x" if rater < "r04" else "y"), category)
        for rater, ratee, item, category in rows
    ]
    severities = severities_of(fit_many_facets(table_of(rows)))
    assert severities[:4].sum() == pytest.approx(0, abs=1e-6)
    assert severities[4:].sum() == pytest.approx(0, abs=1e-6)


def test_an_item_rated_the_same_by_all_is_withheld():
    """With partial credit any constant item is left out, on a common scale one at an end."""
    rows, _, _ = drawn_forms(16)
    middle = [(r, d, i, 2 if i == "i1" else c) for r, d, i, c in rows]
    assert fit_many_facets(table_of(middle), scale_of="item").items[1].measure == MUTE
    assert isinstance(fit_many_facets(table_of(middle)).items[1].measure, Parameter)
    top = [(r, d, i, 4 if i == "i1" else c) for r, d, i, c in rows]
    assert fit_many_facets(table_of(top)).items[1].measure == MUTE


def test_an_unused_middle_category_withholds_its_thresholds():
    """Thresholds beside a category nobody chose do not exist; all else does."""
    rows = [(r, d, i, 3 if c == 2 else c) for r, d, i, c in drawn_forms(17)[0]]
    model = fit_many_facets(table_of(rows))
    kinds = [isinstance(one, Withheld) for one in model.thresholds]
    assert kinds == [True, True, False]
    assert model.lowest == 1
    assert np.isfinite(measures_of(model)).all()


def test_ratees_who_do_not_differ_have_no_reliability():
    """Ratings that vary less than by chance: the variance is 0 and reliability is withheld."""
    rows = [
        (f"r{rater}", f"u{ratee}", f"i{item}", (rater + ratee + item) % 2)
        for rater in range(4)
        for ratee in range(6)
        for item in range(4)
    ]
    model = fit_many_facets(table_of(rows))
    assert model.variance == 0
    assert model.reliability == model.separation == Withheld("ratees_alike")
    assert model.variance_se == Withheld("ratees_alike")


ONE_RATEE = [("a", "u", "1", 0), ("b", "u", "1", 1), ("a", "u", "2", 1), ("b", "u", "2", 2)]
ALL_EQUAL = [(r, d, i, 3) for r in "ab" for d in "uv" for i in "12"]
ONCE_EACH = [("a", "u", "1", 0), ("a", "v", "1", 1), ("a", "w", "1", 2)]


@pytest.mark.parametrize("rows", [ONE_RATEE, ALL_EQUAL, ONCE_EACH])
def test_ratings_that_tell_too_little_are_refused(rows):
    """One ratee, equal ratings, or one rating each: the error says what is left."""
    with pytest.raises(TouchstoneError) as refused:
        fit_many_facets(table_of(rows))
    assert refused.value.code == "ITEM-04"


@pytest.mark.parametrize("score", [1.5, -1.0, 31.0, np.nan])
def test_scores_that_are_no_categories_are_refused(score):
    """The ordinal model takes whole numbers from 0 to 30."""
    with pytest.raises(TouchstoneError) as refused:
        whole_categories(np.array([1.0, score]))
    assert refused.value.code == "ITEM-02"
    assert refused.value.where == "rating 2"


def test_more_parameters_than_can_be_solved_are_refused():
    """Beyond 6,000 parameters the error points to the linear model."""
    rows = [(f"r{n}", f"u{n % 50}", item, n % 3) for n in range(6_100) for item in "12"]
    rows += [(f"r{n}", f"u{n % 49}", "1", (n + 1) % 3) for n in range(6_100)]
    with pytest.raises(TouchstoneError) as refused:
        fit_many_facets(table_of(rows))
    assert refused.value.code == "ITEM-05"


def test_the_order_of_rows_does_not_matter():
    """The same ratings in another order give the same figures."""
    rows, _, _ = drawn_forms(18)
    one, other = fit_many_facets(table_of(rows)), fit_many_facets(table_of(rows[::-1]))
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-12)
    assert all(isinstance(ratee.measure, RateeMeasure) for ratee in one.ratees)
    np.testing.assert_allclose(measures_of(one), measures_of(other), rtol=1e-7)
