"""Errors from replicate weights: how a figure differs between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from touchstone.base.outcomes import Withheld
from touchstone.stats.sampling.replicates import Replicates
from touchstone.stats.sampling.samples import Floats, Sample
from touchstone.stats.sampling.sources import Term
from touchstone.stats.sampling.statistics import denominator_of, value_of
from touchstone.stats.sampling.unit_spread import UnitSpread
from touchstone.tallies.limbs import Integers

# As near to 0 as a singular value is taken to be 0, beside the largest.
RANK_TOLERANCE = 1e-5


@dataclass(frozen=True, eq=False, slots=True)
class ByReplicates:
    """Variances from replicate weights, scale·Σ_r scales_r·(θ_r − θ̄)² (Rust and Rao 1996)."""

    sample: Sample
    replicates: Replicates
    method: str = "replicates"

    @property
    def weights(self) -> Floats:
        """The weight of each row."""
        return self.sample.weights

    def variance_of(self, terms: Sequence[Term]) -> float | Withheld:
        """Give the variance of the sum of the terms: each replicate makes it anew.

        Withheld as `replicate_without_base` when a replicate leaves nothing to divide by.
        """
        values = np.zeros(self.replicates.factors.shape[1])
        whole = 0.0
        for times, measure, rows in terms:
            weights = self.replicate_weights(rows)
            if measure.kind != "total" and (denominator_of(measure, rows, weights) == 0).any():
                return Withheld("replicate_without_base")
            values += times * value_of(measure, rows, weights)
            whole += times * float(value_of(measure, rows, self.weights[rows]))
        counted = self.replicates.scales > 0
        centre = whole if self.replicates.around_estimate else float(values[counted].mean())
        spread = float((self.replicates.scales * (values - centre) ** 2).sum())
        return self.replicates.scale * spread

    def degrees_of_freedom(self, rows: Integers) -> int:
        """Count units less strata where the rows lie, at most the replicates less one.

        For given weights it is the rank of the rows' weights less one, as the R package survey
        takes it.
        """
        if not self.replicates.of_rows:
            of_design = UnitSpread(self.sample).degrees_of_freedom(rows)
            return min(of_design, int(self.replicates.factors.shape[1]) - 1)
        weights = self.replicate_weights(rows)
        sizes = np.sqrt(np.maximum(np.linalg.eigvalsh(weights.T @ weights), 0.0))
        return int((sizes > RANK_TOLERANCE * sizes.max()).sum()) - 1

    def is_census(self, rows: Integers) -> bool:
        """Tell whether everything was drawn where the rows lie."""
        return not self.replicates.of_rows and UnitSpread(self.sample).is_census(rows)

    def replicate_weights(self, rows: Integers) -> Floats:
        """Give the weights of some rows in each replicate, [K, R]."""
        place = rows if self.replicates.of_rows else self.sample.stages[0].unit[rows]
        found: Floats = self.weights[rows, np.newaxis] * self.replicates.factors[place]
        return found
