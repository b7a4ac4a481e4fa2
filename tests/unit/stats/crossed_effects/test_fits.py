"""Variance components minimise the likelihood as the definition reads, by both solvers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from tests.support.examples import at_most

from touchstone.stats.crossed_effects.cross_products import Ratings, cross_products
from touchstone.stats.crossed_effects.direct import factorise
from touchstone.stats.crossed_effects.equations import Vectors, equations
from touchstone.stats.crossed_effects.fits import criterion_of, fit
from touchstone.stats.crossed_effects.slopes import slope_of


def drawn(seed: int, sizes=(12, 9, 3), rows: int = 150, spread=(0.8, 0.6, 0.5)) -> Ratings:
    """Draw ratings of a crossed model with a slope; every level occurs."""
    generator = np.random.default_rng(seed)
    codes = tuple(
        np.concatenate([np.arange(size), generator.integers(0, size, rows - size)]).astype(np.int32)
        for size in sizes
    )
    slope = generator.normal(size=rows)
    scores = 3 + 0.4 * slope + generator.normal(size=rows)
    for code, size, deviation in zip(codes, sizes, spread, strict=True):
        scores = scores + (deviation * generator.normal(size=size))[code]
    return Ratings(scores, codes, sizes, np.column_stack([np.ones(rows), slope]))


def plain_criterion(ratings: Ratings, variances, residual: float, *, restricted: bool) -> float:
    """Give −2 log likelihood with the whole covariance matrix, as the definition reads."""
    whole = residual * np.eye(len(ratings.scores))
    for code, variance in zip(ratings.codes, variances, strict=True):
        whole = whole + variance * (code[:, None] == code[None, :])
    inverse = np.linalg.inv(whole)
    cross = ratings.fixed.T @ inverse @ ratings.fixed
    slopes = np.linalg.solve(cross, ratings.fixed.T @ inverse @ ratings.scores)
    errors = ratings.scores - ratings.fixed @ slopes
    rows, columns = ratings.fixed.shape
    value = np.linalg.slogdet(whole)[1] + errors @ inverse @ errors
    if not restricted:
        return value + rows * np.log(2 * np.pi)
    return value + np.linalg.slogdet(cross)[1] + (rows - columns) * np.log(2 * np.pi)


@settings(deadline=None, max_examples=at_most(25))
@given(
    st.integers(0, 10**6),
    st.lists(st.floats(1e-3, 20), min_size=3, max_size=3),
    st.sampled_from(["reml", "ml"]),
)
def test_the_criterion_is_that_of_the_definition(seed, ratios, criterion):
    """At any variance ratios, with the residual variance that is best for them."""
    ratings = drawn(seed)
    factor = factorise(equations(cross_products(ratings), np.array(ratios)))
    freedom = len(ratings.scores) - (2 if criterion == "reml" else 0)
    residual = factor.residual / freedom
    expected = plain_criterion(
        ratings, np.array(ratios) * residual, residual, restricted=criterion == "reml"
    )
    assert criterion_of(factor, criterion) == pytest.approx(expected, rel=1e-9)


@settings(deadline=None, max_examples=at_most(15))
@given(
    st.integers(0, 10**6),
    st.lists(st.floats(0.05, 3), min_size=3, max_size=3),
    st.sampled_from(["reml", "ml"]),
)
def test_the_score_is_the_slope_of_the_criterion(seed, ratios, criterion):
    """The derivatives by each variance and by the residual's, against differences."""
    ratings = drawn(seed)
    factor = factorise(equations(cross_products(ratings), np.array(ratios)))
    freedom = len(ratings.scores) - (2 if criterion == "reml" else 0)
    residual = factor.residual / freedom
    variances = np.append(np.array(ratios) * residual, residual)
    inverse = factor.inverse()
    traces = inverse.traces if criterion == "reml" else inverse.random_traces
    found = slope_of(factor, traces, freedom).score
    for place in range(len(variances)):
        step = np.zeros(len(variances))
        step[place] = 1e-5 * variances[place]
        ends = [
            plain_criterion(ratings, at[:-1], at[-1], restricted=criterion == "reml")
            for at in (variances + step, variances - step)
        ]
        slope = (ends[0] - ends[1]) / (2 * step[place])
        assert found[place] == pytest.approx(slope, rel=1e-4, abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("criterion", ["reml", "ml"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_other_variances_are_better(seed, criterion):
    """A general optimiser on the definition finds no lower criterion."""
    ratings = drawn(seed)
    found = fit(ratings, criterion)

    def value(logarithms):
        at = np.exp(logarithms)
        return plain_criterion(ratings, at[:-1], at[-1], restricted=criterion == "reml")

    start = np.log(np.append(np.maximum(found.variances, 1e-6), found.residual_variance))
    best = minimize(value, start + 0.3, method="Nelder-Mead", options={"maxiter": 2000})
    assert found.criterion <= best.fun + 1e-6


def test_a_group_without_effect_has_the_variance_0():
    """Where the criterion falls towards 0 the component is 0, not a tiny or negative number."""
    ratings = drawn(5, spread=(1.0, 0.7, 0.0))
    groups = [fit(drawn(seed, spread=(1.0, 0.7, 0.0)), "reml").variances[2] for seed in range(8)]
    assert 0.0 in groups
    assert min(groups) >= 0
    assert fit(ratings, "reml").variances[0] > 0


def test_both_solvers_agree():
    """Rounds of conjugate gradients give the factor's variances, effects and deviations."""
    ratings = drawn(7, sizes=(400, 300, 4), rows=9000)
    direct, rounds = (fit(ratings, "reml", dense=dense) for dense in (True, False))
    assert rounds.criterion is None
    np.testing.assert_allclose(rounds.variances, direct.variances, rtol=0.01)
    assert rounds.residual_variance == pytest.approx(direct.residual_variance, rel=0.01)
    for name in ("conditional", "absorbed_conditional"):
        one, other = (np.sqrt(getattr(fitted.inverse, name)) for fitted in (rounds, direct))
        np.testing.assert_allclose(one, other, rtol=0.02)


def test_rounds_solve_the_equations_to_many_digits():
    """C·x = right holds for the solution that the rounds give."""
    ratings = drawn(9, sizes=(300, 200, 5), rows=5000)
    solved = fit(ratings, "reml", dense=False).solved
    right = solved.equations.right
    found = solved.coefficients
    spread, identity = solved.equations.multiply(found), solved.equations.identity
    left = Vectors(spread.absorbed + found.absorbed, spread.rest + identity[:, None] * found.rest)
    np.testing.assert_allclose(left.absorbed, right.absorbed, rtol=0, atol=1e-6)
    np.testing.assert_allclose(left.rest, right.rest, rtol=0, atol=1e-6)


def test_blocks_of_departments_give_the_deviations_of_the_factor():
    """Where departments' columns are many, they are gone round, and ratees taken with them."""
    generator = np.random.default_rng(11)
    raters, ratees, departments, rows = 600, 400, 80, 12_000
    home = np.arange(ratees) % departments
    rated = np.concatenate([np.arange(ratees), generator.integers(0, ratees, rows - ratees)])
    raters_of = np.concatenate([np.arange(raters), generator.integers(0, raters, rows - raters)])
    codes = (raters_of.astype(np.int32), rated.astype(np.int32), home[rated].astype(np.int32))
    sizes = (raters, ratees, departments)
    scores = generator.normal(size=rows)
    for code, size, deviation in zip(codes, sizes, (0.3, 0.5, 0.5), strict=True):
        scores = scores + (deviation * generator.normal(size=size))[code]
    ratings = Ratings(scores, codes, sizes, np.ones((rows, 1)))
    direct, rounds = (fit(ratings, "reml", dense=dense) for dense in (True, False))
    np.testing.assert_allclose(rounds.variances, direct.variances, rtol=0.01)
    one, other = (np.sqrt(fitted.inverse.conditional) for fitted in (rounds, direct))
    np.testing.assert_allclose(one, other, rtol=0.02)


@pytest.mark.parametrize("seed", [0, 2, 5])
def test_a_fit_is_the_same_when_scores_lie_far_from_nought(seed):
    """A constant changes no variance; rounding of the then large sums must not stop the search."""
    ratings = drawn(seed, sizes=(60, 40, 4), rows=20_000)
    near = fit(ratings, "reml")
    far = fit(ratings._replace(scores=ratings.scores + 1e4), "reml")
    assert far.variances == pytest.approx(near.variances, rel=1e-5)
    assert far.residual_variance == pytest.approx(near.residual_variance, rel=1e-5)
