"""Growth accounting: its laws, its doubts, and when there is no figure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.base.outcomes import Withheld
from touchstone.stats.growth import (
    Elasticity,
    contributions,
    growths_of_series,
    stated_growths,
)

rates = st.floats(-0.2, 0.2).map(lambda rate: round(rate, 4))


def fixed(value):
    """Give an elasticity without a range."""
    return Elasticity(value, value, value)


@given(rates, rates, rates, st.floats(0, 1), st.floats(0, 1))
def test_parts_and_rest_sum_to_a_hundred(output, talent, capital, one, other):
    """Unless output does not grow, when there is no figure at all."""
    growths = stated_growths({"talent": (talent, 0), "capital": (capital, 0)}, (output, 0))
    found = contributions(growths, {"talent": fixed(one), "capital": fixed(other)})
    if output == 0:
        assert found.residual == Withheld("growth_near_zero")
        assert set(found.parts.values()) == {Withheld("growth_near_zero")}
        return
    parts = [float(part.value) for part in found.parts.values()]
    assert sum(parts) + float(found.residual.value) == pytest.approx(100, abs=1e-6)


def test_a_growth_that_may_be_nothing_gives_no_figure():
    """One percent with an error of one percent may as well be none."""
    growths = stated_growths({"talent": (0.08, 0)}, (0.01, 0.01))
    found = contributions(growths, {"talent": fixed(0.3)})
    assert found.parts["talent"] == Withheld("growth_near_zero")


def test_fiellers_interval_holds_the_ratio_as_often_as_it_says():
    """Over many draws of both growth rates."""
    random = np.random.default_rng(1)
    inside = 0
    for _ in range(1000):
        output, talent = random.normal([0.09, 0.06], [0.015, 0.02])
        growths = stated_growths({"talent": (talent, 0.02)}, (output, 0.015))
        found = contributions(growths, {"talent": fixed(0.3)}).parts["talent"]
        inside += isinstance(found, Withheld) or found.low <= 20 <= found.high
    assert 935 <= inside <= 965


def test_a_range_of_elasticities_widens_the_interval():
    """It runs from the lowest with the lower end to the highest with the upper end."""
    growths = stated_growths({"talent": (0.08, 0.004)}, (0.09, 0.005))
    narrow = contributions(growths, {"talent": fixed(0.3)}).parts["talent"]
    wide = contributions(growths, {"talent": Elasticity(0.2, 0.3, 0.4)}).parts["talent"]
    assert float(wide.low) == pytest.approx(float(narrow.low) * 2 / 3)
    assert float(wide.high) == pytest.approx(float(narrow.high) * 4 / 3)
    assert wide.value == narrow.value


def test_growth_is_that_of_the_series():
    """Compound rates; an even series has no error, so that no width is made up."""
    years = np.arange(6)
    found = growths_of_series(["talent"], 100 * 1.09**years, (10 * 1.08**years)[:, None])
    assert found.rates == pytest.approx([0.09, 0.08])
    assert np.abs(found.covariance).max() < 1e-30
    assert (found.periods, found.freedom) == (5, 4)


def test_bad_series_have_their_reasons():
    """Two periods, and a value of 0."""
    two = growths_of_series(["talent"], np.array([1.0, 2]), np.ones((2, 1)))
    assert two == Withheld("series_too_short", (("smallest", "3"),))
    zero = growths_of_series(["talent"], np.array([1.0, 0, 2]), np.ones((3, 1)))
    assert zero == Withheld("not_above_zero")


def test_an_elasticity_must_be_stated_and_in_order():
    """Nothing is assumed in silence."""
    growths = stated_growths({"talent": (0.08, 0)}, (0.09, 0))
    with pytest.raises(ValueError, match="every factor"):
        contributions(growths, {})
    with pytest.raises(ValueError, match="low <= value <= high"):
        contributions(growths, {"talent": Elasticity(0.4, 0.3, 0.2)})
