"""Conjugate gradients for several right-hand sides at a time, on the absorbed equations."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from scipy import sparse

from touchstone.stats.crossed_effects.cross_products import CrossProducts, Floats

MOST_ROUNDS = 5_000


class Rows(NamedTuple):
    """A sparse matrix, row by row."""

    starts: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    values: Floats


@dataclass(frozen=True, slots=True)
class Reduced:
    """The inner columns' part of C with one group absorbed: S = A + I − B'·diag(w)·B, scaled.

    `between`: B, [levels, m]; `across`: its transpose; `among`: A. The matrices stand unscaled,
    so that they serve at all variance ratios; `factors` ([m]) and `root` scale vectors instead.
    """

    between: Rows
    across: Rows
    among: Rows
    factors: Floats
    root: float
    weights: Floats
    diagonal: Floats

    def multiply(self, vectors: Floats) -> Floats:
        """Give S·x of k columns."""
        scaled = self.factors[:, None] * vectors
        through = (self.weights * self.root**2)[:, None] * times(self.between, scaled)
        found = times(self.among, scaled) - times(self.across, through)
        found *= self.factors[:, None]
        found += vectors
        return found

    def solve(self, right: Floats, *, tolerance: float, start: Floats | None = None) -> Floats:
        """Solve S·x = right for k columns at a time, until each residual has shrunk so far.

        Preconditioned by the diagonal (Hestenes and Stiefel 1952). Raises ArithmeticError when a
        column does not converge.
        """
        found = np.zeros_like(right) if start is None else start.copy()
        left = right - self.multiply(found) if start is not None else right.copy()
        goal = tolerance**2 * np.maximum(_squares(right, right / self.diagonal[:, None]), 1e-300)
        ready = left / self.diagonal[:, None]
        direction, size = ready.copy(), _squares(left, ready)
        for _ in range(MOST_ROUNDS):
            if (size <= goal).all():
                return found
            pushed = self.multiply(direction)
            length = np.where(size > goal, size / _squares(direction, pushed), 0.0)
            found += length * direction
            left -= length * pushed
            ready = left / self.diagonal[:, None]
            size, before = _squares(left, ready), size
            direction *= np.where(before > 0, size / np.maximum(before, 1e-300), 0.0)
            direction += ready
        raise ArithmeticError("conjugate gradients did not converge")


@dataclass(frozen=True, slots=True)
class ReducedLayout:
    """The matrices of `Reduced` for the first m random columns, once for all variance ratios."""

    products: CrossProducts
    inner: int
    between: Rows
    across: Rows
    among: Rows
    squares: sparse.csr_array

    def at(self, ratios: Floats) -> Reduced:
        """Give the reduced equations at variance ratios."""
        products = self.products
        factors = np.ones(products.random_columns)
        for group in products.others:
            factors[products.part(group)] = np.sqrt(ratios[group])
        factors = factors[: self.inner]
        root = float(np.sqrt(ratios[products.absorbed]))
        weights = 1 / (products.counts * root**2 + 1)
        among = products.among.diagonal()[: self.inner]
        taken = self.squares.T @ (weights * root**2)
        diagonal = (among - taken) * factors**2 + 1
        return Reduced(self.between, self.across, self.among, factors, root, weights, diagonal)


def lay_out(products: CrossProducts, inner: int) -> ReducedLayout:
    """Lay the first random columns' cross-products out row by row and column by column."""
    between = sparse.csr_array(products.between[:, :inner])
    among = sparse.csr_array(products.among[:inner, :inner])
    squares = sparse.csr_array(between.multiply(between))
    rows = (_rows(between), _rows(between.T.tocsr()), _rows(among))
    return ReducedLayout(products, inner, *rows, squares)


def _rows(matrix: Any) -> Rows:
    return Rows(matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data)


def times(rows: Rows, vectors: Floats) -> Floats:
    """Give a sparse matrix times k columns."""
    found: Floats = _times(*rows, np.ascontiguousarray(vectors))
    return found


def _squares(one: Floats, other: Floats) -> Floats:
    found: Floats = np.einsum("ij,ij->j", one, other)
    return found


@numba.njit(cache=True, nogil=True, parallel=True)
def _times(starts, columns, values, vectors):  # type: ignore[no-untyped-def]
    rows, width = len(starts) - 1, vectors.shape[1]
    found = np.zeros((rows, width))
    for row in numba.prange(rows):
        for place in range(starts[row], starts[row + 1]):
            column, value = columns[place], values[place]
            for k in range(width):
                found[row, k] += value * vectors[column, k]
    return found
