"""Means with the leniency of raters taken out, for every unit of a snapshot."""

from collections.abc import Mapping
from decimal import Decimal

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.content.datasets import Dataset
from touchstone.content.indicators import Indicator
from touchstone.stats.crossed_effects.models import CrossedModel, fit_crossed
from touchstone.stats.crossed_effects.snapshots import RatingColumns, ratings_in
from touchstone.stats.figures import significant
from touchstone.stats.intervals import normal_interval
from touchstone.stats.raters import CROSSED, RatedRule
from touchstone.tallies.tables import Snapshot

# Figures of models are equal on all machines to so many digits.
MODEL_DIGITS = 6


def corrected_means(
    snapshot: Snapshot,
    indicator: Indicator,
    dataset: Dataset,
    raters: Mapping[str, int],
    rule: RatedRule,
) -> tuple[Outcome, ...]:
    """Give each unit what an average rater would have answered, with a normal interval.

    `raters`: how many raters each unit has, in the order of the outcomes. The model is that of
    `stats.crossed_effects.models.fit_crossed` by REML, over all rows with a rater and an answer;
    its figures are rounded to 6 significant digits before anything follows from them. Withheld
    as `too_few_raters` below the smallest group, as `ratees_alike` where the model sees no
    difference between units. Raises TouchstoneError RATE-01 to RATE-07.
    """
    if dataset.rater is None:
        raise ValueError("dataset must name its raters for a corrected mean; got none")
    columns = RatingColumns(
        dataset.rater, dataset.unit, indicator.column, indicator.groups, indicator.fixed
    )
    table = ratings_in(snapshot, columns).table
    model = fit_crossed(table, within_groups=indicator.within_groups)
    places = {unit: place for place, unit in enumerate(table.ratee.levels)}
    smallest = max(rule.smallest_group, 2)
    too_few = Withheld("too_few_raters", (("smallest", str(smallest)),))
    if isinstance(model.reliability, Withheld):
        alike = model.reliability
        return tuple(too_few if count < smallest else alike for count in raters.values())
    return tuple(
        too_few if count < smallest else _estimate(model, places[unit], rule.confidence)
        for unit, count in raters.items()
    )


def _estimate(model: CrossedModel, place: int, confidence: Decimal) -> Estimate:
    value, se = (
        significant(Decimal(float(column[place])), MODEL_DIGITS)
        for column in (model.ratees.measure, model.ratees.se)
    )
    low, high = normal_interval(value, se, confidence=confidence)
    return Estimate(value, low, high, int(model.ratees.n[place]), CROSSED, se)
