"""Reliability of the sum of a scale's items: Cronbach's alpha and McDonald's omega."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.model_figures import logit_ends, model_estimate
from touchstone.stats.reliability.factors import one_factor, slopes_of_omega
from touchstone.stats.reliability.item_tables import Floats, ItemSums


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One item: its answers, mean and spread, and what the scale would be without it.

    `rest_correlation`: correlation with the sum of the other items. `alpha_without`: None for a
    scale of two items. `loading`: on the common factor, None where there is no proper one.
    """

    name: str
    n: int
    mean: float
    deviation: float
    rest_correlation: float
    alpha_without: float | None
    loading: float | None


@dataclass(frozen=True, slots=True)
class ScaleReliability:
    """Alpha of the items as they are and as standardised ones, omega total, and the items.

    `against`: items that run against the rest, and may have to be turned.
    """

    alpha: Outcome
    alpha_standardised: Outcome
    omega_total: Outcome
    items: tuple[ItemFigures, ...]
    against: tuple[str, ...]


def scale_reliability(sums: ItemSums, *, confidence: float = 0.95) -> ScaleReliability:
    """Give all that is told of a scale's reliability; see `cronbach_alpha` and `omega_total`.

    >>> from touchstone.stats.reliability.item_tables import sum_items
    >>> answers = np.array([[1.0, 2, 1], [2, 2, 3], [3, 5, 4], [4, 4, 5], [5, 4, 4]])
    >>> found = scale_reliability(sum_items(answers, ["a", "b", "c"]))
    >>> round(found.alpha.value, 4), found.items[0].name
    (Decimal('0.9072'), 'a')
    """
    standardised = ItemSums(sums.names, sums.means, sums.correlations, sums.pairs, sums.n)
    items = _items(sums)
    return ScaleReliability(
        cronbach_alpha(sums, confidence=confidence),
        cronbach_alpha(standardised, confidence=confidence),
        omega_total(sums, confidence=confidence),
        items,
        tuple(item.name for item in items if item.rest_correlation < 0),
    )


def cronbach_alpha(sums: ItemSums, *, confidence: float = 0.95) -> Outcome:
    """Give Cronbach's alpha (1951) with the interval of Feldt (1965).

    alpha = k/(k − 1) · (1 − sum of variances / variance of the sum). It is the reliability of the
    sum where all items measure one thing equally well with independent errors, and a lower bound
    of it otherwise. Feldt's interval assumes normal scores: (1 − alpha) / (1 − true alpha) is F
    with n − 1 and (n − 1)(k − 1) degrees of freedom. The standard error is that of van Zyl,
    Neudecker and Nel (2000; Duhachek and Iacobucci 2004). Equal to `alpha` of the R package psych.

    Withheld as `items_cancel_out` when the sum of the items does not vary.

    >>> from touchstone.stats.reliability.item_tables import sum_items
    >>> answers = np.array([[1.0, 2, 1], [2, 2, 3], [3, 5, 4], [4, 4, 5], [5, 4, 4]])
    >>> found = cronbach_alpha(sum_items(answers, ["a", "b", "c"]))
    >>> round(found.value, 4), round(found.se, 4)
    (Decimal('0.9072'), Decimal('0.0707'))
    """
    value = _alpha(sums.covariances)
    if value is None:
        return Withheld("items_cancel_out")
    freedom = sums.n - 1
    other = freedom * (len(sums.names) - 1)
    tail = (1 + confidence) / 2
    low = 1 - (1 - value) * float(special.fdtri(freedom, other, tail))
    high = 1 - (1 - value) * float(special.fdtri(freedom, other, 1 - tail))
    se = _error_of_alpha(sums)
    return model_estimate(value, (low, high), n=sums.n, method="feldt", se=se)


def omega_total(sums: ItemSums, *, confidence: float = 0.95) -> Outcome:
    """Give McDonald's omega total: the share of the sum's variance that one factor explains.

    omega = 1 − sum of unique variances / variance of the sum, of standardised items, with the
    loadings of one factor by minimum residuals (McDonald 1999; Harman and Jones 1966), as
    `omega(nfactors = 1)` of the R package psych. Unlike alpha, items may measure the one thing
    unequally well. The interval is by the delta method for normal scores, on the logit scale.

    Withheld as `too_few_items` (three are needed), `items_cancel_out`, or `improper_factor` when
    an item would share more than all its variance.

    >>> from touchstone.stats.reliability.item_tables import sum_items
    >>> answers = np.array(
    ...     [[1.0, 2, 1, 1], [2, 2, 3, 1], [3, 5, 4, 4], [4, 4, 5, 5], [5, 4, 4, 3], [3, 3, 1, 3]])
    >>> round(omega_total(sum_items(answers, ["a", "b", "c", "d"])).value, 3)
    Decimal('0.912')
    """
    correlations = sums.correlations
    loadings = one_factor(correlations)
    if isinstance(loadings, Withheld):
        return loadings
    spread = float(correlations.sum())
    if spread <= 1e-9 * len(sums.names):
        return Withheld("items_cancel_out")
    value = 1 - float((1 - loadings**2).sum()) / spread
    if not 0 < value < 1:
        return Withheld("improper_factor")
    slopes = slopes_of_omega(correlations, loadings)
    inner = slopes @ correlations
    se = float(np.sqrt(2 * np.trace(inner @ inner) / sums.n))
    ends = logit_ends(value, se, confidence=confidence)
    return model_estimate(value, ends, n=sums.n, method="minres", se=se)


def _alpha(covariances: Floats) -> float | None:
    size = len(covariances)
    whole, own = float(covariances.sum()), float(np.trace(covariances))
    if size < 2 or whole <= 1e-9 * own:
        return None
    return size / (size - 1) * (1 - own / whole)


def _error_of_alpha(sums: ItemSums) -> float:
    table, size = sums.covariances, len(sums.names)
    whole, own = float(table.sum()), float(np.trace(table))
    squares = float((table**2).sum())
    rows = table.sum(axis=1)
    inner = whole * (squares + own**2) - 2 * own * float(rows @ rows)
    spread = 2 * size**2 / ((size - 1) ** 2 * whole**3) * inner
    return float(np.sqrt(max(spread, 0.0) / sums.n))


def _items(sums: ItemSums) -> tuple[ItemFigures, ...]:
    loadings = one_factor(sums.correlations)
    known: Sequence[float | None] = [None] * len(sums.names)
    if not isinstance(loadings, Withheld):
        known = loadings.tolist()
    return tuple(_item(sums, place, known[place]) for place in range(len(sums.names)))


def _item(sums: ItemSums, place: int, loading: float | None) -> ItemFigures:
    table = sums.covariances
    others = np.arange(len(table)) != place
    rest = table[np.ix_(others, others)]
    variance = float(table[place, place])
    spread = float(rest.sum())
    beside = float(table[place, others].sum())
    correlation = beside / float(np.sqrt(variance * spread)) if spread > 0 else 0.0
    return ItemFigures(
        sums.names[place],
        int(sums.pairs[place, place]),
        float(sums.means[place]),
        float(np.sqrt(variance)),
        correlation,
        _alpha(rest),
        loading,
    )
