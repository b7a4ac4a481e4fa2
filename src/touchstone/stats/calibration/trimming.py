"""Weights trimmed to limits, alone or in turn with calibration."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.stats.calibration.calibrations import Calibration, calibrate
from touchstone.stats.calibration.choices import Method
from touchstone.stats.calibration.distances import Bounds
from touchstone.stats.calibration.margins import Floats, Margin, NumberTotal

MOST_TURNS = 200
# Weights beyond a limit by less of it are within.
SLACK = 1e-9


def trim_weights(weights: Floats, limits: Bounds) -> Floats:
    """Cut weights off at two limits and hand what was cut to the others, until all lie within.

    What is cut is shared out equally, as `trimWeights` of the R package survey does with
    `strict = TRUE`; the sum stays. Rows without weight stay without.

    Raises TouchstoneError CALIBRATION-08 when no weights of that sum lie within the limits.

    >>> trim_weights(np.array([1.0, 2.0, 9.0]), (0.0, 6.0)).tolist()
    [2.5, 3.5, 6.0]
    """
    held = weights > 0
    low, high = limits
    total, n = float(weights.sum()), int(held.sum())
    if not n * low * (1 - SLACK) <= total <= n * high * (1 + SLACK):
        _refuse(limits, total / max(n, 1))
    found = weights[held]
    for _ in range(MOST_TURNS):
        outside = (found < low * (1 - SLACK)) | (found > high * (1 + SLACK))
        if not outside.any():
            break
        cut = np.clip(found, low, high)
        rest = float((found - cut).sum())
        if outside.all():
            outside = (cut == low) if rest < 0 else (cut == high)
        cut[~outside] += rest / max(int((~outside).sum()), 1)
        found = cut
    else:
        _refuse(limits, total / n)
    trimmed = np.zeros(len(weights))
    trimmed[held] = found
    return trimmed


def calibrate_within(
    margins: Sequence[Margin],
    weights: Floats,
    *,
    limits: Bounds,
    method: Method = "rake",
    bounds: Bounds | None = None,
    numbers: Sequence[NumberTotal] = (),
) -> Calibration:
    """Calibrate and trim in turn until weights lie within limits and meet all totals.

    `limits` are multiples of the mean of the new weights. Calibration comes last, so that totals
    hold as exactly as without trimming; the limits hold within 1e-6 of them. Trimming trades
    bias for variance (Potter 1990): that what is cut off matters little is taken for granted.

    Raises TouchstoneError CALIBRATION-08 when that does not come about, and what `calibrate`
    raises.

    >>> sex = Margin("sex", ("f", "m"), np.array([0, 0, 1, 1]), np.array([6.0, 4.0]))
    >>> found = calibrate_within([sex], np.array([1.0, 9.0, 4.0, 6.0]), limits=(0.2, 1.8))
    >>> found.weights.round(3).tolist()
    [1.5, 4.5, 1.6, 2.4]
    """
    start = weights
    for _ in range(MOST_TURNS):
        found = calibrate(margins, start, method=method, bounds=bounds, numbers=numbers)
        held = found.weights[weights > 0]
        low, high = (limit * float(held.mean()) for limit in limits)
        if (held >= low * (1 - 1e-6)).all() and (held <= high * (1 + 1e-6)).all():
            return _with_given(found, weights)
        start = np.where(weights > 0, np.clip(found.weights, low, high), 0.0)
    raise _too_tight(limits, f"weights that reach from {held.min():g} to {held.max():g}")


def _with_given(found: Calibration, weights: Floats) -> Calibration:
    """Tell the weights that were given in the first place, for reports and errors."""
    if found.given is weights:
        return found
    cells = found.known.cells
    cell = cells.place[cells.of_row]
    held = cell >= 0
    sums = np.bincount(cell[held], weights[held], len(cells.weights)).astype(np.float64)
    known = replace(found.known, cells=replace(cells, weights=sums))
    return replace(found, given=weights, known=known)


def _refuse(limits: Bounds, mean: float) -> None:
    raise _too_tight(limits, f"weights whose mean is {mean:g}")


def _too_tight(limits: Bounds, found: str) -> TouchstoneError:
    return TouchstoneError(
        "CALIBRATION-08",
        where=f"the limits {limits[0]:g} and {limits[1]:g}",
        found=found,
        remedy="Widen the limits, or join categories that few rows have.",
    )
