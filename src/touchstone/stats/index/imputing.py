"""Third step of an index: cells without a value are filled by a stated rule, or stay empty."""

from collections.abc import Sequence
from typing import get_args

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.stats.index.arrays import (
    Floats,
    Integers,
    Mask,
    empty_columns,
    mean_known,
    median_known,
    refuse_columns,
)
from touchstone.stats.index.choices import Imputation

IMPUTATIONS: tuple[Imputation, ...] = get_args(Imputation)
MOST_ROUNDS = 10_000
SETTLED = 1e-7
RIDGE = 0.01


def impute(
    values: Floats,
    method: Imputation,
    *,
    names: Sequence[str],
    groups: Sequence[str | None] | None = None,
) -> Floats:
    """Fill the cells of an array [units, indicators] that are NaN.

    - `none` leaves them.
    - `mean`, `median`: of the indicator over all units that have it.
    - `group_mean`, `group_median`: over the units of the same group; over all units where the
      group has none, and for units without a group. `groups` has one entry for each unit.
    - `regression`: the expected value given the unit's known cells, under one normal distribution
      of all indicators, by expectation and maximisation (Dempster, Laird and Rubin 1977) on
      standardised columns, with a ridge of 0.01 on the variances (Schafer 1997) so that more
      indicators than units, and collinear ones, do no harm.

    Assumes that what is missing does not differ from what is known but for chance (for a group,
    within the group; for regression, given the known cells). An imputed cell has no sampling
    error of its own here: vary the method in a sensitivity analysis.

    Raises INDEX-02 for an indicator without any value; INDEX-17 when the regression does not
    settle within 10,000 rounds; ValueError for an unknown method or groups that are not given.

    >>> cells = np.array([[1.0], [3.0], [np.nan], [10.0]])
    >>> impute(cells, "median", names=["roads"])[2].tolist()
    [3.0]
    >>> impute(cells, "group_mean", names=["roads"], groups=["a", "a", "a", "b"])[2].tolist()
    [2.0]
    """
    if method not in IMPUTATIONS:
        raise ValueError(f"method must be one of {IMPUTATIONS}; got {method!r}")
    missing = np.isnan(values)
    if method == "none" or not missing.any():
        return values
    refuse_columns(
        empty_columns(values),
        names,
        code="INDEX-02",
        found="no unit has a value",
        remedy="Take the indicator out, or bring evidence for it.",
    )
    if method == "regression":
        return _by_regression(values, missing)
    middle = median_known if method.endswith("median") else mean_known
    if method.startswith("group"):
        values = _by_groups(values, groups, method)
        missing = np.isnan(values)
    return np.where(missing, middle(values), values)


def _by_groups(values: Floats, groups: Sequence[str | None] | None, method: str) -> Floats:
    if groups is None or len(groups) != len(values):
        raise ValueError(f"groups must have one entry for each unit for {method}; got {groups!r}")
    middle = median_known if method.endswith("median") else mean_known
    filled = values.copy()
    for group in sorted({group for group in groups if group is not None}):
        inside = np.array([one == group for one in groups])
        some = values[inside]
        filled[inside] = np.where(np.isnan(some), middle(some), some)
    return filled


def _by_regression(values: Floats, missing: Mask) -> Floats:
    """Expect the missing cells, estimate the distribution anew, until nothing moves."""
    middle = mean_known(values)
    spread = np.sqrt(mean_known((values - middle) ** 2))
    spread = np.where(spread > 0, spread, 1.0)
    filled = np.where(missing, 0.0, (values - middle) / spread)
    mean, covariance = filled.mean(axis=0), _ridged(np.cov(filled, rowvar=False, bias=True))
    patterns, members = np.unique(missing, axis=0, return_inverse=True)
    rows_of = [np.flatnonzero(members.reshape(-1) == place) for place in range(len(patterns))]
    for _ in range(MOST_ROUNDS):
        before = filled[missing]
        extra = np.zeros_like(covariance)
        for gaps, rows in zip(patterns, rows_of, strict=True):
            if gaps.any():
                extra[np.ix_(gaps, gaps)] += _expect(filled, rows, gaps, (mean, covariance))
        mean = filled.mean(axis=0)
        covariance = _ridged(np.cov(filled, rowvar=False, bias=True) + extra / len(filled))
        if np.abs(filled[missing] - before).max() < SETTLED:
            return np.where(missing, filled * spread + middle, values)
    raise TouchstoneError(
        "INDEX-17",
        where="imputation by regression",
        found=f"the filled cells still moved after {MOST_ROUNDS} rounds",
        remedy="Fill by group_median, or screen units with fewer values out.",
    )


def _expect(filled: Floats, rows: Integers, gaps: Mask, normal: tuple[Floats, Floats]) -> Floats:
    """Fill the gaps of some rows in place; give the sum of the variances left in them."""
    mean, covariance = normal
    known = ~gaps
    if not known.any():
        filled[np.ix_(rows, gaps)] = mean[gaps]
        return len(rows) * covariance
    slope = np.linalg.solve(covariance[np.ix_(known, known)], covariance[np.ix_(known, gaps)])
    filled[np.ix_(rows, gaps)] = mean[gaps] + (filled[np.ix_(rows, known)] - mean[known]) @ slope
    left = covariance[np.ix_(gaps, gaps)] - covariance[np.ix_(gaps, known)] @ slope
    return len(rows) * left


def _ridged(covariance: Floats) -> Floats:
    square = np.atleast_2d(covariance)
    return square + RIDGE * np.eye(len(square))
