"""Small areas: units with few answers borrow strength from the others, and that is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import linalg, optimize, special, stats

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.stats.model_figures import model_estimate, two_sided_z

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
# Areas beyond the coefficients, so that the variance between areas can be told at all.
FEWEST_FREE_AREAS = 3
GRID = 61
COLLINEAR = 1e-9
MOST_FOR_SHAPIRO = 5000


class Areas(NamedTuple):
    """Areas with their direct estimates, standard errors and covariates [areas, covariates].

    NaN where an area has no estimate, error or covariate. An error of 0 means that the area was
    counted in full.
    """

    names: tuple[str, ...]
    estimates: Floats
    errors: Floats
    covariates: Floats
    covariate_names: tuple[str, ...]


class AreaModel(NamedTuple):
    """The fitted model: variance between areas with its error, coefficients, log-likelihood.

    `coefficients` and `coefficient_errors` begin with the constant. `at_zero`: the variance is
    estimated as 0, so that all areas follow the covariates alone. `areas`: how many were used.
    """

    variance: float
    variance_error: float
    coefficients: Floats
    coefficient_errors: Floats
    log_likelihood: float
    at_zero: bool
    areas: int


class AreaChecks(NamedTuple):
    """How well the model fits: p values of two tests, and the share of large residuals.

    `normal`: Shapiro and Wilk's test of the standardised residuals; None when it cannot be done.
    `alike`: test that the variance between areas is 0. `beyond_two`: share of standardised
    residuals beyond ±2, about 0.05 when the model holds.
    """

    normal: float | None
    alike: float
    beyond_two: float


class AreaFigure(NamedTuple):
    """One area: its figure, its direct estimate and error, and the weight of the latter.

    `gamma`: the part of the direct estimate in the figure; 0 where there is none. `residual`:
    standardised, None where there is no direct estimate.
    """

    name: str
    outcome: Outcome
    direct: float | None
    direct_error: float | None
    gamma: float
    residual: float | None


@dataclass(frozen=True, slots=True)
class SmallAreas:
    """Figures of all areas, and the model they come from; None where it cannot be fitted."""

    figures: tuple[AreaFigure, ...]
    model: AreaModel | None
    checks: AreaChecks | None


class _Data(NamedTuple):
    estimates: Floats
    variances: Floats
    design: Floats


class _Solved(NamedTuple):
    """Weighted least squares at one variance between areas.

    `variance_spread`: the large-sample variance of that variance, 2 / Σ (variance + se²)⁻².
    """

    coefficients: Floats
    inverse: Floats
    residuals: Floats
    log_likelihood: float
    variance_spread: float


def estimate_small_areas(areas: Areas, *, confidence: float = 0.95) -> SmallAreas:
    """Estimate areas from their direct estimates and covariates together (Fay and Herriot 1979).

    direct estimate = x'β + v + e, with v of one variance between areas and e of the known
    variance se². The figure is γ·direct + (1 − γ)·x'β with γ = variance / (variance + se²). The
    variance is by REML, never below 0. The mean squared error is that of Prasad and Rao (1990) in
    the form of Datta and Lahiri (2000) for REML, g1 + g2 + 2·g3; the interval is normal.

    Methods: `fay_herriot`; `synthetic` for an area without an estimate, with the error of a new
    area; `census` for one counted in full, which is left as it is and not used. n counts the
    areas that the model rests on, as they all stand behind each figure. Assumes that the
    standard errors are known, areas are independent and v is normal; the direct estimates of
    very small samples have poor standard errors, which should be smoothed before.

    Withheld as `missing_covariate`, or for all areas as `too_few_areas`. Raises TouchstoneError
    AREA-01 to AREA-03.

    >>> areas = Areas(
    ...     ("a", "b", "c", "d", "e"),
    ...     np.array([1.0, 2, 4, 6, np.nan]), np.array([1.0, 1, 1, 0.5, np.nan]),
    ...     np.zeros((5, 0)), ())
    >>> found = estimate_small_areas(areas)
    >>> [(figure.outcome.method, round(float(figure.outcome.value), 3)) for figure in found.figures]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('fay_herriot', 1.427), ('fay_herriot', 2.246), ('fay_herriot', 3.883),
     ('fay_herriot', 5.861), ('synthetic', 3.354)]
    """
    _refuse_bad_areas(areas)
    design = np.column_stack([np.ones(len(areas.names)), areas.covariates])
    described = np.logical_and.reduce(np.isfinite(design), axis=1)
    used: Mask = described & np.isfinite(areas.estimates)
    used &= areas.errors > 0
    if used.sum() < design.shape[1] + FEWEST_FREE_AREAS:
        few = Withheld("too_few_areas", (("smallest", str(design.shape[1] + FEWEST_FREE_AREAS)),))
        return SmallAreas(tuple(_figure(areas, i, few) for i in range(len(design))), None, None)
    _refuse_collinear(areas, design[used])
    # Orthogonal columns keep their digits whatever the covariates' units.
    columns, triangle = np.linalg.qr(design[used])
    data = _Data(areas.estimates[used], areas.errors[used] ** 2, columns)
    model, solved = _fit(data, triangle)
    rows = linalg.solve_triangular(triangle, np.nan_to_num(design).T, trans="T").T
    figures = [
        _area(areas, place, rows[place], (model, solved), confidence=confidence)
        if described[place]
        else _figure(areas, place, Withheld("missing_covariate"))
        for place in range(len(design))
    ]
    return SmallAreas(tuple(figures), model, _checks(data, model))


def _solve(data: _Data, variance: float) -> _Solved:
    spread = variance + data.variances
    weighted = data.design / spread[:, None]
    information = data.design.T @ weighted
    inverse = np.asarray(np.linalg.inv(information), np.float64)
    coefficients = inverse @ (weighted.T @ data.estimates)
    residuals = data.estimates - data.design @ coefficients
    freedom = len(spread) - data.design.shape[1]
    value = freedom * np.log(2 * np.pi) + np.log(spread).sum()
    value += np.linalg.slogdet(information)[1] + float((residuals**2 / spread).sum())
    known = 2 / float((spread**-2).sum())
    return _Solved(coefficients, inverse, residuals, float(-value / 2), known)


def _slope(data: _Data, variance: float) -> tuple[float, float]:
    """Give the slope of the restricted log-likelihood and its expected information."""
    solved = _solve(data, variance)
    weights = 1 / (variance + data.variances)
    once = data.design * weights[:, None]
    twice = data.design.T @ (once * weights[:, None])
    thrice = once.T @ (once * weights[:, None])
    trace = weights.sum() - np.trace(solved.inverse @ twice)
    squares = (weights**2).sum() - 2 * np.trace(solved.inverse @ thrice)
    squares += np.trace(solved.inverse @ twice @ solved.inverse @ twice)
    return (
        float(((solved.residuals * weights) ** 2).sum() - trace) / 2,
        float(squares) / 2,
    )


def _fit(data: _Data, triangle: Floats) -> tuple[AreaModel, _Solved]:
    """Find the variance: the best of a wide grid, then the zero of the slope beside it."""
    middle = float(np.exp(np.log(data.variances).mean()))
    reach = max(float(data.estimates.var()), middle)
    grid = np.concatenate([[0.0], np.geomspace(1e-6 * middle, 1e2 * reach, GRID)])
    best = int(np.argmax([_solve(data, one).log_likelihood for one in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, GRID)]
    variance = 0.0
    if _slope(data, low)[0] > 0:
        variance = float(
            optimize.brentq(lambda one: _slope(data, one)[0], low, high, xtol=1e-14 * middle)
        )
    solved = _solve(data, variance)
    back = linalg.solve_triangular(triangle, np.eye(len(triangle)))
    model = AreaModel(
        variance,
        float(1 / np.sqrt(_slope(data, variance)[1])),
        back @ solved.coefficients,
        np.sqrt(np.diagonal(back @ solved.inverse @ back.T)),
        solved.log_likelihood - float(np.log(np.abs(np.diagonal(triangle))).sum()),
        variance == 0.0,
        len(data.estimates),
    )
    return model, solved


def _area(
    areas: Areas,
    place: int,
    row: Floats,
    fitted: tuple[AreaModel, _Solved],
    *,
    confidence: float,
) -> AreaFigure:
    model, solved = fitted
    predicted, leverage = float(row @ solved.coefficients), float(row @ solved.inverse @ row)
    direct, error = float(areas.estimates[place]), float(areas.errors[place])
    if error == 0 and np.isfinite(direct):
        whole = model_estimate(direct, (direct, direct), n=model.areas, method="census", se=0.0)
        return _figure(areas, place, whole, gamma=1.0)
    if np.isnan(direct):
        squared = model.variance + leverage
        return _figure(areas, place, _estimate(predicted, squared, model, "synthetic", confidence))
    spread = model.variance + error**2
    gamma = model.variance / spread
    value = gamma * direct + (1 - gamma) * predicted
    known = gamma * error**2
    of_coefficients = (1 - gamma) ** 2 * leverage
    of_variance = error**4 / spread**3 * solved.variance_spread
    squared = known + of_coefficients + 2 * of_variance
    outcome = _estimate(value, squared, model, "fay_herriot", confidence)
    residual = (direct - predicted) / float(np.sqrt(spread))
    return _figure(areas, place, outcome, gamma=gamma, residual=residual)


def _estimate(
    value: float, squared: float, model: AreaModel, method: str, confidence: float
) -> Estimate:
    se = float(np.sqrt(squared))
    half = two_sided_z(confidence) * se
    return model_estimate(value, (value - half, value + half), n=model.areas, method=method, se=se)


def _figure(
    areas: Areas,
    place: int,
    outcome: Outcome,
    *,
    gamma: float = 0.0,
    residual: float | None = None,
) -> AreaFigure:
    known = [
        None if np.isnan(column[place]) else float(column[place])
        for column in (areas.estimates, areas.errors)
    ]
    return AreaFigure(areas.names[place], outcome, known[0], known[1], gamma, residual)


def _checks(data: _Data, model: AreaModel) -> AreaChecks:
    solved = _solve(data, model.variance)
    residuals = solved.residuals / np.sqrt(model.variance + data.variances)
    alone = _solve(data, 0.0)
    apart = float((alone.residuals**2 / data.variances).sum())
    freedom = len(residuals) - data.design.shape[1]
    normal = None
    if len(residuals) <= MOST_FOR_SHAPIRO and np.ptp(residuals) > 1e-9:
        normal = float(stats.shapiro(residuals).pvalue)
    return AreaChecks(
        normal,
        float(special.chdtrc(freedom, apart)),
        float((np.abs(residuals) > 2).mean()),
    )


def _refuse_bad_areas(areas: Areas) -> None:
    seen: set[str] = set()
    for name, estimate, error in zip(*areas[:3], strict=True):
        if name in seen:
            raise TouchstoneError(
                "AREA-01",
                where=f"area {name!r}",
                found="it stands in more than one row",
                remedy="Give each area one row.",
            )
        seen.add(name)
        if np.isfinite(estimate) and not error >= 0:
            given = "no standard error" if np.isnan(error) else f"a standard error of {error:g}"
            raise TouchstoneError(
                "AREA-02",
                where=f"area {name!r}",
                found=f"an estimate with {given}",
                remedy="Give its standard error, 0 for an area counted in full, or leave the "
                "estimate empty.",
            )


def _refuse_collinear(areas: Areas, design: Floats) -> None:
    """Name the covariate that others, or the constant, tell already."""
    scaled = design / np.maximum(np.sqrt((design**2).sum(axis=0)), 1e-300)
    _, triangle, order = linalg.qr(scaled, mode="economic", pivoting=True)
    lost = np.flatnonzero(np.abs(np.diagonal(triangle)) < COLLINEAR)
    if len(lost):
        names: Sequence[str] = ("the constant", *areas.covariate_names)
        raise TouchstoneError(
            "AREA-03",
            where=f"covariate {names[int(order[lost[0]])]!r}",
            found="the other covariates or a constant tell the same",
            remedy="Leave one of them out.",
        )
