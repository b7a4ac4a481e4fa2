"""Ratings read from a file: one score, or several as items, in columns or in rows."""

from typing import Any, NamedTuple

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.cli.coded_columns import holds_numbers, levels_of, numbers_of, read_columns
from touchstone.formats.raw_tables import RawTable
from touchstone.stats.agreement.krippendorff import Level
from touchstone.stats.agreement.ratings import CodedRatings, Levels, ratings_of
from touchstone.stats.reliability.generalizability import Layout


class RatedItem(NamedTuple):
    """The ratings of one item; `name` is None when there is but one score."""

    name: str | None
    ratings: CodedRatings


class Facets(NamedTuple):
    """All ratings in one list: scores, and the codes of ratee, rater and item."""

    scores: Any
    codes: dict[str, Any]
    layout: Layout


def read_rated_items(
    raw: RawTable,
    who: tuple[str, str],
    scores: tuple[str, ...],
    item: str | None,
    *,
    level: Level,
) -> tuple[list[RatedItem], Facets, int]:
    """Give the ratings of each item, all of them in one list, and how many rows had no names.

    Scores that are words are taken as categories, which only the nominal level can.
    """
    worded = level == "nominal" and not all(holds_numbers(raw, name) for name in scores)
    names = [*who, *([item] if item else []), *(scores if worded else ())]
    snapshot = read_columns(raw, numbers=() if worded else scores, texts=names)
    raters, ratees = (levels_of(snapshot, name) for name in who)
    given = {name: _scores(snapshot, name, worded=worded) for name in scores}
    kinds = levels_of(snapshot, item) if item else None
    named = (raters.codes >= 0) & (ratees.codes >= 0)
    if kinds is not None:
        named &= kinds.codes >= 0
    items, parts = [], []
    for place, (name, figures) in enumerate(given.items()):
        every = range(1) if kinds is None else range(len(kinds.names))
        for kind in every:
            kept = named & np.isfinite(figures) & (kinds is None or kinds.codes == kind)
            some = [Levels(one.codes[kept], one.names) for one in (ratees, raters)]
            own = name if kinds is None else kinds.names[kind]
            is_only = len(scores) == 1 and kinds is None
            ratings = ratings_of(some[0], some[1], figures[kept])
            items.append(RatedItem(None if is_only else own, ratings))
            parts.append((figures[kept], *(one.codes for one in some), place + kind))
    _refuse_nothing(items, raw.source)
    return items, _facets(parts), int((~named).sum())


def _scores(snapshot: Any, name: str, *, worded: bool) -> Any:
    if not worded:
        return numbers_of(snapshot, name)
    codes = levels_of(snapshot, name).codes.astype(np.float64)
    codes[codes < 0] = np.nan
    return codes


def _refuse_nothing(items: list[RatedItem], source: str) -> None:
    if not any(len(one.ratings.values) for one in items):
        raise TouchstoneError(
            "AGREE-02",
            where=source,
            found="no row has a rater, a ratee and a score",
            remedy="Name the columns that hold them.",
        )


def _facets(parts: list[tuple[Any, ...]]) -> Facets:
    scores, ratees, raters = (np.concatenate([part[i] for part in parts]) for i in range(3))
    items = np.concatenate([np.full(len(part[0]), part[3]) for part in parts])
    codes = {"ratee": ratees, "rater": raters, "item": items}
    codes = {name: np.unique(one, return_inverse=True)[1] for name, one in codes.items()}
    pairs = np.unique(codes["rater"] * (codes["ratee"].max(initial=0) + 1) + codes["ratee"])
    own = len(pairs) == codes["rater"].max(initial=-1) + 1
    several = codes["item"].max(initial=0) > 0
    if own:
        return Facets(scores, codes, "(rater in ratee) x item" if several else "rater in ratee")
    return Facets(scores, codes, "ratee x rater x item" if several else "ratee x rater")
