"""One compiled pass over rows in memory that gives all sums over sampling units at once."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from touchstone.tallies.design_sums import DesignPlan, DesignSums, refuse_absent
from touchstone.tallies.kernel import Bits, is_present, row_weights, share_work, sort_by_code
from touchstone.tallies.keys import ABSENT, Keys, encode_keys, number_pairs, stored_integers
from touchstone.tallies.limbs import (
    Integers,
    compiled,
    put_total,
    total_at,
    wide_add,
    wide_cut,
    wide_multiply,
)
from touchstone.tallies.plans import TallyPlan, check_sums
from touchstone.tallies.tables import Snapshot

NARROW_TOTAL = 2**62
Places = npt.NDArray[np.int32]


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
    heaviest, largest = check_sums(snapshot, TallyPlan((), (), plan.weight, plan.values))
    for name in plan.strata + plan.cluster:
        refuse_absent(snapshot.rows.column(name), name)
    domains = encode_keys(snapshot, plan.by, keep_nulls=False)
    strata = encode_keys(snapshot, plan.strata, keep_nulls=False)
    layout, psus = _lay_out(snapshot, plan, domains, strata)
    limbs = _limbs_of_totals(snapshot, plan, heaviest, largest)
    n, firsts, seconds = _sum_columns(snapshot, plan, layout, limbs)
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


def _lay_out(
    snapshot: Snapshot, plan: DesignPlan, domains: Keys, strata: Keys
) -> tuple[_Layout, Integers]:
    """Number cells and units of the rows; give also the PSUs of each stratum over all rows."""
    count = len(strata.labels)
    if not plan.cluster:
        cells, domain, stratum = number_pairs(domains, strata)
        order, starts = sort_by_code(cells, len(domain))
        units = np.full(len(cells), ABSENT, np.int64)
        units[order] = np.arange(len(order))
        psus = np.bincount(strata.codes, minlength=count)
    else:
        clusters = encode_keys(snapshot, plan.cluster, keep_nulls=False)
        psu_codes, stratum_of_psu, _ = number_pairs(strata, clusters)
        psus = np.bincount(stratum_of_psu, minlength=count)
        named = Keys(psu_codes, ((),) * len(stratum_of_psu))
        units, unit_domain, unit_psu = number_pairs(domains, named)
        unit_cell = unit_domain * count + stratum_of_psu[unit_psu]
        starts = np.flatnonzero(np.diff(unit_cell, prepend=-1, append=-2))
        domain, stratum = np.divmod(unit_cell[starts[:-1]], max(count, 1))
        # One place more at the end, where ABSENT (−1) points to.
        cells = np.append(np.repeat(np.arange(len(domain)), np.diff(starts)), ABSENT)[units]
    layout = _Layout(
        _numbers(units, int(starts[-1])), _numbers(cells, len(domain)), starts, domain, stratum
    )
    return layout, psus


def _numbers(codes: Integers, count: int) -> Places:
    """Shorten codes, which halves the memory to read; ABSENT becomes one place after all."""
    places = codes.astype(np.int32)
    places[places == ABSENT] = count
    return places


def _limbs_of_totals(snapshot: Snapshot, plan: DesignPlan, heaviest: int, largest: int) -> int:
    """Give the limbs that hold any unit's total of w and of w·y: one where they surely fit."""
    weights = heaviest * snapshot.rows.num_rows
    if plan.weight is not None and weights < NARROW_TOTAL:
        weights = int(pc.sum(snapshot.rows.column(plan.weight)).as_py() or 0)
    return 1 if weights * max(largest, 1) < NARROW_TOTAL else 2


