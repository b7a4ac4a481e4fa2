"""From measures to scores: targets, weights, nested criteria, missing measures, adjustments."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most
from tests.unit.loop.cases import Evidence, grades, results, scheme_of, scores

from touchstone.loop.results import Because

TOWNS = Evidence(
    """| town | growth | debt | open | area |
       | a    | 8      | 100  | 1    | x    |
       | b    | 6      | 120  | 0    | x    |
       | c    | 12     | 250  | 1    | y    |
       | d    | -3     | 50   | 1    | y    |"""
)
TWO_CRITERIA = """
[[criteria]]
id = "growth"
weight = 60
indicator = "growth"
target = { kind = "more_is_better", value = 8, completion = "capped" }
[[criteria]]
id = "debt"
weight = 40
indicator = "debt"
target = { kind = "less_is_better", value = 100, completion = "mirrored", highest = 100 }
"""


def test_weighted_criteria_sum_to_the_score():
    """Growth in proportion and capped, debt by 2 − actual/target: the rules of yearly targets."""
    found = scores(TOWNS.assessed(scheme_of(TWO_CRITERIA)))
    assert found == {
        "a": Decimal(100),
        "b": Decimal("0.6") * 75 + Decimal("0.4") * 80,
        "c": Decimal(60),
        "d": Decimal(40),
    }


def test_nested_criteria_weigh_within_their_group():
    """Work targets 70 and safeguards 30 within 60 percent, the public's view the other 40."""
    nested = """
[[criteria]]
id = "targets"
weight = 60
[[criteria.criteria]]
id = "growth"
weight = 70
indicator = "growth"
target = { kind = "more_is_better", value = 8, completion = "capped" }
[[criteria.criteria]]
id = "debt"
weight = 30
indicator = "debt"
target = { kind = "less_is_better", value = 100, completion = "met" }
[[criteria]]
id = "open"
weight = 40
indicator = "open"
target = { kind = "yes_no" }
"""
    found = results(TOWNS.assessed(scheme_of(nested)))
    assert found["b"].score == Decimal("31.50")
    assert [(p.criterion, p.weight, p.score, p.points) for p in found["b"].parts] == [
        ("growth", 42, 75, Decimal("31.5")),
        ("debt", 18, 0, 0),
        ("open", 40, 0, 0),
    ]


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [("arithmetic", "62.50"), ("geometric", "61.24"), ("harmonic", "60.00")],
)
def test_an_aggregation_is_that_of_its_name(aggregation, expected):
    """75 and 50 with equal weights, as a sum and as means that punish unevenness."""
    text = f"""
aggregation = "{aggregation}"
[[criteria]]
id = "p"
indicator = "p"
weight = 50
[[criteria]]
id = "q"
indicator = "q"
weight = 50
"""
    found = results(Evidence("| u | p  | q  |\n| a | 75 | 50 |").assessed(scheme_of(text)))["a"]
    assert str(found.score) == expected
    assert sum(part.points for part in found.parts) == found.score
    assert found.parts[0].points > found.parts[1].points


def test_a_criterion_can_be_another_schemes_score():
    """Its score, before any rounding, is the measure; its own grades and limits play no part."""
    inner = scheme_of(TWO_CRITERIA.replace("60", "1").replace("40", "2"))
    outer = scheme_of(
        """
[[criteria]]
id = "work"
scheme = "work"
weight = 30
[[criteria]]
id = "open"
indicator = "open"
weight = 70
target = { kind = "yes_no" }
"""
    )
    found = results(TOWNS.assessed(outer, schemes={"work": inner}))
    assert found["b"].score == Decimal("23.50")
    assert found["b"].parts[0].measured.value == Decimal("78.33")
    assert found["b"].parts[0].measured.n == 2
    assert found["b"].n == 3


def test_a_scheme_that_uses_itself_or_an_unknown_one_is_a_value_error():
    """Packs are checked before; by hand it is a programmer's mistake."""
    own = scheme_of('[[criteria]]\nid = "c"\nscheme = "own"')
    for known in ({}, {"own": own}):
        with pytest.raises(ValueError, match="own"):
            TOWNS.assessed(own, schemes=known)


ALTERNATIVE = """
[[criteria]]
id = "growth"
indicator = "growth"
target = { kind = "more_is_better", column = "target" }
[criteria.otherwise]
indicator = "level"
target = { kind = "more_is_better", value = 800 }
"""
SCHOOLS = """| school | growth | target | level |
             | a      | 38     | 5      | 731   |
             | b      | 3      | 5      | 900   |
             | c      | -2     |        | 820   |
             | d      | 9      |        | 731   |"""


