"""The equations solved by conjugate gradients, where a dense factor would be too large.

What is needed of the inverse of C comes from draws x of the distribution N(0, C⁻¹), which solve C
for a disturbed right-hand side. The variance of one number is that given all others, 1/C(ii),
plus the variance of its mean given the others; only the second, small part is estimated from
draws (Sidén, Lindgren, Bolin and Villani 2018, "Efficient covariance approximations for large
sparse precision matrices"). The draws are the same at every step of a fit, so that it converges.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from touchstone.stats.crossed_effects.blocks import Columns, block_moments, blocks_of
from touchstone.stats.crossed_effects.cross_products import CrossProducts, Floats, Ratings
from touchstone.stats.crossed_effects.equations import (
    Equations,
    Inverse,
    Vectors,
    equations,
    traces_of,
)
from touchstone.stats.crossed_effects.gradients import Reduced, lay_out

# How far the rounds shrink a residual. The solution is refined; what steers steps is not.
TOLERANCE = 1e-5
DRAWN_TOLERANCE = 1e-3
REFINEMENTS = 2
SEED = 20_130_701


class Draws(NamedTuple):
    """Disturbances of k draws: W'ε of n standard normal errors ε, and one number for each column.

    [levels of the absorbed group, k] and [m, k]; the first two stand unscaled.
    """

    absorbed_data: Floats
    data: Floats
    absorbed_prior: Floats
    prior: Floats


class IterativeSolver:
    """Solves the equations of one table of ratings at any variance ratios.

    Rounds are made over the `inner` first random columns; all others, and the fixed ones, make a
    border that is eliminated exactly.
    """

    def __init__(
        self, ratings: Ratings, products: CrossProducts, *, inner: int, draws: int
    ) -> None:
        """Lay the table out and draw the disturbances."""
        self._products = products
        self._layout = lay_out(products, inner)
        self._draws = _draw(ratings, products, inner, draws)
        self._blocks = blocks_of(products) if inner == products.random_columns else []

    def __call__(self, ratios: Floats) -> "Iteration":
        """Solve the equations at these variance ratios."""
        scaled, reduced = equations(self._products, ratios), self._layout.at(ratios)
        inner = self._layout.inner
        outer = Vectors(scaled.between[:, inner:].toarray(), scaled.among[:, inner:].toarray())
        edge = scaled.absorb(outer)
        columns = reduced.solve(edge[:inner], tolerance=TOLERANCE)
        block = edge[inner:] - edge[:inner].T @ columns + np.diag(scaled.identity[inner:])
        bordered = Bordered(scaled, reduced, columns, (block + block.T) / 2)
        found = bordered.solve(scaled.right)
        explained = found.rest[:, 0] @ scaled.absorb(scaled.right)[:, 0]
        residual = scaled.squares_left() - float(explained)
        return Iteration(scaled, bordered, found, residual, self._draws, self._blocks)


class Bordered(NamedTuple):
    """The equations with the outer columns' part: U = S⁻¹·S(io), [m, o], F = S(oo) − S(oi)·U."""

    equations: Equations
    reduced: Reduced
    columns: Floats
    block: Floats

    def solve(self, right: Vectors) -> Vectors:
        """Solve C·x = right, and again for what is left of it."""
        found = self.solve_once(right, tolerance=TOLERANCE)
        for _ in range(REFINEMENTS):
            spread, identity = self.equations.multiply(found), self.equations.identity
            left = Vectors(
                right.absorbed - spread.absorbed - found.absorbed,
                right.rest - spread.rest - identity[:, None] * found.rest,
            )
            more = self.solve_once(left, tolerance=TOLERANCE)
            found = Vectors(found.absorbed + more.absorbed, found.rest + more.rest)
        return found

    def solve_once(self, right: Vectors, *, tolerance: float) -> Vectors:
        """Solve C·x = right as far as the rounds go."""
        left, inner = self.equations.absorb(right), len(self.columns)
        solved = self.reduced.solve(left[:inner], tolerance=tolerance)
        outer = np.linalg.solve(self.block, left[inner:] - self.columns.T @ left[:inner])
        rest = np.vstack([solved - self.columns @ outer, outer])
        return self.equations.restore(right, rest)


