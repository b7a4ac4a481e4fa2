"""Each step of an index: screening, denominating, imputing, treating, normalising."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from touchstone.base.errors import InputErrors
from touchstone.stats.index.denominating import denominate
from touchstone.stats.index.imputing import IMPUTATIONS, impute
from touchstone.stats.index.normalising import (
    NORMALISATIONS,
    Scaling,
    normalise,
    plain_scaling,
)
from touchstone.stats.index.screening import (
    pairwise_correlations,
    screen_indicators,
    screen_units,
)
from touchstone.stats.index.treating import (
    apply_treatments,
    find_treatments,
    kurtosis,
    name_treatments,
    skewness,
)

SKEWED = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0], [7.0], [90.0], [100.0]])
WITHOUT_STATED = ("min_max", "z_score", "rank", "percentile", "borda")
FIGURES = hnp.arrays(np.float64, (6, 2), elements=st.integers(-1000, 1000).map(float), unique=True)


def test_a_unit_with_too_few_values_or_too_many_zeros_does_not_stay():
    """Zeros count as values, but only so many of them may be 0."""
    cells = np.array([[1, 2, 3, 4], [1, np.nan, np.nan, np.nan], [0, 0, 0, 4.0]])
    assert screen_units(cells, least_known=0.5).tolist() == [True, False, True]
    assert screen_units(cells, least_known=0.5, least_nonzero=0.5).tolist() == [True, False, False]
    with pytest.raises(ValueError, match="between 0 and 1"):
        screen_units(cells, least_known=2)


def test_a_unit_without_any_value_never_stays():
    """Not even where nothing is asked for."""
    assert screen_units(np.array([[np.nan]]), least_known=0).tolist() == [False]


def test_empty_constant_and_collinear_indicators_are_named():
    """What tells nothing, and what tells the same thing twice."""
    cells = np.array([[1, -2, 7, np.nan], [2, -4, 7, np.nan], [3, -6, 7, np.nan], [9, -18, 7, 1.0]])
    cells[3, 3] = np.nan
    found = screen_indicators(cells, ["a", "b", "c", "d"])
    assert (found.empty, found.constant, found.collinear) == (("d",), ("c",), (("a", "b"),))
    assert found.known == (1, 1, 1, 0)


@given(FIGURES)
def test_correlations_over_whole_rows_are_those_of_numpy(cells):
    """Where no cell is missing, both formulas are one."""
    assert np.allclose(pairwise_correlations(cells), np.corrcoef(cells, rowvar=False), atol=1e-8)


def test_a_cell_whose_denominator_is_missing_or_zero_has_no_value():
    """Nothing is divided by nothing."""
    found = denominate(np.array([4.0, 4.0, 4.0]), np.array([2.0, 0.0, np.nan]), per=10)
    assert found[0] == 20
    assert np.isnan(found[1:]).all()


@pytest.mark.parametrize("method", [name for name in IMPUTATIONS if name != "none"])
def test_imputation_fills_every_gap_and_moves_no_known_cell(method):
    """Known cells stay to the bit; a group without a value takes that of all units."""
    cells = np.array([[1, 2.0], [2, 4], [3, np.nan], [np.nan, 8], [5, 10], [np.nan, 12]])
    groups = ["a", "a", "a", "b", "b", "c"]
    filled = impute(cells, method, names=["x", "y"], groups=groups)
    known = ~np.isnan(cells)
    assert np.isfinite(filled).all()
    assert (filled[known] == cells[known]).all()


def test_regression_expects_what_the_other_indicators_tell():
    """y = 2x holds for all units that have both; the ridge draws it in by a few percent."""
    x = np.linspace(1, 20, 20)
    cells = np.column_stack([x, 2 * x])
    cells[9, 1] = np.nan
    assert impute(cells, "regression", names=["x", "y"])[9, 1] == pytest.approx(20, abs=0.5)


def test_an_indicator_without_any_value_cannot_be_imputed():
    """The fault names it."""
    with pytest.raises(InputErrors, match=r"indicator 'y'.*INDEX-02"):
        impute(np.array([[1, np.nan]]), "mean", names=["x", "y"])
    with pytest.raises(ValueError, match="groups"):
        impute(np.array([[1, np.nan], [np.nan, 1.0]]), "group_mean", names=["x", "y"])
    with pytest.raises(ValueError, match="method"):
        impute(np.array([[1.0]]), "guess", names=["x"])


def test_moments_of_a_column_without_spread_are_zero():
    """A constant has neither skewness nor kurtosis, however its mean rounds."""
    constant = np.full((7, 1), 0.1)
    assert (skewness(constant)[0], kurtosis(constant)[0]) == (0, 0)
    assert find_treatments(constant, "winsorise_then_log").is_settled == (True,)


def test_winsorising_draws_in_the_least_when_skewness_is_negative():
    """The mirror image is treated as the mirror image."""
    upward = apply_treatments(SKEWED, find_treatments(SKEWED, "winsorise"))
    downward = apply_treatments(-SKEWED, find_treatments(-SKEWED, "winsorise"))
    assert (upward == -downward).all()


@pytest.mark.parametrize("method", ["winsorise_then_log", "winsorise_then_box_cox"])
def test_a_transformation_keeps_the_order(method):
    """What winsorising cannot mend is transformed, and no two units change places."""
    cells = np.exp(np.linspace(0, 12, 60))[:, None] ** 2
    treatments = find_treatments(cells, method)
    assert treatments.moved == (0,)
    assert (np.diff(apply_treatments(cells, treatments)[:, 0]) > 0).all()
    assert name_treatments(treatments, ["x"])["x"] in ("log", "box_cox")
    mirrored = apply_treatments(-cells, find_treatments(-cells, method))
    assert np.allclose(mirrored, -apply_treatments(cells, treatments))


def test_missing_cells_stay_missing_when_treated():
    """A bound gives no value to a cell that has none."""
    cells = np.vstack([SKEWED, [[np.nan]]])
    assert np.isnan(apply_treatments(cells, find_treatments(cells, "winsorise"))[-1, 0])
    with pytest.raises(ValueError, match="method"):
        find_treatments(cells, "cut")


def stated_scaling() -> Scaling:
    """Two indicators with goalposts and target, the second better the lower it is."""
    return Scaling(
        ("a", "b"),
        np.array([1.0, -1.0]),
        worst=np.array([0.0, 10.0]),
        best=np.array([10.0, 0.0]),
        target=np.array([8.0, 1.0]),
        reference=1,
    )


@pytest.mark.parametrize("method", NORMALISATIONS)
def test_better_units_never_get_fewer_points(method):
    """Higher is better on the scale, also for indicators of which less is better."""
    cells = np.array([[1.0, 9], [4, 5], [9, 2], [4, 5], [np.nan, np.nan]])
    points = normalise(cells, stated_scaling(), method)
    assert (points[0] < points[1]).all()
    assert (points[1] <= points[2]).all()
    assert (points[1] == points[3]).all()
    assert np.isnan(points[4]).all()


def test_goalposts_and_targets_by_hand():
    """Goalposts cut at both ends; a target only at the top."""
    cells = np.array([[-5.0, 12], [5, 5], [20, -3]])
    assert normalise(cells, stated_scaling(), "goalposts").tolist() == [
        [0, 0],
        [50, 50],
        [100, 100],
    ]
    found = normalise(
        np.array([[0.0, 11], [4, 6], [9, 0.5]]), stated_scaling(), "distance_to_target"
    )
    assert found.tolist() == [[0, 0], [50, 50], [100, 100]]
    reference = normalise(
        np.array([[0.0, 11], [4, 6], [8, 1]]), stated_scaling(), "distance_to_reference"
    )
    assert reference.tolist() == [[0, 0], [100, 100], [200, 200]]


@given(FIGURES, st.sampled_from(["min_max", "z_score"]))
def test_units_of_measurement_play_no_part(cells, method):
    """Pounds or kilograms, the points are the same."""
    scaling = plain_scaling(["a", "b"], [1, -1])
    assert np.allclose(
        normalise(cells, scaling, method), normalise(cells * 2.5 + 7, scaling, method)
    )


@given(FIGURES, st.sampled_from(["rank", "percentile", "borda"]))
def test_places_are_left_alone_by_any_rising_curve(cells, method):
    """Only the order of the units counts."""
    scaling = plain_scaling(["a", "b"], [1, -1])
    assert (
        normalise(cells, scaling, method) == normalise(np.arctan(cells / 500), scaling, method)
    ).all()


@pytest.mark.parametrize("method", ["min_max", "z_score", "percentile"])
def test_a_constant_indicator_or_a_single_unit_cannot_be_spread_out(method):
    """Every such indicator is named at once."""
    with pytest.raises(InputErrors, match=r"indicator 'b'.*INDEX-01"):
        normalise(np.array([[1.0, 5], [2, 5]]), plain_scaling(["a", "b"]), method)
    with pytest.raises(InputErrors, match=r"(?s)indicator 'a'.*indicator 'b'"):
        normalise(np.array([[1.0, 5]]), plain_scaling(["a", "b"]), method)


def test_a_single_unit_stands_between_its_goalposts():
    """Goalposts need nobody to compare with."""
    assert normalise(np.array([[5.0, 5.0]]), stated_scaling(), "goalposts").tolist() == [[50, 50]]


@pytest.mark.parametrize("method", ["goalposts", "distance_to_target"])
def test_goalposts_and_targets_must_be_stated(method):
    """Without them there is no distance."""
    with pytest.raises(InputErrors, match="INDEX-03"):
        normalise(np.array([[1.0], [2.0]]), plain_scaling(["a"]), method)


def test_faulty_requests_are_refused():
    """No reference, no method, no value."""
    cells = np.array([[1.0], [2.0]])
    with pytest.raises(ValueError, match="reference"):
        normalise(cells, plain_scaling(["a"]), "distance_to_reference")
    with pytest.raises(ValueError, match="method"):
        normalise(cells, plain_scaling(["a"]), "magic")
    with pytest.raises(InputErrors, match="INDEX-02"):
        normalise(np.array([[np.nan]]), plain_scaling(["a"]), "rank")
