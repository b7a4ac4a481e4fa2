"""A table of ratings by names of columns, checked for what a crossed model needs."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.errors import TouchstoneError
from touchstone.stats.crossed_effects.cross_products import Codes, Floats, Ratings

FEWEST = 2
# A column is a sum of others when so little of it is left beside them.
SMALLEST_REST = 1e-9


class Grouping(NamedTuple):
    """A column that says to which level each row belongs: n codes, each a place in `levels`."""

    name: str
    codes: Codes
    levels: Sequence[str]


class FixedColumn(NamedTuple):
    """A column of numbers whose slope is estimated: n values."""

    name: str
    values: Floats


class RatingTable(NamedTuple):
    """n ratings: score, rater and ratee, further groups, and fixed columns beside the constant.

    A ratee's group effects are those of the levels its own rows stand in.
    """

    scores: Floats
    rater: Grouping
    ratee: Grouping
    groups: tuple[Grouping, ...] = ()
    fixed: tuple[FixedColumn, ...] = ()

    @property
    def groupings(self) -> tuple[Grouping, ...]:
        """Give rater, ratee and groups, in this order."""
        return (self.rater, self.ratee, *self.groups)


def grouping(name: str, values: Sequence[str] | npt.NDArray[np.str_]) -> Grouping:
    """Number the levels of a column in alphabetical order.

    >>> grouping("rater", ["b", "a", "b"]).codes.tolist()
    [1, 0, 1]
    """
    levels, codes = np.unique(np.asarray(values), return_inverse=True)
    return Grouping(name, codes.astype(np.int32), levels.tolist())


def checked_ratings(table: RatingTable) -> Ratings:
    """Give a table as arrays, or say why no model can be fitted to it.

    Raises TouchstoneError RATE-01 for fewer than two raters or ratees, RATE-02 when all scores
    are equal, RATE-03 for a group with a level of its own for each row, RATE-04 for two groups
    that divide the rows alike, RATE-05 for a fixed column that is a sum of others.
    """
    for grouping in (table.rater, table.ratee):
        if len(grouping.levels) < FEWEST:
            raise TouchstoneError(
                "RATE-01",
                where=f"column {grouping.name!r}",
                found=f"{len(grouping.levels)} of it has ratings",
                remedy="Crossed effects need two raters and two ratees at least.",
            )
    if np.ptp(table.scores) == 0:
        raise TouchstoneError(
            "RATE-02",
            where="the scores",
            found=f"all {len(table.scores)} are {table.scores[0]:g}",
            remedy="Nothing tells ratees or raters apart; ask on a scale that people use.",
        )
    _check_groups(table)
    fixed = np.column_stack([np.ones(len(table.scores)), *(c.values for c in table.fixed)])
    _check_fixed(table, fixed)
    groupings = table.groupings
    codes = tuple(np.ascontiguousarray(one.codes, np.int32) for one in groupings)
    return Ratings(table.scores, codes, tuple(len(one.levels) for one in groupings), fixed)


def _check_groups(table: RatingTable) -> None:
    groupings = table.groupings
    for place, one in enumerate(groupings):
        if len(one.levels) >= len(table.scores):
            raise TouchstoneError(
                "RATE-03",
                where=f"column {one.name!r}",
                found=f"each of the {len(table.scores)} rows has a level of its own",
                remedy="Its effect cannot be told from chance; leave it out or gather more rows.",
            )
        for other in groupings[:place]:
            if _divide_alike(one, other):
                raise TouchstoneError(
                    "RATE-04",
                    where=f"columns {other.name!r} and {one.name!r}",
                    found="they divide the rows into the same groups",
                    remedy="Their effects cannot be told apart; name one of them only.",
                )


def _divide_alike(one: Grouping, other: Grouping) -> bool:
    if len(one.levels) != len(other.levels):
        return False
    pairs = one.codes.astype(np.int64) * len(other.levels) + other.codes
    return len(np.unique(pairs)) == len(one.levels)


def _check_fixed(table: RatingTable, fixed: Floats) -> None:
    for place, column in enumerate(table.fixed, start=1):
        values, before = fixed[:, place], fixed[:, :place]
        rest = values - before @ np.linalg.lstsq(before, values, rcond=None)[0]
        if np.linalg.norm(rest) <= SMALLEST_REST * (float(np.linalg.norm(values)) or 1.0):
            raise TouchstoneError(
                "RATE-05",
                where=f"column {column.name!r}",
                found="it is constant, or a sum of the constant and the columns named before it",
                remedy="Its slope cannot be estimated; leave it out.",
            )
