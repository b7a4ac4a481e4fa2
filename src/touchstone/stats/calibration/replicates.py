"""Replicate weights calibrated like the weights themselves."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from touchstone.stats.calibration.calibrations import calibrate
from touchstone.stats.calibration.choices import Method
from touchstone.stats.calibration.distances import Bounds
from touchstone.stats.calibration.margins import Margin, NumberTotal
from touchstone.stats.sampling.by_replicates import ByReplicates


def calibrated_replicates(
    source: ByReplicates,
    margins: Sequence[Margin],
    *,
    method: Method = "rake",
    bounds: Bounds | None = None,
    numbers: Sequence[NumberTotal] = (),
) -> ByReplicates:
    """Calibrate the weights and each replicate of them to the same totals.

    So each replicate does what was done to the sample, and the errors follow without any formula
    (Rao, Yung and Hidiroglou 2002).

    Raises what `calibrate` raises, also when a replicate loses a whole category.
    """
    given = source.weights
    rows = np.arange(len(given))
    new = calibrate(margins, given, method=method, bounds=bounds, numbers=numbers).weights
    anew = [
        calibrate(margins, weights, method=method, bounds=bounds, numbers=numbers).weights
        for weights in source.replicate_weights(rows).T
    ]
    base = np.where(new > 0, new, 1.0)[:, np.newaxis]
    factors = np.column_stack(anew) / base
    return replace(
        source,
        sample=replace(source.sample, weights=new),
        replicates=replace(source.replicates, factors=factors, of_rows=True),
    )
