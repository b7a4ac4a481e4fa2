"""The sampling variance that follows from how units differ within strata, in several stages."""

from dataclasses import dataclass

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.stats.sampling.choices import LoneUnits
from touchstone.stats.sampling.samples import DrawnStage, Flags, Floats, Sample, group_sums
from touchstone.tallies.limbs import Integers

# A stratum counts as drawn in full when less of it than this was left out.
NOTHING_LEFT = 1e-7


@dataclass(frozen=True, eq=False, slots=True)
class UnitSpread:
    """Sampling errors by linearisation, from the spread of units within strata.

    `lone_units` says what a stratum with one drawn unit out of several adds to the variance:

    - `fail`: it is refused, as its spread is unknown.
    - `remove` and `certainty`: nothing, as if the unit were all there is.
    - `adjust`: the square of the unit's distance from the mean of the whole sample.
    - `average`: as much as the other strata do on average.

    They are those of the option `survey.lonely.psu` of the R package survey.
    """

    sample: Sample
    lone_units: LoneUnits = "fail"

    @property
    def weights(self) -> Floats:
        """The weight of each row."""
        return self.sample.weights

    def variance(self, rows: Integers, scores: Floats) -> float:
        """Give the variance of the total Σ w·z of some rows' scores z; other rows have z = 0.

        With t the total of a unit, n the units drawn in its stratum and π their chance, a stage
        adds Σ_h n/(n − 1) Σ (1 − π)(t − t̄)², times the chance that the drawing came there
        (Särndal, Swensson and Wretman 1992, result 4.3.1). Chances that differ within a stratum
        are taken the same way, which is the approximation of Brewer and Donadio (2003) for
        drawing with unequal chances without replacement.

        Raises TouchstoneError DESIGN-06 as `lone_units` says.
        """
        weighted = self.sample.weights[rows] * scores
        return sum(self._stage_variance(stage, rows, weighted) for stage in self.sample.stages)

    def degrees_of_freedom(self, rows: Integers) -> int:
        """Count units less strata of the first stage that drew several, where the rows lie."""
        for stage in self.sample.stages:
            strata = np.unique(stage.stratum[stage.unit[rows]])
            found = int((stage.drawn[strata] - 1).sum())
            if found:
                return found
        return 0

    def is_census(self, rows: Integers) -> bool:
        """Tell whether everything was drawn where the rows lie, so that there is no error."""
        for stage in self.sample.stages:
            units = np.unique(stage.unit[rows])
            matters = stage.reached[stage.stratum[units]] > 0
            if ((1 - stage.chance[units] > NOTHING_LEFT) & matters).any():
                return False
        return True

    def _stage_variance(self, stage: DrawnStage, rows: Integers, weighted: Floats) -> float:
        units, place = np.unique(stage.unit[rows], return_inverse=True)
        totals = group_sums(place, weighted, len(units))
        strata, stratum = np.unique(stage.stratum[units], return_inverse=True)
        spread = _spread_of_strata(stage, (units, totals), (strata, stratum))
        left = 1 - group_sums(stratum, stage.chance[units], len(strata)) / np.bincount(stratum)
        is_lone = (stage.drawn[strata] == 1) & (left > NOTHING_LEFT) & (stage.reached[strata] > 0)
        if is_lone.any():
            spread = self._mend(stage, spread, (strata, is_lone), (totals, left, stratum))
        return float((stage.reached[strata] * spread).sum())

    def _mend(
        self,
        stage: DrawnStage,
        spread: Floats,
        lone: tuple[Integers, Flags],
        units: tuple[Floats, Floats, Integers],
    ) -> Floats:
        """Put in what lone units add to the variance."""
        strata, is_lone = lone
        totals, left, stratum = units
        if self.lone_units == "fail":
            refuse_lone_units(stage, strata[is_lone])
        if self.lone_units == "adjust":
            return np.where(is_lone, left * group_sums(stratum, totals, len(strata)) ** 2, spread)
        if self.lone_units == "average":
            _, group = np.unique(stage.parent[strata], return_inverse=True)
            known = np.bincount(group, ~is_lone)
            if not known.all():
                refuse_lone_units(stage, strata[known[group] == 0])
            times = np.bincount(group) / known
            return np.where(is_lone, 0.0, spread * times[group])
        return spread


def _spread_of_strata(
    stage: DrawnStage, units: tuple[Integers, Floats], strata: tuple[Integers, Integers]
) -> Floats:
    """Give n/(n − 1) Σ (1 − π)(t − t̄)² of each stratum, 0 where n is 1.

    Units of the stratum that hold none of the rows count with t = 0.
    """
    drawn = stage.drawn[strata[0]]
    own, totals = units
    stratum = strata[1]
    counted = np.bincount(stratum)
    mean = group_sums(stratum, totals, len(drawn)) / drawn
    left = 1 - stage.chance[own]
    inside = group_sums(stratum, left * (totals - mean[stratum]) ** 2, len(drawn))
    empty = drawn - counted
    if empty.any():
        inside += (stage.left[strata[0]] - group_sums(stratum, left, len(drawn))) * mean**2
    found: Floats = np.where(drawn > 1, inside * drawn / np.maximum(drawn - 1, 1), 0.0)
    return found


def refuse_lone_units(stage: DrawnStage, strata: Integers) -> None:
    """Refuse strata with one drawn unit out of several (DESIGN-06)."""
    others = f"; {len(strata)} strata are like that" if len(strata) > 1 else ""
    raise TouchstoneError(
        "DESIGN-06",
        where=stage.name(int(strata[0])),
        found=f"one drawn unit, so its sampling error is unknown{others}",
        remedy="Join the stratum with a similar one, give it an fpc of 1 when all of its units "
        "were drawn, or choose a rule for lone units.",
    )
