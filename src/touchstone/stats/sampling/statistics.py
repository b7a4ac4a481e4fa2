"""Statistics of weighted rows: their value, and each row's score for linearisation."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from touchstone.stats.sampling.samples import Flags, Floats
from touchstone.tallies.limbs import Integers

SumKind = Literal["mean", "share", "total", "ratio"]


@dataclass(frozen=True, eq=False, slots=True)
class Measure:
    """What is estimated: a mean, share, total or ratio of columns of R rows.

    - `y`: [R] values; NaN where a row has none. A share has ones and zeros.
    - `x`: [R] the denominators of a ratio; None otherwise.
    - `variable` and `value` name it: the column or columns, and what a share counts.
    """

    kind: SumKind
    variable: str
    y: Floats
    x: Floats | None = None
    value: str | None = None

    @property
    def present(self) -> Flags:
        """Tell which rows have all that is needed."""
        found: Flags = ~np.isnan(self.y)
        return found if self.x is None else found & ~np.isnan(self.x)


@dataclass(frozen=True, eq=False, slots=True)
class Linearised:
    """The value of a statistic, and each row's score z, in the order of the rows it is made of.

    The error of the statistic is that of the total Σ w·z (Woodruff 1971).
    """

    value: float
    scores: Floats


def value_of(measure: Measure, rows: Integers, weights: Floats) -> Floats:
    """Give the statistic of some rows under weights [K] or, for C sets of them, [K, C].

    A mean is Σwy/Σw, a total Σwy, a ratio Σwy/Σwx. The caller sees to it that no denominator
    is 0.

    >>> mean = Measure("mean", "y", np.array([1.0, 2.0, 6.0]))
    >>> float(value_of(mean, np.arange(3), np.array([1.0, 1.0, 2.0])))
    3.75
    """
    total: Floats = measure.y[rows] @ weights
    if measure.kind == "total":
        return total
    found: Floats = total / denominator_of(measure, rows, weights)
    return found


def denominator_of(measure: Measure, rows: Integers, weights: Floats) -> Floats:
    """Give what the total of y is divided by: Σw, or Σwx for a ratio."""
    found: Floats = weights.sum(axis=0) if measure.x is None else measure.x[rows] @ weights
    return found


def linearise(measure: Measure, rows: Integers, weights: Floats) -> Linearised:
    """Give a statistic of some rows with weights [K], and the scores of these rows.

    The score of a mean is (y − ȳ)/Σw, of a ratio (y − r·x)/Σwx, of a total y itself.

    >>> ratio = Measure("ratio", "y/x", np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    >>> found = linearise(ratio, np.arange(2), np.ones(2))
    >>> found.value, found.scores.tolist()
    (1.0, [-0.25, 0.25])
    """
    value = float(value_of(measure, rows, weights))
    y = measure.y[rows]
    if measure.kind == "total":
        return Linearised(value, y)
    whole = float(denominator_of(measure, rows, weights))
    x = 1.0 if measure.x is None else measure.x[rows]
    return Linearised(value, (y - value * x) / whole)


def simple_variance(scores: Floats, weights: Floats) -> float | None:
    """Give the variance that Σ w·z would have under simple random sampling of as many rows.

    It is N²s²/n·(1 − n/N) with N = Σw and s² the weighted variance of the scores, as the R
    package survey takes it for `deff = TRUE`; without (1 − n/N) where the weights do not say
    that the population is larger than the sample. None where there is nothing to compare with.
    """
    n, whole = len(scores), float(weights.sum())
    if n < 2:
        return None
    mean = float(weights @ scores) / whole
    spread = float(weights @ (scores - mean) ** 2) / whole * n / (n - 1)
    # A spread this small comes from rounding: all scores are equal.
    if spread <= (1e-14 * float(np.abs(scores).max())) ** 2:
        return None
    variance = whole * whole * spread / n
    return variance * (1 - n / whole) if whole > n * (1 + 1e-9) else variance
