"""From scores to grades: bands, intervals, vetoes, caps, limiters, and the because of each."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most
from tests.unit.loop.cases import FOUR_GRADES, YES_NO_GRADES, Evidence, grades, results, scheme_of

from touchstone.content.indicators import Indicator
from touchstone.loop.results import Because
from touchstone.stats.grades import grade_of

ONE = """
[[criteria]]
id = "p"
indicator = "p"
"""
BELOW_FOUR = (("from", "3.25"), ("below", "4"))
RATED = {
    "p": Indicator(dataset="d", kind="mean", column="p", smallest_group=3),
    "views": Indicator(dataset="d", kind="mean", column="views", smallest_group=3),
    "content": Indicator(
        dataset="d", kind="share", column="views", counts_as_yes=(4, 5), smallest_group=3
    ),
}


def rated(**answers: list[int | None]) -> Evidence:
    """Make evidence of answers by unit; a pair of lists gives the columns p and views."""
    rows = [
        {"u": unit, "person": f"r{number}", "p": p, "views": views}
        for unit, own in answers.items()
        for number, (p, views) in enumerate(own)
    ]
    return Evidence(rows, rater="person", indicators=RATED, about="persons")


def test_a_band_holds_its_lower_bound_and_not_the_next_ones():
    """90 is excellent and 89.996 good, however it is shown: figures are rounded at the very end."""
    evidence = Evidence(
        "| u | p |\n| a | 90 |\n| b | 89.996 |\n| c | 59.999 |\n| d | 60 |\n| e | 0 |"
    )
    found = results(evidence.assessed(scheme_of(ONE)))
    assert {unit: (str(one.score), one.grade) for unit, one in found.items()} == {
        "a": ("90.00", "excellent"),
        "b": ("90.00", "good"),
        "c": ("60.00", "poor"),
        "d": ("60.00", "fair"),
        "e": ("0.00", "poor"),
    }
    assert dict(found["b"].because.details) == {
        "score": "89.996",
        "grade": "good",
        "from": "80",
        "below": "90",
    }


def test_thirds_that_sum_to_a_bound_reach_it():
    """No digit of a division decides a grade."""
    text = "".join(
        f'[[criteria]]\nid = "{n}"\nindicator = "p"\nweight = {w}\n'
        for n, w in (("x", "0.35"), ("y", "0.35"), ("z", "0.3"))
    )
    thirds = text.replace("0.35", "1").replace("0.3", "1")
    for each in (text, thirds):
        evidence = Evidence("| u | p |\n| a | 80 |\n| b | 90 |")
        assert grades(evidence.assessed(scheme_of(each))) == {"a": "good", "b": "excellent"}


def test_a_grade_is_given_only_when_the_whole_interval_lies_in_its_band():
    """Twelve raters may agree enough, or not."""
    bands = (
        '[[grades]]\nid = "weak"\nfrom = 1\n[[grades]]\nid = "good"\nfrom = 3.25\n'
        '[[grades]]\nid = "excellent"\nfrom = 4\n'
    )
    near = [(3, 3), (4, 4)] + [(4, 4), (3, 3)] * 4 + [(3, 3), (4, 4)]
    evidence = rated(
        sure=[*near, *near, *near, *near],
        torn=[(4, 4)] * 11 + [(5, 5), (3, 3)],
        few=[(4, 4), (5, 5)],
        same=[(4, 4)] * 12,
    )
    text = "scale = { low = 1, high = 5 }\n" + ONE
    found = results(evidence.assessed(scheme_of(text, bands)))
    assert (found["sure"].grade, found["sure"].because) == (
        "good",
        Because(
            "interval_in_band",
            (
                ("low", "3.35"),
                ("high", "3.65"),
                ("grade", "good"),
                ("from", "3.25"),
                ("below", "4"),
            ),
        ),
    )
    assert (found["torn"].grade, found["torn"].status) == (None, "undecided")
    assert found["torn"].because == Because(
        "interval_across",
        (("low", "3.75"), ("high", "4.25"), ("bound", "4"), ("grade", "excellent")),
    )
    assert found["torn"].method == "t"
    assert [found[unit].because.key for unit in ("few", "same")] == [
        "too_few_raters",
        "all_answers_equal",
    ]
    assert [(one.n, one.score, one.rank_low) for one in (found["few"], found["same"])] == [
        (None, None, None)
    ] * 2


VETOED = """
[[criteria]]
id = "p"
indicator = "p"
[[vetoes]]
id = "safety"
indicator = "safety"
at_least = 90
where = { kind = ["x"] }
[[vetoes]]
id = "arrears"
indicator = "arrears"
at_most = 5
if_missing = "is_passed"
"""


def test_a_veto_leaves_the_lowest_grade_whatever_the_score():
    """Which units it is for, and what an empty measure means, is for the scheme to say."""
    evidence = Evidence(
        """| u | p  | safety | arrears | kind |
           | a | 95 | 90     | 5       | x    |
           | b | 95 | 89     | 0       | x    |
           | c | 95 |        | 0       | x    |
           | d | 95 | 10     |         | y    |
           | e | 95 | 99     | 6       | y    |"""
    )
    found = results(evidence.assessed(scheme_of(VETOED)))
    assert {unit: one.grade for unit, one in found.items()} == {
        "a": "excellent",
        "b": "poor",
        "c": "poor",
        "d": "excellent",
        "e": "poor",
    }
    assert found["b"].score == 95
    assert found["c"].because == Because("vetoed", (("limit", "safety"),))
    assert found["e"].because == Because("vetoed", (("limit", "arrears"),))


CAPPED = """
[[criteria]]
id = "p"
indicator = "p"
[[caps]]
id = "public"
indicator = "public"
at_least = 90
highest_grade = "fair"
"""


def test_a_cap_bars_the_grades_above_its_own():
    """Public satisfaction under 90 bars the top two grades, and lifts nobody."""
    evidence = Evidence(
        "| u | p | public |\n| a | 95 | 90 |\n| b | 95 | 89.9 |\n| c | 50 | 10 |\n| d | 70 | 10 |"
    )
    found = results(evidence.assessed(scheme_of(CAPPED)))
    assert [found[unit].grade for unit in "abcd"] == ["excellent", "fair", "poor", "fair"]
    assert found["b"].because == Because("capped", (("grade", "fair"), ("limit", "public")))
    assert found["d"].because.key == "score_in_band"


PUBLIC = """
[[criteria]]
id = "content"
indicator = "content"
[[caps]]
id = "public"
indicator = "p"
at_least = 3
highest_grade = "poor"
"""


def test_a_cap_can_decide_what_an_interval_could_not_and_leave_open_what_it_could():
    """A sure cap below a wide interval decides; a cap in doubt leaves the grade undecided."""
    torn = [(3, 4)] * 16 + [(3, 1)] * 4
    content = [(3, 5)] * 99 + [(3, 1)]
    found = results(
        rated(
            barred=[(1 + i % 2, views) for i, (_, views) in enumerate(torn)],
            torn=[(4 + i % 2, views) for i, (_, views) in enumerate(torn)],
            doubtful=[(1 + i % 5, views) for i, (_, views) in enumerate(content)],
            free=[(4 + i % 2, views) for i, (_, views) in enumerate(content)],
        ).assessed(scheme_of(PUBLIC))
    )
    assert {unit: (one.grade, one.because.key) for unit, one in found.items()} == {
        "barred": ("poor", "capped"),
        "torn": (None, "interval_across"),
        "doubtful": (None, "limit_unknown"),
        "free": ("excellent", "interval_in_band"),
    }
    assert found["doubtful"].because == Because("limit_unknown", (("limit", "public"),))
    assert found["doubtful"].status == "undecided"


def test_a_measure_withheld_for_few_raters_neither_passes_a_veto_nor_fails_it():
    """Too few answers tell nothing, so that the unit is undecided, unless it is lowest anyway."""
    text = PUBLIC.replace("caps", "vetoes").replace('highest_grade = "poor"', "")
    content = [(None, 5)] * 99 + [(3, 1)]
    poor = [(None, 1)] * 99 + [(3, 5)]
    found = results(rated(a=content, b=poor).assessed(scheme_of(text)))
    assert [(found[unit].grade, found[unit].because.key) for unit in "ab"] == [
        (None, "limit_unknown"),
        ("poor", "interval_in_band"),
    ]


LIMITED = """
[[criteria]]
id = "p"
indicator = "p"
weight = 40
[[criteria]]
id = "group"
weight = 60
[[criteria.criteria]]
id = "q"
indicator = "q"
weight = 50
[[criteria.criteria]]
id = "r"
indicator = "r"
weight = 50
[[limiters]]
id = "two_inadequate"
below = 40
highest_grade = "poor"
"""


@pytest.mark.parametrize(
    ("named", "expected"),
    [("", ["fair", "fair", "poor"]), ('criteria = ["p", "q", "r"]', ["poor", "fair", "poor"])],
)
def test_two_inadequate_parts_make_the_whole_inadequate(named, expected):
    """The parts are the criteria of the first level, or those that the limiter names."""
    bands = FOUR_GRADES.replace("from = 60", "from = 30")
    evidence = Evidence(
        "| u | p | q | r |\n| a | 30 | 30 | 99 |\n| b | 30 | 50 | 99 |\n| c | 39 | 39 | 39 |"
    )
    found = results(evidence.assessed(scheme_of(LIMITED + named, bands)))
    assert [found[unit].grade for unit in "abc"] == expected
    if named:
        assert found["a"].because == Because(
            "capped", (("grade", "poor"), ("limit", "two_inadequate"))
        )


PASS = """
[[criteria]]
id = "p"
indicator = "p"
weight = 50
target = { kind = "more_is_better", value = 10 }
[[criteria]]
id = "q"
indicator = "q"
weight = 25
target = { kind = "band", low = 1, high = 2 }
[[criteria]]
id = "r"
indicator = "r"
weight = 25
target = { kind = "yes_no" }
"""


def test_a_scheme_of_passes_names_what_was_not_met():
    """Where every criterion is met or not, that says more than the score."""
    evidence = Evidence(
        """| u | p  | q | r |
           | a | 10 | 2 | 1 |
           | b | 9  | 2 | 1 |
           | c | 10 | 3 | 0 |
           | d | 0  | 0 | 0 |"""
    )
    found = results(evidence.assessed(scheme_of(PASS, YES_NO_GRADES)))
    assert {unit: one.because for unit, one in found.items()} == {
        "a": Because("all_met", (("count", "3"),)),
        "b": Because("not_met", (("criterion", "p"),)),
        "c": Because("not_met_and_more", (("criterion", "q"), ("count", "1"))),
        "d": Because("not_met_and_more", (("criterion", "p"), ("count", "2"))),
    }


@pytest.mark.parametrize(
    ("target", "keys"),
    [
        ('{ kind = "more_is_better", value = 1 }', ["below_target", "meets_target"]),
        ('{ kind = "less_is_better", value = 0 }', ["meets_target", "above_target"]),
        ('{ kind = "yes_no" }', ["is_no", "is_yes"]),
        ('{ kind = "on_target", value = 1 }', ["score_in_band", "score_in_band"]),
    ],
)
def test_the_only_target_of_a_scheme_is_its_because(target, keys):
    """One sentence says what was measured and what was asked."""
    text = f"{ONE}target = {target}\n"
    evidence = Evidence("| u | p |\n| a | 0 |\n| b | 1 |")
    found = results(evidence.assessed(scheme_of(text, YES_NO_GRADES)))
    assert [found[unit].because.key for unit in "ab"] == keys


@settings(deadline=None, max_examples=at_most(40))
@given(
    st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=12), min_size=1, max_size=5),
    st.lists(st.decimals(Decimal("1.05"), Decimal("4.95"), places=2), max_size=3, unique=True),
)
def test_a_grade_without_limits_is_that_of_its_unrounded_interval(units, bounds):
    """Two ways to one grade: the loop's, and that of `stats.grades`."""
    starts = [Decimal(1), *sorted(bounds)]
    bands = "".join(f'[[grades]]\nid = "g{i}"\nfrom = {s}\n' for i, s in enumerate(starts))
    text = "places = 12\nscale = { low = 1, high = 5 }\n" + ONE
    scheme = scheme_of(text, bands)
    evidence = rated(**{f"u{i}": [(y, y) for y in own] for i, own in enumerate(units)})
    for one in evidence.assessed(scheme).units:
        if one.score is None:
            assert (one.status, one.grade) == ("withheld", None)
            continue
        assume(
            all(abs(end - s) > Decimal("1e-9") for end in (one.low, one.high) for s in starts[1:])
        )
        assert one.grade == grade_of(one.low, one.high, scheme.grades)
        assert one.status == ("undecided" if one.grade is None else "graded")
