"""Means of all units: a census without width, a superpopulation with one, or nothing."""

from decimal import Decimal
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.stats.figures import t_quantile
from touchstone.stats.means import census_mean, superpopulation_mean

CONFIDENCE = Decimal("0.95")
values = st.lists(st.decimals(-1000, 1000, places=2), min_size=5, max_size=40)


@given(values)
def test_a_superpopulation_mean_has_the_textbook_s_error(given_values):
    """se = s/√n with n − 1 degrees of freedom; the census has the same mean and no width."""
    found = superpopulation_mean(given_values, confidence=CONFIDENCE)
    census = census_mean(given_values)
    assert census.low == census.value == census.high
    assert (census.method, census.se, census.n) == ("census", None, len(given_values))
    if len(set(given_values)) == 1:
        assert found == Withheld("all_units_equal")
        return
    assert isinstance(found, Estimate)
    n = len(given_values)
    se = stdev(given_values) / Decimal(n).sqrt()
    assert found.se == pytest.approx(se, rel=Decimal("1e-20"))
    assert found.value == census.value == pytest.approx(mean(given_values), abs=Decimal("1e-20"))
    assert found.high - found.value == pytest.approx(
        t_quantile(CONFIDENCE, n - 1) * se, rel=Decimal("1e-20")
    )
    assert (found.method, found.degrees_of_freedom) == ("superpopulation", n - 1)


@given(values, st.randoms())
def test_a_mean_does_not_depend_on_the_order(given_values, random):
    """Sums are exact, so shuffling changes not even the last digit."""
    shuffled = list(given_values)
    random.shuffle(shuffled)
    assert census_mean(shuffled) == census_mean(given_values)
    assert superpopulation_mean(shuffled, confidence=CONFIDENCE) == superpopulation_mean(
        given_values, confidence=CONFIDENCE
    )


def test_a_superpopulation_mean_is_withheld_for_few_units():
    """Under five units the interval would say nothing, and one unit would be told of."""
    few = [Decimal(value) for value in (1, 2, 3, 4)]
    found = superpopulation_mean(few, confidence=CONFIDENCE)
    assert found == Withheld("too_few_units", (("smallest", "5"),))
    assert isinstance(superpopulation_mean(few, confidence=CONFIDENCE, smallest=4), Estimate)


def test_a_census_without_units_is_refused():
    """There is no mean of nothing."""
    with pytest.raises(ValueError, match="values"):
        census_mean([])
