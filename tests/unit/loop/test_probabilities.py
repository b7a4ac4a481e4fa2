"""How probable each grade is: facts, errors, and rules that bend, bar or limit."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.support.examples import at_most
from tests.unit.loop.cases import YES_NO_GRADES, Evidence, results, scheme_of

from touchstone.content.indicators import Indicator
from touchstone.loop.results import UnitResult

ONE = """
[[criteria]]
id = "p"
indicator = "p"
"""
RATED = {
    name: Indicator(dataset="d", kind="mean", column=name, smallest_group=3) for name in ("p", "q")
}
GRADES = ("poor", "fair", "good", "excellent")


def rated(**answers: list[tuple[float, float]]) -> Evidence:
    """Make evidence of answers by unit; pairs give the columns p and q."""
    rows = [
        {"u": unit, "person": f"r{number}", "p": p, "q": q}
        for unit, own in answers.items()
        for number, (p, q) in enumerate(own)
    ]
    return Evidence(rows, rater="person", indicators=RATED)


def chances(result: UnitResult) -> dict[str, float]:
    found = result.probabilities
    return {grade: float(share) for grade, share in found.grades}


def t_of(answers: list[float], bound: float) -> float:
    """Give the probability that the mean lies below a bound, by SciPy."""
    n = len(answers)
    error = np.std(answers, ddof=1) / n**0.5
    return float(stats.t(n - 1, loc=np.mean(answers), scale=error).cdf(bound))


TORN = [(85, 70), (95, 72)] * 6 + [(88, 71)]


def test_a_fact_has_its_grade_for_sure():
    """Nothing uncertain stands behind it; a withheld result has no probabilities."""
    found = results(Evidence("| u | p |\n| a | 90 |\n| b |  |").assessed(scheme_of(ONE)))
    assert found["a"].probabilities.method == "certain"
    assert chances(found["a"]) == dict(zip(GRADES, (0, 0, 0, 1), strict=True))
    assert found["b"].probabilities is None


def test_a_mean_has_the_probabilities_of_its_t_distribution():
    """The grades between which it is torn share nearly everything."""
    found = results(rated(a=TORN).assessed(scheme_of(ONE)))["a"]
    answers = [p for p, _ in TORN]
    assert found.probabilities.method == "distribution"
    assert chances(found)["excellent"] == pytest.approx(1 - t_of(answers, 90), abs=1e-6)
    assert chances(found)["good"] == pytest.approx(t_of(answers, 90) - t_of(answers, 80), abs=1e-6)


def test_a_target_that_is_met_or_not_asks_the_measure_not_the_points():
    """100 points or none: the probability is that of the measure reaching the target."""
    text = f'{ONE}target = {{ kind = "more_is_better", value = 88 }}\n'
    found = results(rated(a=TORN).assessed(scheme_of(text, YES_NO_GRADES)))["a"]
    assert found.probabilities.method == "draws"
    assert chances(found)["no"] == pytest.approx(t_of([p for p, _ in TORN], 88), abs=0.001)


@pytest.mark.parametrize("bar", [86, 90, 95])
def test_a_cap_on_the_same_measure_moves_with_the_score(bar):
    """Whoever scores below the bar is barred: the draws see both from one measure."""
    text = f'{ONE}[[caps]]\nid = "c"\nindicator = "p"\nat_least = {bar}\nhighest_grade = "fair"\n'
    found = results(rated(a=TORN).assessed(scheme_of(text)))["a"]
    below = t_of([p for p, _ in TORN], bar)
    assert chances(found)["fair"] == pytest.approx(below, abs=0.002)
    assert chances(found)["excellent"] == pytest.approx(
        1 - t_of([p for p, _ in TORN], max(bar, 90)), abs=0.002
    )


def test_a_veto_on_another_measure_counts_with_its_own_probability():
    """Independent errors: lowest grade with the probability that the veto applies."""
    text = f'{ONE}[[vetoes]]\nid = "v"\nindicator = "q"\nat_least = 71\n'
    found = results(rated(a=TORN).assessed(scheme_of(text)))["a"]
    vetoed = t_of([q for _, q in TORN], 71)
    assert chances(found)["poor"] == pytest.approx(vetoed, abs=0.005)
    free = (1 - vetoed) * (1 - t_of([p for p, _ in TORN], 90))
    assert chances(found)["excellent"] == pytest.approx(free, abs=0.01)


def test_a_cap_by_a_fact_bars_the_grades_above_it_for_sure():
    """What the barred grades would have had goes to the cap's grade."""
    text = ONE + '[[caps]]\nid = "c"\nindicator = "k"\nat_least = 1\nhighest_grade = "good"\n'
    rows = [{"u": "a", "person": f"r{n}", "p": p, "k": 0} for n, (p, _) in enumerate(TORN)]
    facts = {**RATED, "k": Indicator(dataset="d", kind="fact", column="k")}
    evidence = Evidence(rows, rater="person", indicators=facts)
    found = results(evidence.assessed(scheme_of(text)))["a"]
    assert (found.grade, found.probabilities.method) == ("good", "distribution")
    assert chances(found)["good"] == pytest.approx(1 - t_of([p for p, _ in TORN], 80), abs=1e-6)
    assert chances(found)["excellent"] == 0


