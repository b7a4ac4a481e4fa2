"""Every step of an index equals the same step in base R, on 49 indicators of 51 countries."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from touchstone.content.packs import read_pack
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze
from touchstone.loop.index_panels import FoundPanel, find_panel
from touchstone.loop.indices import make_index, measure_for_index
from touchstone.stats.index.composing import Index, Steps, build_index
from touchstone.stats.index.judging import weights_by_pairs
from touchstone.stats.index.normalising import normalise
from touchstone.stats.index.treating import kurtosis, name_treatments, skewness
from touchstone.stats.index.weighting import entropy_weights, first_component

EXPECTED = json.loads((Path(__file__).parent / "index.json").read_text("utf-8"))
OWN = Steps(impute="group_median", treat="winsorise", weigh="equal")


@cache
def found() -> FoundPanel:
    """Give the panel of the pack's scheme."""
    pack = read_pack("connectivity")
    scheme = pack.schemes["sustainable_connectivity"]
    dataset = pack.datasets["countries"]
    with pack.evidence["countries"].open("rb") as stream:
        snapshot = freeze(read_table(stream, where="countries"), dataset)
    measures = measure_for_index(snapshot, scheme, dataset=dataset, indicators=pack.indicators)
    first = make_index(measures, scheme, draws=0).units[0]
    assert first.unit == "CHE"
    return find_panel(measures, scheme)


@cache
def built() -> Index:
    """Build the index as the scheme says."""
    return build_index(found().panel, OWN)


def in_order(figures):
    """Put R's figures by country into the order of the panel's units."""
    by_unit = dict(zip(EXPECTED["units"], figures, strict=True))
    return [by_unit[unit] for unit in found().panel.units]


def test_indicators_and_their_moments_are_those_of_r():
    """Divided by size, skewness and kurtosis of type 2."""
    panel = found().panel
    assert list(panel.scaling.names) == EXPECTED["indicators"]
    assert skewness(panel.values) == pytest.approx(EXPECTED["skewness"], rel=1e-10)
    assert kurtosis(panel.values) == pytest.approx(EXPECTED["kurtosis"], rel=1e-9)


def test_the_same_indicators_are_winsorised():
    """By the rule of skewness and kurtosis, at most five times."""
    panel = found().panel
    told = name_treatments(built().prepared.treatments, panel.scaling.names)
    assert list(told) == EXPECTED["winsorised"]


@pytest.mark.parametrize(("method", "key"), [("z_score", "z"), ("percentile", "percentile")])
def test_normalised_figures_are_those_of_r(method, key):
    """The first country of the file, on all indicators."""
    panel = found().panel
    points = normalise(built().prepared.treated, panel.scaling, method)
    first = panel.units.index(EXPECTED["units"][0])
    assert points[first] == pytest.approx(EXPECTED[key], rel=1e-10)


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic", "copeland"])
def test_the_index_is_that_of_r(method):
    """Up the tree, for all countries."""
    steps = Steps(OWN.impute, OWN.treat, OWN.normalise, OWN.weigh, method)
    scores = build_index(found().panel, steps).scores[:, -1]
    assert scores == pytest.approx(in_order(EXPECTED[method]), rel=1e-10)


def test_weights_of_the_data_are_those_of_r():
    """The first component of prcomp, and entropy, over the physical links."""
    tree, points = built().hierarchy, built().normalised
    inside = tree.children(tree.names.index("physical"))
    names = [tree.names[place] for place in inside]
    component = first_component(points[:, inside], names)
    assert component.loadings == pytest.approx(EXPECTED["component"]["loadings"], abs=1e-10)
    assert component.explained == pytest.approx(EXPECTED["component"]["explained"], rel=1e-10)
    found_weights = entropy_weights(points[:, inside], names)
    assert found_weights == pytest.approx(EXPECTED["entropy"], rel=1e-9)


def test_weights_by_pairs_are_those_of_r():
    """Principal eigenvector and consistency ratio."""
    judged = np.array(
        [[1, 3, 5, 7], [1 / 3, 1, 2, 4], [1 / 5, 1 / 2, 1, 2], [1 / 7, 1 / 4, 1 / 2, 1]]
    )
    got = weights_by_pairs(judged, where="experts")
    assert got.weights == pytest.approx(EXPECTED["pairs"]["weights"], rel=1e-10)
    assert got.consistency_ratio == pytest.approx(EXPECTED["pairs"]["ratio"], rel=1e-8)
