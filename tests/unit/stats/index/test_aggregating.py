"""Aggregation up the tree, Copeland's rule, and all steps together."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from touchstone.base.errors import InputErrors
from touchstone.stats.composites import aggregate as exact_mean
from touchstone.stats.index.aggregating import MEANS, aggregate_tree, copeland, places_of
from touchstone.stats.index.composing import Panel, Steps, build_index, means_of
from touchstone.stats.index.hierarchies import (
    build_hierarchy,
    effective_weights,
    flat_hierarchy,
)
from touchstone.stats.index.normalising import Scaling, plain_scaling

NESTED = build_hierarchy(
    ["a", "b", "c"], {"a": "g", "b": "g", "g": "top", "c": "top"}, {"a": 3, "c": 2}
)
POINTS = hnp.arrays(np.float64, (5, 3), elements=st.floats(1, 100))


def panel_of(values, **other):
    """Make a panel of three indicators in a nested tree."""
    cells = np.array(values, float)
    settings = {
        "units": tuple("ABCDEFGH"[: len(cells)]),
        "errors": np.zeros_like(cells),
        "scaling": plain_scaling(["a", "b", "c"]),
        "hierarchy": NESTED,
        "means": ("arithmetic", "arithmetic"),
    }
    return Panel(values=cells, **(settings | other))


@given(POINTS, st.sampled_from(MEANS))
def test_a_mean_lies_between_the_least_and_the_greatest(points, mean):
    """At every node."""
    scores = aggregate_tree(points, NESTED, [mean] * 2)[:, -1]
    assert (scores >= points.min(axis=1) - 1e-9).all()
    assert (scores <= points.max(axis=1) + 1e-9).all()


@given(POINTS)
def test_the_less_a_mean_compensates_the_lower_it_is(points):
    """Harmonic ≤ geometric ≤ arithmetic."""
    harmonic, geometric, arithmetic = (
        aggregate_tree(points, NESTED, [mean] * 2)[:, -1]
        for mean in ("harmonic", "geometric", "arithmetic")
    )
    assert (harmonic <= geometric + 1e-9).all()
    assert (geometric <= arithmetic + 1e-9).all()


@given(POINTS)
def test_equal_means_all_the_way_up_are_one_mean(points):
    """The weights in the whole decide, the groups play no further part."""
    flat = flat_hierarchy(["a", "b", "c"], effective_weights(NESTED).tolist())
    for mean in MEANS:
        nested = aggregate_tree(points, NESTED, [mean] * 2)[:, -1]
        assert np.allclose(nested, aggregate_tree(points, flat, [mean])[:, -1])


@given(POINTS)
def test_the_means_are_the_exact_ones(points):
    """The decimal means of assessments, to the digits a floating-point number has."""
    weights = [Decimal(3), Decimal(1), Decimal(2)]
    flat = flat_hierarchy(["a", "b", "c"], [3, 1, 2])
    for mean in MEANS:
        found = aggregate_tree(points, flat, [mean])[0, -1]
        exact = exact_mean([Decimal(float(point)) for point in points[0]], weights, mean)
        assert found == pytest.approx(float(exact))


def test_a_missing_child_leaves_its_weight_to_its_siblings():
    """Within the group only; an empty group leaves its own to the other groups."""
    points = np.array([[np.nan, 40, 100], [np.nan, np.nan, 100], [np.nan] * 3])
    scores = aggregate_tree(points, NESTED, ["arithmetic"] * 2)
    assert scores[0].tolist()[3:] == pytest.approx([40, 80])
    assert scores[1, -1] == pytest.approx(100)
    assert np.isnan(scores[1, 3])
    assert np.isnan(scores[2, 3:]).all()


def test_the_floor_keeps_one_zero_from_deciding_everything():
    """A 0 counts as the floor for means that cannot do with a 0."""
    points = np.array([[0.0, 100, 100], [1.0, 100, 100]])
    for mean in ("geometric", "harmonic"):
        scores = aggregate_tree(points, NESTED, [mean] * 2)[:, -1]
        assert scores[0] == scores[1] > 0
    for wrong in ({"floor": 0.0}, {}):
        with pytest.raises(ValueError, match="means"):
            aggregate_tree(points, NESTED, ["geometric"] * (2 if wrong else 1), **wrong)


@given(hnp.arrays(np.float64, (6, 3), elements=st.integers(0, 5).map(float)))
def test_copeland_counts_duels_as_a_plain_loop_does(points):
    """Each pair of units, each indicator, by hand."""
    weights = effective_weights(NESTED)
    expected = []
    for one in points:
        balances = [
            sum(w * (np.sign(x - y)) for w, x, y in zip(weights, one, other, strict=True))
            for other in points
        ]
        expected.append(sum(np.sign(round(balance, 9)) for balance in balances))
    found = copeland(points, NESTED)
    assert found.tolist() == expected
    assert found.sum() == 0


def test_all_steps_together_by_hand():
    """Min-max by column, weights 3:1 in the group, then group and c 1:2."""
    found = build_index(panel_of([[0, 0, 10], [10, 5, 0], [5, 10, 5]]), Steps())
    assert found.normalised.tolist() == [[0, 0, 100], [100, 50, 0], [50, 100, 50]]
    assert found.scores[:, 3].tolist() == [0, 87.5, 62.5]
    assert found.scores[:, -1] == pytest.approx([200 / 3, 87.5 / 3, 162.5 / 3])
    assert found.places.tolist() == [1, 3, 2]
    ruled = build_index(panel_of([[0, 0, 10], [10, 5, 0], [5, 10, 5]]), Steps(aggregate="copeland"))
    assert ruled.places.tolist() == [1, 3, 2]
    assert np.isnan(ruled.scores[:, 3]).all()


def test_equal_scores_share_the_better_place():
    """One place is then left free."""
    assert places_of(np.array([5.0, 9.0, 5.0, 1.0])).tolist() == [2, 1, 2, 4]


def test_a_single_unit_is_first_by_goalposts():
    """Nobody to compare with, and yet a score."""
    stated = Scaling(("a", "b", "c"), np.ones(3), np.zeros(3), np.full(3, 10.0), np.full(3, 5.0))
    found = build_index(panel_of([[5, 5, 5]], scaling=stated), Steps(normalise="goalposts"))
    assert found.scores[0, -1] == pytest.approx(50)
    assert found.places.tolist() == [1]


def test_goalposts_do_not_go_with_transformed_figures():
    """They are stated in units that a logarithm does not have."""
    values = np.column_stack([np.exp(np.linspace(0, 24, 60)), np.arange(60), np.arange(60)])
    stated = Scaling(("a", "b", "c"), np.ones(3), np.zeros(3), np.full(3, 1e9), np.full(3, 1e9))
    panel = panel_of(values, units=tuple(map(str, range(60))), scaling=stated)
    with pytest.raises(InputErrors, match=r"indicator 'a'.*INDEX-10"):
        build_index(panel, Steps(treat="winsorise_then_log", normalise="goalposts"))
    build_index(panel, Steps(treat="winsorise", normalise="goalposts"))


def test_copeland_is_no_mean():
    """It cannot be asked for one."""
    with pytest.raises(ValueError, match="mean"):
        means_of(panel_of([[1, 2, 3]]), "copeland")
