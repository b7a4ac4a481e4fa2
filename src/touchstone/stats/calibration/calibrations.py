"""Weights calibrated to margins and totals, with what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.stats.calibration.cells import Cells, cell_of_rows, collapse, spread_factors
from touchstone.stats.calibration.choices import Method
from touchstone.stats.calibration.distances import (
    Bounds,
    distance_of,
    fit_cells,
)
from touchstone.stats.calibration.margins import (
    Floats,
    Margin,
    NumberTotal,
    as_counts,
    check_margins,
)
from touchstone.stats.calibration.raking import rake_cells


class Target(NamedTuple):
    """One known total: of which margin and category, before and after calibration."""

    margin: str
    category: str | None
    target: float
    before: float
    after: float


class WeightSummary(NamedTuple):
    """What calibration made of the weights.

    `smallest` to `largest` are new over given weight, `negative` the new weights below 0,
    `design_effect` Kish's 1 + cv² of the new weights (1965), `effective` the rows n over it.
    """

    rows: int
    total: float
    smallest: float
    largest: float
    negative: int
    design_effect: float
    effective: float


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of C cells: their categories in the margins, numbers, and the totals, [P].

    `numbers` is [C, K]. `names` are those of the totals: margin and category, or a number alone.
    """

    cells: Cells
    sizes: tuple[int, ...]
    numbers: Floats
    names: tuple[tuple[str, str | None], ...]
    totals: Floats

    @cached_property
    def x(self) -> Floats:
        """Ones and zeros for each category, then the numbers, as [C, P]."""
        digits = self.cells.levels
        parts = [np.eye(size)[digits[:, place]] for place, size in enumerate(self.sizes)]
        return np.hstack([*parts, self.numbers])

    def sums(self, weights: Floats) -> Floats:
        """Give Σ weight·x over the cells, [P]."""
        digits = self.cells.levels
        parts = [
            np.bincount(digits[:, place], weights, size) for place, size in enumerate(self.sizes)
        ]
        return np.concatenate([*parts, weights @ self.numbers])


