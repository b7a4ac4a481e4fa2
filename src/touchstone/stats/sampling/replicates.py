"""Replicate weights: factors for units that make many samples out of one."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import linalg

from touchstone.base.errors import TouchstoneError
from touchstone.stats.sampling.samples import DrawnStage, Floats, Sample
from touchstone.stats.sampling.unit_spread import refuse_lone_units

Method = Literal["jk1", "jkn", "brr", "fay", "bootstrap"]
METHODS = ("jk1", "jkn", "brr", "fay", "bootstrap")
UNITS_OF_BALANCE = 2


@dataclass(frozen=True, eq=False, slots=True)
class Replicates:
    """R sets of weights, told as factors: variances are scale·Σ_r scales_r·(θ_r − θ̄)².

    - `factors` [U, R] of each first-stage unit in each replicate, by which weights are multiplied;
      or of each row, when `of_rows`.
    - `scale` and `scales` [R] are the constants of the variance.
    - `around_estimate`: θ̄ is the figure of the whole sample; otherwise the mean of replicates.
    """

    factors: Floats
    scale: float
    scales: Floats
    of_rows: bool = False
    around_estimate: bool = False


def jackknife(sample: Sample, *, by_stratum: bool) -> Replicates:
    """Leave one first-stage unit out at a time: JK1 without strata, JKn with them.

    The others of its stratum weigh n/(n − 1) times as much (Quenouille 1956; Rust and Rao 1996);
    scales are (1 − f)(n − 1)/n with the stratum's drawn fraction f.

    Raises TouchstoneError DESIGN-09 for JK1 of a design with strata, DESIGN-06 for a stratum
    with one unit out of several.
    """
    stage = sample.stages[0]
    if not by_stratum and len(stage.drawn) > 1:
        _refuse("jk1", f"{len(stage.drawn)} strata", "Take jkn, or name no strata.")
    left = stage.left / np.maximum(stage.drawn, 1)
    _refuse_lone(stage, left)
    units = np.flatnonzero(stage.drawn[stage.stratum] > 1)
    n = stage.drawn[stage.stratum[units]].astype(np.float64)
    is_same = stage.stratum[:, np.newaxis] == stage.stratum[units]
    factors = np.where(is_same, n / (n - 1), 1.0)
    factors[units, np.arange(len(units))] = 0.0
    return Replicates(factors, 1.0, left[stage.stratum[units]] * (n - 1) / n)


def balanced(sample: Sample, *, rho: float = 0.0) -> Replicates:
    """Take one of two units of each stratum in each replicate, balanced by a Hadamard matrix.

    The unit taken weighs 2 − ρ times as much, the other ρ times: ρ = 0 is balanced repeated
    replication (McCarthy 1969), 0 < ρ < 1 Fay's method (Judkins 1990), under which no domain
    loses all its rows. The scale is 1/(R(1 − ρ)²). Population sizes are not taken into account.

    Raises TouchstoneError DESIGN-09 when a stratum has not two units.
    """
    stage = sample.stages[0]
    if (stage.drawn != UNITS_OF_BALANCE).any():
        place = int(np.flatnonzero(stage.drawn != UNITS_OF_BALANCE)[0])
        found = f"{stage.drawn[place]} units in {stage.name(place)}"
        _refuse("brr", found, "Take jkn, or pair the units up into strata of two.")
    order = 1 << len(stage.drawn).bit_length()
    signs = linalg.hadamard(order)[1 : len(stage.drawn) + 1]
    first = np.zeros(len(stage.stratum), np.bool_)
    first[np.unique(stage.stratum, return_index=True)[1]] = True
    taken = np.where(first[:, np.newaxis], signs[stage.stratum] > 0, signs[stage.stratum] < 0)
    factors = np.where(taken, 2 - rho, rho)
    return Replicates(factors, 1 / (order * (1 - rho) ** 2), np.ones(order))


def bootstrap(sample: Sample, *, count: int, seed: int) -> Replicates:
    """Draw n − 1 of the n units of each stratum with replacement, many times.

    A unit weighs n/(n − 1) times as often as it was drawn (Rao and Wu 1988); scale 1/(R − 1).
    Population sizes are not taken into account. The same seed gives the same replicates.

    Raises TouchstoneError DESIGN-06 for a stratum with one unit.
    """
    stage = sample.stages[0]
    _refuse_lone(stage, np.ones(len(stage.drawn)))
    chance = np.random.default_rng(seed)
    order = np.argsort(stage.stratum, kind="stable")
    factors = np.empty((len(order), count))
    start = 0
    for n in np.bincount(stage.stratum).tolist():
        drawn = chance.multinomial(n - 1, np.full(n, 1 / n), size=count)
        factors[order[start : start + n]] = drawn.T * (n / (n - 1))
        start += n
    return Replicates(factors, 1 / (count - 1), np.ones(count))


def given_replicates(
    weights: Floats,
    replicates: npt.NDArray[np.float64],
    *,
    scale: float,
    scales: Floats | None = None,
    around_estimate: bool = False,
) -> Replicates:
    """Take replicate weights as they were given: `replicates` [rows, R] hold whole weights.

    Raises TouchstoneError DESIGN-09 when fewer than two are given or one is no number of 0 or
    more.
    """
    if replicates.shape[1] < 2 or not np.isfinite(replicates).all() or (replicates < 0).any():
        _refuse(
            "given",
            f"{replicates.shape[1]} columns, or a weight that is missing or below 0",
            "Give at least two columns, with a weight of 0 or more in each row.",
        )
    if scales is not None and len(scales) != replicates.shape[1]:
        _refuse(
            "given",
            f"{len(scales)} scales for {replicates.shape[1]} columns",
            "Give a scale for each column of replicate weights, or none.",
        )
    base = np.where(weights > 0, weights, 1.0)[:, np.newaxis]
    each = np.ones(replicates.shape[1]) if scales is None else scales
    return Replicates(replicates / base, scale, each, True, around_estimate)  # noqa: FBT003


def usual_scale(method: str, count: int, *, rho: float = 0.0) -> float:
    """Give the scale that a method of replication has, for given weights of which it is known.

    `jk1` (R − 1)/R, `jkn` 1, `brr` 1/R, `fay` 1/(R(1 − ρ)²), `bootstrap` 1/(R − 1), `sdr`
    (successive differences) 4/R.

    >>> usual_scale("jk1", 10), usual_scale("fay", 80, rho=0.5)
    (0.9, 0.05)
    """
    scales = {
        "jk1": (count - 1) / count,
        "jkn": 1.0,
        "brr": 1 / count,
        "fay": 1 / (count * (1 - rho) ** 2),
        "bootstrap": 1 / (count - 1),
        "sdr": 4 / count,
    }
    return scales[method]


def _refuse_lone(stage: DrawnStage, left: Floats) -> None:
    lone = np.flatnonzero((stage.drawn == 1) & (left > 0))
    if len(lone):
        refuse_lone_units(stage, lone)


def _refuse(method: str, found: str, remedy: str) -> None:
    raise TouchstoneError(
        "DESIGN-09", where=f"replicate weights, method {method}", found=found, remedy=remedy
    )
