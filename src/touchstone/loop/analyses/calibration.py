"""Calibrating the weights of a snapshot to known totals."""

import numpy as np

from touchstone.content.analyses.calibration import CalibrationSpec
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.margins import targets_of
from touchstone.stats.calibration.calibrations import Calibration, calibrate
from touchstone.stats.calibration.distances import Bounds
from touchstone.stats.calibration.target_tables import join_targets
from touchstone.stats.calibration.trimming import calibrate_within
from touchstone.stats.snapshot_columns import numbers_of
from touchstone.tallies.plans import largest_weight


def find_calibration(spec: CalibrationSpec, evidence: Evidence) -> Calibration:
    """Calibrate the weight of each row; a row without a given weight weighs 1.

    Raises TouchstoneError CALIBRATION-01 to CALIBRATION-09, TALLY-02, TALLY-03.
    """
    snapshot, weight = evidence.snapshot, evidence.design.weight
    largest_weight(snapshot, weight)
    given = numbers_of(snapshot, weight) if weight else np.ones(snapshot.rows.num_rows)
    joined, totals = join_targets(snapshot, targets_of(spec.margins))
    factors = bounds_of(spec.lowest_factor, spec.highest_factor)
    trim = bounds_of(spec.lowest_weight, spec.highest_weight)
    if trim is None:
        return calibrate(joined, given, method=spec.method, bounds=factors, numbers=totals)
    return calibrate_within(
        joined, given, limits=trim, method=spec.method, bounds=factors, numbers=totals
    )


def bounds_of(lowest: object, highest: object) -> Bounds | None:
    """Give two bounds as numbers; None where there are none."""
    return None if lowest is None or highest is None else (float(str(lowest)), float(str(highest)))