@dataclass(frozen=True, eq=False)
class Calibration:
    """Calibrated weights, [rows], and all that their errors need.

    `given` are the weights before. `known` is what was known of the cells, and `steps` how many
    rounds or steps it took to meet it.
    """

    method: Method
    given: Floats
    weights: Floats
    known: Known
    steps: int

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Each known total, and what the given and the new weights make of it."""
        cell = cell_of_rows(self.known.cells)
        held = cell >= 0
        cells = self.known.cells.weights
        new = np.bincount(cell[held], self.weights[held], len(cells)).astype(np.float64)
        before, after = self.known.sums(cells), self.known.sums(new)
        return tuple(
            Target(*name, *figures)
            for name, *figures in zip(
                self.known.names,
                self.known.totals.tolist(),
                before.tolist(),
                after.tolist(),
                strict=True,
            )
        )

    @cached_property
    def summary(self) -> WeightSummary:
        """What calibration made of the weights."""
        held = self.given > 0
        ratio = self.weights[held] / self.given[held]
        new = self.weights[held]
        total, n = float(new.sum()), len(new)
        effect = n * float((new**2).sum()) / total**2
        ends = float(ratio.min()), float(ratio.max())
        return WeightSummary(n, total, *ends, int((new < 0).sum()), effect, n / effect)


def calibrate(
    margins: Sequence[Margin],
    weights: Floats,
    *,
    method: Method = "rake",
    bounds: Bounds | None = None,
    numbers: Sequence[NumberTotal] = (),
) -> Calibration:
    """Change weights as little as possible so that they meet known totals.

    - `rake` multiplies by factors of each category, all above 0 (Deming and Stephan 1940).
    - `linear` is the generalised regression estimator; factors may be below 0.
    - `logit` keeps factors within `bounds` (Deville and Särndal 1992).
    - `poststratify` makes the weights of each category of one margin sum to its target.

    `bounds` also cut off the factors of `rake` and `linear`. Work is done on the cells that all
    categories make, not on rows; only `numbers` need the rows. Non-response is taken to depend
    on nothing but what is known of the population.

    Raises TouchstoneError CALIBRATION-01 to CALIBRATION-07.

    >>> sex = Margin("sex", ("f", "m"), np.array([0, 0, 1]), np.array([60.0, 40.0]))
    >>> found = calibrate([sex], np.ones(3))
    >>> found.weights.tolist(), found.targets[0]
    ([30.0, 30.0, 40.0], Target(margin='sex', category='f', target=60.0, before=2.0, after=60.0))
    """
    _check_request(margins, numbers, method, bounds)
    check_margins(margins)
    cells = _cells_of(margins, weights, numbers)
    targets = as_counts(margins, float(cells.weights.sum()))
    _refuse_empty(margins, targets, cells)
    known = _known(margins, cells, numbers, targets)
    if method in ("rake", "poststratify") and bounds is None and not numbers:
        raked, steps = rake_cells(cells.levels, cells.weights, targets)
        if not steps:
            _refuse_misfit(known, known.sums(raked))
        factors = raked / cells.weights
    else:
        distance = distance_of("rake" if method == "poststratify" else method, bounds)
        fitted = fit_cells(known.x, cells.weights, known.totals, distance)
        if not fitted.converged:
            _refuse_misfit(known, known.totals - fitted.misfit)
        factors, steps = fitted.factors, fitted.steps
    return Calibration(method, weights, spread_factors(cells, factors, weights), known, steps)


def _check_request(
    margins: Sequence[Margin],
    numbers: Sequence[NumberTotal],
    method: Method,
    bounds: Bounds | None,
) -> None:
    if not margins and not numbers:
        raise ValueError("calibrate needs a margin or a number; got none")
    if method == "poststratify" and (len(margins) != 1 or numbers):
        raise TouchstoneError(
            "CALIBRATION-07",
            where="method poststratify",
            found=f"{len(margins)} margins and {len(numbers)} numbers",
            remedy="Give one margin, of all columns crossed, or rake to several.",
        )
    if bounds is None and method != "logit":
        return
    low, high = bounds or (np.nan, np.nan)
    if not (0 <= low < 1 < high < np.inf):
        raise TouchstoneError(
            "CALIBRATION-07",
            where=f"method {method}",
            found="no bounds" if bounds is None else f"the bounds {low:g} and {high:g}",
            remedy="Give bounds of new over given weight, from 0 up, 1 lying between them.",
        )


def _cells_of(margins: Sequence[Margin], weights: Floats, numbers: Sequence[NumberTotal]) -> Cells:
    """Collapse the rows; with numbers, of which each row has its own, rows are the cells."""
    cells = collapse(margins, weights)
    if not numbers:
        return cells
    for one in numbers:
        bad = ~np.isfinite(one.values)
        if bad.any():
            raise TouchstoneError(
                "CALIBRATION-02",
                where=f"column {one.name!r}",
                found=f"{int(bad.sum())} rows without a number, the first of them "
                f"row {int(np.flatnonzero(bad)[0]) + 1}",
                remedy="Give each row the number, or take it out.",
            )
    held = np.flatnonzero(weights > 0)
    place = np.full(len(weights), -1, np.int64)
    place[held] = np.arange(len(held))
    levels = cells.levels[cell_of_rows(cells)[held]]
    return replace(
        cells,
        of_row=np.arange(len(weights), dtype=np.int32),
        place=place,
        levels=levels,
        weights=weights[held],
    )


def _known(
    margins: Sequence[Margin],
    cells: Cells,
    numbers: Sequence[NumberTotal],
    targets: Sequence[Floats],
) -> Known:
    names: list[tuple[str, str | None]] = [
        (margin.name, label) for margin in margins for label in margin.labels
    ]
    columns = np.zeros((len(cells.weights), len(numbers)))
    held = np.flatnonzero(cells.place >= 0)
    for place, one in enumerate(numbers):
        names.append((one.name, None))
        columns[:, place] = one.values[held]
    return Known(
        cells=cells,
        sizes=tuple(len(margin.labels) for margin in margins),
        numbers=columns,
        names=tuple(names),
        totals=np.concatenate([*targets, [one.target for one in numbers]]),
    )


def _refuse_empty(margins: Sequence[Margin], targets: Sequence[Floats], cells: Cells) -> None:
    """Refuse a category that the population has and the sample has not."""
    for place, (margin, target) in enumerate(zip(margins, targets, strict=True)):
        held = np.bincount(cells.levels[:, place], minlength=len(target)) > 0
        empty = np.flatnonzero((target > 0) & ~held)
        if len(empty):
            others = f"; {len(empty)} categories are like that" if len(empty) > 1 else ""
            raise TouchstoneError(
                "CALIBRATION-03",
                where=f"margin {margin.name!r}, category {margin.labels[int(empty[0])]!r}",
                found=f"a target of {target[empty[0]]:g}, but no row with a weight{others}",
                remedy="Join the category with a similar one, in the margin and in the rows.",
            )


def _refuse_misfit(known: Known, reached: Floats) -> None:
    """Refuse weights that do not meet their targets, and name the one missed the farthest."""
    totals = known.totals
    away = np.abs(reached - totals) / np.maximum(np.abs(totals), 1e-300)
    worst = int(np.argmax(np.where(totals == 0, np.abs(reached - totals), away)))
    margin, category = known.names[worst]
    of = f"margin {margin!r}" + ("" if category is None else f", category {category!r}")
    raise TouchstoneError(
        "CALIBRATION-05",
        where=of,
        found=f"weights that come to {reached[worst]:.6g} and no nearer to the target "
        f"{totals[worst]:.6g}: no weights within the bounds meet all targets together",
        remedy="Join categories that few rows have, widen the bounds, or check whether targets "
        "contradict each other.",
    )
