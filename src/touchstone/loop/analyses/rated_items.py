"""Ratings of items from frozen rows: one score, or several as items, in columns or in rows."""

from typing import Any, NamedTuple

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.content.analyses.agreement import AgreementSpec
from touchstone.loop.analyses.evidence import Evidence
from touchstone.stats.agreement.ratings import CodedRatings, Levels, ratings_of
from touchstone.stats.reliability.generalizability import Layout
from touchstone.stats.snapshot_columns import levels_of, numbers_of
from touchstone.tallies.tables import Snapshot


class RatedItem(NamedTuple):
    """The ratings of one item; `name` is None when there is but one score."""

    name: str | None
    ratings: CodedRatings


class RatedItems(NamedTuple):
    """The ratings of each item, and in one list with `places` for the items.

    `left_out`: rows without a name; `are_words`: the scores are words, coded by the alphabet.
    """

    items: list[RatedItem]
    scores: list[Any]
    ratees: list[Any]
    raters: list[Any]
    places: list[int]
    left_out: int
    are_words: bool


class Facets(NamedTuple):
    """All ratings in one list: scores, and the codes of ratee, rater and item."""

    scores: Any
    codes: dict[str, Any]
    layout: Layout


def find_rated_items(spec: AgreementSpec, evidence: Evidence) -> RatedItems:
    """Give the ratings of each item: each column of scores, or each text of the column `item`.

    Scores that are words are taken as categories, which only the nominal level can. Raises
    TouchstoneError AGREE-01 when a rater rates a ratee twice, AGREE-02 when there is no rating.
    """
    snapshot = evidence.snapshot
    worded = any(snapshot.column(name).kind == "text" for name in spec.scores)
    raters, ratees = (levels_of(snapshot, name) for name in (spec.rater, spec.ratee))
    kinds = levels_of(snapshot, spec.item) if spec.item else None
    named = (raters.codes >= 0) & (ratees.codes >= 0)
    if kinds is not None:
        named &= kinds.codes >= 0
    found = RatedItems([], [], [], [], [], int((~named).sum()), worded)
    for place, name in enumerate(spec.scores):
        figures = _scores(snapshot, name, worded=worded)
        every = range(1) if kinds is None else range(len(kinds.names))
        for kind in every:
            kept = named & np.isfinite(figures) & (kinds is None or kinds.codes == kind)
            some = [Levels(one.codes[kept], one.names) for one in (ratees, raters)]
            own = name if kinds is None else kinds.names[kind]
            is_only = len(spec.scores) == 1 and kinds is None
            ratings = ratings_of(some[0], some[1], figures[kept])
            found.items.append(RatedItem(None if is_only else own, ratings))
            found.scores.append(figures[kept])
            found.ratees.append(some[0].codes)
            found.raters.append(some[1].codes)
            found.places.append(place + kind)
    _refuse_nothing(found.items, evidence.where)
    return found


def _scores(snapshot: Snapshot, name: str, *, worded: bool) -> Any:
    if not worded:
        return numbers_of(snapshot, name)
    codes = levels_of(snapshot, name).codes.astype(np.float64)
    codes[codes < 0] = np.nan
    return codes


def _refuse_nothing(items: list[RatedItem], where: str) -> None:
    if not any(len(one.ratings.values) for one in items):
        raise TouchstoneError(
            "AGREE-02",
            where=where,
            found="no row has a rater, a ratee and a score",
            remedy="Name the columns that hold them.",
        )


def facets_of(read: RatedItems) -> Facets:
    """Put all ratings in one list; raters who each rate one ratee only are nested in it."""
    sizes = [len(scores) for scores in read.scores]
    ratees, raters = np.concatenate(read.ratees), np.concatenate(read.raters)
    items = np.repeat(read.places, sizes)
    codes = {
        name: np.unique(one, return_inverse=True)[1]
        for name, one in (("ratee", ratees), ("rater", raters), ("item", items))
    }
    last = np.empty(int(raters.max(initial=-1)) + 1, np.int64)
    last[raters] = ratees
    own = bool((last[raters] == ratees).all())
    several = codes["item"].max(initial=0) > 0
    layout: Layout = "ratee x rater x item" if several else "ratee x rater"
    if own:
        layout = "(rater in ratee) x item" if several else "rater in ratee"
    return Facets(np.concatenate(read.scores), codes, layout)
