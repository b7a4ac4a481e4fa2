"""What follows from draws: place intervals, shares, sensitivity indices, admissible places."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most
from tests.unit.stats.sensitivity.panels import NAMES, PARENTS, flat_panel, made_panel

from touchstone.stats.index.composing import Steps, build_index
from touchstone.stats.index.hierarchies import build_hierarchy, flat_hierarchy
from touchstone.stats.sensitivity.admissible import (
    additive_points,
    bound_places,
    bound_places_ordered,
    extreme_places,
)
from touchstone.stats.sensitivity.attributions import attribute, indices_of
from touchstone.stats.sensitivity.distributions import (
    share_grades,
    share_places,
    spread_places,
    spread_scores,
)
from touchstone.stats.sensitivity.draws import draw_index
from touchstone.stats.sensitivity.studies import Choices, prepare_study

DRAWN = np.array([[place, 3 - place] for place in [1] * 94 + [2] * 6], np.int32)


def test_an_interval_leaves_the_same_share_out_at_either_end():
    """Six of a hundred draws: inside at 95 %, outside at 80 %."""
    wide, narrow = spread_places(DRAWN, 0.95), spread_places(DRAWN, 0.8)
    assert (wide.low.tolist(), wide.high.tolist()) == ([1, 1], [2, 2])
    assert (narrow.low.tolist(), narrow.high.tolist()) == ([1, 2], [1, 2])
    assert wide.mean.tolist() == [1.06, 1.94]
    with pytest.raises(ValueError, match="confidence"):
        spread_places(DRAWN, 1)


@given(st.integers(1, 60), st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99]))
def test_an_interval_holds_the_share_that_it_promises(draws, confidence):
    """Never fewer draws than the confidence."""
    places = np.random.default_rng(draws).integers(1, 9, (draws, 5)).astype(np.int32)
    found = spread_places(places, confidence)
    inside = (places >= found.low) & (places <= found.high)
    assert (inside.mean(axis=0) >= confidence - 1e-9).all()


def test_shares_of_places_and_grades_sum_to_one():
    """A bound belongs to the higher band."""
    assert share_places(DRAWN) == [{1: 0.94, 2: 0.06}, {1: 0.06, 2: 0.94}]
    scores = np.array([[40.0, 59.9], [60.0, 100.0]])
    found = share_grades(scores, [50, 60, 90])
    assert found.tolist() == [[0.5, 0.5, 0], [0.5, 0, 0.5]]
    low, high = spread_scores(np.arange(100.0)[:, None], 0.9)
    assert (low[0], high[0]) == (4, 94)


def ishigami_like(x):
    """Give 2·x₁ + x₂, with shares of variance 4/5 and 1/5."""
    return 2 * x[:, 0] + x[:, 1]


def test_indices_of_a_sum_are_its_shares_of_variance():
    """For a sum first-order and total index are one."""
    chance = np.random.default_rng(1)
    a, b = chance.random((2, 200_000, 2))
    crossed = []
    for place in range(2):
        mixed = a.copy()
        mixed[:, place] = b[:, place]
        crossed.append(ishigami_like(mixed))
    outputs = np.array([ishigami_like(a), ishigami_like(b), *crossed])
    first, total = indices_of(outputs, np.ones((1, len(a))))[:, 0]
    assert first == pytest.approx([0.8, 0.2], abs=0.01)
    assert total == pytest.approx([0.8, 0.2], abs=0.01)


def test_indices_of_a_product_show_what_only_works_together():
    """x₁·x₂ around 0: nothing on its own, everything in total."""
    chance = np.random.default_rng(1)
    a, b = chance.random((2, 200_000, 2)) - 0.5
    crossed = []
    for place in range(2):
        mixed = a.copy()
        mixed[:, place] = b[:, place]
        crossed.append(mixed.prod(axis=1))
    outputs = np.array([a.prod(axis=1), b.prod(axis=1), *crossed])
    first, total = indices_of(outputs, np.ones((1, len(a))))[:, 0]
    assert first == pytest.approx([0, 0], abs=0.01)
    assert total == pytest.approx([1, 1], abs=0.02)


def test_a_choice_that_changes_nothing_has_no_share():
    """Without outliers treatment does nothing; the aggregation does most."""
    panel = made_panel(30)
    panel.values[:, 0] = np.linspace(0, 1, 30)
    choices = Choices(
        treat=("none", "winsorise"), aggregate=("arithmetic", "harmonic"), weight_noise=0.01
    )
    found = {
        one.factor: one for one in attribute(prepare_study(panel, Steps(), choices), 400, seed=1)
    }
    assert found["treat"].total == 0
    assert found["aggregate"].total > found["weight_noise"].total > 0
    low, high = found["aggregate"].first_interval
    assert low <= found["aggregate"].first <= high


def test_nothing_is_attributed_where_nothing_or_one_thing_varies():
    """One factor explains everything by itself; no indices are made up for it."""
    panel = made_panel()
    assert attribute(prepare_study(panel, Steps(), Choices(weight_noise=0.1)), 100, seed=1) == ()
    still = flat_panel([[1.0, 1], [2, 2], [3, 3]])
    choices = Choices(aggregate=("arithmetic", "harmonic"), weight_noise=0.1)
    assert attribute(prepare_study(still, Steps(), choices), 100, seed=1) == ()
    with pytest.raises(ValueError, match="base"):
        attribute(prepare_study(panel, Steps(), choices), 1, seed=1)


@settings(max_examples=at_most(15), deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.1, 0.3, 0.6]))
def test_no_draw_leaves_the_admissible_places(seed, noise):
    """Weights drawn within the noise never reach beyond the bounds."""
    panel = made_panel(10, seed=seed, means=("arithmetic",) * 3)
    study = prepare_study(panel, Steps(), Choices(weight_noise=noise))
    places = draw_index(study, 200, seed=seed).places
    bounds = bound_places(study.index.normalised, panel.hierarchy, noise)
    assert (places >= bounds.best).all()
    assert (places <= bounds.worst).all()


def corner_places(points, hierarchy, noise):
    """Give the extreme places over all corners of the weights of a flat tree."""
    found = []
    for signs in product((-1, 1), repeat=points.shape[1]):
        weights = hierarchy.weights[:-1] * (1 + noise * np.array(signs))
        scores = points @ weights
        found.append((scores[:, None] < scores - 1e-12).sum(axis=1) + 1)
    return np.min(found, axis=0), np.max(found, axis=0)


@settings(max_examples=at_most(15), deadline=None)
@given(st.integers(0, 10_000))
def test_the_programme_finds_places_between_corners_and_bounds(seed):
    """No corner does better than the programme, no programme than the bounds."""
    points = np.random.default_rng(seed).random((6, 3))
    hierarchy = flat_hierarchy(NAMES[:3], [3, 2, 1])
    bounds = bound_places(points, hierarchy, 0.4)
    best, worst = corner_places(points, hierarchy, 0.4)
    for unit in range(6):
        found = extreme_places(points, hierarchy, 0.4, unit)
        assert found.is_proven
        assert bounds.best[unit] <= found.best <= best[unit]
        assert worst[unit] <= found.worst <= bounds.worst[unit]


@settings(max_examples=at_most(15), deadline=None)
@given(st.integers(0, 10_000))
def test_the_two_ways_to_the_bounds_agree(seed):
    """The greedy solution of the fractional programme and the linear programme of HiGHS."""
    points = np.random.default_rng(seed).random((5, 4))
    hierarchy = build_hierarchy(NAMES, PARENTS, {"a": 3, "h": 2})
    quick, slow = (
        bound_places(points, hierarchy, 0.3),
        bound_places_ordered(points, hierarchy, 0.3, ()),
    )
    assert quick.best.tolist() == slow.best.tolist()
    assert quick.worst.tolist() == slow.worst.tolist()


def test_an_order_of_weights_narrows_the_places():
    """When a weighs at least b, the unit that is strong in b cannot come first."""
    points = np.array([[10.0, 0.0], [0.0, 10.0]])
    hierarchy = flat_hierarchy(NAMES[:2])
    assert bound_places(points, hierarchy, 0.5).best.tolist() == [1, 1]
    ahead = points + np.array([[0.1], [0]])
    ordered = bound_places_ordered(ahead, hierarchy, 0.5, [("a", "b")])
    assert (ordered.best.tolist(), ordered.worst.tolist()) == ([1, 2], [1, 2])
    with pytest.raises(ValueError, match="admissible"):
        bound_places_ordered(points, flat_hierarchy(NAMES[:2], [1, 9]), 0.1, [("a", "b")])


def test_admissible_places_need_points_that_add_up():
    """Logarithms for geometric means; nothing for mixed means, Copeland and missing cells."""
    mixed = made_panel()
    normalised = build_index(mixed, Steps()).normalised
    assert additive_points(mixed, normalised, Steps()) is None
    assert additive_points(mixed, normalised, Steps(aggregate="copeland")) is None
    logs = additive_points(mixed, normalised, Steps(aggregate="geometric"))
    assert (logs == np.log(np.maximum(normalised, 1))).all()
    assert additive_points(mixed, normalised * np.nan, Steps(aggregate="arithmetic")) is None
    with pytest.raises(ValueError, match="noise"):
        bound_places(normalised, mixed.hierarchy, 1.0)


def test_one_unit_is_first_and_last():
    """Nobody to be behind."""
    points, hierarchy = np.array([[1.0, 2.0]]), flat_hierarchy(NAMES[:2])
    bounds = bound_places(points, hierarchy, 0.5)
    assert (bounds.best.tolist(), bounds.worst.tolist()) == ([1], [1])
    assert extreme_places(points, hierarchy, 0.5, 0).worst == 1
