"""What models of ratings have in common: who is counted, and how people rate themselves."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.content.analyses.rated import RatedSpec
from touchstone.loop.analyses.evidence import Evidence, too_few_rows
from touchstone.stats.crossed_effects.snapshots import (
    FoundRatings,
    RatingColumns,
    ratings_in,
    rows_without_gaps,
)
from touchstone.stats.crossed_effects.tables import Grouping
from touchstone.stats.self_other_gaps import self_other_gaps
from touchstone.stats.snapshot_columns import texts_of
from touchstone.tallies.tables import Snapshot

Flags = Mapping[str, int]


class Rated(NamedTuple):
    """Ratings as a whole: how many, of how many ratees by how many raters.

    `left_out`: rows with an empty cell. `flags`: how many raters stand out, by what; withheld where
    there are few raters. `gap`: the mean rating of the own self less that of the others; None where
    nothing says which ratings are of the own self.
    """

    n: int
    left_out: int
    ratees: int
    raters: int
    flags: Flags | Withheld
    gap: Outcome | None


class RatedRows(NamedTuple):
    """Ratings without gaps, and where people rate themselves: None where nothing says so."""

    read: FoundRatings
    own: "OwnRatings | None"


class OwnRatings(NamedTuple):
    """[n] which ratings are of the rater's own self, and of which it is known."""

    is_own: npt.NDArray[np.bool_]
    is_known: npt.NDArray[np.bool_]


def rated_rows(
    spec: RatedSpec, evidence: Evidence, columns: RatingColumns, *, parts: tuple[str, ...]
) -> RatedRows | Withheld:
    """Read the ratings; `parts` are the columns that all groups and fixed columns are made of.

    Withheld as `too_few_rows` where there are fewer ratings than the smallest group, or fewer
    ratees where these may be people. Raises TouchstoneError RATE-07 when no row is left.
    """
    snapshot = evidence.snapshot
    kept = rows_without_gaps(snapshot, (spec.score, spec.rater, spec.ratee, *parts))
    read = ratings_in(kept, columns)
    counted = kept.rows.num_rows
    if not evidence.may_name(spec.ratee):
        counted = len(read.table.ratee.levels)
    if counted < spec.smallest_group:
        return too_few_rows(spec.smallest_group)
    left_out = snapshot.rows.num_rows - kept.rows.num_rows
    return RatedRows(read._replace(left_out=left_out), _own_ratings(spec, kept))


def rated(spec: RatedSpec, rows: RatedRows, flags: Flags) -> Rated:
    """Count, and find the gap between people's own ratings and the others'."""
    table = rows.read.table
    raters = len(table.rater.levels)
    few = Withheld("too_few_raters", (("smallest", str(spec.smallest_group)),))
    if rows.own is not None:
        flags = {**flags, "rates_only_self": _rate_only_themselves(table.rater, rows.own)}
    return Rated(
        len(table.scores),
        rows.read.left_out,
        len(table.ratee.levels),
        raters,
        few if raters < spec.smallest_group else flags,
        None if rows.own is None else _gap(spec, rows.read, rows.own),
    )


def _own_ratings(spec: RatedSpec, kept: Snapshot) -> OwnRatings | None:
    if spec.source is None:
        return None
    told = texts_of(kept, spec.source)
    is_own = np.array([one == spec.own for one in told], bool)
    return OwnRatings(is_own, np.array([one is not None for one in told], bool))


def _gap(spec: RatedSpec, read: FoundRatings, own: OwnRatings) -> Outcome:
    """Give the mean gap; withheld as `too_few_pairs` where fewer people than may be told have one.

    Ratings of which nobody knows in which role they were given play no part.
    """
    table, known = read.table, own.is_known
    rater, ratee = (
        Grouping(one.name, one.codes[known], one.levels) for one in (table.rater, table.ratee)
    )
    gaps = self_other_gaps(
        table.scores[known],
        rater,
        ratee,
        own.is_own[known],
        smallest_group=spec.smallest_group,
        confidence=float(spec.confidence),
    )
    if isinstance(gaps.mean, Withheld) or gaps.mean.n < spec.smallest_group:
        return Withheld("too_few_pairs", (("smallest", str(spec.smallest_group)),))
    return gaps.mean


def _rate_only_themselves(rater: Grouping, own: OwnRatings) -> int:
    given = np.bincount(rater.codes, minlength=len(rater.levels))
    of_self = np.bincount(rater.codes, weights=own.is_own, minlength=len(rater.levels))
    return int((of_self == given).sum())
