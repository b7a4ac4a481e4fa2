"""Ratings as codes, and the counts that measures of agreement are worked out from."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from touchstone.base.errors import TouchstoneError

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


class CodedRatings(NamedTuple):
    """Ratings as codes: one element for each rating of a ratee by a rater.

    `values[i]` is the place of the rating in `scale`, the distinct scores in ascending order;
    `ratee_names` and `rater_names` are what the codes stand for.
    """

    ratees: Codes
    raters: Codes
    values: Codes
    scale: Floats
    ratee_names: tuple[str, ...]
    rater_names: tuple[str, ...]

    @property
    def scores(self) -> Floats:
        """The scores themselves, one for each rating."""
        return self.scale[self.values]


class Levels(NamedTuple):
    """A column of names as codes from 0, and what they stand for."""

    codes: Codes
    names: tuple[str, ...]


def code_ratings(
    ratees: Sequence[Any], raters: Sequence[Any], scores: npt.ArrayLike
) -> CodedRatings:
    """Code the names of ratees and raters and the scores; a rating without a score is left out.

    `scores` are numbers, NaN where there is none. Raises TouchstoneError AGREE-01 when a rater
    rates a ratee twice.

    >>> coded = code_ratings(["a", "a", "b"], ["x", "y", "x"], [4, 5, 4])
    >>> coded.scale.tolist(), coded.values.tolist()
    ([4.0, 5.0], [0, 1, 0])
    """
    return ratings_of(code_names(ratees), code_names(raters), np.asarray(scores, np.float64))


def code_names(names: Sequence[Any]) -> Levels:
    """Number names in ascending order.

    >>> code_names(["b", "a", "b"]).codes.tolist()
    [1, 0, 1]
    """
    levels, codes = np.unique(np.asarray(names), return_inverse=True)
    return Levels(codes, tuple(map(str, levels.tolist())))


def ratings_of(ratees: Levels, raters: Levels, scores: Floats) -> CodedRatings:
    """Put coded columns together; ratings without a score are left out, and names without any.

    Raises TouchstoneError AGREE-01 when a rater rates a ratee twice.
    """
    kept = np.isfinite(scores)
    scale, values = np.unique(scores[kept], return_inverse=True)
    some, others = (_used(levels, kept) for levels in (ratees, raters))
    coded = CodedRatings(some.codes, others.codes, values, scale, some.names, others.names)
    _refuse_double_ratings(coded)
    return coded


def value_counts(ratings: CodedRatings) -> sparse.csr_array:
    """Count how often each ratee got each value: a sparse table [ratees, values].

    >>> value_counts(code_ratings(["a", "a", "b"], ["x", "y", "x"], [4, 4, 5])).toarray().tolist()
    [[2.0, 0.0], [0.0, 1.0]]
    """
    shape = (len(ratings.ratee_names), len(ratings.scale))
    ones = np.ones(len(ratings.values))
    counts = sparse.csr_array((ones, (ratings.ratees, ratings.values)), shape=shape)
    counts.sum_duplicates()
    return counts


def cross_table(ratings: CodedRatings) -> Floats:
    """Count pairs of values that two raters gave the same ratee: [values, values].

    Ratees that only one of them rated are left out. ValueError unless there are two raters.

    >>> coded = code_ratings(["a", "a", "b", "b"], ["x", "y", "x", "y"], [4, 4, 4, 5])
    >>> cross_table(coded).tolist()
    [[1.0, 1.0], [0.0, 0.0]]
    """
    if len(ratings.rater_names) != 2:
        raise ValueError(f"cross_table needs two raters; got {len(ratings.rater_names)}")
    given = np.full((2, len(ratings.ratee_names)), -1)
    given[ratings.raters, ratings.ratees] = ratings.values
    first, second = given[:, (given >= 0).all(axis=0)]
    size = len(ratings.scale)
    return np.bincount(first * size + second, minlength=size**2).reshape(size, size).astype(float)


def full_agreement_ends(ratees: int, *, confidence: float) -> tuple[float, float]:
    """Give the interval of a figure of agreement when raters agreed on every ratee.

    None of so many was judged differently, so that at most 1 − tail^(1/ratees) of all are likely
    to be such that raters agree by chance alone (Clopper and Pearson 1934); as far the figure may
    lie below 1.

    >>> round(full_agreement_ends(10, confidence=0.95)[0], 4)
    0.6915
    """
    return ((1 - confidence) / 2) ** (1 / ratees), 1.0


def _used(levels: Levels, kept: npt.NDArray[np.bool_]) -> Levels:
    codes = levels.codes[kept]
    held = np.bincount(codes, minlength=len(levels.names)) > 0
    if held.all():
        return Levels(codes, levels.names)
    place = np.cumsum(held) - 1
    return Levels(place[codes], tuple(levels.names[one] for one in np.flatnonzero(held).tolist()))


def _refuse_double_ratings(ratings: CodedRatings) -> None:
    pairs = np.sort(ratings.ratees * len(ratings.rater_names) + ratings.raters)
    doubled = np.flatnonzero(pairs[1:] == pairs[:-1])
    if len(doubled):
        ratee, rater = divmod(int(pairs[doubled[0]]), len(ratings.rater_names))
        raise TouchstoneError(
            "AGREE-01",
            where=f"ratings of {ratings.ratee_names[ratee]!r}",
            found=f"rater {ratings.rater_names[rater]!r} rates more than once",
            remedy="Keep one rating of each pair, or name the column that tells them apart "
            "as the item.",
        )
