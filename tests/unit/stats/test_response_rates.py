"""Rates of answering by the definitions of AAPOR."""

from decimal import Decimal
from fractions import Fraction

import pytest

from touchstone.base.errors import TouchstoneError
from touchstone.stats.response_rates import Dispositions, disposition_of, response_rates

COUNTS = Dispositions(
    complete=400,
    partial=50,
    refusal=200,
    non_contact=150,
    other=20,
    unknown_household=100,
    unknown_other=30,
    not_eligible=180,
)


def test_rates_follow_their_definitions():
    """Each rate by its formula, with e = 820/1000 of the cases of known eligibility."""
    e = Fraction(820, 1000)
    unknown = 130
    expected = {
        "RR1": Fraction(400, 820 + unknown),
        "RR2": Fraction(450, 820 + unknown),
        "RR3": Fraction(400) / (820 + e * unknown),
        "RR4": Fraction(450) / (820 + e * unknown),
        "RR5": Fraction(400, 820),
        "RR6": Fraction(450, 820),
        "COOP1": Fraction(400, 670),
        "COOP2": Fraction(450, 670),
        "COOP3": Fraction(400, 650),
        "COOP4": Fraction(450, 650),
        "REF1": Fraction(200, 950),
        "REF2": Fraction(200) / (820 + e * unknown),
        "REF3": Fraction(200, 820),
        "CON1": Fraction(670, 950),
        "CON2": Fraction(670) / (820 + e * unknown),
        "CON3": Fraction(670, 820),
    }
    found = response_rates(COUNTS)
    assert list(found) == list(expected)
    for name, rate in expected.items():
        assert float(found[name]) == pytest.approx(float(rate)), name


def test_a_given_share_of_eligible_cases_counts():
    """With e = 1 the third rate is the first, with e = 0 the fifth."""
    all_eligible = response_rates(COUNTS, eligible=Fraction(1))
    assert all_eligible["RR3"] == all_eligible["RR1"]
    none_eligible = response_rates(COUNTS, eligible=Fraction(0))
    assert none_eligible["RR3"] == none_eligible["RR5"]


def test_nobody_to_divide_by_has_no_rate():
    """Without a case no rate is made up; with refusals alone the response rate is 0."""
    assert set(response_rates(Dispositions()).values()) == {None}
    assert response_rates(Dispositions(refusal=3))["RR1"] == Decimal(0)


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("I", "complete"),
        ("p", "partial"),
        ("1.1", "complete"),
        ("110", "complete"),
        ("1.2", "partial"),
        ("2.1", "refusal"),
        ("2.112", "refusal"),
        ("2.20", "non_contact"),
        ("2.36", "other"),
        ("3.17", "unknown_household"),
        ("3.21", "unknown_other"),
        ("3.9", "unknown_other"),
        ("4.70", "not_eligible"),
    ],
)
def test_codes_have_their_meaning(code, meaning):
    """Letters, and AAPOR's numbers with whatever digits follow."""
    assert disposition_of(code, where="") == meaning


@pytest.mark.parametrize("code", [None, "", "X", "9", "2.9", "-1"])
def test_other_codes_are_refused(code):
    """A case whose outcome is not told would make a rate silently wrong."""
    with pytest.raises(TouchstoneError, match="RESPONSE-01"):
        disposition_of(code, where="row 2")
