"""Draws of an index equal the index built step by step with what each draw has chosen."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.support.examples import at_most
from tests.unit.stats.sensitivity.panels import flat_panel, made_panel

from touchstone.stats.index.aggregating import places_of
from touchstone.stats.index.composing import (
    AGGREGATINGS,
    Steps,
    normalise_prepared,
    prepare,
    score_nodes,
)
from touchstone.stats.index.hierarchies import with_weights
from touchstone.stats.index.normalising import NORMALISATIONS, normalise
from touchstone.stats.index.treating import apply_treatments
from touchstone.stats.sensitivity.draws import (
    ERRING,
    choose,
    draw_index,
    evaluate,
    generator,
    places_in,
)
from touchstone.stats.sensitivity.normals import LAYERS, SURE, TAIL, fill_normals
from touchstone.stats.sensitivity.studies import STEPS, Choices, prepare_study

EVERYTHING = Choices(
    impute=("mean", "group_median", "regression"),
    treat=("none", "winsorise"),
    normalise=("min_max", "z_score", "rank", "percentile", "borda", "goalposts"),
    weigh=("given", "equal", "entropy"),
    aggregate=AGGREGATINGS,
    weight_noise=0.4,
)
TRANSFORMED = Choices(
    treat=("winsorise_then_log", "winsorise_then_box_cox", "none"),
    normalise=("min_max", "z_score", "distance_to_reference"),
    aggregate=("arithmetic", "harmonic"),
)


def plain_scores(study, chosen, draw, normals=None):
    """Build the index of one draw from the library's single steps."""
    choices = study.choices
    picked = {
        step: getattr(choices, step)[chosen.levels[draw, place]] for place, step in enumerate(STEPS)
    }
    steps = Steps(**picked)
    panel = study.panel
    prepared = prepare(panel, steps)
    normalised = normalise_prepared(panel, prepared, steps.normalise)
    own = replace(study.choices, weight_noise=0.0, errors=False)
    weights = prepare_study(panel, steps, replace(own, **dict.fromkeys(STEPS, ()))).weights
    moved = weights[0, 0] * (1 + choices.weight_noise * chosen.noise[draw])
    if normals is not None:
        cells = prepared.imputed + panel.errors * normals
        treated = apply_treatments(cells, prepared.treatments)
        normalised = normalise(treated, panel.scaling, steps.normalise)
    hierarchy = with_weights(panel.hierarchy, moved)
    return score_nodes(panel, normalised, hierarchy, steps.aggregate)[:, -1]


def normals_of(seed, shape):
    """Give the standard normal numbers of the first block of draws."""
    bits = generator(seed, ERRING, "a", 0).integers(0, 2**64, np.prod(shape), dtype=np.uint64)
    normals = np.empty(len(bits))
    fill_normals(bits, normals)
    return normals.reshape(shape)


@pytest.mark.parametrize(
    ("choices", "gaps"), [(EVERYTHING, True), (TRANSFORMED, False)], ids=["all", "transformed"]
)
def test_a_draw_is_the_index_with_other_choices(choices, gaps):
    """Every draw of 150, to the last digits but for the order of sums."""
    study = prepare_study(made_panel(40, gaps=gaps), Steps(impute="mean"), choices)
    chosen = choose(study, 150, seed=8)
    found = evaluate(study, chosen, seed=8)
    for draw in range(at_most(150)):
        assert np.allclose(found[draw], plain_scores(study, chosen, draw), rtol=1e-10)


@pytest.mark.parametrize(
    ("method", "treat"),
    [
        (method, treat)
        for method in NORMALISATIONS
        for treat in ("none", "winsorise", "winsorise_then_log")
        # A logarithm moves figures away from goalposts and targets.
        if treat != "winsorise_then_log" or method not in ("goalposts", "distance_to_target")
    ],
)
def test_a_draw_with_errors_is_the_index_of_the_moved_figures(method, treat):
    """Errors move figures before treatment; normalisation is done anew among moved figures."""
    choices = Choices(aggregate=AGGREGATINGS, weight_noise=0.2, errors=True)
    study = prepare_study(made_panel(40), Steps(normalise=method, treat=treat), choices)
    chosen = choose(study, 20, seed=4)
    found = evaluate(study, chosen, seed=4)
    normals = normals_of(4, (20, 4, 40))
    for draw in range(20):
        expected = plain_scores(study, chosen, draw, normals[draw].T)
        assert np.allclose(found[draw], expected, rtol=1e-10)


def test_missing_cells_stay_missing_in_draws_with_errors():
    """Weights grow for the unit that lacks a cell, in each draw."""
    choices = Choices(normalise=("min_max", "percentile"), errors=True)
    study = prepare_study(made_panel(20, gaps=True), Steps(), choices)
    chosen = choose(study, 30, seed=1)
    normals = normals_of(1, (30, 4, 20))
    found = evaluate(study, chosen, seed=1)
    for draw in range(30):
        assert np.allclose(found[draw], plain_scores(study, chosen, draw, normals[draw].T))


def test_places_are_those_of_each_draw():
    """Ties share the better place, draw by draw."""
    scores = np.random.default_rng(1).integers(0, 5, (100, 9)).astype(float)
    assert (places_in(scores) == [places_of(one) for one in scores]).all()


