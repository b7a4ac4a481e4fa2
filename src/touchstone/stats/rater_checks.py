"""Which raters to look at: severe or lenient, giving the same to all, or rating only themselves."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from touchstone.base.outcomes import Withheld
from touchstone.stats.crossed_effects.cross_products import Floats
from touchstone.stats.crossed_effects.tables import Grouping
from touchstone.stats.item_response.scales import Parameter
from touchstone.stats.many_facets.forms import Forms, FormTable
from touchstone.stats.many_facets.kernels import flat_chances
from touchstone.stats.many_facets.measures import Element, ratee_codes, residuals_of
from touchstone.stats.many_facets.models import FacetFit, FacetModel

# A form of fewer ratings is flat too easily to tell anything.
FEWEST_IN_A_FORM = 3
FEWEST = 2
# Of a test that was made; 1 stands for none.
LARGEST_CHANCE = 1 - 1e-12
Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Severity = Literal["severe", "lenient", "as_others"]


class RaterCheck(NamedTuple):
    """What stands out about a rater.

    `severity`: whether it differs from the mean, at the false discovery rate. `flat_forms`: forms
    of three ratings or more that are all equal, among `forms`; `expected_flat`: how many the model
    expects; `straight_lining`: whether there are more than by chance, at the same rate.
    `longest_run`: equal ratings one after the other, in the order of the table. `spread`,
    `expected_spread`: variance of the ratings and what the model expects. `ratees`: rated by the
    rater; `rates_only_self`, `rated_once`: whether there is no other ratee, no other rating.
    """

    severity: Severity | Withheld
    forms: int
    flat_forms: int
    expected_flat: float | Withheld
    straight_lining: bool | Withheld
    longest_run: int
    spread: float | Withheld
    expected_spread: float | Withheld
    ratees: int
    rates_only_self: bool
    rated_once: bool


@dataclass(frozen=True, slots=True)
class _Expected:
    """What the model expects of each rater: flat forms, the chance of as many, the spread."""

    flat: Floats
    chance: Floats
    spread: Floats


def severities_apart(severity: Floats, se: Floats, *, false_discovery: float = 0.05) -> Bools:
    """Tell which raters' severities differ from the mean, 0.

    Two-sided normal tests, with the share of false ones among those told held at
    `false_discovery` (Benjamini and Hochberg 1995). An error of 0 tells nothing.

    >>> severities_apart(np.array([1.2, -0.1, 0.3]), np.array([0.2, 0.2, 0.2])).tolist()
    [True, False, False]
    """
    ratio = np.divide(np.abs(severity), se, out=np.zeros(len(severity)), where=se > 0)
    return _discoveries(np.minimum(2 * special.ndtr(-ratio), LARGEST_CHANCE), false_discovery)


def check_raters(
    table: FormTable, model: FacetModel, *, false_discovery: float = 0.05
) -> tuple[RaterCheck, ...]:
    """Look at each rater of a many-facet model for what may call for a talk.

    The chance of a flat form is taken under the model, given what all ratings tell of the ratee;
    that of so many of them is Poisson binomial (Wang 1993), with forms taken to be independent.
    A flag is a reason to look, not a proof: those rated may be alike.

    >>> from touchstone.stats.crossed_effects.tables import grouping
    >>> from touchstone.stats.many_facets.models import fit_many_facets
    >>> forms = [(rater, ratee, item) for ratee in "vwxyz" for rater in "ab" for item in "123"]
    >>> columns = [grouping(*one) for one in zip(("rater", "ratee", "item"), zip(*forms))]
    >>> chosen = np.array([0, 1, 2, 0, 0, 1] * 2 + [1, 1, 1, 2, 2, 1, 1, 0, 1] * 2)
    >>> table = FormTable(chosen, *columns)
    >>> found = check_raters(table, fit_many_facets(table))
    >>> [(one.forms, one.flat_forms, one.longest_run, one.ratees) for one in found]
    [(5, 1, 4, 5), (5, 1, 5, 5)]
    """
    levels = len(table.rater.levels)
    raters = table.rater.codes.astype(np.int64)
    severities = _severities(model.raters, false_discovery)
    expected = _expected(model.fit, table)
    lining = _discoveries(expected.chance, false_discovery)
    forms, flat = _flat_forms(table)
    runs = _longest_runs(table.categories, raters, levels)
    n, spreads = _spreads(table.categories.astype(np.float64), raters, levels)
    pairs = np.unique(raters * len(table.ratee.levels) + table.ratee.codes)
    ratees = np.bincount(pairs // len(table.ratee.levels), minlength=levels)
    own = np.bincount(raters, weights=is_self(table.rater, table.ratee), minlength=levels)
    checks = []
    for rater in range(levels):
        infit = model.raters[rater].infit
        reason = infit if isinstance(infit, Withheld) else None
        few = Withheld("rated_once") if n[rater] < FEWEST else None
        checks.append(
            RaterCheck(
                severity=severities[rater],
                forms=int(forms[rater]),
                flat_forms=int(flat[rater]),
                expected_flat=reason or float(expected.flat[rater]),
                straight_lining=reason or bool(lining[rater]),
                longest_run=int(runs[rater]),
                spread=few or float(spreads[rater]),
                expected_spread=reason or few or float(expected.spread[rater]),
                ratees=int(ratees[rater]),
                rates_only_self=bool(own[rater] == n[rater]),
                rated_once=bool(n[rater] == 1),
            )
        )
    return tuple(checks)


def is_self(rater: Grouping, ratee: Grouping) -> Bools:
    """Tell which ratings are of the rater's own self: where both bear the same name.

    >>> from touchstone.stats.crossed_effects.tables import grouping
    >>> is_self(grouping("rater", ["a", "b"]), grouping("ratee", ["a", "a"])).tolist()
    [True, False]
    """
    places = {name: place for place, name in enumerate(ratee.levels)}
    same = np.array([places.get(name, -1) for name in rater.levels])
    found: Bools = same[rater.codes] == ratee.codes
    return found


def _discoveries(chances: Floats, false_discovery: float) -> Bools:
    """Tell which chances are discoveries; those of 1 are no tests and do not count."""
    found, tested = np.zeros(len(chances), bool), chances < 1
    if tested.any():
        found[tested] = stats.false_discovery_control(chances[tested]) <= false_discovery
    return found


def _severities(raters: tuple[Element, ...], rate: float) -> list[Severity | Withheld]:
    told = [one.measure for one in raters if isinstance(one.measure, Parameter)]
    if not told:
        return [one.measure for one in raters if isinstance(one.measure, Withheld)]
    apart = iter(severities_apart(*np.array(told).T, false_discovery=rate).tolist())
    found: list[Severity | Withheld] = []
    for one in raters:
        if isinstance(one.measure, Withheld):
            found.append(one.measure)
        elif next(apart):
            found.append("severe" if one.measure.estimate > 0 else "lenient")
        else:
            found.append("as_others")
    return found


def _flat_forms(table: FormTable) -> tuple[Whole, Whole]:
    """Count each rater's forms of enough ratings, and those whose ratings are all equal."""
    ratees, levels = len(table.ratee.levels), len(table.rater.levels)
    keys = table.rater.codes.astype(np.int64) * ratees + table.ratee.codes
    forms, places, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    low, high = np.full(len(forms), np.iinfo(np.int64).max), np.full(len(forms), -1)
    np.minimum.at(low, places, table.categories)
    np.maximum.at(high, places, table.categories)
    long = sizes >= FEWEST_IN_A_FORM
    raters = forms // ratees
    return (
        np.bincount(raters[long], minlength=levels),
        np.bincount(raters[long & (low == high)], minlength=levels),
    )