def _sum_columns(
    snapshot: Snapshot, plan: DesignPlan, layout: _Layout, limbs: int
) -> tuple[Integers, Integers, Integers]:
    """Give counts [V, 2, C], first-order sums [V, 3, C, 2], squares [V, 3, C, 2·limbs]."""
    shape = (len(plan.values), 3, len(layout.domain))
    counts = np.empty((shape[0], 2, shape[2]), np.int64)
    firsts = np.empty((*shape, 2), np.int64)
    seconds = np.empty((*shape, 2 * limbs), np.int64)
    unit_count = int(layout.cell_starts[-1]) + 1
    totals = (unit_count,) if limbs == 1 else (unit_count, 2)
    rows = (layout.unit, layout.cell, row_weights(snapshot, plan.weight))
    present, b = np.zeros(unit_count, np.int64), np.zeros(totals, np.int64)
    _spread_weights(rows, b, present)

    def sum_some(positions: Iterable[int]) -> None:
        a, wyy = np.empty(totals, np.int64), np.empty((shape[2] + 1, 2), np.int64)
        own_b, own_present = np.empty_like(b), np.empty_like(present)
        for position in positions:
            column = stored_integers(snapshot.rows.column(plan.values[position]))
            a[:], wyy[:] = 0, 0
            units = (a, b, present)
            if len(column[1]):
                own_b[:], own_present[:] = b, present
                units = (a, own_b, own_present)
            _spread_values(rows, column, units, wyy)
            firsts[position, 2] = wyy[:-1]
            sums = (counts[position], firsts[position], seconds[position])
            _square_totals(layout.cell_starts, units, (0,) * (2 * limbs), sums)

    share_work(sum_some, len(plan.values))
    return counts, firsts, seconds


@compiled
def _spread_weights(rows: tuple[Places, Places, Integers], b: Integers, present: Integers) -> None:
    units, _, weights = rows
    for row in range(len(units)):
        unit = units[row]
        present[unit] += 1
        put_total(b, unit, wide_add(total_at(b, unit), weights[row]))


@compiled
def _spread_values(
    rows: tuple[Places, Places, Integers],
    column: tuple[Integers, Bits, int],
    totals: tuple[Integers, Integers, Integers],
    wyy: Integers,
) -> None:
    """Add w·y to each unit's A and w·y² to its cell; take rows without y out of B and count."""
    units, cells, weights = rows
    values, bits, first_bit = column
    a, b, present = totals
    for row in range(len(values)):
        unit, cell, weight = units[row], cells[row], weights[row]
        if is_present(bits, row + first_bit):
            total, y = total_at(a, unit), values[row]
            # Cut to the width of a total, which holds it: cheaper to multiply once more.
            product = wide_cut(wide_multiply(weight, y), total)
            put_total(a, unit, wide_add(total, product))
            put_total(wyy, cell, wide_add(total_at(wyy, cell), wide_multiply(product, y)))
        else:
            put_total(b, unit, wide_add(total_at(b, unit), -weight))
            present[unit] -= 1


@compiled
def _square_totals(
    cell_starts: Integers,
    totals: tuple[Integers, Integers, Integers],
    zero: tuple[int, ...],
    sums: tuple[Integers, Integers, Integers],
) -> None:
    """Add up counts, totals, squares and products of the units of each cell."""
    a, b, present = totals
    counts, firsts, seconds = sums
    for cell in range(len(cell_starts) - 1):
        n, psus = 0, 0
        w = wy = (0, 0)
        aa = ab = bb = zero
        for unit in range(cell_starts[cell], cell_starts[cell + 1]):
            of_a, of_b = total_at(a, unit), total_at(b, unit)
            n += present[unit]
            psus += present[unit] > 0
            w, wy = wide_add(w, of_b), wide_add(wy, of_a)
            aa = wide_add(aa, wide_multiply(of_a, of_a))
            ab = wide_add(ab, wide_multiply(of_a, of_b))
            bb = wide_add(bb, wide_multiply(of_b, of_b))
        counts[0, cell], counts[1, cell] = n, psus
        for limb in range(2):
            firsts[0, cell, limb], firsts[1, cell, limb] = w[limb], wy[limb]
        for limb in range(len(zero)):
            seconds[0, cell, limb], seconds[1, cell, limb] = aa[limb], ab[limb]
            seconds[2, cell, limb] = bb[limb]
