"""What a many-facet model says of rating forms."""

from typing import NamedTuple

import numpy as np

from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.ordinal_ratings import OrdinalRatingsSpec
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.rated import Flags, Rated, rated, rated_rows
from touchstone.stats.crossed_effects.snapshots import FoundRatings, RatingColumns
from touchstone.stats.crossed_effects.tables import Grouping
from touchstone.stats.many_facets.forms import FormTable, whole_categories
from touchstone.stats.many_facets.measures import Element
from touchstone.stats.many_facets.models import FacetModel, fit_many_facets
from touchstone.stats.rater_checks import RaterCheck, check_raters


class OrdinalFit(NamedTuple):
    """A many-facet model, the table it was fitted to, and what stands out about its raters."""

    table: FormTable
    model: FacetModel
    checks: tuple[RaterCheck, ...]


class OrdinalRatings(NamedTuple):
    """Rating forms as a whole, and the model of them; measures of persons are not to be told.

    `items`: by name; none where the forms have one item. `items_left_out`: so many others have too
    few ratings to be named. `mute`: how many ratings tell nothing; None where they are of few
    raters.
    """

    rated: Rated
    model: FacetModel
    items: tuple[tuple[str, Element], ...]
    items_left_out: int
    mute: int | None


def form_columns_of(spec: OrdinalRatingsSpec) -> RatingColumns:
    """Name the columns of the table of ratings; the items of a form are read as its one group."""
    groups = () if spec.item is None else (spec.item,)
    return RatingColumns(spec.rater, spec.ratee, spec.score, groups)


def fit_forms(spec: OrdinalRatingsSpec, read: FoundRatings) -> OrdinalFit:
    """Fit a many-facet model to ratings whose items stand as their one group, if they have any."""
    ratings = read.table
    one_item = Grouping("item", np.zeros(len(ratings.scores), np.int32), ("",))
    item = ratings.groups[0] if ratings.groups else one_item
    table = FormTable(whole_categories(ratings.scores), ratings.rater, ratings.ratee, item)
    model = fit_many_facets(table, scale_of=spec.scale, confidence=float(spec.confidence))
    return OrdinalFit(table, model, check_raters(table, model))


def find_ordinal_ratings(spec: OrdinalRatingsSpec, evidence: Evidence) -> OrdinalRatings | Withheld:
    """Find what a many-facet model says of rating forms as a whole.

    Withheld as `too_few_rows`; raises TouchstoneError RATE-07, ITEM-02 to ITEM-05.
    """
    parts = () if spec.item is None else (spec.item,)
    rows = rated_rows(spec, evidence, form_columns_of(spec), parts=parts)
    if isinstance(rows, Withheld):
        return rows
    fit = fit_forms(spec, rows.read)
    whole = rated(spec, rows, _flags(fit.checks))
    named = list(zip(fit.table.item.levels, fit.model.items, strict=True)) if parts else []
    items = tuple((name, one) for name, one in named if one.n >= spec.smallest_group)
    mute = None if isinstance(whole.flags, Withheld) else fit.model.left_out
    return OrdinalRatings(whole, fit.model, items, len(named) - len(items), mute)


def _flags(checks: tuple[RaterCheck, ...]) -> Flags:
    """Count the raters that stand out; what was not told of a rater counts for nothing."""
    return {
        "severe": sum(one.severity == "severe" for one in checks),
        "lenient": sum(one.severity == "lenient" for one in checks),
        "straight_lining": sum(one.straight_lining is True for one in checks),
        "rated_once": sum(one.rated_once for one in checks),
    }
