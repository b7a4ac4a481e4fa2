"""An index as an assessment: results that pages, tables and releases can show."""

from decimal import Decimal

import pytest

from touchstone.content.packs import read_pack
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze
from touchstone.loop.indices import make_index
from touchstone.reports.folders import build_folder, verify_folder
from touchstone.reports.recipes import compute, recipe_of

SCHEME = "sustainable_connectivity"


@pytest.fixture(scope="module")
def computed():
    """The shipped index of 51 countries."""
    pack = read_pack("connectivity")
    path = pack.evidence["countries"]
    with path.open("rb") as stream:
        snapshot = freeze(read_table(stream, where=path.name), pack.datasets["countries"])
    return compute(recipe_of(pack, SCHEME), snapshot)


def test_a_unit_has_the_score_and_range_of_the_index(computed):
    """Scores are those of `make_index`, rounded; places are the range over its draws."""
    scheme = computed.recipe.scheme
    index = {one.unit: one for one in make_index(computed.measures, scheme).units}
    assert len(computed.assessment.units) == len(index) == 51
    for unit in computed.assessment.units:
        own = index[unit.unit]
        assert abs(unit.score - own.score) <= Decimal("0.05")
        assert unit.low <= unit.score <= unit.high
        assert (unit.rank_low, unit.rank_high) == (own.spread.place_low, own.spread.place_high)
        assert unit.grade == own.grade
        assert unit.status == ("graded" if own.grade else "undecided")


def test_parts_sum_to_the_score_and_probabilities_to_one(computed):
    """The points of the two halves of the index are its score; grades have shares of draws."""
    for unit in computed.assessment.units:
        assert [part.criterion for part in unit.parts] == ["conn", "sust"]
        assert sum(part.points for part in unit.parts) == unit.score
        assert sum(part.weight for part in unit.parts) == 100
        assert unit.probabilities.method == "index_draws"
        assert sum(share for _, share in unit.probabilities.grades) == 1


def test_n_counts_the_figures_that_are_known(computed):
    """Facts without answers: as many as the country has; the rest was filled."""
    known = {unit.unit: unit.n for unit in computed.assessment.units}
    assert (known["AUS"], known["BGD"]) == (49, 43)


def test_a_reason_names_the_band_or_the_bound(computed):
    """As for every scheme."""
    keys = {unit.because.key for unit in computed.assessment.units}
    assert keys == {"interval_in_band", "interval_across"}


def test_the_folder_of_an_index_can_be_verified(computed):
    """Its making stands in `analyses.json` and in the report; everything is computed again."""
    files = build_folder(computed)
    assert b'"kind":"index"' in files["analyses.json"]
    assert "charts/index-factors.svg" in files
    assert b"How the index was made" in files["report.html"]
    assert verify_folder(files).is_right


def test_the_making_names_steps_draws_and_factors(computed):
    """With the draws, seed and confidence of the scheme."""
    made = computed.assessment.index
    assert dict(made.steps)["normalise"] == "min_max"
    assert (made.draws, made.seed, made.confidence) == (2000, 2018, Decimal("0.9"))
    assert {one.factor for one in made.factors} >= {"impute", "normalise", "aggregate"}
