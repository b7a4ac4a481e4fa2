"""Growth accounting: which part of a growth comes from talent, from capital, from the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.model_figures import Ends, model_estimate, two_sided_t, two_sided_z

Floats = npt.NDArray[np.float64]


class Elasticity(NamedTuple):
    """By how many percent output grows when a factor grows by one: lowest, stated, highest."""

    low: float
    value: float
    high: float


class Growths(NamedTuple):
    """Mean growth a period of output and of each factor, as fractions, with their covariance.

    `rates[0]` is that of output; `names` are those of the factors, in the order of the rest.
    `freedom`: degrees of freedom of the covariance, 0 when it is stated and not estimated.
    """

    names: tuple[str, ...]
    rates: Floats
    covariance: Floats
    freedom: int
    periods: int


@dataclass(frozen=True, slots=True)
class Contributions:
    """The part of each factor in the growth of output, in percent, and what is left over.

    `sum_of_elasticities` is 1 with constant returns to scale.
    """

    parts: dict[str, Outcome]
    residual: Outcome
    growths: Growths
    sum_of_elasticities: float


def growths_of_series(names: Sequence[str], output: Floats, factors: Floats) -> Growths | Withheld:
    """Give mean growth rates of series [periods] and [periods, factors], all above 0.

    The rate is the compound one, (last/first)^(1/periods) − 1. Its error is that of the mean of
    the yearly logarithmic changes, which takes the years as draws: a period of a few unlike years
    tells little of the growth it stands for.

    Withheld as `series_too_short` below three periods, `not_above_zero` for other values.

    >>> found = growths_of_series(["talent"], np.array([100.0, 110, 121]),
    ...                           np.array([[10.0], [11], [12.1]]))
    >>> found.rates.round(6).tolist(), found.periods
    ([0.1, 0.1], 2)
    """
    table = np.column_stack([output, factors])
    if len(table) < 3:
        return Withheld("series_too_short", (("smallest", "3"),))
    if not (np.isfinite(table).all() and (table > 0).all()):
        return Withheld("not_above_zero")
    changes = np.diff(np.log(table), axis=0)
    rates = np.expm1(changes.mean(axis=0))
    slopes = 1 + rates
    covariance = np.cov(changes.T) / len(changes) * np.outer(slopes, slopes)
    return Growths(tuple(names), rates, covariance, len(changes) - 1, len(changes))


def stated_growths(
    rates: Mapping[str, tuple[float, float]], output: tuple[float, float]
) -> Growths:
    """Take mean growth rates and their standard errors as they are stated, as fractions.

    >>> stated_growths({"talent": (0.08, 0.0)}, (0.09, 0.0)).rates.tolist()
    [0.09, 0.08]
    """
    pairs = [output, *rates.values()]
    figures = np.array([rate for rate, _ in pairs])
    return Growths(tuple(rates), figures, np.diag([error**2 for _, error in pairs]), 0, 1)


def contributions(
    growths: Growths, elasticities: Mapping[str, Elasticity], *, confidence: float = 0.95
) -> Contributions:
    """Give the part of each factor in the growth of output, with its interval.

    Of Y = A·K^α·Hb^β·Ht^γ follows g(Y) = g(A) + α·g(K) + β·g(Hb) + γ·g(Ht) (Solow 1957): the
    part of talent is γ·g(Ht) / g(Y), and A's is what is left. The interval joins both doubts: it
    runs from the lowest to the highest stated elasticity, each with the interval of the ratio of
    growth rates by Fieller (1954). It is an accounting of a stated model, not a measurement: the
    elasticities decide.

    Withheld as `growth_near_zero` when the growth of output cannot be told from 0: then the ratio
    has no bounded interval. ValueError when an elasticity is missing or out of order.

    >>> growths = stated_growths({"talent": (0.08, 0.0)}, (0.09, 0.0))
    >>> found = contributions(growths, {"talent": Elasticity(0.2, 0.3, 0.4)})
    >>> part = found.parts["talent"]
    >>> round(part.value, 1), round(part.low, 1), round(part.high, 1)
    (Decimal('26.7'), Decimal('17.8'), Decimal('35.6'))
    """
    _refuse_bad_elasticities(growths, elasticities)
    quantile = two_sided_z(confidence)
    if growths.freedom:
        quantile = two_sided_t(confidence, growths.freedom)
    method = "accounting" if growths.covariance.any() else "accounting_stated"
    parts: dict[str, Outcome] = {}
    for place, name in enumerate(growths.names, start=1):
        weights = np.zeros(len(growths.rates))
        weights[place] = 1.0
        ratio = _ratio(growths, weights, quantile)
        parts[name] = ratio if isinstance(ratio, Withheld) else model_estimate(
            100 * elasticities[name].value * ratio[0],
            _spanned(ratio[1], elasticities[name]),
            n=growths.periods,
            method=method,
        )  # fmt: skip
    residual = _residual(growths, elasticities, quantile, method)
    total = sum(elasticities[name].value for name in growths.names)
    return Contributions(parts, residual, growths, total)


def _ratio(growths: Growths, weights: Floats, quantile: float) -> tuple[float, Ends] | Withheld:
    """Give a weighted sum of growths over that of output, with Fieller's interval."""
    below, above = float(growths.rates[0]), float(weights @ growths.rates)
    squared = quantile**2
    spread = float(growths.covariance[0, 0])
    both = float(weights @ growths.covariance[:, 0])
    own = float(weights @ growths.covariance @ weights)
    bound = below**2 - squared * spread
    # A growth of some parts in ten thousand millions is that of rounded figures.
    if bound <= 1e-20:
        return Withheld("growth_near_zero")
    middle = above * below - squared * both
    under = middle**2 - bound * (above**2 - squared * own)
    half = float(np.sqrt(max(under, 0.0)))
    return above / below, ((middle - half) / bound, (middle + half) / bound)


def _spanned(ends: Ends, elasticity: Elasticity) -> Ends:
    products = [100 * one * end for one in (elasticity.low, elasticity.high) for end in ends]
    return min(products), max(products)


def _residual(
    growths: Growths,
    elasticities: Mapping[str, Elasticity],
    quantile: float,
    method: str,
) -> Outcome:
    """Give 100 less all parts; its ends take all elasticities at one end together."""
    ends: list[float] = []
    value = 0.0
    for bound in ("value", "low", "high"):
        weights = np.array([0.0, *(getattr(elasticities[name], bound) for name in growths.names)])
        ratio = _ratio(growths, weights, quantile)
        if isinstance(ratio, Withheld):
            return ratio
        if bound == "value":
            value = 100 - 100 * ratio[0]
        ends += [100 - 100 * end for end in ratio[1]]
    return model_estimate(value, (min(ends), max(ends)), n=growths.periods, method=method)


def _refuse_bad_elasticities(growths: Growths, elasticities: Mapping[str, Elasticity]) -> None:
    missing = [name for name in growths.names if name not in elasticities]
    if missing:
        raise ValueError(f"elasticities must name every factor; got none of {missing}")
    for name in growths.names:
        one = elasticities[name]
        if not one.low <= one.value <= one.high:
            raise ValueError(f"an elasticity must have low <= value <= high; got {name} {one}")
