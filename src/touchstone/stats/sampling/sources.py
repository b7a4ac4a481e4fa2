"""Where a standard error comes from: the scores of the rows, or the replicates of the weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from touchstone.base.outcomes import Withheld
from touchstone.stats.sampling.samples import Floats
from touchstone.stats.sampling.statistics import Measure, linearise
from touchstone.tallies.limbs import Integers


class Term(NamedTuple):
    """One statistic of some rows, times a coefficient: a part of a contrast."""

    coefficient: float
    measure: Measure
    rows: Integers


class ErrorSource(Protocol):
    """What gives the sampling variance of statistics of a sample's rows."""

    @property
    def weights(self) -> Floats:
        """The weight of each row."""

    @property
    def method(self) -> str:
        """The name of the method, for the figures."""

    def variance_of(self, terms: Sequence[Term]) -> float | Withheld:
        """Give the variance of the sum of the terms, or why there is none."""

    def degrees_of_freedom(self, rows: Integers) -> int:
        """Give the degrees of freedom of a variance over some rows."""

    def is_census(self, rows: Integers) -> bool:
        """Tell whether everything was drawn where the rows lie."""


class Spread(Protocol):
    """What gives the variance of a total of scores."""

    @property
    def weights(self) -> Floats:
        """The weight of each row."""

    def variance(self, rows: Integers, scores: Floats) -> float:
        """Give the variance of Σ w·z over some rows."""

    def degrees_of_freedom(self, rows: Integers) -> int:
        """Give the degrees of freedom of a variance over some rows."""

    def is_census(self, rows: Integers) -> bool:
        """Tell whether everything was drawn where the rows lie."""


@dataclass(frozen=True, eq=False, slots=True)
class ByLinearisation:
    """Variances by Taylor linearisation: that of a statistic is that of its scores' total."""

    spread: Spread
    method: str = "taylor"

    @property
    def weights(self) -> Floats:
        """The weight of each row."""
        return self.spread.weights

    def variance_of(self, terms: Sequence[Term]) -> float | Withheld:
        """Give the variance of the sum of the terms, with the covariances between them.

        Terms may share rows and units; their scores are added before the variance is taken. An
        estimate of the variance below 0, which Horvitz and Thompson's can give, is withheld.
        """
        weights = self.spread.weights
        parts = [
            term.coefficient * linearise(term.measure, term.rows, weights[term.rows]).scores
            for term in terms
        ]
        rows = np.concatenate([term.rows for term in terms])
        variance = self.spread.variance(rows, np.concatenate(parts))
        return variance if variance >= 0 else Withheld("negative_variance")

    def degrees_of_freedom(self, rows: Integers) -> int:
        """Give the degrees of freedom of a variance over some rows."""
        return self.spread.degrees_of_freedom(rows)

    def is_census(self, rows: Integers) -> bool:
        """Tell whether everything was drawn where the rows lie."""
        return self.spread.is_census(rows)
