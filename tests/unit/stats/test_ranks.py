"""Places are told apart only where the evidence tells them apart."""

from decimal import Decimal
from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.stats.intervals import t_interval
from touchstone.stats.ranks import Score, rank_ranges, sidak_confidence

CONFIDENCE = Decimal("0.95")
values = st.decimals(-100, 100, places=1)
measured = st.builds(Score, values, st.decimals(0, 20, places=2), st.integers(1, 60))
scores = st.lists(st.one_of(values.map(Score), measured), min_size=1, max_size=25)


def slow_ranges(given_scores, confidence):
    """Compare each unit with each other, as the definition says."""
    each = sidak_confidence(confidence, len(given_scores))
    ends = [
        t_interval(score.value, score.se, score.degrees_of_freedom, confidence=each)
        if score.se
        else (score.value, score.value)
        for score in given_scores
    ]
    return [
        (
            1 + sum(low > own_high for low, _ in ends),
            len(ends) - sum(high < own_low for _, high in ends),
        )
        for own_low, own_high in ends
    ]


@given(scores)
def test_a_rank_range_is_that_of_the_definition(given_scores):
    """Sorting gives what comparing all pairs gives."""
    found = rank_ranges(given_scores, confidence=CONFIDENCE)
    assert found == slow_ranges(given_scores, CONFIDENCE)


@given(scores)
def test_a_rank_range_holds_the_place_of_the_estimate(given_scores):
    """The place by the values alone lies in the range, and ranges lie in 1 to N."""
    ranges = rank_ranges(given_scores, confidence=CONFIDENCE)
    for score, (best, worst) in zip(given_scores, ranges, strict=True):
        above = sum(other.value > score.value for other in given_scores)
        not_below = sum(other.value >= score.value for other in given_scores)
        assert 1 <= best <= 1 + above
        assert not_below <= worst <= len(given_scores)


@given(scores)
def test_a_rank_range_grows_with_the_confidence(given_scores):
    """Whoever wants to be surer must say less."""
    unsure = rank_ranges(given_scores, confidence=Decimal("0.8"))
    sure = rank_ranges(given_scores, confidence=Decimal("0.99"))
    for (best, worst), (wider_best, wider_worst) in zip(unsure, sure, strict=True):
        assert wider_best <= best <= worst <= wider_worst


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_exact_facts_share_a_range_only_with_their_equals(facts):
    """Without uncertainty the ranges are the places, ties together."""
    ranges = rank_ranges([Score(Decimal(fact)) for fact in facts], confidence=CONFIDENCE)
    for fact, found in zip(facts, ranges, strict=True):
        above = sum(other > fact for other in facts)
        assert found == (1 + above, above + facts.count(fact))


@given(scores, st.randoms())
def test_a_rank_range_does_not_depend_on_the_order(given_scores, random):
    """Shuffling the units shuffles their ranges with them."""
    order = list(range(len(given_scores)))
    random.shuffle(order)
    ranges = rank_ranges(given_scores, confidence=CONFIDENCE)
    shuffled = rank_ranges([given_scores[place] for place in order], confidence=CONFIDENCE)
    assert shuffled == [ranges[place] for place in order]


def test_a_single_unit_and_no_unit_have_their_ranges():
    """One unit is first and last; nothing has no places."""
    assert rank_ranges([Score(Decimal(3), Decimal(1), 4)], confidence=CONFIDENCE) == [(1, 1)]
    assert rank_ranges([], confidence=CONFIDENCE) == []


def test_all_equal_units_share_all_places():
    """Nothing tells them apart."""
    for score in (Score(Decimal(3)), Score(Decimal(3), Decimal(1), 4)):
        assert rank_ranges([score] * 4, confidence=CONFIDENCE) == [(1, 4)] * 4


def test_units_are_told_apart_only_when_their_widened_intervals_are():
    """Two clear units and two that overlap."""
    found = rank_ranges(
        [Score(Decimal(value), Decimal("0.5"), 50) for value in (90, 70, 69, 40)],
        confidence=CONFIDENCE,
    )
    assert found == [(1, 1), (2, 3), (2, 3), (4, 4)]


def test_a_score_without_degrees_of_freedom_is_refused():
    """An error needs to say how well it is known."""
    with pytest.raises(ValueError, match="degrees_of_freedom"):
        rank_ranges([Score(Decimal(1), Decimal(1))], confidence=CONFIDENCE)
    with pytest.raises(ValueError, match="sidak_confidence"):
        sidak_confidence(Decimal("0.95"), 0)


@pytest.mark.slow
def test_a_hundred_thousand_units_are_ranked_in_seconds():
    """The work grows as N log N, not as N²."""
    random = Random(7)
    units = [
        Score(Decimal(random.randrange(10_000)), Decimal(random.randrange(1, 100)), 9)
        for _ in range(100_000)
    ]
    begun = process_time()
    ranges = rank_ranges(units, confidence=CONFIDENCE)
    assert process_time() - begun < 10
    assert min(best for best, _ in ranges) == 1
    assert max(worst for _, worst in ranges) == 100_000
