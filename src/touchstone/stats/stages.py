"""Sums between sampling units over all stages of a design, for each variable and domain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from touchstone.base.errors import TouchstoneError
from touchstone.stats.designs import Design, Drawing, Stage, name_stratum, read_drawing
from touchstone.stats.variances import join_stages
from touchstone.stats.weights import without_weightless
from touchstone.tallies.between import BetweenSums, BetweenTable, between_sums
from touchstone.tallies.design_sums import DesignPlan, DesignSums
from touchstone.tallies.design_tallies import sum_design_by
from touchstone.tallies.engine import EngineName
from touchstone.tallies.limbs import Integers
from touchstone.tallies.tables import Snapshot

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class StagedSums:
    """All that figures need of a design's rows, for V variables and D domains.

    - `domains`: D keys, sorted; `((),)` without grouping columns.
    - `tables`: for each group of variables, the sums between units of each stage.
    - `degrees_of_freedom`: [V, D] first-stage units less first-stage strata, over the strata that
      have a row of the domain with a value (Korn and Graubard 1999, section 5.2). For all rows
      it is the units less the strata of the design, as `degf` of the R package survey gives it.
      Where the first stage drew each stratum's only unit, the next stage is the first in truth.
    - `is_census`: [V, D] whether every unit at every stage was drawn where the domain lies, so
      that there is no sampling error.
    - `weight_unit`, `value_units`: the stored integers that stand for 1.
    """

    domains: tuple[tuple[str, ...], ...]
    tables: tuple[tuple[BetweenTable, ...], ...]
    degrees_of_freedom: Integers
    is_census: Flags
    weight_unit: int
    value_units: tuple[int, ...]

    @cached_property
    def between(self) -> list[list[BetweenSums]]:
        """Sums of each variable and domain, [V][D], whose factors are those of all stages."""
        return [
            [join_stages(parts) for parts in zip(*rows, strict=True)]
            for stages in self.tables
            for rows in zip(*(table.cells for table in stages), strict=True)
        ]


def sum_stages(
    snapshot: Snapshot,
    design: Design,
    *,
    by: Sequence[str],
    values: Sequence[str],
    engine: EngineName = "kernel",
) -> StagedSums:
    """Sum a snapshot over the units of each stage of a design, exactly.

    Rows without a value leave the domain but stay in the design: their units still count among
    those drawn. The same holds for rows of weight 0. Rows with an empty `by` cell are in no
    domain. A variance of several stages is the sum of each stage's variance between units, times
    the chance that the drawing came to them (Särndal, Swensson and Wretman 1992, section 4.3).

    Every engine gives equal sums; the kernel is the fastest for rows in memory.

    Raises TouchstoneError DESIGN-01 to DESIGN-05 (see `designs`), DESIGN-06 when a domain has
    rows in a stratum with one drawn unit out of several, TALLY-01 to TALLY-05, and ENGINE-01 to
    ENGINE-04.
    """
    snapshot = without_weightless(snapshot, weight=design.weight, values=values)
    plan = DesignPlan(tuple(by), (), (), design.weight, tuple(values))
    stages = _sum_each_stage(snapshot, design, plan, engine)
    first = stages[0]
    return StagedSums(
        domains=first.sums.domains,
        tables=(tuple(between_sums(stage.sums, stage.factors) for stage in stages),),
        degrees_of_freedom=_degrees_of_freedom(stages),
        is_census=~np.logical_or.reduce([_has_error(stage) for stage in stages]),
        weight_unit=10**first.sums.weight_places,
        value_units=tuple(10**places for places in first.sums.value_places),
    )


def join_variables(parts: Sequence[StagedSums]) -> StagedSums:
    """Put the sums of several groups of variables, over the same domains, into one."""
    return StagedSums(
        domains=parts[0].domains,
        tables=tuple(stages for part in parts for stages in part.tables),
        degrees_of_freedom=np.concatenate([part.degrees_of_freedom for part in parts]),
        is_census=np.concatenate([part.is_census for part in parts]),
        weight_unit=parts[0].weight_unit,
        value_units=tuple(unit for part in parts for unit in part.value_units),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _StageSums:
    """What one stage drew, the sums over its units, and each stratum's factor of the variance."""

    drawing: Drawing
    sums: DesignSums
    factors: list[Fraction]


def _sum_each_stage(
    snapshot: Snapshot, design: Design, plan: DesignPlan, engine: EngineName
) -> list[_StageSums]:
    """Sum over the units of each stage, down to the first that has no fpc."""
    found: list[_StageSums] = []
    for stage in design.stages:
        here = replace(plan, strata=stage.strata, cluster=stage.cluster)
        sums = sum_design_by(snapshot, here, engine=engine)
        above = found[-1].drawing if found else None
        drawing = read_drawing(snapshot, stage, sums.stratum_psus, above=above)
        _refuse_lone_units(stage, drawing, sums)
        found.append(_StageSums(drawing, sums, drawing.variance_factors()))
        if stage.fpc is None:
            break
    return found


def _refuse_lone_units(stage: Stage, drawing: Drawing, sums: DesignSums) -> None:
    """Refuse a lone unit where a domain has a value: its spread is unknown, not 0."""
    alone = [
        place for place in np.flatnonzero(drawing.drawn == 1).tolist() if drawing.is_lone(place)
    ]
    if not alone:
        return
    held = sums.stratum[(sums.n > 0).any(axis=0)]
    faulty = np.intersect1d(alone, held)
    if len(faulty):
        others = f"; {len(faulty)} strata are like that" if len(faulty) > 1 else ""
        raise TouchstoneError(
            "DESIGN-06",
            where=name_stratum(stage, sums.strata[faulty[0]]),
            found=f"one drawn unit, so its sampling error is unknown{others}",
            remedy="Join the stratum with a similar one, or give it an fpc of 1 when all of its "
            "units were drawn.",
        )


def _degrees_of_freedom(stages: Sequence[_StageSums]) -> Integers:
    """Give [V, D] units less strata of the first stage that drew several units somewhere."""
    found = np.zeros((), np.int64)
    for stage in stages:
        surplus = stage.drawing.drawn[stage.sums.stratum] - 1
        here = _per_domain(stage.sums, _holding(stage.sums) * surplus)
        found = np.where(found == 0, here, found)
    return found


def _has_error(stage: _StageSums) -> Flags:
    """Tell for each variable and domain, [V, D], whether a stage adds to the sampling error."""
    adds = np.array([factor > 0 for factor in stage.factors], np.bool_)
    return _per_domain(stage.sums, _holding(stage.sums) & adds[stage.sums.stratum]) > 0


def _holding(sums: DesignSums) -> Flags:
    """Tell which cells hold a value, [V, C]; [1, C] when all variables have the same rows."""
    holding = sums.n[:1] > 0
    if (sums.n == sums.n[:1]).all():
        return holding
    return sums.n > 0


def _per_domain(sums: DesignSums, cells: Integers | Flags) -> Integers:
    """Add up figures of cells, [V or 1, C], to those of domains, [V, D]."""
    bounds = np.searchsorted(sums.domain, np.arange(len(sums.domains) + 1))
    running = np.zeros((len(cells), cells.shape[1] + 1), np.int64)
    np.cumsum(cells, axis=1, out=running[:, 1:])
    found = running[:, bounds[1:]] - running[:, bounds[:-1]]
    return np.broadcast_to(found, (len(sums.n), len(sums.domains)))
