"""Errors of units drawn with unequal chances without replacement, from chances of pairs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.stats.sampling.samples import DrawnStage, Floats, Sample, group_sums
from touchstone.stats.sampling.unit_spread import UnitSpread, refuse_lone_units
from touchstone.tallies.limbs import Integers

PairForm = Literal["yates_grundy", "horvitz_thompson"]
PairMethod = Literal["hartley_rao", "overton"]


@dataclass(frozen=True, eq=False, slots=True)
class ApproximatePairs:
    """Joint chances of pairs of one stratum, approximated from the chances of each unit.

    With n units drawn and π their chances, the joint chance of two units is taken as
    π_i·π_j·(n − 1)/(n − π_i − π_j + p), p being the mean of π in the sample (`hartley_rao`,
    Hartley and Rao 1962), or as π_i·π_j·(n − 1)/(n − (π_i + π_j)/2) (`overton`, Overton 1985).
    Units of different strata are independent.
    """

    method: PairMethod

    def variance(self, stage: DrawnStage, units: Integers, totals: Floats, form: PairForm) -> float:
        """Give the variance of the sum of units' totals, other units having 0.

        As 1 − π_i·π_j/π_ij is a + b(π_i + π_j), sums over pairs follow from sums over units.
        """
        strata = stage.stratum[units]
        chance, count = stage.chance[units], len(stage.drawn)
        n = np.maximum(stage.drawn, 2).astype(np.float64)
        all_chances = stage.drawn - stage.left
        if self.method == "hartley_rao":
            a = 1 - (n + all_chances / np.maximum(stage.drawn, 1)) / (n - 1)
            b = 1 / (n - 1)
        else:
            a, b = 1 - n / (n - 1), 0.5 / (n - 1)
        sums = group_sums(strata, totals, count)
        by_chance = group_sums(strata, chance * totals, count)
        squares = group_sums(strata, totals**2, count)
        squares_by_chance = group_sums(strata, chance * totals**2, count)
        pairs = a * (sums**2 - squares) + 2 * b * (by_chance * sums - squares_by_chance)
        if form == "horvitz_thompson":
            return float((pairs + squares - squares_by_chance).sum())
        # Each unit's a + b(π_i + π_j) over its partners.
        row = (n - 1)[strata] * a[strata] + b[strata] * (
            (n - 2)[strata] * chance + all_chances[strata]
        )
        return float(pairs.sum() - (totals**2 * row).sum())


@dataclass(frozen=True, eq=False, slots=True)
class KnownPairs:
    """Joint chances of pairs of units that are known: `joint` [U, U], on its diagonal π itself."""

    joint: Floats

    def variance(self, stage: DrawnStage, units: Integers, totals: Floats, form: PairForm) -> float:  # noqa: ARG002 (alike ApproximatePairs)
        """Give the variance of the sum of units' totals, other units having 0."""
        all_totals = group_sums(units, totals, len(self.joint))
        chance = np.diag(self.joint)
        check = 1 - np.outer(chance, chance) / self.joint
        variance = float(all_totals @ check @ all_totals)
        if form == "horvitz_thompson":
            return variance
        return variance - float((check @ all_totals**2).sum())


@dataclass(frozen=True, eq=False, slots=True)
class PairSpread:
    """Sampling errors by linearisation from chances of pairs of first-stage units.

    With ť the total of a unit's w·z and Δ = 1 − π_i·π_j/π_ij, `horvitz_thompson` is ΣΣ Δ·ť_i·ť_j
    (Horvitz and Thompson 1952), `yates_grundy` −½ ΣΣ Δ(ť_i − ť_j)² (Sen 1953; Yates and Grundy
    1953), which needs a fixed number of draws in each stratum and is steadier. Later stages add
    theirs as in `UnitSpread`. A stratum with one unit out of several is refused (DESIGN-06).
    """

    sample: Sample
    pairs: ApproximatePairs | KnownPairs
    form: PairForm = "yates_grundy"

    def __post_init__(self) -> None:
        first = self.sample.stages[0]
        lone = np.flatnonzero((first.drawn == 1) & (first.left > 0))
        if len(lone):
            refuse_lone_units(first, lone)

    @property
    def weights(self) -> Floats:
        """The weight of each row."""
        return self.sample.weights

    def variance(self, rows: Integers, scores: Floats) -> float:
        """Give the variance of the total Σ w·z of some rows' scores z; other rows have z = 0."""
        first = self.sample.stages[0]
        units, place = np.unique(first.unit[rows], return_inverse=True)
        totals = group_sums(place, self.sample.weights[rows] * scores, len(units))
        below = replace(self.sample, stages=self.sample.stages[1:])
        first_stage = self.pairs.variance(first, units, totals, self.form)
        return first_stage + UnitSpread(below).variance(rows, scores)

    def degrees_of_freedom(self, rows: Integers) -> int:
        """Count units less strata, where the rows lie."""
        return UnitSpread(self.sample).degrees_of_freedom(rows)

    def is_census(self, rows: Integers) -> bool:
        """Tell whether everything was drawn where the rows lie."""
        return UnitSpread(self.sample).is_census(rows)


def known_pairs(sample: Sample, chances: Mapping[tuple[int, int], float]) -> KnownPairs:
    """Arrange known joint chances of pairs of units (by number, either way round) as a matrix.

    A unit's own chance is that of the sample; units of different strata are independent.

    Raises TouchstoneError DESIGN-08 when a pair of one stratum has no chance, or one that is not
    above 0 and at most the smaller chance of the two.
    """
    stage = sample.stages[0]
    joint = np.outer(stage.chance, stage.chance)
    is_same = stage.stratum[:, np.newaxis] == stage.stratum
    joint[is_same] = np.nan
    for (one, other), chance in chances.items():
        joint[one, other] = joint[other, one] = chance
    np.fill_diagonal(joint, stage.chance)
    most = np.minimum.outer(stage.chance, stage.chance) * (1 + 1e-9)
    bad = ~((joint > 0) & (joint <= most))
    if bad.any():
        one, other = (int(place) for place in np.argwhere(bad)[0])
        raise TouchstoneError(
            "DESIGN-08",
            where=f"{stage.name(int(stage.stratum[one]))}, units {one + 1} and {other + 1}",
            found="no joint chance"
            if np.isnan(joint[one, other])
            else f"the joint chance {joint[one, other]:g}, their own being "
            f"{stage.chance[one]:g} and {stage.chance[other]:g}",
            remedy="Give each pair of units of a stratum the chance that both were drawn, above "
            "0 and at most the smaller of their own chances.",
        )
    return KnownPairs(joint)
