"""What an action did to its indicator, beyond what comparable units did."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Outcome, Withheld
from touchstone.content.analyses.effect import EffectSpec
from touchstone.loop.analyses.evidence import Evidence, too_few_rows
from touchstone.loop.analyses.periods import rows_by_period
from touchstone.stats.effects.differences import Difference, difference_in_differences
from touchstone.stats.effects.event_studies import PreTrend, Step, event_study, trends_before
from touchstone.stats.effects.panels import (
    Cells,
    Panel,
    in_order_of_time,
    panel_by_flags,
    panel_by_starts,
)
from touchstone.stats.effects.placebos import (
    PlaceboDate,
    PlaceboUnits,
    placebo_dates,
    placebo_units,
)
from touchstone.stats.effects.synthetic_controls import SyntheticControl, synthetic_control
from touchstone.stats.effects.verdicts import Verdict, verdict_of_differences, verdict_of_synthetic
from touchstone.stats.snapshot_columns import levels_of, numbers_of

# Faults of single units, whose messages name them.
FAULTS_OF_UNITS = ("EFFECT-01", "EFFECT-02")


class Differences(NamedTuple):
    """A difference in differences with its steps and checks."""

    difference: Difference
    steps: tuple[Step, ...]
    trend: PreTrend | Withheld
    dates: tuple[PlaceboDate, ...]
    units: PlaceboUnits | Withheld


class Effect(NamedTuple):
    """What was found of an action, and what may be said of it; `is_named`: units may be named."""

    panel: Panel
    found: Differences | SyntheticControl | Withheld
    verdict: Verdict
    is_named: bool = True

    @property
    def outcome(self) -> Outcome:
        """The effect itself."""
        if isinstance(self.found, Differences):
            return self.found.difference.outcome
        return self.found.outcome if isinstance(self.found, SyntheticControl) else self.found


def find_effect(spec: EffectSpec, evidence: Evidence) -> Effect | Withheld:
    """Hold units with the action against those without, with all checks; see `stats.effects`.

    Withheld as `too_few_rows` where the units with the action or those without have fewer rows
    than the smallest group; where the units may be people, fewer units. None of these is looked
    at alone: `one_person`. Raises TouchstoneError EFFECT-01 to EFFECT-07.
    """
    is_named = evidence.may_name(spec.unit)
    try:
        panel = panel_of(spec, evidence)
    except TouchstoneError as fault:
        if is_named:
            raise
        raise _unnamed(fault, spec, evidence) from None
    if _smaller_side(panel, is_named=is_named) < spec.smallest_group:
        return too_few_rows(spec.smallest_group)
    if spec.method == "synthetic" and not is_named:
        return Withheld("one_person")
    return effect_in(panel, spec)._replace(is_named=is_named)


def effect_in(panel: Panel, spec: EffectSpec) -> Effect:
    """Tell the effect of the action in a panel whose units may all be named."""
    confidence = float(spec.confidence)
    if spec.method == "synthetic":
        mixture = synthetic_control(panel, confidence=confidence)
        return Effect(panel, mixture, verdict_of_synthetic(mixture, confidence=confidence))
    found = _differences(panel, spec)
    checks = found.difference.outcome, found.trend, found.dates, found.units
    return Effect(panel, found, verdict_of_differences(*checks, confidence=confidence))


def _smaller_side(panel: Panel, *, is_named: bool) -> int:
    """Count values of the units with the action, or without it, whichever are fewer.

    Where units may be people, those that were seen in every period are counted in their place.
    """
    seen = np.isfinite(panel.values)
    counts = np.sum(seen if is_named else seen.all(axis=1, keepdims=True), axis=1)
    return int(min(counts[panel.treated].sum(), counts[~panel.treated].sum()))


def _differences(panel: Panel, spec: EffectSpec) -> Differences:
    confidence = float(spec.confidence)
    return Differences(
        difference_in_differences(panel, confidence=confidence),
        event_study(panel, confidence=confidence).steps if spec.method == "event" else (),
        trends_before(panel),
        placebo_dates(panel, confidence=confidence),
        placebo_units(panel, draws=spec.draws, seed=spec.seed),
    )


def panel_of(spec: EffectSpec, evidence: Evidence) -> Panel:
    """Read a panel of units, periods and the action; raises EFFECT-01 to EFFECT-07."""
    time, value = str(spec.time), str(spec.value)
    if spec.periods:
        kept = [spec.unit, *([spec.treated] if spec.treated else [])]
        snapshot, _, time, value = rows_by_period(evidence.snapshot, spec.periods, kept=kept)
        evidence = evidence._replace(snapshot=snapshot)
    snapshot = evidence.snapshot
    units, periods = levels_of(snapshot, spec.unit), levels_of(snapshot, time)
    _refuse_empty(units.codes < 0, spec.unit, evidence)
    _refuse_empty(periods.codes < 0, time, evidence)
    cells = Cells(units, in_order_of_time(periods), numbers_of(snapshot, value))
    if spec.treated is None:
        return panel_by_starts(cells, spec.starts)
    flags = _flags(spec.treated, evidence)
    if spec.since is None:
        return panel_by_flags(cells, flags)
    marked = np.bincount(units.codes, flags, len(units.names)) > 0
    return panel_by_starts(
        cells, {units.names[place]: spec.since for place in np.flatnonzero(marked).tolist()}
    )


def _flags(name: str, evidence: Evidence) -> npt.NDArray[np.bool_]:
    """Say of each row whether the action holds."""
    flags = numbers_of(evidence.snapshot, name)
    _refuse_empty(np.isnan(flags), name, evidence)
    wrong = flags[~np.isin(flags, (0, 1))]
    if len(wrong):
        raise TouchstoneError(
            "EFFECT-06",
            where=f"{evidence.where}, column {name!r}",
            found=f"the number {wrong[0]:g}",
            remedy="Write 1 where the action holds and 0 where it does not.",
        )
    holds: npt.NDArray[np.bool_] = flags == 1
    return holds


def _refuse_empty(empty: npt.NDArray[np.bool_], name: str, evidence: Evidence) -> None:
    if empty.any():
        raise TouchstoneError(
            "EFFECT-07",
            where=f"{evidence.where}, column {name!r}",
            found="an empty cell",
            remedy="Fill it in, or take the row out.",
        )


def _unnamed(fault: TouchstoneError, spec: EffectSpec, evidence: Evidence) -> TouchstoneError:
    """Take the name of a unit out of a fault."""
    if fault.code not in FAULTS_OF_UNITS:
        return fault
    where = f"{evidence.where}, column {spec.unit!r}"
    return TouchstoneError(fault.code, where=where, found=fault.found, remedy=fault.remedy)