def test_a_limit_nobody_knows_anything_about_leaves_no_probability():
    """Unless it could not change the grade."""
    text = f'{ONE}[[vetoes]]\nid = "v"\nindicator = "q"\nat_least = 71\n'
    few = [(p, None) for p, _ in TORN]
    found = results(rated(a=few, b=[(p - 60, None) for p, _ in few]).assessed(scheme_of(text)))
    assert found["a"].status == "undecided"
    assert found["a"].probabilities is None
    assert chances(found["b"])["poor"] == 1


def test_a_limiter_counts_the_drawn_parts():
    """Two parts, each below the bar with a probability of its own: both together bar the top."""
    text = """
[[criteria]]
id = "p"
weight = 50
indicator = "p"
[[criteria]]
id = "q"
weight = 50
indicator = "q"
[[limiters]]
id = "two"
below = {}
highest_grade = "fair"
"""
    answers = [(88, 88.5), (95, 96), (92, 90)] * 5
    found = results(rated(a=answers).assessed(scheme_of(text.format(91.5))))["a"]
    both = t_of([p for p, _ in answers], 91.5) * t_of([q for _, q in answers], 91.5)
    assert found.probabilities.method == "draws"
    assert chances(found)["fair"] == pytest.approx(both, abs=0.01)


def test_a_quota_shares_a_place_among_those_who_may_have_it():
    """Two alike units and one place: about one half each; the one far ahead has one for sure."""
    quota = '[[quotas]]\nid = "few"\ngrades = ["excellent"]\nshare = 0.5\ncitation = "r"\n'
    alike = [(91, 1), (99, 2)] * 10
    evidence = rated(ahead=[(99, 1), (100, 2)] * 10, a=alike, b=alike, low=[(50, 1), (52, 2)] * 10)
    found = results(evidence.assessed(scheme_of(ONE + quota)))
    assert chances(found["ahead"])["excellent"] > 0.98
    for unit in "ab":
        assert found[unit].because.key == "quota_undecided"
        assert chances(found[unit])["excellent"] == pytest.approx(0.5, abs=0.03)
        assert chances(found[unit])["good"] == pytest.approx(0.5, abs=0.03)
    assert chances(found["low"])["poor"] == 1


def test_a_standing_and_a_geometric_mean_are_drawn():
    """Their intervals are no distribution of a sum."""
    text = """
aggregation = "geometric"
[[criteria]]
id = "p"
weight = 50
indicator = "p"
[[criteria]]
id = "q"
weight = 50
indicator = "q"
standing = true
"""
    found = results(rated(a=TORN, b=[(p - 10, q) for p, q in TORN]).assessed(scheme_of(text)))
    assert {one.probabilities.method for one in found.values()} == {"draws"}
    assert sum(chances(found["a"]).values()) == pytest.approx(1)


@settings(deadline=None, max_examples=at_most(25))
@given(
    st.lists(st.lists(st.integers(40, 100), min_size=4, max_size=9), min_size=1, max_size=4),
    st.sampled_from(
        ("", 'target = { kind = "more_is_better", value = 95, completion = "capped" }')
    ),
)
def test_probabilities_sum_to_one_and_a_decided_grade_is_the_most_probable(units, target):
    """At 95 % confidence it has a probability of 95 % or more."""
    evidence = rated(**{f"u{n}": [(y, y) for y in own] for n, own in enumerate(units)})
    for result in evidence.assessed(scheme_of(f"{ONE}{target}\n")).units:
        if result.probabilities is None:
            assert result.status == "withheld"
            continue
        assert sum((share for _, share in result.probabilities.grades), Decimal(0)) == 1
        assert [grade for grade, _ in result.probabilities.grades] == list(GRADES)
        if result.grade is not None:
            assert chances(result)[result.grade] >= 0.948