def test_an_alternative_serves_where_the_units_own_target_is_empty():
    """The reason names what was held against what."""
    found = results(Evidence(SCHOOLS).assessed(scheme_of(ALTERNATIVE)))
    assert {unit: (one.score, one.because.key) for unit, one in found.items()} == {
        "a": (100, "meets_target"),
        "b": (0, "below_target"),
        "c": (100, "no_target_meets_target"),
        "d": (0, "no_target_below_target"),
    }
    assert found["a"].because == Because(
        "meets_target", (("indicator", "growth"), ("measured", "38"), ("target", "5"))
    )
    assert dict(found["d"].because.details) == {
        "indicator": "level",
        "measured": "731",
        "target": "800",
    }


def test_a_unit_without_target_is_withheld_when_nothing_serves_instead():
    """An empty target is the scheme's gap, so it never counts as 0, whatever the missing rule."""
    text = 'missing = "zero"\n' + ALTERNATIVE.split("[criteria.otherwise]")[0]
    found = results(Evidence(SCHOOLS).assessed(scheme_of(text)))
    assert found["c"].status == "withheld"
    assert found["c"].because == Because("missing_target", (("criterion", "growth"),))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("withhold", None), ("skip", Decimal(80)), ("zero", Decimal(40))],
)
def test_a_missing_value_follows_the_schemes_rule(rule, expected):
    """Withheld, left out with the other weights grown, or counted as zero."""
    text = f"""
missing = "{rule}"
[[criteria]]
id = "p"
indicator = "p"
weight = 50
[[criteria]]
id = "q"
indicator = "q"
weight = 50
"""
    evidence = Evidence("| u | p  | q  |\n| a | 80 |    |\n| b | 80 | 60 |\n| c |    |    |")
    found = results(evidence.assessed(scheme_of(text)))
    assert found["a"].score == expected
    assert found["b"].score == 70
    if rule == "withhold":
        assert found["a"].because == Because("missing_value", (("criterion", "q"),))
        assert [part.points for part in found["a"].parts] == [None, None]
        assert [part.score for part in found["a"].parts] == [80, None]
    if rule == "skip":
        assert [(part.weight, part.points) for part in found["a"].parts] == [(100, 80), (0, None)]
        assert found["c"].because.key == "nothing_measured"
    if rule == "zero":
        assert [(part.weight, part.points) for part in found["a"].parts] == [(50, 40), (50, 0)]
        assert found["c"].score == 0


@pytest.mark.parametrize("rule", ["withhold", "zero"])
def test_a_division_by_nothing_is_withheld_and_never_counts_as_zero(rule):
    """A target of 0 gives no grade, also where an empty measure would count as 0."""
    text = f"""
missing = "{rule}"
[[criteria]]
id = "p"
indicator = "p"
target = {{ kind = "more_is_better", column = "t", completion = "capped" }}
"""
    evidence = Evidence("| u | p | t |\n| a | 5 | 0 |\n| b | 5 | -1 |\n| c | 5 | 10 |")
    found = results(evidence.assessed(scheme_of(text)))
    assert [found[unit].because.key for unit in "ab"] == ["zero_target", "negative_target"]
    assert (found["a"].score, found["a"].grade, found["a"].n) == (None, None, 1)
    assert found["c"].score == 50


ADJUSTED = """
highest_bonus = 5
[[criteria]]
id = "p"
indicator = "p"
[[bonuses]]
id = "prizes"
indicator = "prizes"
points = 2
most = 4
[[bonuses]]
id = "pilots"
indicator = "pilots"
[[deductions]]
id = "faults"
indicator = "faults"
"""


def test_bonuses_and_deductions_have_bounds_of_their_own_and_together():
    """Points beside the criteria, and the parts still sum to the score."""
    evidence = Evidence(
        """| u | p  | prizes | pilots | faults |
           | a | 80 | 1      | 1      | 0      |
           | b | 80 | 9      | 3      |        |
           | c | 98 | 2      | 3      | 0      |
           | d | 3  | 0      | 0      | 7      |
           | e | 98 | 2      | 3      | 1      |"""
    )
    found = results(evidence.assessed(scheme_of(ADJUSTED)))
    parts = {unit: [str(part.points) for part in one.parts] for unit, one in found.items()}
    assert {unit: str(one.score) for unit, one in found.items()} == {
        "a": "83.00",
        "b": "85.00",
        "c": "100.00",
        "d": "0.00",
        "e": "100.00",
    }
    assert parts["a"] == ["80.00", "2.00", "1.00", "0.00"]
    assert parts["b"] == ["80.00", "2.86", "2.14", "0.00"]
    assert parts["c"] == ["98.00", "1.14", "0.86", "0.00"]
    assert parts["d"] == ["3.00", "0.00", "0.00", "-3.00"]
    assert parts["e"] == ["98.00", "1.71", "1.29", "-1.00"]


