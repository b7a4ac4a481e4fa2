"""Intervals are those of the textbook and stay where they can be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.stats.figures import normal_quantile
from touchstone.stats.intervals import t_interval, wilson_interval

CONFIDENCE = Decimal("0.95")
shares = st.decimals(0, 1, places=6)
sizes = st.decimals("0.1", "1000000", places=3)


@pytest.mark.parametrize(
    ("yes", "n", "low", "high"),
    [
        # Newcombe (1998), table I, method 3.
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
        (29, 29, "0.8830", "1.0000"),
    ],
)
def test_a_wilson_interval_is_that_of_the_textbook(yes, n, low, high):
    """Known examples come out to four places."""
    found = wilson_interval(Decimal(yes) / n, Decimal(n), confidence=CONFIDENCE)
    assert [str(round(end, 4)) for end in found] == [low, high]


@given(shares, sizes)
def test_a_wilson_interval_holds_its_share_and_stays_between_0_and_1(share, n):
    """Even a share of 0 or 1 gets an interval with a width."""
    low, high = wilson_interval(share, n, confidence=CONFIDENCE)
    assert 0 <= low < high <= 1
    assert low <= share <= high


@given(shares, sizes)
def test_the_ends_of_a_wilson_interval_solve_its_equation(share, n):
    """At both ends (p − x)² = z²·x(1 − x)/n, which is how Wilson found them."""
    square = normal_quantile(CONFIDENCE) ** 2
    for end in wilson_interval(share, n, confidence=CONFIDENCE):
        distance = (share - end) ** 2 - square * end * (1 - end) / n
        assert abs(distance) < Decimal("1e-20")


@given(shares, sizes)
def test_a_wilson_interval_is_narrower_when_more_people_answer(share, n):
    """Twice the people never know less."""
    low, high = wilson_interval(share, n, confidence=CONFIDENCE)
    narrow_low, narrow_high = wilson_interval(share, 2 * n, confidence=CONFIDENCE)
    assert narrow_high - narrow_low < high - low


@given(shares, sizes)
def test_a_wilson_interval_of_no_is_that_of_yes_turned_round(share, n):
    """Counting the others instead gives the mirrored interval."""
    low, high = wilson_interval(share, n, confidence=CONFIDENCE)
    turned = wilson_interval(1 - share, n, confidence=CONFIDENCE)
    assert abs(1 - high - turned[0]) + abs(1 - low - turned[1]) < Decimal("1e-20")


@pytest.mark.parametrize(("share", "n"), [("1.1", "5"), ("-0.1", "5"), ("0.5", "0")])
def test_a_wilson_interval_is_refused_when_there_is_no_share(share, n):
    """A share in percent, or nobody asked, is a fault of the program."""
    with pytest.raises(ValueError, match="wilson_interval"):
        wilson_interval(Decimal(share), Decimal(n), confidence=CONFIDENCE)


def test_a_t_interval_lies_evenly_around_its_value():
    """The ends are value ± t·se; no error gives no width."""
    low, high = t_interval(Decimal(5), Decimal("0.5"), 10, confidence=CONFIDENCE)
    assert high - 5 == 5 - low == Decimal("0.5") * Decimal("2.22813885199")
    assert t_interval(Decimal(5), Decimal(0), 1, confidence=CONFIDENCE) == (5, 5)
    with pytest.raises(ValueError, match="se"):
        t_interval(Decimal(5), Decimal(-1), 1, confidence=CONFIDENCE)
