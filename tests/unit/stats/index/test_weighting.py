"""Weights: given, of the data, of people; always 0 or more, always summing to 1."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from touchstone.base.errors import TouchstoneError
from touchstone.stats.index.hierarchies import (
    build_hierarchy,
    effective_weights,
    flat_hierarchy,
    with_weights,
)
from touchstone.stats.index.judging import (
    matrix_of_pairs,
    weights_by_budget,
    weights_by_pairs,
)
from touchstone.stats.index.weighting import (
    WEIGHTINGS,
    component_weights,
    entropy_weights,
    first_component,
    weigh,
)

NESTED = build_hierarchy(
    ["a", "b", "c", "d"],
    {"a": "g", "b": "g", "c": "h", "d": "h", "g": "top", "h": "top"},
    {"a": 3, "h": 4},
)
POINTS = np.random.default_rng(5).normal(50, 10, (30, 1)) + np.random.default_rng(6).normal(
    0, 8, (30, 4)
)


@pytest.mark.parametrize("method", WEIGHTINGS)
def test_weights_of_siblings_sum_to_one(method):
    """At every level, by every method."""
    weights = weigh(POINTS, NESTED, method).weights
    for place in range(4, 7):
        assert weights[NESTED.children(place)].sum() == pytest.approx(1)
    assert (weights >= 0).all()
    assert effective_weights(NESTED, weights).sum() == pytest.approx(1)


def test_a_tree_puts_groups_after_their_children():
    """Whatever the order in which parents are told."""
    tree = build_hierarchy(
        ["a", "b", "c"], {"g2": "top", "a": "g1", "g1": "g2", "b": "g2", "c": "top"}, {}
    )
    assert tree.names == ("a", "b", "c", "g1", "g2", "top")
    assert effective_weights(tree).tolist() == [0.25, 0.25, 0.5]


@pytest.mark.parametrize(
    "parents",
    [{"a": "g", "g": "a"}, {"a": "g", "b": "h"}, {"a": "g", "b": "g", "x": "g"}, {}],
    ids=["circle", "two wholes", "an unknown node", "no whole"],
)
def test_what_is_no_tree_is_refused(parents):
    """A circle, several wholes, nodes that hold nothing."""
    with pytest.raises(ValueError, match=r"parents must"):
        build_hierarchy(["a", "b"], parents, {})


def test_negative_or_no_weights_are_refused():
    """The fault names the group."""
    for weights in ([1.0, -0.5], [0.0, 0.0]):
        with pytest.raises(TouchstoneError, match=r"group 'index'.*INDEX-04"):
            flat_hierarchy(["a", "b"], weights)
    with pytest.raises(ValueError, match="parents"):
        flat_hierarchy([])
    assert with_weights(flat_hierarchy(["a"]), np.array([7.0, 7.0])).weights.tolist() == [1, 1]


@given(
    hnp.arrays(
        np.float64, (8, 3), elements=st.floats(-100, 100).map(lambda x: round(x, 3)), unique=True
    )
)
def test_the_first_component_explains_most(cells):
    """No other direction has more variance than the first component's."""
    found = first_component(cells, ["a", "b", "c"])
    correlations = np.corrcoef(cells, rowvar=False)
    assert np.linalg.norm(found.loadings) == pytest.approx(1)
    assert found.loadings @ correlations @ found.loadings == pytest.approx(3 * found.explained)
    assert found.explained >= 1 / 3 - 1e-9
    assert found.loadings.sum() >= 0


def test_collinear_indicators_share_their_loading():
    """The third says what the first says; neither counts more than the other."""
    cells = np.column_stack([POINTS[:, 0], POINTS[:, 1], 3 * POINTS[:, 0] - 2])
    loadings = first_component(cells, ["a", "b", "c"]).loadings
    assert loadings[0] == pytest.approx(loadings[2])


def test_a_component_is_refused_where_it_cannot_be_found():
    """Too few units, no spread, an indicator against the others."""
    with pytest.raises(TouchstoneError, match=r"only 2 units.*INDEX-08"):
        first_component(np.array([[1.0, 2.0], [3.0, 1.0], [np.nan, 1.0]]), ["a", "b"])
    with pytest.raises(TouchstoneError, match=r"'b'.*same value.*INDEX-08"):
        first_component(np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 2.0]]), ["a", "b"])
    against = np.column_stack([POINTS[:, 0], POINTS[:, 0] + POINTS[:, 1], -POINTS[:, 0]])
    with pytest.raises(TouchstoneError, match=r"'c'.*runs against.*INDEX-08"):
        component_weights(against, ["a", "b", "c"], squared=False)
    assert component_weights(against, ["a", "b", "c"], squared=True).sum() == pytest.approx(1)