def test_a_score_is_cut_at_the_ends_of_the_scale():
    """More than 100 points for over-fulfilment end at the scale's highest score."""
    text = """
[[criteria]]
id = "p"
indicator = "p"
weight = 50
target = { kind = "more_is_better", value = 10, completion = "proportional" }
[[criteria]]
id = "q"
indicator = "q"
weight = 50
"""
    found = results(Evidence("| u | p  | q  |\n| a | 20 | 40 |").assessed(scheme_of(text)))["a"]
    assert found.score == 100
    assert [str(part.points) for part in found.parts] == ["83.33", "16.67"]


def test_a_scale_need_not_begin_at_nought():
    """A mean of ratings from 1 to 5 is the score itself; its parts sum to it."""
    text = """
scale = { low = 1, high = 5 }
[[criteria]]
id = "p"
indicator = "p"
weight = 50
[[criteria]]
id = "q"
indicator = "q"
weight = 50
"""
    bands = '[[grades]]\nid = "low"\nfrom = 1\n[[grades]]\nid = "high"\nfrom = 3\n'
    evidence = Evidence("| u | p | q |\n| a | 4 | 1.5 |\n| b | 3 | 3 |\n| c | 0 | 0 |")
    assessment = evidence.assessed(scheme_of(text, bands))
    assert scores(assessment) == {"a": Decimal("2.75"), "b": 3, "c": 1}
    assert grades(assessment) == {"a": "low", "b": "high", "c": "low"}
    for one in assessment.units:
        assert sum(part.points for part in one.parts) == one.score


def test_a_rubric_gives_a_text_its_points():
    """The text is measured by its place in the column's list of choices."""
    text = """
[[criteria]]
id = "state"
indicator = "state"
target = { kind = "rubric", levels = { weak = 20, sound = 70, model = 100 } }
"""
    evidence = Evidence(
        "| u | state |\n| a | sound |\n| b | model |\n| c |  |",
        choices={"state": ("weak", "sound", "model")},
    )
    found = results(evidence.assessed(scheme_of(text)))
    assert [found[unit].score for unit in "abc"] == [70, 100, None]
    assert found["a"].parts[0].measured.value == 2


@settings(deadline=None, max_examples=at_most(40))
@given(
    st.lists(
        st.tuples(*(st.one_of(st.none(), st.decimals(-50, 250, places=1)) for _ in range(3))),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["withhold", "skip", "zero"]),
    st.sampled_from(["arithmetic", "geometric", "harmonic"]),
    st.sampled_from(["arithmetic", "geometric", "harmonic"]),
)
def test_the_points_of_the_parts_sum_to_the_score(rows, missing, outer, inner):
    """Whatever the aggregation, the missing rule and the nesting, nothing is lost in rounding."""
    text = f"""
missing = "{missing}"
aggregation = "{outer}"
places = 1
[[criteria]]
id = "group"
weight = 40
aggregation = "{inner}"
[[criteria.criteria]]
id = "p"
indicator = "p"
weight = 30
target = {{ kind = "more_is_better", value = 70, completion = "capped" }}
[[criteria.criteria]]
id = "q"
indicator = "q"
weight = 70
target = {{ kind = "less_is_better", value = 70, completion = "mirrored" }}
[[criteria]]
id = "r"
indicator = "r"
weight = 60
"""
    drawn = [{"u": f"u{i}", "p": p, "q": q, "r": r} for i, (p, q, r) in enumerate(rows)]
    for one in Evidence(drawn).assessed(scheme_of(text)).units:
        points = [part.points for part in one.parts if part.points is not None]
        if one.score is None:
            assert points == []
        else:
            assert sum(points) == one.score
            assert 0 <= one.low <= one.score <= one.high <= 100
        weights = sum(part.weight for part in one.parts)
        assert abs(weights - 100) <= Decimal("0.02")


@settings(deadline=None, max_examples=at_most(25))
@given(st.randoms(use_true_random=False), st.sampled_from(["duckdb", "kernel"]))
def test_the_order_of_rows_and_the_engine_play_no_part(random, engine):
    """The same evidence gives the same assessment, whoever sums it in whatever order."""
    rows = [
        {"u": f"u{i}", "p": str(i * 7 % 11), "q": str(i * 5 % 13 - 2), "area": f"x{i % 3}"}
        for i in range(12)
    ]
    text = TWO_CRITERIA.replace('"growth"', '"p"').replace('"debt"', '"q"')
    scheme = scheme_of(text)
    expected = Evidence(rows).assessed(scheme)
    random.shuffle(rows)
    assert Evidence(rows).assessed(scheme, engine=engine) == expected
