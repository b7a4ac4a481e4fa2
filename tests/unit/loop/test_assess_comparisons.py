"""Places, comparison groups and standings; means of areas; the official result."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most
from tests.unit.loop.cases import YES_NO_GRADES, Evidence, results, scheme_of

from touchstone.base.outcomes import Withheld
from touchstone.content.indicators import Indicator
from touchstone.loop.results import Unexplained
from touchstone.stats.means import superpopulation_mean
from touchstone.stats.ranks import Score, rank_ranges

ONE = """
[[criteria]]
id = "p"
indicator = "p"
"""
STANDING = ONE + "standing = true\n"
RATED = {"p": Indicator(dataset="d", kind="mean", column="p", smallest_group=3)}


def places(assessment) -> dict[str, tuple[int | None, int | None]]:
    """Give the rank ranges by unit."""
    return {unit: (one.rank_low, one.rank_high) for unit, one in results(assessment).items()}


def test_units_with_equal_facts_share_their_places():
    """Place 1 is the highest; a withheld unit has none and is not counted."""
    evidence = Evidence("| u | p |\n| a | 7 |\n| b | 9 |\n| c | 7 |\n| d |  |\n| e | 1 |")
    assert places(evidence.assessed(scheme_of(ONE))) == {
        "a": (2, 3),
        "b": (1, 1),
        "c": (2, 3),
        "d": (None, None),
        "e": (4, 4),
    }


@settings(deadline=None, max_examples=at_most(30))
@given(st.lists(st.lists(st.integers(0, 100), min_size=3, max_size=8), min_size=1, max_size=6))
def test_places_of_means_are_those_of_the_statistics(units):
    """Two ways to one range: intervals widened in the loop, and `stats.ranks` from the errors."""
    rows = [
        {"u": f"u{i}", "person": f"r{j}", "p": y}
        for i, own in enumerate(units)
        for j, y in enumerate(own)
    ]
    evidence = Evidence(rows, rater="person", indicators=RATED)
    scheme = scheme_of("scale = { low = -1000, high = 1000 }\n" + ONE)
    measures = evidence.measured(scheme)
    known = {
        unit: one
        for unit, one in zip(measures.units, measures.outcomes["p"], strict=True)
        if not isinstance(one, Withheld)
    }
    expected = rank_ranges(
        [Score(one.value, one.se, one.degrees_of_freedom) for one in known.values()],
        confidence=scheme.confidence,
    )
    found = places(evidence.assessed(scheme))
    assert [found[unit] for unit in known] == expected


def test_a_mean_is_ranked_by_intervals_wider_than_those_it_shows():
    """What is shown holds for one unit, what ranks holds for all compared ones together."""
    rows = [
        {"u": f"u{i}", "person": f"r{j}", "p": 50 + 8 * i + d}
        for i in range(2)
        for j, d in enumerate((-3, 0, 3, 3, -3))
    ]
    found = results(Evidence(rows, rater="person", indicators=RATED).assessed(scheme_of(ONE)))
    assert found["u0"].high < found["u1"].low
    assert (found["u0"].rank_low, found["u0"].rank_high) == (1, 2)


GROUPED = """
[comparison]
by = ["kind"]
quantiles = { of = "poor", parts = 2 }
"""
SCHOOLS = """| u | p  | kind | poor |
             | a | 10 | x    | 1    |
             | b | 20 | x    | 2    |
             | c | 30 | x    | 2    |
             | d | 40 | x    | 9    |
             | e | 50 | y    | 5    |
             | f | 60 | y    |      |
             | g | 70 |      | 5    |"""


def test_a_comparison_group_has_equal_texts_and_an_equal_part_of_the_number():
    """The part is 1 + ⌊parts · smaller / N⌋ among equal texts, so ties stay together."""
    found = results(Evidence(SCHOOLS).assessed(scheme_of(ONE + GROUPED)))
    assert {unit: one.group for unit, one in found.items()} == {
        "a": (("kind", "x"), ("poor", "1")),
        "b": (("kind", "x"), ("poor", "1")),
        "c": (("kind", "x"), ("poor", "1")),
        "d": (("kind", "x"), ("poor", "2")),
        "e": (("kind", "y"), ("poor", "1")),
        "f": (),
        "g": (),
    }
    assert [found[unit].rank_low for unit in "abcdefg"] == [3, 2, 1, 1, 1, None, None]
    assert found["f"].status == "graded"


def test_a_standing_runs_from_nought_to_a_hundred_within_the_group():
    """Above m and equal to e of N − 1 others: 100 · (m + e/2)/(N − 1)."""
    evidence = Evidence(
        """| u | p | kind |
           | a | 1 | x    |
           | b | 5 | x    |
           | c | 5 | x    |
           | d | 9 | x    |
           | e | 9 | y    |
           | f | 9 |      |
           | g |   | x    |"""
    )
    text = STANDING + '[comparison]\nby = ["kind"]\n'
    found = results(evidence.assessed(scheme_of(text)))
    assert [found[unit].score for unit in "abcd"] == [0, 50, 50, 100]
    assert [found[unit].low == found[unit].high for unit in "abcd"] == [True] * 4
    assert [found[unit].because.key for unit in "efg"] == [
        "alone_in_group",
        "no_comparison_group",
        "missing_value",
    ]
    assert found["b"].parts[0].measured.value == 5
    assert found["b"].parts[0].points == 50


@settings(deadline=None, max_examples=at_most(30))
@given(st.lists(st.integers(0, 9), min_size=2, max_size=9))
def test_standings_of_a_group_are_fifty_on_average(values):
    """Whatever the ties, places above and below balance."""
    drawn = [{"u": f"u{i}", "p": value} for i, value in enumerate(values)]
    found = Evidence(drawn).assessed(scheme_of("places = 6\n" + STANDING)).units
    assert abs(sum(one.score for one in found) / len(found) - 50) < Decimal("0.00001")
    for one in found:
        assert one.low == one.score == one.high


def test_a_standing_of_means_spans_the_places_the_unit_may_hold():
    """Units that the evidence cannot tell apart have overlapping standings."""
    rows = [
        {"u": f"u{i}", "person": f"r{j}", "p": 10 * i + d}
        for i, j, d in ((i, j, d) for i in (0, 1, 8) for j, d in enumerate((-6, 0, 2, 6, 7)))
    ]
    found = results(Evidence(rows, rater="person", indicators=RATED).assessed(scheme_of(STANDING)))
    assert [(one.score, one.low, one.high) for one in found.values()] == [
        (0, 0, 50),
        (50, 0, 50),
        (100, 100, 100),
    ]
    assert [(one.rank_low, one.rank_high) for one in found.values()] == [(2, 3), (2, 3), (1, 1)]


def test_an_area_has_the_mean_of_its_units_as_a_census_and_as_draws():
    """Units without a score are left out; fewer than 5 give no interval."""
    drawn = [
        {"u": f"u{i}", "p": p, "area": "big" if i < 6 else "small"}
        for i, p in enumerate((10, 20, 30, 40, None, 65, 90, 70))
    ]
    big, small = Evidence(drawn).assessed(scheme_of(ONE)).areas
    assert (big.level, big.unit, big.name, big.parent, big.n) == (
        "area",
        "area-big",
        "big",
        None,
        5,
    )
    assert (big.census.value, big.census.low, big.census.method) == (33, 33, "census")
    draws = superpopulation_mean(
        [Decimal(p) for p in (10, 20, 30, 40, 65)], confidence=Decimal("0.95")
    )
    assert (big.superpopulation.low, big.superpopulation.high) == (
        round(draws.low, 2),
        round(draws.high, 2),
    )
    assert (small.n, small.census.value) == (2, 80)
    assert small.superpopulation == Withheld("too_few_units", (("smallest", "5"),))


def test_an_area_interval_ends_at_the_ends_of_the_scale():
    """A mean cannot lie where no score can."""
    drawn = [{"u": f"u{i}", "p": p, "area": "x"} for i, p in enumerate((0, 100, 100, 100, 100))]
    (area,) = Evidence(drawn).assessed(scheme_of(ONE)).areas
    assert (area.superpopulation.value, area.superpopulation.high) == (80, 100)


@pytest.mark.parametrize("words", [("1", "0"), ("yes", "no")])
def test_the_official_result_is_compared_where_both_are_known(words):
    """A yes/no column holds 1 and 0, a text column the grade's name."""
    yes, no = words
    evidence = Evidence(
        f"""| u | p   | official |
            | a | 100 | {yes}    |
            | d | 100 | {no}     |
            | b | 10  | {yes}    |
            | c | 10  | {no}     |
            | e | 10  |          |
            | f |     | {yes}    |"""
    )
    scheme = scheme_of('official = "official"\n' + ONE, YES_NO_GRADES)
    assert evidence.assessed(scheme).unexplained == Unexplained("official", ("b", "d"))
    assert evidence.assessed(scheme_of(ONE, YES_NO_GRADES)).unexplained is None
