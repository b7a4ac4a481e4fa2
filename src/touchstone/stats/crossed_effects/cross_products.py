"""The sums of a table of ratings that a crossed model needs; rows are not looked at again."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]


class Ratings(NamedTuple):
    """Ratings as arrays: n scores, the level of each row in each of G groups, n × p fixed columns.

    `codes[g]` holds whole numbers from 0 to `sizes[g]` − 1; every level occurs. There are two
    groups at least.
    """

    scores: Floats
    codes: tuple[Codes, ...]
    sizes: tuple[int, ...]
    fixed: Floats


class CrossProducts(NamedTuple):
    """W'W and W'y of W = [Z, X], with one group set apart: the absorbed one, of most levels.

    The rest of the columns are those of `others` (the groups besides it, largest first), Q
    together, then the p fixed ones. `starts[k]`: first column of others[k]. `counts`: [levels of
    the absorbed] rows of each. `between`: [levels, Q + p] sums of each column over each level.
    `among`: [Q + p, Q + p] products of columns. `absorbed_scores`, `other_scores`: W'y. `squares`:
    y'y.
    """

    rows: int
    absorbed: int
    others: tuple[int, ...]
    starts: tuple[int, ...]
    fixed_columns: int
    counts: Floats
    between: sparse.csr_array
    among: sparse.csr_array
    absorbed_scores: Floats
    other_scores: Floats
    squares: float

    @property
    def random_columns(self) -> int:
        """Give Q, the number of levels of all groups but the absorbed one."""
        return len(self.other_scores) - self.fixed_columns

    def part(self, group: int) -> slice:
        """Give the columns of one of the other groups."""
        place = self.others.index(group)
        ends = (*self.starts[1:], self.random_columns)
        return slice(self.starts[place], ends[place])

    def rows_of(self, group: int) -> Floats:
        """Give the number of rows of each level of a group."""
        if group == self.absorbed:
            return self.counts
        diagonal: Floats = self.among.diagonal()
        return diagonal[self.part(group)]

    def scores_of(self, group: int) -> Floats:
        """Give the sum of scores of each level of a group."""
        if group == self.absorbed:
            return self.absorbed_scores
        return self.other_scores[self.part(group)]

    def pairs(self, group: int, other: int) -> sparse.csr_array:
        """Give the number of rows of each pair of levels of two groups."""
        if group == other:
            return sparse.csr_array(sparse.diags_array(self.rows_of(group)))
        if group == self.absorbed:
            return sparse.csr_array(self.between[:, self.part(other)])
        if other == self.absorbed:
            return sparse.csr_array(self.between[:, self.part(group)].T)
        return sparse.csr_array(self.among[self.part(group), self.part(other)])


def cross_products(ratings: Ratings) -> CrossProducts:
    """Sum a table of ratings once, into counts of pairs of levels and sums of levels.

    >>> ratings = Ratings(
    ...     np.array([3.0, 4.0, 5.0]),
    ...     (np.array([0, 0, 1], np.int32), np.array([0, 1, 1], np.int32)),
    ...     (2, 2),
    ...     np.ones((3, 1)),
    ... )
    >>> found = cross_products(ratings)
    >>> found.between.toarray().tolist(), found.other_scores.tolist()
    ([[1.0, 1.0, 2.0], [0.0, 1.0, 1.0]], [3.0, 9.0, 12.0])
    """
    absorbed, *others = np.argsort(-np.array(ratings.sizes), kind="stable").tolist()
    sizes = [ratings.sizes[group] for group in others]
    rest = [_indicators(ratings, group) for group in others]
    columns = sparse.hstack([*rest, sparse.csr_array(ratings.fixed)], format="csr")
    first = _indicators(ratings, absorbed).T.tocsr()
    return CrossProducts(
        rows=len(ratings.scores),
        absorbed=absorbed,
        others=tuple(others),
        starts=tuple(int(start) for start in np.cumsum([0, *sizes])[:-1]),
        fixed_columns=ratings.fixed.shape[1],
        counts=np.asarray(first.sum(axis=1), np.float64).ravel(),
        between=_sorted(first @ columns),
        among=_sorted(columns.T @ columns),
        absorbed_scores=first @ ratings.scores,
        other_scores=columns.T @ ratings.scores,
        squares=float(ratings.scores @ ratings.scores),
    )


def _indicators(ratings: Ratings, group: int) -> Any:
    rows = len(ratings.scores)
    ones, ends = np.ones(rows), np.arange(rows + 1, dtype=np.int32)
    return sparse.csr_array((ones, ratings.codes[group], ends), (rows, ratings.sizes[group]))


def _sorted(found: Any) -> sparse.csr_array:
    found.sort_indices()
    return found
