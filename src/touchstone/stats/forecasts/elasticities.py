"""Regression on what drives a series: by how many percent it grows when the driver grows by one."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.forecasts.predictions import Prediction
from touchstone.stats.model_figures import model_estimate, two_sided_t

Floats = npt.NDArray[np.float64]
FITTED = 2
FEWEST = FITTED + 2
NO_ERROR = 1e-9


class Elastic(NamedTuple):
    """A fitted regression of logarithms: constant, elasticity, their covariance [2, 2].

    `middle` is the mean logarithm of the driver, which the constant is at. `durbin_watson`: near
    2 when errors of neighbouring periods are independent, near 0 when they go together.
    """

    constant: float
    elasticity: float
    middle: float
    covariance: Floats
    variance: float
    rows: int
    durbin_watson: float


def fit_elasticity(values: Floats, driver: Floats) -> Elastic | Withheld:
    """Fit log value = constant + elasticity·log driver by least squares.

    Assumes independent normal errors of the logarithms; two series that both just grow fit each
    other well without one driving the other, which a Durbin-Watson figure far below 2 points to.

    Withheld as `series_too_short` below four values, `not_above_zero`, `driver_constant`,
    `series_fits_exactly`.

    >>> found = fit_elasticity(np.array([1.0, 2.1, 2.9, 4.2]), np.array([1.0, 2, 3, 4]))
    >>> round(found.elasticity, 3)
    1.013
    """
    if len(values) < FEWEST:
        return Withheld("series_too_short", (("smallest", str(FEWEST)),))
    if not ((values > 0).all() and (driver > 0).all()):
        return Withheld("not_above_zero")
    x, y = np.log(driver), np.log(values)
    middle = float(x.mean())
    spread = float(((x - middle) ** 2).sum())
    if spread <= NO_ERROR**2:
        return Withheld("driver_constant")
    elasticity = float((x - middle) @ y) / spread
    constant = float(y.mean())
    errors = y - constant - elasticity * (x - middle)
    squares = float(errors @ errors)
    variance = squares / (len(values) - FITTED)
    if variance <= NO_ERROR**2:
        return Withheld("series_fits_exactly")
    covariance = np.diag([variance / len(values), variance / spread])
    durbin_watson = float((np.diff(errors) ** 2).sum()) / squares
    return Elastic(constant, elasticity, middle, covariance, variance, len(values), durbin_watson)


def elasticity_of(elastic: Elastic, *, confidence: float = 0.95) -> Outcome:
    """Give the elasticity with Student's t interval."""
    freedom = elastic.rows - FITTED
    se = float(np.sqrt(elastic.covariance[1, 1]))
    half = two_sided_t(confidence, freedom) * se
    ends = (elastic.elasticity - half, elastic.elasticity + half)
    return model_estimate(
        elastic.elasticity, ends, n=elastic.rows, method="log_log", se=se,
        degrees_of_freedom=freedom,
    )  # fmt: skip


def predict_elastic(elastic: Elastic, driver: Floats) -> list[Prediction]:
    """Give the distributions of values for further values of the driver, taken as known.

    The logarithm is Student's t, with the doubt about constant and elasticity in its variance.
    """
    found = []
    for place in np.log(driver).tolist():
        row = np.array([1.0, place - elastic.middle])
        centre = elastic.constant + elastic.elasticity * float(row[1])
        scale = float(np.sqrt(elastic.variance + row @ elastic.covariance @ row))
        found.append(Prediction("log_t", centre, scale, float(elastic.rows - FITTED)))
    return found