def test_more_draws_begin_with_the_same_ones():
    """Streams of random numbers belong to blocks of draws, not to runs or processors."""
    choices = replace(EVERYTHING, errors=True)
    study = prepare_study(made_panel(gaps=True), Steps(impute="mean"), choices)
    short, long = (draw_index(study, draws, seed=5) for draws in (70, 200))
    assert (short.scores == long.scores[:70]).all()
    assert (short.levels == long.levels[:70]).all()
    assert (draw_index(study, 70, seed=6).scores != short.scores).any()


def test_nothing_varies_without_choices():
    """Each draw is the index; the same places always."""
    panel = made_panel()
    found = draw_index(prepare_study(panel, Steps(), Choices()), 10, seed=1)
    assert np.ptp(found.scores, axis=0).max() == 0
    assert found.is_own.all()


def test_weights_stay_within_their_noise():
    """On a single indicator per corner the score is the weight itself."""
    panel = flat_panel([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    found = draw_index(prepare_study(panel, Steps(), Choices(weight_noise=0.5)), 5000, seed=2)
    weights = found.scores / 100
    assert np.allclose(weights.sum(axis=1), 1)
    assert weights.min() >= 0.5 / 3.5 - 1e-12
    assert weights.max() <= 1.5 / 2.5 + 1e-12
    assert weights.mean() == pytest.approx(1 / 3)


def test_methods_are_drawn_evenly_and_own_scales_are_marked():
    """A third of the draws each; scores of another normalisation are on another scale."""
    choices = Choices(normalise=("min_max", "z_score", "rank"))
    found = draw_index(prepare_study(made_panel(), Steps(), choices), 6000, seed=2)
    shares = np.bincount(found.levels[:, STEPS.index("normalise")]) / 6000
    assert shares == pytest.approx([1 / 3] * 3, abs=0.03)
    assert (found.is_own == (found.levels[:, STEPS.index("normalise")] == 0)).all()


def test_errors_of_cells_become_the_error_of_the_score():
    """By fixed goalposts the score is linear: its variance is Σ w²·se² on the scale."""
    panel = made_panel(8)
    stated = replace(panel, means=("arithmetic",) * 3)
    scaling = replace(
        panel.scaling, worst=np.array([-1e9, -1e9, -1e9, 1e9]), best=np.array([1e9, 1e9, 1e9, -1e9])
    )
    stated = replace(stated, scaling=scaling)
    study = prepare_study(stated, Steps(normalise="goalposts"), Choices(errors=True))
    found = draw_index(study, 20000, seed=9).scores
    weights = panel.hierarchy.weights
    shares = weights[:4] * weights[panel.hierarchy.parents[:4]]
    expected = np.sqrt(((shares * panel.errors * 100 / 2e9) ** 2).sum(axis=1))
    assert found.std(axis=0) == pytest.approx(expected, rel=0.03)
    assert found.mean(axis=0) == pytest.approx(study.index.scores[:, -1], abs=1e-6)


def test_a_study_names_what_varies_and_refuses_nonsense():
    """Factors in the order of the steps, then weights, then errors."""
    study = prepare_study(made_panel(gaps=True), Steps(impute="mean"), EVERYTHING)
    assert study.factors == (*STEPS, "weight_noise")
    with pytest.raises(ValueError, match="weight_noise"):
        prepare_study(made_panel(), Steps(), Choices(weight_noise=1.0))
    with pytest.raises(ValueError, match="draws"):
        draw_index(study, 0, seed=1)


@pytest.mark.slow
def test_numbers_from_random_bits_are_normal():
    """Moments, the whole distribution, and the tail beyond the layers; signs are even."""
    bits = np.random.default_rng(11).integers(0, 2**64, 2_000_000, dtype=np.uint64)
    found = np.empty(len(bits))
    fill_normals(bits, found)
    assert stats.kstest(found, "norm").pvalue > 0.01
    assert [found.mean(), found.var(), stats.skew(found), stats.kurtosis(found)] == pytest.approx(
        [0, 1, 0, 0], abs=0.008
    )
    for bound in (1, 2, 3, TAIL, 4):
        expected = 2 * stats.norm.sf(bound)
        share = (np.abs(found) > bound).mean()
        assert abs(share - expected) < 4 * np.sqrt(expected / len(found))
    assert abs((found > 0).mean() - 0.5) < 0.002
    assert len(SURE) == LAYERS


@pytest.mark.slow
def test_errors_drawn_one_by_one_are_in_distribution_those_of_numpy():
    """The same figures, errors by NumPy's own normal numbers, plainly: the scores agree."""
    choices = Choices(errors=True)
    study = prepare_study(made_panel(12), Steps(normalise="z_score"), choices)
    found = draw_index(study, 4000, seed=3).scores
    chance, panel = np.random.default_rng(1), study.panel
    plain = []
    for _ in range(4000):
        cells = panel.values + panel.errors * chance.standard_normal(panel.values.shape)
        points = normalise(cells, panel.scaling, "z_score")
        plain.append(score_nodes(panel, points, panel.hierarchy, "stated")[:, -1])
    for unit in range(12):
        assert stats.ks_2samp(found[:, unit], np.array(plain)[:, unit]).pvalue > 0.001