@dataclass(frozen=True, slots=True)
class Iteration:
    """The solution of the equations, found in rounds; its determinants are not known."""

    equations: Equations
    bordered: Bordered
    coefficients: Vectors
    residual: float
    draws: Draws
    blocks: list[Columns]
    random_log_determinant: None = None
    fixed_log_determinant: None = None

    def solve(self, right: Vectors) -> Vectors:
        """Solve C·x = right, once."""
        return self.bordered.solve_once(right, tolerance=TOLERANCE)

    def inverse(self) -> Inverse:
        """Estimate the traces and the diagonal of the inverse of C."""
        return _inverse(self)


def _draw(ratings: Ratings, products: CrossProducts, inner: int, count: int) -> Draws:
    generator = np.random.default_rng(SEED)
    levels = len(products.counts)
    absorbed, data = np.empty((levels, count)), np.empty((products.random_columns, count))
    for draw in range(count):
        errors = generator.standard_normal(products.rows)
        for group, (codes, size) in enumerate(zip(ratings.codes, ratings.sizes, strict=True)):
            sums = np.bincount(codes, weights=errors, minlength=size)
            if group == products.absorbed:
                absorbed[:, draw] = sums
            else:
                data[products.part(group), draw] = sums
    prior = generator.standard_normal((levels + inner, count))
    return Draws(absorbed, data[:inner].copy(), prior[:levels], prior[levels:])


def _inverse(solved: Iteration) -> Inverse:
    """Give the inner columns' inverse from draws, and what the border adds to it exactly."""
    scaled, reduced, draws = solved.equations, solved.bordered.reduced, solved.draws
    products, inner = scaled.products, len(reduced.diagonal)
    weights, between = scaled.weights, scaled.between[:, :inner]
    absorbed_right = reduced.root * draws.absorbed_data + draws.absorbed_prior
    right = reduced.factors[:, None] * draws.data + draws.prior
    right -= between.T @ (weights[:, None] * absorbed_right)
    drawn = reduced.solve(right, tolerance=DRAWN_TOLERANCE)
    # What the draws solve exactly: near a variance of 0 the least remainder would matter.
    right = reduced.multiply(drawn)
    variances, within = 1 / reduced.diagonal, right / reduced.diagonal[:, None]
    if solved.blocks:
        among = scaled.among[:inner, :inner]
        variances, within = block_moments(between, among, weights, solved.blocks, right)
    columns, outer = solved.bordered.columns, scaled.between[:, inner:].toarray()
    alone = (
        weights + ((weights[:, None] * (between @ drawn)) ** 2).mean(axis=1),
        variances + ((drawn - within) ** 2).mean(axis=1),
    )
    edges = (weights[:, None] * (outer - between @ columns), columns)
    random = products.random_columns - inner
    block = solved.bordered.block
    absorbed, conditional = _bordered(alone, edges, _inverted(block[:random, :random]))
    whole = _inverted(block)
    with_fixed = _bordered(alone, edges, whole)
    return Inverse(
        random_traces=traces_of(products, absorbed, conditional),
        traces=traces_of(products, with_fixed[0], with_fixed[1][: products.random_columns]),
        absorbed_conditional=absorbed,
        conditional=conditional,
        fixed=whole[random:, random:],
    )


def _inverted(block: Floats) -> Floats:
    inverse: Floats = np.linalg.inv(block).astype(np.float64)
    return inverse


def _bordered(
    alone: tuple[Floats, Floats], edges: tuple[Floats, Floats], block: Floats
) -> tuple[Floats, Floats]:
    """Give the diagonal for the absorbed and for the rest, with the first columns of the border."""
    width = len(block)
    absorbed, inner = (
        diagonal + np.einsum("ij,ij->i", edge[:, :width] @ block, edge[:, :width])
        for diagonal, edge in zip(alone, edges, strict=True)
    )
    return absorbed, np.concatenate([inner, np.diagonal(block)])
