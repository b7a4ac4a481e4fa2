"""Persons are measured by their answers to items, and what tells nothing is withheld."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.stats.item_response.answers import checked_table, collapse
from touchstone.stats.item_response.marginal import MarginalLikelihood, cells_of
from touchstone.stats.item_response.models import fit_item_response


def drawn_answers(seed=1, persons=400, items=6, most=3, spread=1.2):
    """Draw answers to a rating scale, items from easy to hard."""
    generator = np.random.default_rng(seed)
    ability = spread * generator.normal(size=(persons, 1, 1))
    difficulty = np.linspace(-1, 1, items)[None, :, None]
    taus = np.append(0, np.cumsum(np.linspace(-1, 1, most)))
    logits = np.arange(most + 1) * (ability - difficulty) - taus
    chance = np.exp(logits)
    chance /= chance.sum(axis=2, keepdims=True)
    below = np.cumsum(chance, axis=2)[:, :, :-1]
    return (generator.random((persons, items, 1)) > below).sum(axis=2)


@st.composite
def small_tables(draw):
    """Make small tables of any answers, gaps among them."""
    persons, items = draw(st.integers(6, 25)), draw(st.integers(2, 4))
    cells = st.lists(st.integers(-1, 3), min_size=items, max_size=items)
    return np.array(draw(st.lists(cells, min_size=persons, max_size=persons)))


@pytest.mark.parametrize("kind", ["partial_credit", "rating_scale"])
@settings(deadline=None, max_examples=at_most(30))
@given(table=small_tables())
def test_gradient_and_information_are_the_derivatives_of_the_likelihood(kind, table):
    """Differences of the value give the gradient, those of the gradient the information."""
    try:
        collapsed, _ = collapse(checked_table(table), kind)
    except TouchstoneError:
        return
    cells = cells_of(collapsed)
    likelihood = MarginalLikelihood(collapsed, cells, kind)
    at = 0.3 * np.cos(np.arange(cells.design.shape[1] + 1.0))
    here, move = likelihood(at), 1e-5
    for place, unit in enumerate(move * np.eye(len(at))):
        above, below = likelihood(at + unit), likelihood(at - unit)
        slope = (above.value - below.value) / (2 * move)
        assert slope == pytest.approx(here.gradient[place], abs=1e-5)
        turn = (below.gradient - above.gradient) / (2 * move)
        np.testing.assert_allclose(turn, here.information[place], atol=1e-4)


def test_parameters_are_found_again():
    """From many persons the model finds what the answers were drawn from."""
    model = fit_item_response(drawn_answers(persons=20_000), "rating_scale")
    difficulty = [item.difficulty.estimate for item in model.items]
    np.testing.assert_allclose(difficulty, np.linspace(-1, 1, 6), atol=0.05)
    taus = [one.estimate for one in model.items[0].thresholds]
    np.testing.assert_allclose(taus, [-1, 0, 1], atol=0.05)
    assert model.variance == pytest.approx(1.44, abs=0.08)


def test_mean_squares_are_about_one_when_the_model_holds():
    """Infit and outfit are 1 for answers the model draws, and tell an item of pure chance."""
    answers = drawn_answers(2, persons=5_000)
    model = fit_item_response(answers)
    for item in model.items:
        assert item.infit == pytest.approx(1, abs=0.05)
        assert item.outfit == pytest.approx(1, abs=0.08)
    answers[:, 2] = np.random.default_rng(3).integers(0, 4, len(answers))
    erratic = fit_item_response(answers).items
    assert erratic[2].infit > 1.3
    assert max(item.infit for item in erratic[:2]) < 1.05


def test_gaps_leave_what_persons_did_not_answer_out():
    """Gaps at random move no figure far, and groups of like gaps give what single rows give."""
    answers = drawn_answers(4, persons=3_000)
    whole = fit_item_response(answers)
    answers[np.random.default_rng(5).random(answers.shape) < 0.2] = -1
    gaps = fit_item_response(answers)
    for one, other in zip(whole.items, gaps.items, strict=True):
        assert one.difficulty.estimate == pytest.approx(other.difficulty.estimate, abs=0.15)
        assert other.difficulty.se > one.difficulty.se
    assert gaps.persons.se.mean() > whole.persons.se.mean()


def test_perfect_scores_have_finite_measures():
    """All right and all wrong have a measure with an error, further out than any other."""
    table = np.vstack([drawn_answers(6, most=1), np.ones((1, 6), int), np.zeros((1, 6), int)])
    persons = fit_item_response(table, "rasch").persons
    assert np.isfinite(persons.measure).all()
    assert persons.measure[-2] == persons.measure.max()
    assert persons.measure[-1] == persons.measure.min()
    assert (persons.se > 0).all()


def test_items_that_tell_nothing_are_withheld():
    """An item all answer alike, and one nobody answered, are left out with their reasons."""
    answers = drawn_answers(7)
    answers[:, 1], answers[:, 4] = 2, -1
    with_mute, without = fit_item_response(answers), fit_item_response(answers[:, [0, 2, 3, 5]])
    assert with_mute.items[1].difficulty == Withheld("all_answers_equal")
    assert with_mute.items[1].mean == 2
    assert with_mute.items[4].difficulty == with_mute.items[4].mean == Withheld("no_answers")
    assert with_mute.log_likelihood == pytest.approx(without.log_likelihood, rel=1e-12)
    assert (with_mute.persons.n == 4).all()


def test_a_common_scale_keeps_an_item_answered_in_the_middle():
    """On a common rating scale only answers all at one end leave a difficulty infinite."""
    answers = drawn_answers(8)
    answers[:, 1], answers[:, 2] = 2, 3
    items = fit_item_response(answers, "rating_scale").items
    assert np.isfinite(items[1].difficulty.estimate)
    assert items[2].difficulty == Withheld("all_answers_equal")


def test_a_category_nobody_chose_withholds_the_thresholds_beside_it():
    """An unused middle category has no thresholds; the others stand."""
    answers = drawn_answers(9, most=4)
    answers[answers[:, 0] == 2, 0] = 3
    found = fit_item_response(answers).items[0]
    unused = Withheld("unused_category", (("category", "2"),))
    assert [one == unused for one in found.thresholds] == [False, True, True, False]
    assert np.isfinite(found.difficulty.estimate)


def test_persons_without_answers_have_the_mean_of_all():
    """They change nothing, and their error is the deviation of abilities."""
    answers = drawn_answers(10)
    more = np.vstack([answers, np.full((1, 6), -1)])
    one, other = fit_item_response(answers), fit_item_response(more)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-10)
    assert other.persons.measure[-1] == pytest.approx(0, abs=1e-9)
    assert other.persons.se[-1] == pytest.approx(other.variance**0.5, rel=1e-6)
    assert one.reliability == pytest.approx(other.reliability)


def test_persons_who_do_not_differ_have_no_reliability():
    """Where scores vary less than by chance the variance is 0 and reliability is withheld."""
    answers = np.tile([[0, 1, 1, 0], [1, 0, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]], (10, 1))
    model = fit_item_response(answers, "rasch")
    assert model.variance == 0
    assert model.reliability == model.separation == Withheld("persons_alike")
    assert model.variance_se == Withheld("persons_alike")


@pytest.mark.parametrize(
    ("answers", "kind", "code"),
    [
        (np.ones((5, 3), int), "rasch", "ITEM-01"),
        (np.full((5, 3), -1), "partial_credit", "ITEM-01"),
        (np.array([[0], [1]]), "rasch", "ITEM-01"),
        (np.array([[0, 1, 1]]), "rasch", "ITEM-01"),
        (np.zeros((0, 3), int), "rasch", "ITEM-01"),
        (np.array([[0, 2], [1, 1]]), "rasch", "ITEM-02"),
        (np.array([[0, 99], [1, 1]]), "partial_credit", "ITEM-02"),
    ],
)
def test_answers_no_model_can_be_fitted_to_are_refused(answers, kind, code):
    """The error tells what is wrong with the table."""
    with pytest.raises(TouchstoneError) as refused:
        fit_item_response(answers, kind)
    assert refused.value.code == code


def test_the_order_of_rows_does_not_matter():
    """The same answers in another order give the same figures, person by person."""
    answers = drawn_answers(11)
    one, other = fit_item_response(answers), fit_item_response(answers[::-1])
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-12)
    np.testing.assert_allclose(one.persons.measure, other.persons.measure[::-1], rtol=1e-8)


def test_answers_that_follow_without_chance_are_refused():
    """Where every pattern fits exactly the abilities' variance has no finite value."""
    answers = np.repeat([[0, 0, 0], [1, 1, 1]], 20, axis=0)
    with pytest.raises(TouchstoneError) as refused:
        fit_item_response(answers, "rasch")
    assert refused.value.code == "ITEM-03"
    assert "run apart" in refused.value.found
