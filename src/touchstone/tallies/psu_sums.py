"""One compiled pass over rows in memory that gives all sums over sampling units at once."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from touchstone.tallies.design_sums import DesignPlan, DesignSums, refuse_absent
from touchstone.tallies.kernel import row_weights, sort_by_code
from touchstone.tallies.keys import ABSENT, Keys, encode_keys, number_pairs, stored_integers
from touchstone.tallies.limbs import Integers, compiled, widened
from touchstone.tallies.narrow_sums import (
    Places,
    StoredColumn,
    are_squares_narrow,
    group_size,
    spread_group,
    square_group,
)
from touchstone.tallies.plans import TallyPlan, check_sums, largest_weight
from touchstone.tallies.tables import Snapshot
from touchstone.tallies.wide_sums import spread_values, spread_weights, square_totals
from touchstone.tallies.workers import share_rows, share_work

NARROW_TOTAL = 2**62
SQUARE_TOTAL = 2**63


@dataclass(frozen=True, eq=False, slots=True)
class _Layout:
    """Where each row belongs: its cell (domain × stratum), and its unit (cell × PSU).

    `unit`, `cell`: [rows] numbers, sorted so that the units of a cell lie together; rows outside
    every domain have one number more than there are. `cell_starts`: [cells + 1] first unit of
    each cell. `domain`, `stratum`: [cells].
    """

    unit: Places
    cell: Places
    cell_starts: Integers
    domain: Integers
    stratum: Integers


def sum_design(snapshot: Snapshot, plan: DesignPlan) -> DesignSums:
    """Sum a snapshot's rows over domains, strata and sampling units in one pass.

    The result equals `design_sums_from_tallies` of the tallies of the same rows.

    Raises TouchstoneError TALLY-01 to TALLY-03 (see `plans.check_sums`), and TALLY-05 when a
    row has no stratum or cluster.
    """
    _, largest = check_sums(snapshot, TallyPlan((), (), plan.weight, plan.values))
    for name in plan.strata + plan.cluster:
        refuse_absent(snapshot.rows.column(name), name)
    domains, strata, clusters = _encode_all(snapshot, (plan.by, plan.strata, plan.cluster))
    layout, psus = _lay_out(domains, strata, clusters if plan.cluster else None)
    n, firsts, seconds = _sum_columns(snapshot, plan, layout, largest)
    return DesignSums(
        plan=plan,
        weight_places=snapshot.column(plan.weight).places if plan.weight else 0,
        value_places=tuple(snapshot.column(name).places for name in plan.values),
        domains=_whole_labels(domains),
        strata=_whole_labels(strata),
        stratum_psus=psus,
        domain=layout.domain,
        stratum=layout.stratum,
        n=n[:, 0],
        psus=n[:, 1],
        w=firsts[:, 0],
        wy=firsts[:, 1],
        wyy=firsts[:, 2],
        aa=seconds[:, 0],
        ab=seconds[:, 1],
        bb=seconds[:, 2],
    )


def _whole_labels(keys: Keys) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(text for text in label if text is not None) for label in keys.labels)


def _encode_all(snapshot: Snapshot, groups: Sequence[tuple[str, ...]]) -> list[Keys]:
    """Number several groups of columns at the same time."""
    found: list[Keys | None] = [None] * len(groups)

    def encode_some(places: Iterable[int]) -> None:
        for place in places:
            found[place] = encode_keys(snapshot, groups[place], keep_nulls=False)

    share_work(encode_some, len(groups))
    return [keys for keys in found if keys is not None]


def _lay_out(domains: Keys, strata: Keys, clusters: Keys | None) -> tuple[_Layout, Integers]:
    """Number cells and units of the rows; give also the PSUs of each stratum over all rows."""
    count = len(strata.labels)
    if clusters is None:
        cells, domain, stratum = number_pairs(domains, strata)
        order, starts = sort_by_code(cells, len(domain))
        units = np.full(len(cells), ABSENT, np.int64)
        units[order] = np.arange(len(order))
        psus = np.bincount(strata.codes, minlength=count)
    else:
        psu_codes, stratum_of_psu, _ = number_pairs(strata, clusters)
        psus = np.bincount(stratum_of_psu, minlength=count)
        named = Keys(psu_codes, ((),) * len(stratum_of_psu))
        units, unit_domain, unit_psu = number_pairs(domains, named)
        unit_cell = unit_domain * count + stratum_of_psu[unit_psu]
        starts = np.flatnonzero(np.diff(unit_cell, prepend=-1, append=-2))
        domain, stratum = np.divmod(unit_cell[starts[:-1]], max(count, 1))
    return _Layout(*_numbers(units, starts), starts, domain, stratum), psus


def _numbers(units: Integers, starts: Integers) -> tuple[Places, Places]:
    """Give the unit and the cell of each row in 32 bits; ABSENT becomes one place after all."""
    cells = len(starts) - 1
    # One place more at the end, where rows outside every domain point to.
    cell_of_unit = np.append(np.repeat(np.arange(cells), np.diff(starts)), cells)
    unit, cell = np.empty((2, len(units)), np.int32)

    def number(rows: slice) -> None:
        _number_rows(units[rows], cell_of_unit, unit[rows], cell[rows])

    share_rows(number, len(units))
    return unit, cell


@compiled
def _number_rows(units: Integers, cell_of_unit: Integers, unit: Places, cell: Places) -> None:
    for row in range(len(units)):
        here = units[row] if units[row] != ABSENT else len(cell_of_unit) - 1
        unit[row] = here
        cell[row] = cell_of_unit[here]


@dataclass(frozen=True, eq=False, slots=True)
class _Work:
    """What the sums of every column share.

    `rows`: unit, cell and weight of each row. `b`: [units] or [units, 2] Σw of each unit, and
    `present` its rows, whether or not a column has a value there. `sums`: counts [V, 2, C],
    first-order sums [V, 3, C, limbs] and squares [V, 3, C, limbs], to be filled.
    """

    layout: _Layout
    rows: tuple[Places, Places, Integers]
    b: Integers
    present: Integers
    sums: tuple[Integers, Integers, Integers]

    @property
    def shape(self) -> tuple[int, int]:
        """Units and cells, with one more of each for rows outside every domain."""
        return len(self.present), len(self.layout.domain) + 1


def _sum_columns(
    snapshot: Snapshot, plan: DesignPlan, layout: _Layout, largest: Sequence[int]
) -> tuple[Integers, Integers, Integers]:
    """Give counts [V, 2, C], first-order sums [V, 3, C, 2], squares [V, 3, C, 2·limbs]."""
    columns = [stored_integers(snapshot.rows.column(name)) for name in plan.values]
    weights = _total_weight(snapshot, plan.weight)
    limbs = 1 if weights * max(1, *largest) < NARROW_TOTAL else 2
    fits = [weights * max(1, size**2) < NARROW_TOTAL for size in largest]
    widths = (1 if weights < NARROW_TOTAL else 2, limbs)
    work = _prepare_work(
        snapshot, plan, layout, widths, largest=max(largest, default=0), fits=all(fits)
    )
    narrow = [place for place, fitting in enumerate(fits) if fitting]
    size = group_size(work.shape[0], len(narrow), os.cpu_count() or 1)
    groups = [narrow[start : start + size] for start in range(0, len(narrow), size)]
    groups += [[place] for place, fitting in enumerate(fits) if not fitting]

    def sum_some(positions: Iterable[int]) -> None:
        for position in positions:
            places = groups[position]
            if fits[places[0]]:
                _sum_group(work, [columns[place] for place in places], places)
            else:
                _sum_wide(work, columns[places[0]], places[0], limbs)

    share_work(sum_some, len(groups))
    return work.sums


def _total_weight(snapshot: Snapshot, weight: str | None) -> int:
    """Give Σw, or a number above it where the sum itself could run over."""
    bound: int = snapshot.rows.num_rows * largest_weight(snapshot, weight)
    if weight is None or bound >= NARROW_TOTAL:
        return bound
    return int(pc.sum(snapshot.rows.column(weight)).as_py() or 0)


def _prepare_work(
    snapshot: Snapshot,
    plan: DesignPlan,
    layout: _Layout,
    limbs: tuple[int, int],
    *,
    largest: int,
    fits: bool,
) -> _Work:
    """Sum the weights, in `limbs[0]` limbs, and make room for sums of totals of `limbs[1]`.

    `largest` is max|y| of all columns, `fits` tells that no total needs more than one limb.
    """
    shape = (len(plan.values), 3, len(layout.domain))
    units = int(layout.cell_starts[-1]) + 1
    rows = (layout.unit, layout.cell, row_weights(snapshot, plan.weight))
    b = np.zeros(units if limbs[0] == 1 else (units, 2), np.int64)
    present = np.zeros(units, np.int64)
    spread_weights(rows, b, present)
    # One limb each for everything, where no square of a unit's total can need more.
    is_narrow = fits and limbs == (1, 1) and _stay_squares_narrow(b, largest, layout.cell_starts)
    sums = (
        np.empty((shape[0], 2, shape[2]), np.int64),
        np.empty((*shape, 1 if is_narrow else 2), np.int64),
        np.empty((*shape, 1 if is_narrow else 2 * limbs[1]), np.int64),
    )
    return _Work(layout, rows, b, present, sums)


def _stay_squares_narrow(b: Integers, largest: int, cell_starts: Integers) -> bool:
    """Tell whether Σ(max|y|·Σw)² over the units of any cell fits in 64 bits."""
    most_units = int(np.diff(cell_starts).max(initial=0))
    total = int(b[:-1].max(initial=0)) * max(1, largest)
    return total * total * most_units < SQUARE_TOTAL


def _sum_group(work: _Work, columns: Sequence[StoredColumn], places: Sequence[int]) -> None:
    """Sum some columns whose totals take one limb."""
    starts = work.layout.cell_starts
    totals = spread_group(work.rows, columns, work.shape)
    if are_squares_narrow(totals, work.b, starts):
        square_group(starts, totals, (work.b, work.present), np.array(places), work.sums)
        return
    for k, place in enumerate(places):
        units = (np.ascontiguousarray(totals.a[:, k]), work.b, work.present)
        if len(totals.lost_rows):
            units = (
                units[0],
                work.b - totals.lost_weight[:, k],
                work.present - totals.lost_rows[:, k],
            )
        work.sums[1][place, 2] = widened(totals.wyy[:-1, k, np.newaxis], 2)
        _square_one(work, units, place)


def _sum_wide(work: _Work, column: StoredColumn, place: int, limbs: int) -> None:
    """Sum one column whose totals may take more than one limb."""
    b, present = work.b, work.present
    if limbs > b.ndim:
        b = widened(b[:, np.newaxis], limbs)
    if len(column[1]):
        b, present = b.copy(), present.copy()
    a, wyy = np.zeros(b.shape, np.int64), np.zeros((work.shape[1], 2), np.int64)
    spread_values(work.rows, column, (a, b, present), wyy)
    work.sums[1][place, 2] = wyy[:-1]
    _square_one(work, (a, b, present), place)


def _square_one(work: _Work, units: tuple[Integers, Integers, Integers], place: int) -> None:
    counts, firsts, seconds = work.sums
    zero = (0,) * seconds.shape[-1]
    sums = (counts[place], firsts[place], seconds[place])
    square_totals(work.layout.cell_starts, units, zero, sums)
