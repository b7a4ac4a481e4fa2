"""What a fitted many-facet model says of each ratee, rater and item."""

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import interpolate

from touchstone.base.outcomes import Withheld
from touchstone.stats.item_response.answers import Whole
from touchstone.stats.item_response.newton import Maximum
from touchstone.stats.item_response.scales import Floats, Parameter, thresholds
from touchstone.stats.many_facets.choices import ScaleOf
from touchstone.stats.many_facets.forms import Forms, FormTable
from touchstone.stats.many_facets.kernels import residuals
from touchstone.stats.many_facets.likelihood import FacetLikelihood
from touchstone.stats.model_figures import two_sided_z
from touchstone.stats.ranks import ranks_within
from touchstone.stats.rating_networks import connected_subsets

CURVE_POINTS = 401


class RateeMeasure(NamedTuple):
    """A ratee's place: measure in logits with its error, and on the scale of the ratings.

    `average`: the mean rating that an average rater would give on all items, with its interval.
    `infit`, `outfit`: mean squares, about 1 when the ratings fit the model. `subset`: ratees of
    different subsets share no chain of raters. `rank_low`, `rank_high`: best and worst place among
    those of the subset.
    """

    measure: float
    se: float
    average: float
    average_low: float
    average_high: float
    infit: float
    outfit: float
    subset: int
    rank_low: int
    rank_high: int


class Ratee(NamedTuple):
    """A ratee: ratings, their plain mean, and the measure."""

    n: int
    mean: float
    measure: RateeMeasure | Withheld


class Element(NamedTuple):
    """A rater or an item: ratings, their plain mean, and what the model says of them.

    `measure`: severity or difficulty in logits. `thresholds`: those of its own, relative to the
    measure; none where the scale is common or belongs to the other facet.
    """

    n: int
    mean: float
    measure: Parameter | Withheld
    thresholds: tuple[Parameter | Withheld, ...]
    infit: float | Withheld
    outfit: float | Withheld


class MeanSquares(NamedTuple):
    """Sums over the ratings of each level of a facet, for infit and outfit."""

    squares: Floats
    variances: Floats
    ratios: Floats
    n: Whole

    def infit(self, level: int) -> float:
        """Give the mean square weighted by information."""
        return float(self.squares[level] / self.variances[level])

    def outfit(self, level: int) -> float:
        """Give the unweighted mean square."""
        return float(self.ratios[level] / self.n[level])


def mean_squares(of_ratings: Floats, codes: Whole, levels: int) -> MeanSquares:
    """Sum squared residuals, variances and their ratios over each level of a facet.

    They are expected over the posterior of the ratees (Adams and Wu 2007), so that mean squares
    are 1 on average when the model holds.
    """
    squares, variances, ratios = (
        np.asarray(np.bincount(codes, weights=one, minlength=levels), np.float64)
        for one in of_ratings[:3]
    )
    return MeanSquares(squares, variances, ratios, np.bincount(codes, minlength=levels))


def residuals_of(likelihood: FacetLikelihood, found: Maximum) -> Floats:
    """Give each rating's squared residual, variance, their ratio, and expected category: [4, n]."""
    point = likelihood.point(found.parameters)
    squares: Floats = residuals(likelihood.layout(), point, likelihood.posterior)
    return squares


def ratee_codes(forms: Forms) -> Whole:
    """Give the ratee of each rating of forms."""
    return np.repeat(np.arange(len(forms.starts) - 1), np.diff(forms.starts))


def rate_ratees(
    table: FormTable, likelihood: FacetLikelihood, found: Maximum, confidence: float
) -> tuple[Ratee, ...]:
    """Measure the ratees, with ranks by simultaneous intervals within each subset."""
    forms = likelihood.forms
    codes, levels = ratee_codes(forms), len(table.ratee.levels)
    fits = mean_squares(residuals_of(likelihood, found), codes, levels)
    measure, se = likelihood.posterior
    half = two_sided_z(confidence) * se
    average = _average_curve(likelihood, found, float(np.abs(measure).max() + half.max()))
    ends = [average(one) + forms.lowest for one in (measure, measure - half, measure + half)]
    subset = _subsets(forms, codes, levels)
    low, high = ranks_within(subset, measure, se, confidence=confidence)
    n, means = _plain_means(table.categories, table.ratee.codes, levels)
    silent = Withheld("all_at_one_end")
    figures = zip(
        measure.tolist(),
        se.tolist(),
        *(one.tolist() for one in ends),
        (fits.squares / np.maximum(fits.variances, 1e-300)).tolist(),
        (fits.ratios / np.maximum(fits.n, 1)).tolist(),
        subset.tolist(),
        low.tolist(),
        high.tolist(),
        strict=True,
    )
    return tuple(
        Ratee(count, mean, RateeMeasure(*one) if telling else silent)
        for count, mean, telling, one in zip(n, means, (fits.n > 0).tolist(), figures, strict=True)
    )


