"""Which part of a growth comes from each of several factors."""

from typing import NamedTuple

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.contribution import MOST_FIGURES, ContributionSpec, FactorSpec
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.series import columns_by_period, rest_on_few
from touchstone.stats.forecasts.periods import Periods
from touchstone.stats.growth import (
    Contributions,
    Elasticity,
    Growths,
    contributions,
    growths_of_series,
)


class Accounting(NamedTuple):
    """Contributions under stated elasticities, and the first and last period, None where stated."""

    elasticities: dict[str, Elasticity]
    parts: Contributions | Withheld
    span: tuple[str | None, str | None] = (None, None)

    @property
    def has_no_range(self) -> bool:
        """Whether neither elasticities nor growths say how sure they are."""
        if isinstance(self.parts, Withheld) or self.parts.growths.covariance.any():
            return False
        return all(one.low == one.high for one in self.elasticities.values())


def elasticity_of(factor: FactorSpec) -> Elasticity:
    """Give a factor's elasticity with its ends; their middle where none is stated between."""
    figures = [float(one) for one in factor.elasticity]
    if len(figures) < MOST_FIGURES:
        figures.insert(1, (figures[0] + figures[-1]) / 2)
    return Elasticity(figures[0], figures[1], figures[-1])


def find_contribution(spec: ContributionSpec, evidence: Evidence) -> Accounting:
    """Give each factor's part in the growth of output; see `stats.growth`.

    Parts are withheld as `too_few_rows` when a value within the span rests on fewer rows than the
    smallest group. Raises TouchstoneError FORECAST-06 for a first or last period that is not there.
    """
    columns = [spec.output, *(one.column for one in spec.factors)]
    found = columns_by_period(evidence, spec.time, columns, by=spec.by)
    begin = _place(found.periods, spec.first, 0, evidence.where)
    end = _place(found.periods, spec.last, -1, evidence.where)
    within = slice(begin, end + 1)
    elasticities = {one.name: elasticity_of(one) for one in spec.factors}
    span = (found.periods.name(begin), found.periods.name(end))
    few = rest_on_few(found.rows[within], evidence, smallest=spec.smallest_group, by=spec.by)
    if few is not None:
        return Accounting(elasticities, few, span)
    table = found.values[within]
    growths = growths_of_series(tuple(elasticities), table[:, 0], table[:, 1:])
    return account(growths, elasticities, confidence=float(spec.confidence), span=span)


def account(
    growths: Growths | Withheld,
    elasticities: dict[str, Elasticity],
    *,
    confidence: float,
    span: tuple[str | None, str | None] = (None, None),
) -> Accounting:
    """Give contributions of growths, measured or stated, under stated elasticities."""
    if isinstance(growths, Withheld):
        return Accounting(elasticities, growths, span)
    return Accounting(
        elasticities, contributions(growths, elasticities, confidence=confidence), span
    )


def _place(periods: Periods, name: str | None, usual: int, where: str) -> int:
    every = [periods.name(place) for place in range(periods.count)]
    if name is None:
        return range(periods.count)[usual]
    if name not in every:
        raise TouchstoneError(
            "FORECAST-06",
            where=where,
            found=f"no period {name!r}",
            remedy=f"Name one from {every[0]} to {every[-1]}.",
        )
    return every.index(name)
