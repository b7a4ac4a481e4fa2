"""Raters who stand out are told by what they did, against what the model expects."""

import numpy as np
import pytest
from tests.unit.stats.many_facets.forms import drawn_forms, table_of

from touchstone.base.outcomes import Withheld
from touchstone.stats.many_facets.models import fit_many_facets
from touchstone.stats.rater_checks import check_raters, severities_apart


def checks_of(rows, **options):
    """Fit and check; give the checks by the raters' names."""
    table = table_of(rows)
    found = check_raters(table, fit_many_facets(table), **options)
    return dict(zip(table.rater.levels, found, strict=True))


def test_severe_and_lenient_raters_are_told():
    """The ends of the range of severities stand out, the middle does not."""
    rows, _, _ = drawn_forms(1, ratees=120, severity=1.5)
    found = checks_of(rows)
    assert [found["r00"].severity, found["r07"].severity] == ["lenient", "severe"]
    alike = checks_of(drawn_forms(2, ratees=120, severity=0)[0])
    assert [one.severity for one in alike.values()].count("as_others") >= 7


def test_false_discoveries_are_held_down():
    """Of a thousand raters who are alike hardly any is told apart; of a severe few most are."""
    generator = np.random.default_rng(3)
    severity, se = 0.2 * generator.normal(size=1000), np.full(1000, 0.2)
    assert severities_apart(severity, se).sum() <= 2
    severity[:50] += 1.5
    told = severities_apart(severity, se)
    assert told[:50].mean() > 0.9
    assert told[50:].sum() <= 8
    assert not severities_apart(np.array([1.0]), np.array([0.0]))[0]


def test_a_straight_liner_is_told():
    """Who gives the same on all items of each form has more flat forms than by chance."""
    rows, _, _ = drawn_forms(4, ratees=120)
    first = {(rater, ratee): category for rater, ratee, item, category in rows if item == "i0"}
    rows = [
        (rater, ratee, item, first[rater, ratee] if rater == "r02" else category)
        for rater, ratee, item, category in rows
    ]
    found = checks_of(rows)
    assert [name for name, one in found.items() if one.straight_lining] == ["r02"]
    assert found["r02"].flat_forms == found["r02"].forms > 3 * found["r02"].expected_flat
    assert found["r02"].longest_run >= 4


def test_flat_forms_come_as_often_as_expected_when_the_model_holds():
    """Over all raters of a drawn table the expected number of flat forms is about the seen one."""
    found = checks_of(drawn_forms(5, ratees=200)[0]).values()
    seen, expected = (
        sum(getattr(r, name) for r in found) for name in ("flat_forms", "expected_flat")
    )
    assert seen == pytest.approx(expected, rel=0.2)
    for one in found:
        assert one.spread == pytest.approx(one.expected_spread, rel=0.3)


def test_who_rates_only_himself_and_who_rates_once_are_told():
    """Both are named; a single rating has no spread."""
    rows, _, _ = drawn_forms(6)
    rows += [("z", "z", f"i{item}", 1 + item) for item in range(4)] + [("y", "u00", "i0", 2)]
    found = checks_of(rows)
    assert [name for name, one in found.items() if one.rates_only_self] == ["z"]
    assert [name for name, one in found.items() if one.rated_once] == ["y"]
    assert found["y"].spread == Withheld("rated_once")
    assert (found["y"].forms, found["y"].straight_lining) == (0, False)
    assert (found["z"].ratees, found["z"].forms) == (1, 1)


def test_a_rater_without_a_severity_is_told_by_the_reason():
    """Who always gives the best is withheld, with what was seen beside it."""
    rows, _, _ = drawn_forms(7)
    rows += [("z", f"u{n:02}", f"i{item}", 4) for n in range(10) for item in range(4)]
    found = checks_of(rows)["z"]
    reason = Withheld("all_at_one_end")
    assert found.severity == found.straight_lining == found.expected_flat == reason
    assert (found.forms, found.flat_forms, found.longest_run) == (10, 10, 40)


def test_a_single_rater_has_no_severity():
    """There is nobody to be more severe than."""
    found = checks_of(drawn_forms(8, raters=1, each=1)[0])["r00"]
    assert found.severity == Withheld("no_rater_beside")
    assert found.straight_lining is False
