"""Known totals of a population, and the categories of the rows that they are told for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from touchstone.base.errors import TouchstoneError

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.integer]
# Margins whose sums differ by less of their size tell the same total.
SAME_TOTAL = 1e-6
# Margins that sum to 1 this closely are shares.
IS_SHARE = 1e-3


@dataclass(frozen=True, eq=False, slots=True)
class Margin:
    """The totals of one classification of the population into L categories.

    - `name` tells it in reports, `labels` its categories.
    - `codes`: [rows] the category of each row, a position in `labels`.
    - `targets`: [L] the total of each category, as counts or as shares of the whole.
    """

    name: str
    labels: tuple[str, ...]
    codes: Codes
    targets: Floats


@dataclass(frozen=True, eq=False, slots=True)
class NumberTotal:
    """The known total of a number over the population, and its `values`, [rows]."""

    name: str
    values: Floats
    target: float


def check_margins(margins: Sequence[Margin]) -> None:
    """Refuse targets that no weights can meet, whatever the rows are.

    Raises TouchstoneError CALIBRATION-01 for a target below 0 or no number, CALIBRATION-04 when
    margins tell different totals of the population.

    >>> check_margins([Margin("sex", ("f", "m"), np.array([0, 1]), np.array([60.0, 40.0]))])
    """
    totals = []
    for margin in margins:
        bad = ~(np.isfinite(margin.targets) & (margin.targets >= 0))
        if bad.any() or not margin.targets.sum() > 0:
            place = int(np.flatnonzero(bad)[0]) if bad.any() else 0
            raise TouchstoneError(
                "CALIBRATION-01",
                where=f"margin {margin.name!r}, category {margin.labels[place]!r}",
                found=f"the target {margin.targets[place]:g}",
                remedy="Give targets of 0 or more, at least one of them above 0.",
            )
        totals.append(float(margin.targets.sum()))
    for margin, total in zip(margins, totals, strict=True):
        if abs(total - totals[0]) > SAME_TOTAL * totals[0]:
            raise TouchstoneError(
                "CALIBRATION-04",
                where=f"margin {margin.name!r}",
                found=f"targets that sum to {total:.10g}, those of {margins[0].name!r} to "
                f"{totals[0]:.10g}",
                remedy="Make all margins sum to the same total, or give all of them as shares "
                "that sum to 1.",
            )


def as_counts(margins: Sequence[Margin], total: float) -> tuple[Floats, ...]:
    """Give all targets as counts: shares, which sum to 1, become shares of `total`.

    All margins are made to sum to the total of the first, from which they may differ by rounding.

    >>> margin = Margin("sex", ("f", "m"), np.array([0, 1]), np.array([0.6, 0.4]))
    >>> as_counts([margin], 200.0)[0].tolist()
    [120.0, 80.0]
    """
    if not margins:
        return ()
    whole = float(margins[0].targets.sum())
    if abs(whole - 1) <= IS_SHARE:
        whole = total
    return tuple(margin.targets * (whole / margin.targets.sum()) for margin in margins)
