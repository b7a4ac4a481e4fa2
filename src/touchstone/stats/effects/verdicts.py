"""Verdicts on an action: an effect is shown, none is shown, or it cannot be told."""

from typing import NamedTuple

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.effects.event_studies import PreTrend
from touchstone.stats.effects.placebos import PlaceboDate, PlaceboUnits
from touchstone.stats.effects.synthetic_controls import SyntheticControl

SHOWN, NOT_SHOWN, UNTOLD = "shown", "not_shown", "cannot_be_told"


class Verdict(NamedTuple):
    """What may be said of the action, and the key of the reason.

    `verdict`: `shown`, `not_shown` or `cannot_be_told`.
    """

    verdict: str
    because: str


def verdict_of_differences(
    outcome: Outcome,
    trend: PreTrend | Withheld,
    dates: tuple[PlaceboDate, ...],
    units: PlaceboUnits | Withheld,
    *,
    confidence: float = 0.95,
) -> Verdict:
    """Say what a difference in differences shows together with its checks.

    1. Without a figure nothing can be told.
    2. When both groups went apart before the action, nothing can be told: the joint test, or
       where it cannot be made, a placebo date with Holm's first bound (1979).
    3. When the interval holds 0, no effect is shown.
    4. When chance could not have been ruled out by any result, nothing can be told; when units
       chosen by chance do as well too often, no effect is shown.

    >>> from decimal import Decimal
    >>> from touchstone.base.outcomes import Estimate
    >>> wide = Estimate(Decimal(1), Decimal(-1), Decimal(3), 9, "cr2")
    >>> verdict_of_differences(wide, Withheld("one_period_before"), (), Withheld("few"))
    Verdict(verdict='not_shown', because='interval_holds_zero')
    """
    level = 1 - confidence
    if isinstance(outcome, Withheld):
        return Verdict(UNTOLD, outcome.reason)
    if isinstance(trend, PreTrend):
        if trend.p < level:
            return Verdict(UNTOLD, "apart_before")
    elif trend.reason == "changes_without_spread" or _some_date_rejects(dates, level):
        return Verdict(UNTOLD, "apart_before")
    if outcome.low <= 0 <= outcome.high:
        return Verdict(NOT_SHOWN, "interval_holds_zero")
    if isinstance(units, Withheld) or units.smallest > level:
        return Verdict(UNTOLD, "too_few_to_rule_out_chance")
    if units.p > level:
        return Verdict(NOT_SHOWN, "placebos_as_large")
    return Verdict(SHOWN, "rise" if outcome.value > 0 else "fall")


def verdict_of_synthetic(
    found: SyntheticControl | Withheld, *, confidence: float = 0.95
) -> Verdict:
    """Say what a synthetic control shows: its interval and its placebo test must both agree.

    >>> verdict_of_synthetic(Withheld("too_few_donors"))
    Verdict(verdict='cannot_be_told', because='too_few_donors')
    """
    level = 1 - confidence
    if isinstance(found, Withheld):
        return Verdict(UNTOLD, found.reason)
    if found.p > level:
        if 1 / (found.placebos + 1) > level:
            return Verdict(UNTOLD, "too_few_to_rule_out_chance")
        return Verdict(NOT_SHOWN, "placebos_as_large")
    if isinstance(found.outcome, Withheld):
        return Verdict(UNTOLD, found.outcome.reason)
    if found.outcome.low <= 0 <= found.outcome.high:
        return Verdict(NOT_SHOWN, "interval_holds_zero")
    return Verdict(SHOWN, "rise" if found.outcome.value > 0 else "fall")


def _some_date_rejects(dates: tuple[PlaceboDate, ...], level: float) -> bool:
    tests = [date.p for date in dates if date.p is not None]
    return bool(tests) and min(tests) * len(tests) < level