def test_entropy_gives_nothing_to_what_is_the_same_for_all():
    """An indicator that tells nobody apart has no weight; when none does, there are no weights."""
    cells = np.column_stack([[10.0, 90, 50], [70.0, 70, 70], [49.0, 50, 51]])
    weights = entropy_weights(cells, ["a", "b", "c"])
    assert weights[1] == 0
    assert weights[0] > weights[2] > 0
    with pytest.raises(TouchstoneError, match="INDEX-09"):
        entropy_weights(np.full((3, 2), 5.0), ["a", "b"])
    with pytest.raises(TouchstoneError, match=r"'b'.*below 0"):
        entropy_weights(np.array([[1.0, -1], [2, 1], [3, 1]]), ["a", "b"])
    with pytest.raises(TouchstoneError, match="INDEX-09"):
        entropy_weights(np.full((2, 2), np.nan), ["a", "b"])


@given(st.lists(st.floats(0.2, 9), min_size=2, max_size=9))
def test_comparisons_that_follow_from_weights_give_them_back(importance):
    """The ratio of a consistent matrix is 0."""
    given_weights = np.array(importance)
    found = weights_by_pairs(given_weights[:, None] / given_weights, where="here")
    assert found.weights == pytest.approx(given_weights / given_weights.sum())
    assert found.consistency_ratio == pytest.approx(0, abs=1e-6)


def test_saatys_example_has_his_ratio():
    """Saaty 1980: the wealth of nations as a student judged it, seven nations."""
    rows = [
        [1, 4, 9, 6, 6, 5, 5],
        [1 / 4, 1, 7, 5, 5, 3, 4],
        [1 / 9, 1 / 7, 1, 1 / 5, 1 / 5, 1 / 7, 1 / 5],
        [1 / 6, 1 / 5, 5, 1, 1, 1 / 3, 1 / 3],
        [1 / 6, 1 / 5, 5, 1, 1, 1 / 3, 1 / 3],
        [1 / 5, 1 / 3, 7, 3, 3, 1, 2],
        [1 / 5, 1 / 4, 5, 3, 3, 1 / 2, 1],
    ]
    found = weights_by_pairs(np.array(rows, float), where="nations")
    assert found.greatest_eigenvalue == pytest.approx(7.61, abs=0.01)
    assert found.weights.round(3).tolist() == [0.427, 0.230, 0.021, 0.052, 0.052, 0.123, 0.094]


def test_contradicting_comparisons_are_refused_unless_accepted():
    """a over b over c over a: the ratio tells."""
    circle = matrix_of_pairs(
        ["a", "b", "c"], {("a", "b"): 5, ("b", "c"): 5, ("c", "a"): 5}, where="experts"
    )
    with pytest.raises(TouchstoneError, match="INDEX-06"):
        weights_by_pairs(circle, where="experts")
    accepted = weights_by_pairs(circle, where="experts", highest_ratio=10)
    assert accepted.weights == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(
    "pairs",
    [{}, {("a", "b"): 2.0, ("b", "a"): 2.0}, {("a", "x"): 2.0}, {("a", "b"): 0.0}],
    ids=["missing", "twice", "unknown", "zero"],
)
def test_incomplete_comparisons_are_refused(pairs):
    """Each two things are compared once, by a number above 0."""
    with pytest.raises(TouchstoneError, match="INDEX-05"):
        matrix_of_pairs(["a", "b"], pairs, where="experts")


@pytest.mark.parametrize(
    "rows", [[[1, 2], [2, 1]], [[1, -1], [-1, 1]], [[1, 2, 3]]], ids=["same", "negative", "shape"]
)
def test_a_matrix_that_is_not_reciprocal_is_refused(rows):
    """Twice as important the one way is half as important the other."""
    with pytest.raises(TouchstoneError, match="INDEX-05"):
        weights_by_pairs(np.array(rows, float), where="experts")


def test_a_budget_must_be_shared_out_whole():
    """99 points, points for something else, no expert."""
    for budgets in ([{"a": 99}], [{"a": 50, "x": 50}], [{"a": 150, "b": -50}], []):
        with pytest.raises(TouchstoneError, match="INDEX-07"):
            weights_by_budget(budgets, ["a", "b"], where="experts")
