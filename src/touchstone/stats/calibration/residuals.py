"""Sampling errors after calibration: those of what the known totals do not tell."""

from dataclasses import dataclass, field, replace

import numpy as np

from touchstone.stats.calibration.calibrations import Calibration
from touchstone.stats.calibration.cells import cell_of_rows
from touchstone.stats.calibration.distances import solve_symmetric
from touchstone.stats.sampling.samples import Floats, group_sums
from touchstone.stats.sampling.unequal_chances import PairSpread
from touchstone.stats.sampling.unit_spread import UnitSpread
from touchstone.tallies.limbs import Integers


@dataclass(frozen=True, eq=False)
class CalibratedSpread:
    """Errors by linearisation under calibrated weights.

    The scores z of a statistic are regressed on what was known of the rows, x, with the given
    weights d; the variance is that of Σ w·(z − x·B) with the new weights w, over all rows, also
    those outside a domain (Deville and Särndal 1992, equation 3.4). It holds for every distance,
    as all are alike to first order. The totals are taken as known without error, and trimmed
    weights as if they had not been trimmed.

    It equals `calibrate` and `postStratify` of the R package survey. R's `rake` regresses without
    the given weights; the two agree where those are equal.
    """

    calibration: Calibration
    spread: UnitSpread | PairSpread
    _cell: Integers = field(repr=False)
    _rows: Integers = field(repr=False)

    @property
    def weights(self) -> Floats:
        """The calibrated weight of each row."""
        return self.calibration.weights

    def variance(self, rows: Integers, scores: Floats) -> float:
        """Give the variance of Σ w·z over some rows, the others having z = 0."""
        residuals = -self._fitted(rows, scores)[self._cell[self._rows]]
        residuals += group_sums(np.searchsorted(self._rows, rows), scores, len(self._rows))
        return self.spread.variance(self._rows, residuals)

    def degrees_of_freedom(self, rows: Integers) -> int:
        """Count units less strata, where the rows lie."""
        return self.spread.degrees_of_freedom(rows)

    def is_census(self, rows: Integers) -> bool:
        """Tell whether everything was drawn where the rows lie."""
        return self.spread.is_census(rows)

    def _fitted(self, rows: Integers, scores: Floats) -> Floats:
        """Give x·B of each cell."""
        known = self.calibration.known
        given = self.calibration.given[rows]
        sums = group_sums(self._cell[rows], given * scores, len(known.cells.weights))
        weights = known.cells.weights[:, np.newaxis]
        matrix = known.x.T @ (weights * known.x)
        scale = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
        slopes = solve_symmetric(matrix / np.outer(scale, scale), (known.x.T @ sums) / scale)
        fitted: Floats = known.x @ (slopes / scale)
        return fitted


def calibrated_spread(
    spread: UnitSpread | PairSpread, calibration: Calibration
) -> CalibratedSpread:
    """Join a sample's design with the weights it was calibrated to.

    The sample's own weights must be those that were given to `calibrate`.
    """
    new = replace(spread, sample=replace(spread.sample, weights=calibration.weights))
    cell = cell_of_rows(calibration.known.cells)
    return CalibratedSpread(calibration, new, cell, np.flatnonzero(cell >= 0))
