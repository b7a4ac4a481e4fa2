"""Where differences between ratings come from, by a model of crossed random effects."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.ratings import RatingsSpec
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.rated import Flags, Rated, rated, rated_rows
from touchstone.stats.crossed_effects.groups import parts_of_group
from touchstone.stats.crossed_effects.measures import Raters
from touchstone.stats.crossed_effects.models import CONSTANT, Coefficient, CrossedModel, fit_crossed
from touchstone.stats.crossed_effects.snapshots import (
    FoundRatings,
    RatingColumns,
)
from touchstone.stats.crossed_effects.tables import FixedColumn, RatingTable
from touchstone.stats.rater_checks import severities_apart


class Ratings(NamedTuple):
    """Ratings as a whole, and the model of them; measures in it are not to be told.

    `fixed`: effects that may be told; `fixed_left_out`: so many others rest on few rows.
    """

    rated: Rated
    model: CrossedModel
    fixed: Mapping[str, Coefficient]
    fixed_left_out: int


def columns_of(spec: RatingsSpec) -> RatingColumns:
    """Name the columns of the table of ratings."""
    return RatingColumns(spec.rater, spec.ratee, spec.score, spec.groups, spec.fixed)


def fit_ratings(
    spec: RatingsSpec, read: FoundRatings, *, within_groups: bool = False
) -> CrossedModel:
    """Fit a crossed model; see `stats.crossed_effects.models.fit_crossed`."""
    return fit_crossed(
        read.table,
        criterion=spec.criterion,
        within_groups=within_groups,
        confidence=float(spec.confidence),
    )


def find_ratings(spec: RatingsSpec, evidence: Evidence) -> Ratings | Withheld:
    """Find what a crossed model says of ratings as a whole.

    Raters count as severe or lenient where their conditional modes lie apart from the mean rater,
    at a false discovery rate of 5 %. Withheld as `too_few_rows`; raises TouchstoneError RATE-01 to
    RATE-07.
    """
    known = evidence.snapshot.rows.column_names
    parts = [name for group in spec.groups for name in parts_of_group(group, known)]
    rows = rated_rows(spec, evidence, columns_of(spec), parts=(*parts, *spec.fixed))
    if isinstance(rows, Withheld):
        return rows
    model = fit_ratings(spec, rows.read)
    fixed = dict(model.fixed)
    small = _of_few_rows(rows.read.table, spec)
    for name in (*small, *([CONSTANT] if small else [])):
        del fixed[name]
    return Ratings(rated(spec, rows, _flags(model.raters)), model, fixed, len(small))


def _flags(raters: Raters) -> Flags:
    apart = severities_apart(-raters.leniency, raters.se)
    return {
        "severe": int((apart & (raters.leniency < 0)).sum()),
        "lenient": int((apart & (raters.leniency > 0)).sum()),
        "rated_once": int((raters.n == 1).sum()),
    }


def _of_few_rows(table: RatingTable, spec: RatingsSpec) -> tuple[str, ...]:
    """Name the fixed effects that fewer rows than the smallest group tell apart from the rest.

    Where the first level of a column of texts is such, all its other levels are, which are held
    against it.
    """
    few: list[str] = []
    for name in spec.fixed:
        levels = [one for one in table.fixed if one.name.startswith(f"{name}[")]
        first = len(table.scores) - sum(int(one.values.sum()) for one in levels)
        if levels and first < spec.smallest_group:
            few += [one.name for one in levels]
    return tuple(
        one.name for one in table.fixed if one.name in few or _rows_apart(one) < spec.smallest_group
    )


def _rows_apart(column: FixedColumn) -> int:
    """Count the rows that differ from what most rows hold."""
    _, times = np.unique(column.values, return_counts=True)
    return int(len(column.values) - times.max())
