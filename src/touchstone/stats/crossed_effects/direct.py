"""The equations solved by a dense Cholesky factor of what is left after absorbing one group."""

from dataclasses import dataclass

import numba
import numpy as np
from scipy.linalg import lapack

from touchstone.stats.crossed_effects.cross_products import Floats
from touchstone.stats.crossed_effects.equations import (
    Equations,
    Inverse,
    Vectors,
    traces_of,
)


@dataclass(frozen=True, slots=True)
class Factor:
    """The lower Cholesky factor of the rest's equations, and the solution of W'y.

    `random_log_determinant`, `fixed_log_determinant`: logarithms of the determinants of C's random
    part, and of X'V⁻¹X over σ⁻². `residual`: the penalised residual sum of squares.
    """

    equations: Equations
    lower: Floats
    coefficients: Vectors
    residual: float
    random_log_determinant: float
    fixed_log_determinant: float

    def solve(self, right: Vectors) -> Vectors:
        """Solve C·x = right."""
        found, _ = lapack.dpotrs(self.lower, self.equations.absorb(right), lower=1)
        return self.equations.restore(right, found)

    def inverse(self) -> Inverse:
        """Give the traces and the diagonal of the inverse of C (three times a factor's work)."""
        return _inverse(self)


def factorise(equations: Equations) -> Factor | None:
    """Solve the equations; None when they are numerically singular.

    The absorbed group's block of C is diagonal, so that it leaves a dense matrix of the Q levels
    of the other groups and the p fixed columns (Bates and DebRoy 2004, "Linear mixed models and
    penalized least squares").
    """
    left = equations.among.toarray()
    places = np.arange(len(left))
    left[places, places] += equations.identity
    between = equations.between
    _absorb(left, between.indptr, between.indices, between.data, equations.weights)
    # Row by row, the upper triangle: column by column, the lower one that LAPACK works on.
    lower, failed = lapack.dpotrf(left.T, lower=1, clean=0, overwrite_a=1)
    if failed:
        return None
    right = equations.absorb(equations.right)
    halfway, _ = lapack.dtrtrs(lower, right, lower=1)
    found, _ = lapack.dtrtrs(lower, halfway, lower=1, trans=1)
    logarithms = 2 * np.log(np.diagonal(lower))
    random = equations.products.random_columns
    return Factor(
        equations,
        lower,
        equations.restore(equations.right, found),
        equations.squares_left() - float(halfway[:, 0] @ halfway[:, 0]),
        float(logarithms[:random].sum() - np.log(equations.weights).sum()),
        float(logarithms[random:].sum()),
    )


def _inverse(factor: Factor) -> Inverse:
    """Give what is needed of the inverse, first with the fixed columns, then without.

    Without them the inverse is less by U·F⁻¹·U', U being their columns of the whole inverse and
    F their block of it.
    """
    equations = factor.equations
    products, random = equations.products, equations.products.random_columns
    whole, _ = lapack.dpotri(factor.lower, lower=1)
    fixed = np.tril(whole[random:, random:])
    fixed = fixed + np.tril(fixed, -1).T
    columns = np.vstack([whole[random:, :random].T, fixed])
    between = equations.between
    absorbed = _diagonal(whole.T, between.indptr, between.indices, between.data, equations.weights)
    absorbed_columns = -equations.weights[:, None] * (between @ columns)
    diagonal = np.diagonal(whole)[:random]
    taken = [_quadratic(part, fixed) for part in (absorbed_columns, columns[:random])]
    return Inverse(
        random_traces=traces_of(products, absorbed - taken[0], diagonal - taken[1]),
        traces=traces_of(products, absorbed, diagonal),
        absorbed_conditional=absorbed - taken[0],
        conditional=diagonal - taken[1],
        fixed=fixed,
    )


def _quadratic(columns: Floats, matrix: Floats) -> Floats:
    found: Floats = np.einsum("ij,ij->i", columns, np.linalg.solve(matrix, columns.T).T)
    return found


@numba.njit(cache=True, nogil=True)
def _absorb(left, starts, columns, values, weights):  # type: ignore[no-untyped-def]
    """Take each level's share off the upper triangle; columns rise within a level."""
    for level in range(len(weights)):
        begin, end = starts[level], starts[level + 1]
        for i in range(begin, end):
            row, factor = left[columns[i]], values[i] * weights[level]
            for j in range(i, end):
                row[columns[j]] -= factor * values[j]


@numba.njit(cache=True, nogil=True, parallel=True)
def _diagonal(inverse, starts, columns, values, weights):  # type: ignore[no-untyped-def]
    """Give the absorbed levels' diagonal of C's inverse from the rest's, its upper triangle."""
    found = np.empty(len(weights))
    for level in numba.prange(len(weights)):
        begin, end = starts[level], starts[level + 1]
        total = 0.0
        for i in range(begin, end):
            row = inverse[columns[i]]
            total += values[i] ** 2 * row[columns[i]]
            for j in range(i + 1, end):
                total += 2 * values[i] * values[j] * row[columns[j]]
        found[level] = weights[level] + weights[level] ** 2 * total
    return found
