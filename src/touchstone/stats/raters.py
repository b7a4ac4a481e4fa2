"""The mean and the share of what several raters said of one unit, with its interval."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import NamedTuple

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.stats.figures import EXACT, quotient, square_root
from touchstone.stats.intervals import normal_interval, t_interval, wilson_interval

# The method of measures that a model of crossed effects gives.
CROSSED = "crossed_effects"


class RatedSums(NamedTuple):
    """Sums over one unit's answers, in stored whole numbers.

    With A = Σ w·y and B = Σ w of one rater: `n` answers, `raters`, `w` = Σw, `wy` = Σwy,
    `wyy` = Σwy², `aa` = ΣA², `ab` = ΣAB, `bb` = ΣB².
    """

    n: int
    raters: int
    w: int
    wy: int
    wyy: int
    aa: int
    ab: int
    bb: int


@dataclass(frozen=True, slots=True)
class RatedRule:
    """How answers become a figure: decimal places of the values, smallest group, confidence."""

    places: int
    smallest_group: int
    confidence: Decimal


def mean_of_raters(sums: RatedSums, rule: RatedRule) -> Outcome:
    """Give the weighted mean of a unit's answers with a t interval.

    The raters are the sampling units: answers of one rater may be alike, raters are independent
    of each other. With m raters, z = A − mean·B and W = Σw, the squared standard error is
    m/(m − 1)·Σz²/W² (linearisation, Woodruff 1971), with m − 1 degrees of freedom. Without
    weights and with one answer a rater that is the usual s²/n.

    Withheld as `too_few_raters` below the smallest group; as `empty_base` when the weights sum to
    0; as `all_answers_equal`, or `raters_alike` when each rater has the same mean, as nothing then
    tells how far other raters might lie.

    >>> four = RatedSums(n=4, raters=4, w=4, wy=10, wyy=30, aa=30, ab=10, bb=4)
    >>> found = mean_of_raters(four, RatedRule(0, 3, Decimal("0.95")))
    >>> found.value, round(found.se, 4), found.degrees_of_freedom
    (Decimal('2.5'), Decimal('0.6455'), 3)
    """
    withheld = _withheld(sums, rule)
    if withheld is not None:
        return withheld
    value = quotient(sums.wy, sums.w).scaleb(-rule.places, EXACT)
    se = square_root(*_squared_error(sums)).scaleb(-rule.places, EXACT)
    freedom = sums.raters - 1
    low, high = t_interval(value, se, freedom, confidence=rule.confidence)
    return Estimate(value, low, high, sums.n, "t", se, freedom, _design_effect(sums))


def share_of_raters(sums: RatedSums, rule: RatedRule) -> Outcome:
    """Give the weighted share of answers that count as yes, in percent, with a Wilson interval.

    The values are 1 for yes and 0 for no. The interval (Wilson 1927) is that of a simple random
    sample of n/deff answers, where deff is the squared standard error of `mean_of_raters` over
    that of a simple random sample of n answers (Kish 1965). Withheld as there.

    >>> sums = RatedSums(n=60, raters=60, w=60, wy=45, wyy=45, aa=45, ab=45, bb=60)
    >>> found = share_of_raters(sums, RatedRule(0, 10, Decimal("0.95")))
    >>> found.value, round(found.low, 2), round(found.high, 2)
    (Decimal('75.00'), Decimal('62.77'), Decimal('84.22'))
    """
    withheld = _withheld(sums, rule)
    if withheld is not None:
        return withheld
    effect = _design_effect(sums)
    share = quotient(sums.wy, sums.w)
    error = square_root(*_squared_error(sums))
    with localcontext(EXACT):
        low, high = wilson_interval(share, sums.n / effect, confidence=rule.confidence)
        ends = (100 * share, 100 * low, 100 * high)
        return Estimate(*ends, sums.n, "wilson", 100 * error, sums.raters - 1, effect)


def at_confidence(estimate: Estimate, confidence: Decimal) -> tuple[Decimal, Decimal]:
    """Give the ends of an estimate's interval at another confidence.

    >>> fact = Estimate(Decimal(5), Decimal(5), Decimal(5), 1, "register")
    >>> at_confidence(fact, Decimal("0.99"))
    (Decimal('5'), Decimal('5'))
    """
    if estimate.method == CROSSED and estimate.se is not None:
        return normal_interval(estimate.value, estimate.se, confidence=confidence)
    if estimate.se is None or estimate.degrees_of_freedom is None:
        return estimate.low, estimate.high
    if estimate.method == "wilson" and estimate.deff is not None:
        with localcontext(EXACT):
            share, n_effective = estimate.value / 100, estimate.n / estimate.deff
            low, high = wilson_interval(share, n_effective, confidence=confidence)
            return 100 * low, 100 * high
    freedom = estimate.degrees_of_freedom
    return t_interval(estimate.value, estimate.se, freedom, confidence=confidence)


def _withheld(sums: RatedSums, rule: RatedRule) -> Withheld | None:
    """Say why there is no figure, or None; no reason tells a count."""
    if sums.raters < max(rule.smallest_group, 2):
        return Withheld("too_few_raters", (("smallest", str(max(rule.smallest_group, 2))),))
    if sums.w == 0:
        return Withheld("empty_base")
    if sums.w * sums.wyy == sums.wy**2:
        return Withheld("all_answers_equal")
    return Withheld("raters_alike") if _spread(sums) == 0 else None


def _spread(sums: RatedSums) -> int:
    """Give W²·Σz² with z = A − mean·B, a whole number."""
    w, wy = sums.w, sums.wy
    return w * w * sums.aa - 2 * w * wy * sums.ab + wy * wy * sums.bb


def _squared_error(sums: RatedSums) -> tuple[int, int]:
    m = sums.raters
    return m * _spread(sums), (m - 1) * sums.w**4


def _design_effect(sums: RatedSums) -> Decimal:
    """Give the squared error over that of n answers drawn with replacement, each of its own."""
    simple = sums.w * sums.wyy - sums.wy**2
    numerator = sums.raters * (sums.n - 1) * _spread(sums)
    return quotient(numerator, (sums.raters - 1) * sums.w**2 * simple)