def _expected(fit: FacetFit, table: FormTable) -> _Expected:
    forms = fit.likelihood.forms
    levels = len(table.rater.levels)
    firsts, raters = _telling_forms(forms)
    chances = flat_chances(
        fit.likelihood.layout(), fit.likelihood.point(fit.found.parameters),
        fit.likelihood.posterior, firsts,
    )  # fmt: skip
    lengths = np.diff(firsts)
    low = np.minimum.reduceat(forms.categories, firsts[:-1])
    flat = low == np.maximum.reduceat(forms.categories, firsts[:-1])
    long = lengths >= FEWEST_IN_A_FORM
    tails = np.ones(levels)
    for rater in np.unique(raters[long]).tolist():
        own = long & (raters == rater)
        tails[rater] = _chance_of_as_many(chances[own], int(flat[own].sum()))
    _, variances, _, means = residuals_of(fit.likelihood, fit.found)
    n, between = _spreads(means, forms.raters, levels)
    within = np.bincount(forms.raters, weights=variances, minlength=levels) / np.maximum(n, 1)
    expected = np.asarray(np.bincount(raters[long], weights=chances[long], minlength=levels))
    return _Expected(expected.astype(np.float64), tails, within + between)


def _telling_forms(forms: Forms) -> tuple[Whole, Whole]:
    """Give where each form begins, with the end of the last, and its rater."""
    ratees = ratee_codes(forms)
    new = np.append(True, (np.diff(ratees) != 0) | (np.diff(forms.raters) != 0))
    firsts = np.flatnonzero(new)
    return np.append(firsts, len(forms.raters)), forms.raters[firsts]


def _chance_of_as_many(chances: Floats, count: int) -> float:
    """Give the probability of `count` or more successes of independent trials."""
    spread = np.ones(1)
    for chance in chances.tolist():
        spread = np.convolve(spread, [1 - chance, chance])
    return min(float(spread[count:].sum()), LARGEST_CHANCE)


def _longest_runs(categories: Whole, raters: Whole, levels: int) -> Whole:
    order = np.argsort(raters, kind="stable")
    raters, categories = raters[order], categories[order]
    new = np.append(True, (np.diff(raters) != 0) | (np.diff(categories) != 0))
    firsts = np.flatnonzero(new)
    found = np.zeros(levels, np.int64)
    np.maximum.at(found, raters[firsts], np.diff(np.append(firsts, len(raters))))
    return found


def _spreads(values: Floats, codes: Whole, levels: int) -> tuple[Whole, Floats]:
    """Give the number and the variance of the values of each level; 0 for a single one."""
    n = np.bincount(codes, minlength=levels)
    means = np.bincount(codes, weights=values, minlength=levels) / np.maximum(n, 1)
    squares = np.bincount(codes, weights=(values - means[codes]) ** 2, minlength=levels)
    return n, squares / np.maximum(n - 1, 1)
