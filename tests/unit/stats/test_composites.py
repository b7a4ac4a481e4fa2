"""Several scores as one, and what each of them brought to it."""

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.stats.composites import add, aggregate, bounded, combine, settle, share_out
from touchstone.stats.figures import EXACT
from touchstone.stats.scores import Span

points = st.decimals(0, 100, places=3)
weights = st.decimals(Decimal("0.01"), 100, places=2)
weighted = st.lists(st.tuples(points, weights), min_size=1, max_size=6)
spans = st.tuples(points, points, points).map(sorted).map(lambda p: Span(p[1], p[0], p[2]))
MEANS = ["harmonic", "geometric", "arithmetic"]
NOISE = Decimal("1e-40")


@given(weighted)
def test_a_mean_lies_between_its_parts_and_the_means_are_in_order(pairs):
    """Harmonic ≤ geometric ≤ arithmetic, and all between the lowest and the highest score."""
    scores, own = zip(*pairs, strict=True)
    with localcontext(EXACT):
        found = [aggregate(scores, own, kind) for kind in MEANS]
        in_order = [min(scores), *found, max(scores)]
        assert all(low <= high + NOISE for low, high in pairwise(in_order))


@given(weighted)
def test_a_settled_arithmetic_mean_equals_that_of_fractions(pairs):
    """Rounding to 20 places leaves nothing of the 50th digit, so bounds are hit exactly."""
    scores, own = zip(*pairs, strict=True)
    with localcontext(EXACT):
        found = settle(aggregate(scores, own, "arithmetic"))
    exact = sum(Fraction(s) * Fraction(w) for s, w in pairs) / sum(map(Fraction, own))
    assert abs(Fraction(found) - exact) <= Fraction(1, 2 * 10**20)
    assert exact.denominator > 10**20 or (10**20 % exact.denominator) or Fraction(found) == exact


@pytest.mark.parametrize("kind", ["harmonic", "geometric"])
def test_a_mean_with_a_nought_is_nought_unless_that_has_no_weight(kind):
    """The limit of both means at 0; a criterion without weight plays no part."""
    fifty, nought = Decimal(50), Decimal(0)
    assert aggregate([fifty, nought], [Decimal(1), Decimal(1)], kind) == 0
    with localcontext(EXACT):
        assert settle(aggregate([fifty, nought], [Decimal(1), nought], kind)) == 50


def test_a_geometric_mean_of_equal_scores_is_that_score():
    """Logarithms leave their trace in the last digits only."""
    with localcontext(EXACT):
        found = combine([Span(*[Decimal(80)] * 3)] * 3, [Decimal(1)] * 3, "geometric")
    assert found.value == 80


@pytest.mark.parametrize(
    ("scores", "own", "kind"),
    [([1], [0], "arithmetic"), ([-1, 2], [1, 1], "geometric"), ([-1], [1], "harmonic")],
)
def test_a_mean_without_meaning_is_a_value_error(scores, own, kind):
    """Weights sum to more than 0; only an arithmetic mean knows scores below 0."""
    with pytest.raises(ValueError):
        aggregate([Decimal(s) for s in scores], [Decimal(w) for w in own], kind)


@given(st.lists(st.tuples(spans, weights), min_size=1, max_size=5))
def test_the_half_widths_of_a_weighted_sum_are_the_root_of_the_sum_of_squares(pairs):
    """Errors of criteria are independent, so that their squares add up."""
    own_spans, own = zip(*pairs, strict=True)
    with localcontext(EXACT):
        found = combine(own_spans, own, "arithmetic")
        total = sum(own)
        low = sum(((w / total) * (s.value - s.low)) ** 2 for s, w in pairs).sqrt()
        high = sum(((w / total) * (s.high - s.value)) ** 2 for s, w in pairs).sqrt()
        assert abs(found.value - found.low - low) < Decimal("1e-18")
        assert abs(found.high - found.value - high) < Decimal("1e-18")


@given(st.lists(st.tuples(spans, weights), min_size=1, max_size=5), st.sampled_from(MEANS))
def test_a_combined_interval_holds_the_combined_score(pairs, kind):
    """Whatever the mean, its value lies within its interval; facts combine to a fact."""
    own_spans, own = zip(*pairs, strict=True)
    with localcontext(EXACT):
        found = combine(own_spans, own, kind)
        facts = combine([Span(s.value, s.value, s.value) for s in own_spans], own, kind)
    assert found.low <= found.value <= found.high
    assert facts.is_exact
    assert facts.value == found.value


@given(spans, spans, points, points)
def test_a_sum_cut_at_the_ends_of_a_scale_keeps_its_order(first, second, low, high):
    """Cutting is monotone, so value and interval stay in order and within the scale."""
    low, high = sorted((low, high))
    found = bounded(add([first, second]), low, high)
    assert low <= found.low <= found.value <= found.high <= high


@given(weighted, st.decimals(-100, 100, places=2))
def test_shares_sum_to_their_total(pairs, total):
    """In proportion to the amounts, or to the weights when the amounts sum to 0."""
    amounts, own = zip(*pairs, strict=True)
    with localcontext(EXACT):
        shares = share_out(total, amounts, own)
        assert abs(sum(shares) - total) < NOISE
        keys = amounts if sum(amounts) else own
        for share, key in zip(shares, keys, strict=True):
            assert abs(share * sum(keys) - total * key) < NOISE
