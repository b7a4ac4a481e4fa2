"""Means with leniency taken out, and the results of one scheme beside those of another."""

from decimal import Decimal

import numpy as np
import pytest
from tests.unit.loop.cases import Evidence, scheme_of

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.content.indicators import Indicator
from touchstone.loop.besides import results_beside
from touchstone.loop.results import Because, UnitResult

ONE = """
[[criteria]]
id = "m"
indicator = "corrected"
"""
CORRECTED = {
    "corrected": Indicator(dataset="d", kind="corrected_mean", column="y", smallest_group=5)
}


def rated(rows) -> Evidence:
    """Make evidence of (unit, rater, answer) rows."""
    drawn = [{"u": u, "person": r, "y": y, "w": Decimal(1), "item": 0} for u, r, y in rows]
    return Evidence(drawn, key=("u", "person"), rater="person", weight=None, indicators=CORRECTED)


def answers(units: str = "abcdef", raters: int = 24):
    """Draw answers on 1 to 5; raters with even numbers are lenient and rate the first half more."""
    generator = np.random.default_rng(3)
    rows = []
    for rater in range(raters):
        lenient = rater % 2 == 0
        shares = np.where(np.arange(len(units)) < len(units) // 2, 3.0, 1.0)
        shares = shares if lenient else shares[::-1]
        for unit in generator.choice(list(units), 4, replace=False, p=shares / shares.sum()):
            lift = 0.2 * units.index(unit)
            score = round(2.5 + lift + 1.2 * lenient + 0.5 * generator.normal())
            rows.append((str(unit), f"r{rater:02}", int(np.clip(score, 1, 5))))
    return rows


def test_a_corrected_mean_has_a_normal_interval_of_six_digits():
    """Value and error are rounded to six digits before anything follows from them."""
    found = rated(answers()).measured(scheme_of(ONE)).outcomes["corrected"]
    for outcome in found:
        assert isinstance(outcome, Estimate)
        assert outcome.method == "crossed_effects"
        assert len(outcome.value.normalize().as_tuple().digits) <= 6
        assert float(outcome.high - outcome.value) == pytest.approx(1.959964 * float(outcome.se))


def test_a_unit_of_few_raters_is_withheld_without_a_count():
    """The smallest group holds for corrected means as for plain ones."""
    rows = [*answers(), ("g", "r00", 4), ("g", "r01", 2)]
    found = rated(rows).measured(scheme_of(ONE)).outcomes["corrected"]
    assert found[-1] == Withheld("too_few_raters", (("smallest", "5"),))


def test_units_that_do_not_differ_are_withheld():
    """Where the model sees no variance between units nobody gets a figure of his own."""
    rows = [
        (unit, f"r{rater}", 2 + (rater + place) % 2 + rater % 3)
        for place, unit in enumerate("abcdef")
        for rater in range(12)
    ]
    found = rated(rows).measured(scheme_of(ONE)).outcomes["corrected"]
    assert set(found) == {Withheld("ratees_alike")}


def result(unit: str, score: str | None) -> UnitResult:
    """Make a result with a score and nothing else that matters here."""
    figure = None if score is None else Decimal(score)
    status = "withheld" if score is None else "undecided"
    ranks = (None, None) if score is None else (1, 12)
    because = Because("missing_value")
    return UnitResult(unit, unit, 9, figure, figure, figure, *ranks, None, status, because, "t")


def test_a_unit_moves_when_its_place_changes_by_more_than_a_tenth():
    """Of twelve units one place is less than a tenth, two places are more."""
    names = "abcdefghijkl"
    here = [result(name, str(100 - place)) for place, name in enumerate(names)]
    order = [0, 1, 3, 2, 4, 7, 6, 5, 8, 9, 10, 11]
    there = [result(name, str(100 - place)) for name, place in zip(names, order, strict=True)]
    found = {
        one.unit: (one.order, one.order_here, one.moves) for one in results_beside(here, there)
    }
    assert found["c"] == (4, 3, None)
    assert found["f"] == (8, 6, "up")
    assert found["h"] == (6, 8, "down")


def test_equal_scores_share_a_place_and_the_withheld_have_none():
    """Who has a score by one scheme only is in no order."""
    here = [result("a", "3"), result("b", "3"), result("c", None), result("d", "1")]
    there = [result("a", "2"), result("b", "5"), result("c", "9"), result("d", None)]
    found = results_beside(here, there)
    assert [(one.order, one.order_here) for one in found[:2]] == [(2, 1), (1, 1)]
    assert [(one.order, one.order_here, one.moves) for one in found[2:]] == [(None, None, None)] * 2


def test_nobody_has_a_place_when_nobody_has_both_scores():
    """No units at all is no fault."""
    assert results_beside([], []) == ()
