"""Means and shares of what several raters said of one unit."""

from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import mean, stdev

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.stats.figures import EXACT
from touchstone.stats.raters import (
    RatedRule,
    RatedSums,
    at_confidence,
    mean_of_raters,
    share_of_raters,
)

RULE = RatedRule(places=0, smallest_group=3, confidence=Decimal("0.95"))
answers = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 5), st.integers(0, 9)), min_size=1, max_size=25
)


def sums_of(rows) -> RatedSums:
    """Sum (rater, value, weight) as the definition reads."""
    raters = {rater for rater, _, _ in rows}
    a = {r: sum(w * y for rater, y, w in rows if rater == r) for r in raters}
    b = {r: sum(w for rater, _, w in rows if rater == r) for r in raters}
    return RatedSums(
        n=len(rows),
        raters=len(raters),
        w=sum(w for _, _, w in rows),
        wy=sum(w * y for _, y, w in rows),
        wyy=sum(w * y * y for _, y, w in rows),
        aa=sum(a[r] ** 2 for r in raters),
        ab=sum(a[r] * b[r] for r in raters),
        bb=sum(b[r] ** 2 for r in raters),
    )


@given(st.lists(st.integers(1, 5), min_size=3, max_size=40))
def test_a_mean_of_one_answer_a_rater_is_the_usual_one(values):
    """Without weights the standard error is s/√n, and the design effect is 1."""
    assume(len(set(values)) > 1)
    found = mean_of_raters(sums_of([(i, y, 1) for i, y in enumerate(values)]), RULE)
    assert float(found.value) == pytest.approx(mean(values), rel=1e-12)
    assert float(found.se) == pytest.approx(stdev(values) / len(values) ** 0.5, rel=1e-12)
    assert (found.n, found.degrees_of_freedom) == (len(values), len(values) - 1)
    assert found.method == "t"
    assert abs(found.deff - 1) < Decimal("1e-40")


@given(answers)
def test_a_mean_of_raters_has_the_linearised_error_of_the_definition(rows):
    """V = m/(m − 1) · Σ(A − mean·B)² / W² over raters, and the interval is symmetric around it."""
    found = mean_of_raters(sums_of(rows), RULE)
    assume(isinstance(found, Estimate))
    total = sum(w for _, _, w in rows)
    value = Fraction(sum(w * y for _, y, w in rows), total)
    raters = {rater for rater, _, _ in rows}
    z = {r: sum(w * (y - value) for rater, y, w in rows if rater == r) for r in raters}
    variance = Fraction(len(raters), len(raters) - 1) * sum(z[r] ** 2 for r in raters) / total**2
    assert abs(Fraction(found.value) - value) < Fraction(1, 10**45)
    assert float(found.se) ** 2 == pytest.approx(float(variance), rel=1e-12)
    assert found.high - found.value == found.value - found.low


@given(answers)
def test_a_share_has_an_interval_within_nought_and_a_hundred(rows):
    """Wilson intervals never leave the scale, and are those of n/deff answers."""
    yes = [(rater, int(y >= 4), w) for rater, y, w in rows]
    found = share_of_raters(sums_of(yes), RULE)
    assume(isinstance(found, Estimate))
    assert 0 <= found.low < found.value < found.high <= 100
    assert found.method == "wilson"


@given(answers, st.booleans())
def test_an_interval_at_its_own_confidence_is_itself_and_wider_at_a_higher_one(rows, is_share):
    """Widening for many comparisons starts from the published figures alone."""
    estimate = share_of_raters if is_share else mean_of_raters
    found = estimate(sums_of([(r, int(y >= 4), w) for r, y, w in rows]), RULE)
    assume(isinstance(found, Estimate))
    low, high = at_confidence(found, RULE.confidence)
    assert abs(low - found.low) < Decimal("1e-40")
    assert abs(high - found.high) < Decimal("1e-40")
    low, high = at_confidence(found, Decimal("0.999"))
    assert low < found.low
    assert high > found.high


def test_decimal_places_move_the_point_and_nothing_else():
    """Values stored as 32 of one place are 3.2."""
    sums = sums_of([(i, y, 1) for i, y in enumerate((10, 32, 44, 50))])
    whole = mean_of_raters(sums, RULE)
    tenths = mean_of_raters(sums, RatedRule(1, 3, RULE.confidence))
    with localcontext(EXACT):
        assert (tenths.value, tenths.se) == (whole.value / 10, whole.se / 10)
    assert tenths.deff == whole.deff


@pytest.mark.parametrize("estimate", [mean_of_raters, share_of_raters])
@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([(1, 0, 1), (1, 1, 1), (1, 1, 1), (2, 1, 1)], "too_few_raters"),
        ([], "too_few_raters"),
        ([(1, 1, 0), (2, 0, 0), (3, 1, 0)], "empty_base"),
        ([(1, 1, 1), (2, 1, 2), (3, 1, 3)], "all_answers_equal"),
        ([(1, 1, 1), (1, 0, 1), (2, 1, 1), (2, 0, 1), (3, 1, 2), (3, 0, 2)], "raters_alike"),
    ],
)
def test_a_figure_is_withheld_when_nothing_tells_its_error(estimate, rows, reason):
    """Never 0 and never a width of 0; the reason tells the bound, not the count."""
    found = estimate(sums_of(rows), RULE)
    details = (("smallest", "3"),) if reason == "too_few_raters" else ()
    assert found == Withheld(reason, details)