def rate_elements(
    table: FormTable,
    likelihood: FacetLikelihood,
    found: Maximum,
    *,
    facet: Literal["rater", "item"],
    scale_of: ScaleOf,
) -> tuple[Element, ...]:
    """Give the raters or the items, with their thresholds where scales are theirs."""
    forms, places = likelihood.forms, likelihood.places
    grouping, codes, first, present = (
        (table.rater, forms.raters, 0, forms.severities)
        if facet == "rater"
        else (table.item, forms.items, places.raters, forms.difficulties)
    )
    levels = len(grouping.levels)
    fits = mean_squares(residuals_of(likelihood, found), codes, levels)
    variances = np.maximum(np.diagonal(found.covariance), 0)
    n, means = _plain_means(table.categories, grouping.codes, levels)
    lone = _lone_raters(likelihood)
    elements = []
    for level in range(levels):
        if not present[level]:
            reason = Withheld("all_at_one_end")
            elements.append(Element(n[level], means[level], reason, (), reason, reason))
            continue
        place = first + level
        measure: Parameter | Withheld
        measure = Parameter(float(found.parameters[place]), float(variances[place] ** 0.5))
        if facet == "rater" and level in lone:
            measure = Withheld("no_rater_beside")
        taus = scale_thresholds(likelihood, found, level) if scale_of == facet else ()
        fit = (fits.infit(level), fits.outfit(level))
        elements.append(Element(n[level], means[level], measure, taus, *fit))
    return tuple(elements)


def _lone_raters(likelihood: FacetLikelihood) -> set[int]:
    """Tell the raters whose items nobody else rated: severity cannot be told from difficulty."""
    if likelihood.precision:
        return set()
    linked = likelihood.places.linked
    return set(np.flatnonzero(linked[linked.sum(axis=1) == 1].any(axis=0)).tolist())


def scale_thresholds(
    likelihood: FacetLikelihood, found: Maximum, scale: int
) -> tuple[Parameter | Withheld, ...]:
    """Give the thresholds of a scale, numbered by the categories above the lowest."""
    inner = likelihood.places.inner[scale]
    places = inner[inner >= 0]
    covariance = found.covariance[np.ix_(places, places)]
    return thresholds(likelihood.forms.used[scale], found.parameters[places], covariance)


def _plain_means(
    categories: Whole, codes: npt.NDArray[np.integer], levels: int
) -> tuple[list[int], list[float]]:
    n = np.bincount(codes, minlength=levels)
    sums = np.bincount(codes, weights=categories, minlength=levels)
    return n.tolist(), (sums / np.maximum(n, 1)).tolist()


def _subsets(forms: Forms, codes: Whole, levels: int) -> Whole:
    """Number the subsets by their first ratee; one without telling ratings is by itself."""
    present = np.unique(codes)
    raters = np.unique(forms.raters, return_inverse=True)[1]
    found = connected_subsets(raters, np.searchsorted(present, codes))
    subset = np.full(levels, -1)
    subset[present] = found
    alone = np.flatnonzero(subset < 0)
    subset[alone] = int(found.max()) + 1 + np.arange(len(alone))
    return subset


def _average_curve(
    likelihood: FacetLikelihood, found: Maximum, reach: float
) -> interpolate.CubicSpline:
    """Give the mean rating, over items and scales, at each ability, by an average rater."""
    point, forms = likelihood.point(found.parameters), likelihood.forms
    categories = np.arange(point.weights.shape[1])
    ability = np.linspace(-reach, reach, CURVE_POINTS)
    pairs = np.unique(np.column_stack([forms.items, forms.scales]), axis=0)
    total = np.zeros(CURVE_POINTS)
    shares = 1 / np.bincount(pairs[:, 0])[pairs[:, 0]]
    for (item, scale), share in zip(pairs.tolist(), shares.tolist(), strict=True):
        with np.errstate(divide="ignore"):
            logits = np.log(point.weights[scale])[:, None]
        logits = logits + categories[:, None] * (ability - point.difficulties[item])
        chance = np.exp(logits - logits.max(axis=0))
        total += share * (categories @ chance) / chance.sum(axis=0)
    return interpolate.CubicSpline(ability, total / len(np.unique(pairs[:, 0])))
