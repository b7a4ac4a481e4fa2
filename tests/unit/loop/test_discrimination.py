"""The report on how far a scheme tells its units apart, and what it says in words."""

from decimal import Decimal

import pytest
from tests.unit.loop.cases import Evidence, scheme_of

from touchstone.content.indicators import Indicator
from touchstone.loop.results import Because, Discrimination
from touchstone.reports.words import Words

TWO = """
[[criteria]]
id = "targets"
weight = 80
indicator = "targets"
[[criteria]]
id = "public"
weight = 20
indicator = "public"
"""
WORDS = Words("en", {"criterion.targets": "Targets", "criterion.public": "Public opinion"})


def found(evidence: Evidence, text: str = TWO) -> Discrimination:
    return evidence.assessed(scheme_of(text)).discrimination


def drawn(rows: list[tuple[float, float, str]]) -> Evidence:
    lines = ["| u | targets | public | kind |"]
    lines += [f"| u{n:02} | {a} | {b} | {kind} |" for n, (a, b, kind) in enumerate(rows)]
    return Evidence("\n".join(lines))


# As published: nearly everyone has nearly all points for targets, and opinion decides.
SATURATED = drawn([(96 + n % 4, 60 + 2 * n, "x") for n in range(20)])


def test_a_saturated_component_is_named_and_the_one_that_decides():
    """80 % of the weight bring next to nothing; 20 % bring the order."""
    report = found(SATURATED)
    targets, public = report.components
    assert (targets.n, targets.weight, targets.top, targets.full) == (20, 80, 1, 0)
    whole = float(targets.variance_share + public.variance_share)
    assert whole == pytest.approx(1, abs=1e-5)
    assert targets.verdict == Because(
        "component_saturated",
        (
            ("criterion", "targets"),
            ("share", "100"),
            ("bar", "95"),
            ("low", "0"),
            ("highest", "100"),
        ),
    )
    assert WORDS.because(targets.verdict) == (
        "Targets does not tell units apart: 100 % of units have 95 or more of 100 points."
    )
    assert public.verdict.key == "component_decides"
    assert public.variance_share > Decimal("0.8")
    assert report.verdicts[0] == Because("differences_are_facts")
    assert (report.error_share, report.reliability) == (0, 1)


def test_shares_of_full_and_lowest_marks_are_counted():
    """Full marks, within one and five percent of them, and the lowest marks."""
    report = found(drawn([(100, 60, "x"), (99, 5, "x"), (95, 4, "x"), (94.9, 0, "x")]))
    targets, public = report.components
    assert (targets.full, targets.near_full, targets.top) == tuple(
        map(Decimal, ("0.25", "0.5", "0.75"))
    )
    assert (public.lowest, public.bottom, public.top) == tuple(map(Decimal, ("0.25", "0.75", "0")))
    assert (public.tenth, public.median, public.ninetieth) == (0, 4, 5)
    assert targets.verdict.key == "component_half_saturated"


def test_units_differ_only_within_their_comparison_group():
    """Two groups at different heights, equal inside, do not differ."""
    text = 'comparison = { by = ["kind"] }\n' + TWO
    rows = [(50, 50, "x"), (50, 50, "x"), (90, 90, "y"), (90, 90, "y")]
    report = found(drawn(rows), text)
    assert (report.n, report.groups, report.spread, report.levels) == (4, 2, None, 1)
    assert report.absent == Because("all_units_equal")
    assert report.pairs_apart == 0
    assert report.components[0].verdict.key == "component_without_differences"
    assert found(drawn(rows)).pairs_apart == Decimal("0.666667")


def test_one_unit_alone_has_nothing_to_be_told_from():
    """And none at all neither; figures are missing, never invented."""
    for rows in ([(50, 50, "x")], [("", 50, "x")]):
        report = found(drawn(rows))
        assert report.absent == Because("no_two_units")
        assert (report.spread, report.reliability, report.pairs_apart) == (None, None, None)
        assert (report.order_holds, report.rank_correlation) == (None, None)


def test_a_bonus_without_a_bound_has_no_full_marks():
    """It still has its share of the differences."""
    bonus = '[[bonuses]]\nid = "public_bonus"\nindicator = "public"\npoints = 0.01\n'
    report = found(SATURATED, TWO + bonus)
    extra = report.components[2]
    assert (extra.criterion, extra.high, extra.full) == ("public_bonus", None, None)
    assert extra.variance_share > 0
    shares = [float(one.variance_share) for one in report.components]
    assert sum(shares) == pytest.approx(1, abs=1e-5)


def rated(spread: int, width: int) -> Evidence:
    rows = [
        {"u": f"u{unit:02}", "r": f"r{rater}", "p": 50 + spread * unit + width * ((rater * 7) % 5)}
        for unit in range(12)
        for rater in range(10)
    ]
    indicators = {"p": Indicator(dataset="d", kind="mean", column="p", smallest_group=3)}
    return Evidence(rows, rater="r", indicators=indicators)


@pytest.mark.parametrize(
    ("spread", "width", "key"),
    [
        (3, 1, "differences_hardly_error"),
        (1, 5, "differences_partly_error"),
        (1, 9, "differences_mostly_error"),
    ],
)
def test_sampling_error_is_held_against_the_differences(spread, width, key):
    """The same units with more quarrelsome raters are told apart less."""
    report = found(rated(spread, width), '[[criteria]]\nid = "targets"\nindicator = "p"\n')
    assert report.verdicts[0].key == key
    assert float(report.reliability + report.error_share) == pytest.approx(1, abs=1e-5)
    assert Decimal("0.45") < report.order_holds <= 1
    assert 1 <= report.levels <= 12


def test_a_grade_that_nearly_all_have_is_named():
    """19 of 20 are excellent."""
    rows = [(99, 98, "x")] * 19 + [(70, 70, "x")]
    report = found(drawn(rows))
    assert report.verdicts[-1] == Because("one_grade", (("share", "95"), ("grade", "excellent")))
    assert report.total.verdict.key == "total_saturated"


def test_the_report_is_the_same_every_time():
    """Its draws have a fixed seed, which it names."""
    assert found(rated(1, 5), '[[criteria]]\nid = "t"\nindicator = "p"\n') == found(
        rated(1, 5), '[[criteria]]\nid = "t"\nindicator = "p"\n'
    )
