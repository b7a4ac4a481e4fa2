"""Rating forms, raters by ratees by items, checked for what a many-facet model needs."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.errors import TouchstoneError
from touchstone.stats.crossed_effects.tables import Grouping
from touchstone.stats.item_response.answers import MOST_CATEGORY, Whole
from touchstone.stats.item_response.scales import Floats, Scale, scale_of
from touchstone.stats.many_facets.choices import ScaleOf

FEWEST = 2


class FormTable(NamedTuple):
    """n ratings: the category chosen, by whom, of whom, on which item."""

    categories: Whole
    rater: Grouping
    ratee: Grouping
    item: Grouping


@dataclass(frozen=True, slots=True)
class Forms:
    """The ratings that tell something, sorted by ratee, rater and item.

    `places`: the row of each in the table. `starts`: [D + 1] the first rating of each of D ratees.
    `raters`, `items`, `scales`: codes of each rating; `categories`: counted from `lowest` on.
    `used`: the scales. `severities`: which raters, `difficulties`: which items have ratings here.
    """

    places: Whole
    starts: Whole
    raters: Whole
    items: Whole
    scales: Whole
    categories: Whole
    lowest: int
    used: tuple[Scale, ...]
    severities: npt.NDArray[np.bool_]
    difficulties: npt.NDArray[np.bool_]


def whole_categories(scores: Floats) -> Whole:
    """Give scores as categories; raise TouchstoneError ITEM-02 where one is none.

    >>> whole_categories(np.array([1.0, 5.0])).tolist()
    [1, 5]
    """
    wrong = (scores != np.floor(scores)) | (scores < 0) | (scores > MOST_CATEGORY)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise TouchstoneError(
            "ITEM-02",
            where=f"rating {row + 1}",
            found=f"{scores[row]:g} is not a category from 0 to {MOST_CATEGORY}",
            remedy="Number the categories from 0; or take the linear model, for any number.",
        )
    return scores.astype(np.int64)


def telling_forms(table: FormTable, scale_of_what: ScaleOf, *, keep_raters: bool) -> Forms:
    """Sort the ratings, without those of raters and items that have no finite parameter.

    Such is a rater, or an item, whose ratings all stand at the same end of their scales, and who
    or which has a scale of its own and used one category of it. Raters stay with `keep_raters`.
    Raises TouchstoneError ITEM-04 when too little is left.
    """
    kept = np.ones(len(table.categories), bool)
    while True:
        low, high = _ends(table, scale_of_what, kept)
        mute = np.zeros_like(kept)
        for grouping, name in ((table.rater, "rater"), (table.item, "item")):
            if name == "rater" and keep_raters and scale_of_what != "rater":
                continue
            mute |= _all(low, grouping, kept) | _all(high, grouping, kept)
            if name == scale_of_what:
                mute |= _all(low == high, grouping, kept)
        if not (mute & kept).any():
            break
        kept &= ~mute
    _check(table, kept)
    return _sorted(table, scale_of_what, kept)


def _scales(table: FormTable, scale_of_what: ScaleOf) -> tuple[Whole, int]:
    if scale_of_what == "common":
        return np.zeros(len(table.categories), np.int64), 1
    grouping = table.item if scale_of_what == "item" else table.rater
    return grouping.codes.astype(np.int64), len(grouping.levels)


def _ends(
    table: FormTable, scale_of_what: ScaleOf, kept: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Tell of each rating whether it stands at the low and at the high end of its scale."""
    scales, count = _scales(table, scale_of_what)
    low, high = np.full(count, MOST_CATEGORY + 1), np.full(count, -1)
    np.minimum.at(low, scales[kept], table.categories[kept])
    np.maximum.at(high, scales[kept], table.categories[kept])
    return table.categories == low[scales], table.categories == high[scales]


def _all(
    which: npt.NDArray[np.bool_], grouping: Grouping, kept: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Tell of each rating whether all kept ratings of its level are such."""
    missed = np.bincount(grouping.codes, weights=kept & ~which, minlength=len(grouping.levels))
    found: npt.NDArray[np.bool_] = (missed == 0)[grouping.codes]
    return found


def _check(table: FormTable, kept: npt.NDArray[np.bool_]) -> None:
    ratees = np.bincount(table.ratee.codes[kept]) if kept.any() else np.zeros(1, np.int64)
    if np.count_nonzero(ratees) < FEWEST or ratees.max() < FEWEST:
        raise TouchstoneError(
            "ITEM-04",
            where=f"columns {table.rater.name!r}, {table.ratee.name!r}, {table.item.name!r}",
            found=f"{np.count_nonzero(ratees)} ratees, with at most {ratees.max()} ratings each, "
            f"are left without raters and items that always give the same",
            remedy="Gather two ratees and two ratings of one of them at least, and far more.",
        )


def _sorted(table: FormTable, scale_of_what: ScaleOf, kept: npt.NDArray[np.bool_]) -> Forms:
    places = np.flatnonzero(kept)
    codes = [grouping.codes[places] for grouping in (table.item, table.rater, table.ratee)]
    order = np.lexsort(codes)
    places = places[order]
    items, raters, ratees = (one[order].astype(np.int64) for one in codes)
    scales, count = _scales(table, scale_of_what)
    categories, scales = table.categories[places], scales[places]
    lowest = int(categories.min())
    width = int(categories.max()) - lowest + 1
    counts = np.bincount(scales * width + categories - lowest, minlength=count * width)
    return Forms(
        places=places,
        starts=np.searchsorted(ratees, np.arange(len(table.ratee.levels) + 1)),
        raters=raters,
        items=items,
        scales=scales,
        categories=categories - lowest,
        lowest=lowest,
        used=tuple(scale_of(one) for one in counts.reshape(count, width)),
        severities=np.bincount(raters, minlength=len(table.rater.levels)) > 0,
        difficulties=np.bincount(items, minlength=len(table.item.levels)) > 0,
    )
