"""The slope of −2 log likelihood along the variances, from products and solutions alone."""

from typing import NamedTuple, Protocol

import numpy as np

from touchstone.stats.crossed_effects.cross_products import CrossProducts, Floats
from touchstone.stats.crossed_effects.equations import Equations, Vectors


class Solution(Protocol):
    """The equations with their solution, and the means to solve them for other right-hand sides."""

    @property
    def equations(self) -> Equations:
        """Give the equations."""

    @property
    def coefficients(self) -> Vectors:
        """Give their solution, scaled."""

    @property
    def residual(self) -> float:
        """Give the penalised residual sum of squares."""

    def solve(self, right: Vectors) -> Vectors:
        """Solve C·x = right."""


class Slope(NamedTuple):
    """First derivatives by the variances, that of the residual last, and their information."""

    score: Floats
    information: Floats


def slope_of(solved: Solution, traces: Floats, freedom: int) -> Slope:
    """Give the score and the average information at the best residual variance.

    `traces`: of each group's block of the inverse of C. `freedom`: n − p (REML) or n (ML).
    """
    products, ratios = solved.equations.products, solved.equations.ratios
    effects = [part_of(products, solved.coefficients, g)[:, 0] for g in range(len(ratios))]
    squares = np.array([scaled @ scaled for scaled in effects])
    spent = np.array([len(scaled) for scaled in effects]) - traces
    residual, errors = solved.residual / freedom, solved.residual - squares.sum()
    score = np.append(spent / ratios, freedom - spent.sum()) / residual
    score -= np.append(squares / ratios, errors) / residual**2
    return Slope(score, _information(solved, errors) / residual**3)


def part_of(products: CrossProducts, vectors: Vectors, group: int) -> Floats:
    """Give a group's rows of some vectors, as a view."""
    if group == products.absorbed:
        return vectors.absorbed
    return vectors.rest[products.part(group)]


def _information(solved: Solution, errors: float) -> Floats:
    """Give y'PV(g)PV(h)Py at residual variance 1; the last row is that of the residual.

    P·y are the residuals, V(g)·P·y = W·c with c the group's effects over its ratio; so products
    with W'W and solutions of C do.
    """
    given = solved.equations
    groups = len(given.ratios)
    working = Vectors(
        np.zeros((len(given.weights), groups)), np.zeros((len(given.identity), groups))
    )
    for group, ratio in enumerate(given.ratios):
        scaled = part_of(given.products, solved.coefficients, group)[:, 0]
        part_of(given.products, working, group)[:, group] = scaled / ratio
    spread = given.multiply(working)
    # W'·(residuals) are the scaled effects, 0 for fixed columns: that is what the equations say.
    residuals = Vectors(
        solved.coefficients.absorbed, solved.coefficients.rest * given.identity[:, None]
    )
    both = Vectors(*(np.hstack(pair) for pair in zip(spread, residuals, strict=True)))
    information = -_inner(both, solved.solve(both))
    information[:groups, :groups] += _inner(working, spread)
    mixed = _inner(residuals, working)[0]
    information[groups, :groups] += mixed
    information[:groups, groups] += mixed
    information[groups, groups] += errors
    return information


def _inner(one: Vectors, other: Vectors) -> Floats:
    product: Floats = one.absorbed.T @ other.absorbed + one.rest.T @ other.rest
    return product
