"""The mixed-model equations (Henderson 1950) with one group absorbed into the rest.

All is in scaled columns: each random column of W = [Z, X] is multiplied by the root of its
group's variance ratio λ = σ²(group)/σ²(residual), so that a ratio of 0 does no harm (Bates,
Mächler, Bolker and Walker 2015). C = W'W plus 1 on the diagonal of the random columns.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from touchstone.stats.crossed_effects.cross_products import CrossProducts, Floats


class Vectors(NamedTuple):
    """k numbers for every column: [levels of the absorbed group, k] and [Q + p, k]."""

    absorbed: Floats
    rest: Floats


@dataclass(frozen=True, slots=True)
class Equations:
    """C·x = W'y at given variance ratios.

    `weights`: the inverse of the absorbed group's diagonal block. `between`, `among`: scaled W'W.
    `identity`: 1 for random columns of the rest, 0 for fixed ones. `right`: scaled W'y.
    """

    products: CrossProducts
    ratios: Floats
    weights: Floats
    between: sparse.csr_array
    among: sparse.csr_array
    identity: Floats
    right: Vectors

    def multiply(self, vectors: Vectors) -> Vectors:
        """Give W'W·x."""
        diagonal = 1 / self.weights - 1
        return Vectors(
            diagonal[:, None] * vectors.absorbed + self.between @ vectors.rest,
            self.between.T @ vectors.absorbed + self.among @ vectors.rest,
        )

    def absorb(self, right: Vectors) -> Floats:
        """Give the right-hand side that is left for the rest."""
        left: Floats = right.rest - self.between.T @ (self.weights[:, None] * right.absorbed)
        return left

    def restore(self, right: Vectors, rest: Floats) -> Vectors:
        """Give the whole solution that belongs to that of the rest."""
        return Vectors(self.weights[:, None] * (right.absorbed - self.between @ rest), rest)

    def squares_left(self) -> float:
        """Give y'y less what the absorbed group explains when all else is 0."""
        absorbed = self.right.absorbed[:, 0]
        return self.products.squares - float(absorbed @ (self.weights * absorbed))


def equations(products: CrossProducts, ratios: Floats) -> Equations:
    """Scale the sums of a table of ratings to variance ratios, one for each group."""
    roots = np.sqrt(ratios)
    root = float(roots[products.absorbed])
    factors = np.ones(len(products.other_scores))
    for group in products.others:
        factors[products.part(group)] = roots[group]
    identity = np.ones(len(factors))
    identity[products.random_columns :] = 0
    return Equations(
        products,
        ratios,
        weights=1 / (products.counts * root**2 + 1),
        between=_scaled(products.between, factors, np.full(len(products.counts), root)),
        among=_scaled(products.among, factors, factors),
        identity=identity,
        right=Vectors(
            (products.absorbed_scores * root)[:, None], (products.other_scores * factors)[:, None]
        ),
    )


def _scaled(matrix: Any, columns: Floats, rows: Floats) -> sparse.csr_array:
    lengths = np.diff(matrix.indptr)
    data = matrix.data * columns[matrix.indices] * np.repeat(rows, lengths)
    return sparse.csr_array((data, matrix.indices, matrix.indptr), matrix.shape)


@dataclass(frozen=True, slots=True)
class Inverse:
    """What is needed of the inverse of C.

    `random_traces`, `traces`: for each group, the trace of its block without and with the fixed
    columns in C. `conditional`: the diagonal without them, [levels] and [Q]. `fixed`: the block of
    the fixed columns.
    """

    random_traces: Floats
    traces: Floats
    absorbed_conditional: Floats
    conditional: Floats
    fixed: Floats


def traces_of(products: CrossProducts, absorbed: Floats, diagonal: Floats) -> Floats:
    """Sum a diagonal, given for the absorbed group and for the rest, over each group."""
    traces = np.empty(len(products.others) + 1)
    traces[products.absorbed] = absorbed.sum()
    for group in products.others:
        traces[group] = diagonal[products.part(group)].sum()
    return traces
