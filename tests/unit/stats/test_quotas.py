"""Quotas: never more than the places, never cut where the evidence cannot tell."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.stats.quotas import Candidate, fill_quota, quota_places

NUMBERS = st.integers(0, 12).map(Decimal)


@st.composite
def some_candidates(draw: st.DrawFn) -> list[Candidate]:
    """Facts and intervals, sure of the grade or not."""
    found = []
    for _ in range(draw(st.integers(0, 9))):
        low, width = draw(NUMBERS), draw(st.sampled_from((0, 0, 1, 4)))
        found.append(Candidate((low, low + width), draw(st.booleans())))
    return found


def states(candidates: list[Candidate], places: int, ties: str) -> list[str]:
    return [one.state for one in fill_quota(candidates, places, ties)]


@pytest.mark.parametrize(
    ("share", "count", "half_up", "down", "up"),
    [("0.15", 10, 2, 1, 2), ("0.15", 9, 1, 1, 2), ("0.15", 20, 3, 3, 3), ("0.2", 2, 0, 0, 1)],
)
def test_a_share_becomes_whole_places_by_the_stated_rule(share, count, half_up, down, up):
    """A decimal of a half or more is a place where halves go up (Hubei, 2013)."""
    rounded = [quota_places(Decimal(share), count, rule) for rule in ("half_up", "down", "up")]
    assert rounded == [half_up, down, up]


def test_a_share_beyond_all_or_below_none_is_a_mistake():
    """The scheme's check refuses it before."""
    with pytest.raises(ValueError, match="0 <= share <= 1"):
        quota_places(Decimal("1.5"), 3, "down")
    with pytest.raises(ValueError, match="places"):
        fill_quota([], -1, "include")


def test_intervals_that_overlap_at_the_cut_are_undecided_whatever_the_rule_of_ties():
    """The rule of ties is for equal facts; errors cannot be ruled away."""
    wide = [Candidate((Decimal(a), Decimal(b)), is_sure=True) for a, b in ((8, 9), (5, 7), (6, 8))]
    for ties in ("include", "exclude", "undecided"):
        assert states(wide, 1, ties) == ["undecided", "beyond", "undecided"]
        assert states(wide, 3, ties) == ["within"] * 3


def test_one_that_may_not_have_the_grade_takes_no_place_for_sure():
    """It bars nobody, and nobody is sure to pass it."""
    doubtful = Candidate((Decimal(9), Decimal(9)), is_sure=False)
    sure = Candidate((Decimal(5), Decimal(5)), is_sure=True)
    assert states([doubtful, sure], 1, "undecided") == ["within", "undecided"]


@given(some_candidates(), st.integers(0, 9), st.sampled_from(("exclude", "undecided")))
def test_no_more_are_within_than_there_are_places(candidates, places, ties):
    """Unless equal facts are to be let in together."""
    assert states(candidates, places, ties).count("within") <= places


@given(some_candidates(), st.integers(0, 9))
def test_whoever_lies_higher_is_never_worse_off(candidates, places):
    """An interval with both ends as high or higher has as good a lot or a better one."""
    order = ["beyond", "undecided", "within"]
    sure = [Candidate(one.interval, is_sure=True) for one in candidates]
    lots = [
        (one.interval, order.index(lot))
        for one, lot in zip(sure, states(sure, places, "undecided"), strict=True)
    ]
    for (low, high), lot in lots:
        for (other_low, other_high), other_lot in lots:
            assert lot >= other_lot or low < other_low or high < other_high


@given(some_candidates(), st.integers(0, 9))
def test_equal_facts_share_their_lot(candidates, places):
    """Whatever the rule of ties."""
    for ties in ("include", "exclude", "undecided"):
        found = zip(candidates, states(candidates, places, ties), strict=True)
        facts = {(one, lot) for one, lot in found if one.interval[0] == one.interval[1]}
        assert len(facts) == len({one for one, _ in facts})


@given(some_candidates(), st.integers(0, 9), st.randoms(use_true_random=False))
def test_within_and_beyond_hold_wherever_the_truth_lies_in_the_intervals(candidates, places, rng):
    """For sure candidates with true values drawn from their intervals, ties by lot."""
    sure = [Candidate(one.interval, is_sure=True) for one in candidates]
    found = states(sure, places, "undecided")
    truth = [
        (Decimal(rng.uniform(float(one.interval[0]), float(one.interval[1]))), rng.random())
        for one in sure
    ]
    order = sorted(range(len(sure)), key=lambda place: truth[place], reverse=True)
    for position, place in enumerate(order):
        if found[place] != "undecided":
            assert (position < places) == (found[place] == "within")


@given(st.lists(NUMBERS, max_size=9), st.integers(0, 9))
def test_facts_are_cut_where_a_sorted_list_is(values, places):
    """Two ways to the same cut: intervals without width, and sorting."""
    facts = [Candidate((value, value), is_sure=True) for value in values]
    above = [sum(other > value for other in values) for value in values]
    alike = [sum(other == value for other in values) for value in values]
    included = ["within" if more < places else "beyond" for more in above]
    excluded = [
        "within" if more + same <= places else "beyond"
        for more, same in zip(above, alike, strict=True)
    ]
    assert states(facts, places, "include") == included
    assert states(facts, places, "exclude") == excluded
