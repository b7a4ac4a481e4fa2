"""Quotas in a scheme: a policy with its source, for the top grades, that makes nobody the last."""

from decimal import Decimal

import pytest

from touchstone.content.quota_checks import check_quotas
from touchstone.content.schemes import Band, Criterion, Quota, Scale, Scheme

GRADES = ("poor", "fair", "good", "excellent")
SOUND = {"id": "few", "grades": ("excellent",), "share": Decimal("0.15"), "citation": "Rule 1"}


def codes(bands: tuple[str, ...] = GRADES, **changes: object) -> list[str]:
    """Give the codes of the faults of a scheme with these grades and a changed quota."""
    scheme = Scheme(
        dataset="d",
        scale=Scale(low=Decimal(0), high=Decimal(100)),
        criteria=(Criterion(id="p", indicator="p"),),
        grades=tuple(Band(id=grade, start=Decimal(10 * n)) for n, grade in enumerate(bands)),
        quotas=(Quota(**{**SOUND, **changes}),),
    )
    return [fault.code for fault in check_quotas(scheme, where="scheme.toml")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"share": Decimal(0)}, "SCHEME-45"),
        ({"share": Decimal(1)}, "SCHEME-45"),
        ({"share": Decimal(15)}, "SCHEME-45"),
        ({"citation": " "}, "SCHEME-47"),
        ({"id": "Few!"}, "PACK-09"),
    ],
)
def test_a_quota_that_contradicts_itself_is_refused(changes, code):
    """Each with a code of its own."""
    assert codes(**changes) == [code]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (("excellent",), []),
        (("good", "excellent"), []),
        (("excellent", "good"), []),
        ((), ["SCHEME-45"]),
        (("best",), ["SCHEME-45"]),
        (("good",), ["SCHEME-45"]),
        (("excellent", "excellent"), ["SCHEME-45"]),
        (("fair", "good", "excellent"), ["SCHEME-46"]),
        (("poor",), ["SCHEME-45", "SCHEME-46"]),
    ],
)
def test_a_quota_is_for_the_top_grades_and_forces_nobody_into_the_lowest(named, expected):
    """No elimination of the last: whoever is beyond the quota stays above the lowest grade."""
    assert codes(grades=named) == expected


def test_a_scheme_of_two_grades_can_have_no_quota():
    """It would decide who fails."""
    assert codes(("no", "yes"), grades=("yes",)) == ["SCHEME-46"]
