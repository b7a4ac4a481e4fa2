"""Variance components by REML or ML: Newton's method with the average information."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from touchstone.stats.crossed_effects.cross_products import CrossProducts, Floats, Ratings
from touchstone.stats.crossed_effects.cross_products import cross_products as sum_ratings
from touchstone.stats.crossed_effects.direct import Factor, factorise
from touchstone.stats.crossed_effects.equations import Inverse, equations
from touchstone.stats.crossed_effects.iterative import Iteration, IterativeSolver
from touchstone.stats.crossed_effects.slopes import Slope, slope_of
from touchstone.stats.crossed_effects.starts import first_ratios
from touchstone.stats.threads import spared_threads

Criterion = Literal["reml", "ml"]
Solved = Factor | Iteration
Solver = Callable[[Floats], Solved | None]
# Up to so many columns beside the absorbed group a dense factor is quicker than rounds.
MOST_DENSE_COLUMNS = 6_000
# Up to so many columns of all but the two largest groups are eliminated rather than gone round.
MOST_BORDER_COLUMNS = 64
DRAWS = 32
MOST_STEPS = 60
MOST_HALVINGS = 30
MOST_GROWTH = 5.0
# A step is the last when it promises to lower the criterion by less than this; the rounds know
# the slope only as well as their draws.
SMALLEST_GAIN = 1e-9
SMALLEST_GAIN_OF_ROUNDS = 1e-3
# Sums are known to so large a share of themselves: a criterion that rises by less does not rise.
ROUNDING = 5e-14
# Components below this share of the residual variance are 0.
SMALLEST_RATIO = 1e-9
SMALLEST_UNIT = 1e-3
LEAST_KNOWN = 1e-8
# Where so little of the scores' mean square is error, the columns explain all of them.
SMALLEST_ERROR = 1e-12


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model: −2 log likelihood (None by rounds), variances, and the solution they give.

    `variances`: of each group, 0 where nothing of it is seen.
    """

    criterion: float | None
    variances: Floats
    residual_variance: float
    solved: Solved
    inverse: Inverse
    steps: int


def fit(ratings: Ratings, criterion: Criterion, *, dense: bool | None = None) -> Fit:
    """Find the variances that minimise −2 log likelihood, restricted (REML) or not (ML).

    Each step solves the average information (Gilmour, Thompson and Cullis 1995) for the score of
    Patterson and Thompson (1971); it is halved until the criterion falls. A variance that would
    turn negative stays at 0. `dense` chooses the factor (True) or rounds of conjugate gradients
    (False); by default the size decides. Raises ArithmeticError when no minimum is found.
    """
    products = sum_ratings(ratings)
    if dense is None:
        dense = products.random_columns <= MOST_DENSE_COLUMNS
    with spared_threads(products.random_columns if dense else 0):
        return _search(_solver(ratings, products, dense=dense), products, criterion)


def _solver(ratings: Ratings, products: CrossProducts, *, dense: bool) -> Solver:
    if dense:
        return lambda ratios: factorise(equations(products, ratios))
    largest = ratings.sizes[products.others[0]]
    few = products.random_columns - largest <= MOST_BORDER_COLUMNS
    inner = largest if few else products.random_columns
    return IterativeSolver(ratings, products, inner=inner, draws=DRAWS)


def _search(solver: Solver, products: CrossProducts, criterion: Criterion) -> Fit:
    solved = _solve(solver, first_ratios(products))
    freedom = products.rows - (products.fixed_columns if criterion == "reml" else 0)
    for step in range(MOST_STEPS):
        inverse = solved.inverse()
        residual = solved.residual / freedom
        if residual * products.rows < SMALLEST_ERROR * products.squares:
            raise ArithmeticError("raters, ratees and groups explain every score without error")
        variances = np.append(solved.equations.ratios * residual, residual)
        traces = inverse.traces if criterion == "reml" else inverse.random_traces
        move, gain = _move(variances, slope_of(solved, traces, freedom))
        value = criterion_of(solved, criterion)
        if gain < (SMALLEST_GAIN_OF_ROUNDS if value is None else SMALLEST_GAIN):
            seen = solved.equations.ratios > 2 * SMALLEST_RATIO
            return Fit(value, variances[:-1] * seen, residual, solved, inverse, step + 1)
        solved = _stepped(solver, variances, move, value, criterion)
    raise ArithmeticError(f"no minimum after {MOST_STEPS} steps")


def criterion_of(solved: Solved, criterion: Criterion) -> float | None:
    """Give −2 log likelihood at the best residual variance; None where it is not known."""
    if solved.random_log_determinant is None or solved.fixed_log_determinant is None:
        return None
    products = solved.equations.products
    restricted = criterion == "reml"
    freedom = products.rows - (products.fixed_columns if restricted else 0)
    value = solved.random_log_determinant
    value += freedom * (1 + np.log(2 * np.pi * solved.residual / freedom))
    return float(value + (solved.fixed_log_determinant if restricted else 0))


def _solve(solver: Solver, ratios: Floats) -> Solved:
    solved = solver(ratios)
    if solved is None or not solved.residual > 0:
        raise ArithmeticError("the equations have no solution")
    return solved


def _move(variances: Floats, slope: Slope) -> tuple[Floats, float]:
    """Give the step and what it promises; variances at 0 move only upwards.

    Directions that the information hardly knows, in units of the variances, move as if it knew
    them a little.
    """
    at_end = variances <= 2 * SMALLEST_RATIO * variances[-1]
    free = ~at_end | (slope.score < 0)
    units = np.maximum(variances, variances[-1] * SMALLEST_UNIT)[free]
    information = slope.information[np.ix_(free, free)] * units * units[:, None]
    sizes, directions = np.linalg.eigh(information)
    sizes = np.maximum(sizes, sizes[-1] * LEAST_KNOWN)
    score = slope.score[free]
    move = np.zeros(len(variances))
    move[free] = -units * (directions @ ((directions.T @ (units * score)) / sizes))
    return move, float(-move[free] @ score / 2)


def _stepped(
    solver: Solver, variances: Floats, move: Floats, value: float | None, criterion: Criterion
) -> Solved:
    for halving in range(MOST_HALVINGS):
        moved = variances + move / 2**halving
        moved = np.clip(moved, variances[-1] * SMALLEST_RATIO, None)
        moved[-1] = np.clip(moved[-1], variances[-1] / MOST_GROWTH, variances[-1] * MOST_GROWTH)
        solved = _solve(solver, np.maximum(moved[:-1] / moved[-1], SMALLEST_RATIO))
        found = criterion_of(solved, criterion)
        if value is None or found is None or found <= value + _rounding(solved):
            return solved
    raise ArithmeticError("no step lowers the criterion")


def _rounding(solved: Solved) -> float:
    """Give what rounding may do to −2 log likelihood, whose residual is the rest of a large sum."""
    products = solved.equations.products
    share = 1 + products.squares / solved.residual
    return max(SMALLEST_GAIN, ROUNDING * products.rows * share)
