"""Quotas of a scheme: off unless declared, within comparison groups, every outcome with its why."""

from decimal import Decimal

import pytest
from tests.unit.loop.cases import Evidence, grades, results, scheme_of

from touchstone.content.indicators import Indicator
from touchstone.loop.results import Assessment, Because, QuotaUse

ONE = """
[[criteria]]
id = "p"
indicator = "p"
"""
QUOTA = """
[[quotas]]
id = "few"
grades = ["excellent"]
share = 0.3
citation = "Rule 1"
"""
FACTS = Evidence(
    """| u | p  | kind |
       | a | 99 | x    |
       | b | 97 | x    |
       | c | 95 | x    |
       | d | 85 | x    |
       | e | 40 | x    |
       | f | 92 | y    |
       | g | 91 | y    |"""
)
GROUPED = 'comparison = { by = ["kind"] }\n'


def test_there_is_no_quota_unless_the_scheme_declares_one():
    """Three excellent units stay excellent."""
    found = FACTS.assessed(scheme_of(ONE))
    assert list(grades(found).values()).count("excellent") == 5
    assert found.quotas == ()


def test_a_quota_is_taken_within_each_comparison_group():
    """0.3 of five is 1.5, of two 0.6; a half counts as a whole place."""
    found = FACTS.assessed(scheme_of(GROUPED + ONE + QUOTA))
    assert grades(found) == {
        "a": "excellent",
        "b": "excellent",
        "c": "good",
        "d": "good",
        "e": "poor",
        "f": "excellent",
        "g": "good",
    }
    assert found.quotas == (
        QuotaUse("few", (("kind", "x"),), 5, 2, 2, 1, 0),
        QuotaUse("few", (("kind", "y"),), 2, 1, 1, 1, 0),
    )
    details = (("best", "3"), ("worst", "3"), ("places", "2"), ("n", "5"), ("limit", "few"))
    assert results(found)["c"].because == Because("quota_full", details)
    assert results(found)["d"].because.key == "score_in_band"


@pytest.mark.parametrize(
    ("rounding", "excellent"), [("half_up", "ab"), ("down", "a"), ("up", "ab")]
)
def test_a_quota_rounds_as_the_scheme_states(rounding, excellent):
    """0.3 of five units is one place or two."""
    text = f'{GROUPED}{ONE}{QUOTA}rounding = "{rounding}"\n'
    own = grades(FACTS.assessed(scheme_of(text)))
    assert "".join(u for u in "abcde" if own[u] == "excellent") == excellent


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ("include", ["excellent", "excellent", "excellent"]),
        ("exclude", ["excellent", "good", "good"]),
        ("undecided", ["excellent", None, None]),
    ],
)
def test_equal_facts_at_the_cut_are_never_cut_apart_silently(ties, expected):
    """The scheme says what becomes of them; without a word they are undecided."""
    evidence = Evidence("| u | p |\n| a | 99 |\n| b | 95 |\n| c | 95 |\n| d | 0 |\n| e | 0 |")
    text = ONE + QUOTA + ("" if ties == "undecided" else f'ties = "{ties}"\n')
    found = results(evidence.assessed(scheme_of(text)))
    assert [found[unit].grade for unit in "abc"] == expected
    if ties == "undecided":
        assert found["b"].status == "undecided"
        assert found["b"].because == Because(
            "quota_undecided",
            (("best", "2"), ("worst", "3"), ("places", "2"), ("n", "5"), ("limit", "few")),
        )


def test_a_quota_counts_all_units_or_those_with_a_score():
    """A unit without a measure is one of the group, or is not."""
    evidence = Evidence("| u | p |\n| a | 99 |\n| b | 98 |\n| c |  |\n| d |  |\n| e | 0 |")
    for of, best in (("group", "ab"), ("scored", "a")):
        found = grades(evidence.assessed(scheme_of(f'{ONE}{QUOTA}of = "{of}"\n')))
        assert "".join(unit for unit in "ab" if found[unit] == "excellent") == best


def test_a_unit_without_a_comparison_group_cannot_be_placed():
    """It is undecided, as nothing tells whom it is compared with."""
    evidence = Evidence("| u | p | kind |\n| a | 99 |  |\n| b | 70 |  |\n| c | 95 | x |\n")
    found = results(evidence.assessed(scheme_of(GROUPED + ONE + QUOTA)))
    assert (found["a"].grade, found["a"].because.key) == (None, "quota_without_group")
    assert found["b"].grade == "fair"
    assert found["c"].grade == "good"


def test_whoever_is_barred_by_a_cap_takes_no_place():
    """The places go to those who may have the grade."""
    capped = '[[caps]]\nid = "q"\nindicator = "q"\nat_least = 1\nhighest_grade = "fair"\n'
    evidence = Evidence("| u | p | q |\n| a | 99 | 0 |\n| b | 95 | 1 |\n| c | 91 | 1 |")
    found = grades(evidence.assessed(scheme_of(ONE + capped + QUOTA)))
    assert found == {"a": "fair", "b": "excellent", "c": "good"}


def test_two_quotas_hold_together():
    """A fifth excellent, and three fifths good or better."""
    text = ONE + QUOTA.replace("0.3", "0.2")
    text += QUOTA.replace("few", "more").replace('["excellent"]', '["good", "excellent"]')
    text = text.replace("share = 0.3", "share = 0.6")
    evidence = Evidence(
        "| u | p |\n" + "".join(f"| {u} | 9{9 - i} |\n" for i, u in enumerate("abcde"))
    )
    found = evidence.assessed(scheme_of(text))
    assert list(grades(found).values()) == ["excellent", "good", "good", "fair", "fair"]
    assert [(use.quota, use.within, use.beyond) for use in found.quotas] == [
        ("few", 1, 4),
        ("more", 3, 2),
    ]


def rated() -> Assessment:
    """Five units rated by twenty: one ahead of all, two alike at the cut, one near it, one last."""
    answers = {
        "ahead": [98, 100] * 10,
        "alike": [91, 99] * 10,
        "near": [90, 99] * 10,
        "low": [81, 85] * 10,
        "torn": [83, 99] * 10,
    }
    rows = [
        {"u": unit, "r": f"r{number}", "p": answer}
        for unit, own in answers.items()
        for number, answer in enumerate(own)
    ]
    indicators = {"p": Indicator(dataset="d", kind="mean", column="p", smallest_group=3)}
    evidence = Evidence(rows, rater="r", indicators=indicators)
    return evidence.assessed(scheme_of(ONE + QUOTA.replace("0.3", "0.4")))


def test_units_that_cannot_be_told_apart_at_the_cut_are_undecided():
    """Two places: one is clear, and three units might have the other."""
    found = results(rated())
    assert {unit: (one.grade, one.because.key) for unit, one in found.items()} == {
        "ahead": ("excellent", "interval_in_band"),
        "alike": (None, "quota_undecided"),
        "near": (None, "quota_undecided"),
        "low": ("good", "interval_in_band"),
        "torn": (None, "interval_across"),
    }
    assert rated().quotas == (QuotaUse("few", (), 5, 2, 1, 0, 3),)
    assert found["ahead"].score == Decimal("99.00")
