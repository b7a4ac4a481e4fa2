"""Difference in differences: how much more units with an action changed than those without."""

from typing import NamedTuple

import numpy as np
from scipy import special

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.effects.panels import Floats, Panel
from touchstone.stats.effects.windows import Comparison, before_and_after, compare, starts_of
from touchstone.stats.model_figures import model_estimate, two_sided_t

# Spread below this share of the values' size is what rounding leaves.
NO_SPREAD = 1e-12


class Spread(NamedTuple):
    """The error of a difference of two means, with its degrees of freedom and method."""

    se: float
    degrees_of_freedom: float
    method: str


class Difference(NamedTuple):
    """A difference in differences: the figure, its p value against 0, and units left out."""

    outcome: Outcome
    p: float | None
    left_out: tuple[str, ...]


def difference_in_differences(panel: Panel, *, confidence: float = 0.95) -> Difference:
    """Tell how much more the units with the action changed than those that never had it.

    Each unit's change is its mean over all periods with the action less that over all before; the
    figure is the mean change of the units with the action less that of the comparison units. With
    one start and every period seen it is the coefficient of the action in a regression with
    effects of units and periods, and its error is that regression's cluster-robust one in the
    form CR2, clusters being units, with the degrees of freedom of Bell and McCaffrey (2002).
    Method `cr2`; a single unit on one side takes the other side's spread as its own, method
    `common_spread` (Donald and Lang 2007). Actions that begin at different times are held against
    units that never had one, each from its own start, and units count alike (Callaway and
    Sant'Anna 2021), so that no unit with the action serves as comparison.

    Assumes that without the action both groups would have changed alike on average, that units do
    not touch each other's values, and that nobody acts on what is yet to come. n counts units;
    those that were not seen in every period needed are left out and named.

    Withheld as `no_period_before`, `no_unit_seen_with_action`, `no_comparison_unit_seen`,
    `one_unit_each` or `changes_all_equal`.

    >>> panel = Panel(("a", "b", "c", "d"), ("before", "after"),
    ...               np.array([[1.0, 5], [2, 8], [1, 2], [3, 5]]), np.array([1, 1, -1, -1]))
    >>> found = difference_in_differences(panel).outcome
    >>> found.value, round(found.se, 4), found.degrees_of_freedom, found.method
    (Decimal('3.5'), Decimal('1.1180'), 2, 'cr2')
    """
    if starts_of(panel)[0] == 0:
        return Difference(Withheld("no_period_before"), None, ())
    return told(compare(panel, before_and_after), 0, panel, confidence=confidence)


def told(comparison: Comparison, place: int, panel: Panel, *, confidence: float) -> Difference:
    """Give one change of a comparison as a figure with a t interval and p value."""
    treated, untreated = comparison.treated[:, place], comparison.untreated[:, place]
    spread = spread_of(treated, untreated, scale=float(np.nanmax(np.abs(panel.values), initial=0)))
    if isinstance(spread, Withheld):
        return Difference(spread, None, comparison.left_out)
    value, se, freedom, method = float(treated.mean() - untreated.mean()), *spread
    half = two_sided_t(confidence, freedom) * se
    outcome = model_estimate(
        value,
        (value - half, value + half),
        n=len(treated) + len(untreated),
        method=method,
        se=se,
        degrees_of_freedom=int(freedom),
    )
    p = 2 * float(special.stdtr(freedom, -abs(value) / se))
    return Difference(outcome, p, comparison.left_out)


def spread_of(treated: Floats, untreated: Floats, *, scale: float) -> Spread | Withheld:
    """Give the error of the difference of two groups' mean changes.

    `scale`: the size of the values that the changes come from, by which no spread is told.
    """
    ones, others = len(treated), len(untreated)
    if not ones or not others:
        return Withheld("no_comparison_unit_seen" if ones else "no_unit_seen_with_action")
    if ones == others == 1:
        return Withheld("one_unit_each")
    squares = [float(((group - group.mean()) ** 2).sum()) for group in (treated, untreated)]
    if sum(squares) <= (NO_SPREAD * scale) ** 2 * (ones + others):
        return Withheld("changes_all_equal")
    if min(ones, others) == 1:
        pooled = sum(squares) / (ones + others - 2)
        se = float(np.sqrt(pooled * (1 / ones + 1 / others)))
        return Spread(se, float(ones + others - 2), "common_spread")
    variance = squares[0] / (ones * (ones - 1)) + squares[1] / (others * (others - 1))
    freedom = (1 / ones + 1 / others) ** 2 / (
        1 / (ones**2 * (ones - 1)) + 1 / (others**2 * (others - 1))
    )
    return Spread(float(np.sqrt(variance)), freedom, "cr2")
