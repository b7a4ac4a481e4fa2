"""One compiled pass over rows in memory that gives all sums over sampling units at once."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.design_sums import DesignPlan, DesignSums
from touchstone.tallies.kernel import (
    Bits,
    each_in_threads,
    is_present,
    ordered_weights,
    sort_by_code,
)
from touchstone.tallies.keys import Keys, encode_keys, number_pairs, stored_integers
from touchstone.tallies.limbs import Integers, compiled, wide_add, wide_multiply
from touchstone.tallies.plans import TallyPlan, check_sums, largest_size
from touchstone.tallies.tables import Snapshot

NARROW_TOTAL = 2**62


@dataclass(frozen=True, eq=False, slots=True)
class _Layout:
    """Rows sorted by domain and unit, and where units and cells begin.

    `order`, `weights`: [rows in domains]. `unit_starts`: [units in domains + 1] positions in
    `order`. `cell_starts`: [cells + 1] positions in `unit_starts`. `domain`, `stratum`: [cells].
    """

    order: Integers
    weights: Integers
    unit_starts: Integers
    cell_starts: Integers
    domain: Integers
    stratum: Integers


@dataclass(frozen=True, eq=False, slots=True)
class _Units:
    """The sampling unit of each row, the stratum of each unit, and each stratum's size."""

    codes: Integers
    strata: Integers
    each_row: bool
    psus: Integers
    rows: Integers


def sum_design(snapshot: Snapshot, plan: DesignPlan) -> DesignSums:
    """Sum a snapshot's rows over domains, strata and sampling units in one pass.

    The result equals `design_sums_from_tallies` of the tallies of the same rows.

    Raises TouchstoneError TALLY-01 to TALLY-03 (see `plans.check_sums`), and TALLY-05 when a
    row has no stratum or cluster.
    """
    check_sums(snapshot, TallyPlan((), (), plan.weight, plan.values))
    for name in plan.strata + plan.cluster:
        refuse_absent(snapshot.rows.column(name), name)
    domains = encode_keys(snapshot, plan.by, keep_nulls=False)
    strata = encode_keys(snapshot, plan.strata, keep_nulls=False)
    units = _units(snapshot, plan, strata)
    layout = _lay_out(snapshot, plan, domains, units)
    n, firsts, seconds = _sum_columns(snapshot, plan, layout)
    return DesignSums(
        plan=plan,
        weight_places=snapshot.column(plan.weight).places if plan.weight else 0,
        value_places=tuple(snapshot.column(name).places for name in plan.values),
        domains=_whole_labels(domains),
        strata=_whole_labels(strata),
        stratum_psus=units.psus,
        stratum_rows=units.rows,
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


def refuse_absent(values: pa.ChunkedArray, name: str) -> None:
    """Refuse a stratum or cluster column with empty cells (TALLY-05)."""
    if values.null_count:
        raise TouchstoneError(
            "TALLY-05",
            where=f"column {name!r}",
            found=f"{values.null_count} rows have no stratum or cluster",
            remedy="Give each row its stratum and cluster, or leave the column out of the design.",
        )


def _whole_labels(keys: Keys) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(text for text in label if text is not None) for label in keys.labels)


def _units(snapshot: Snapshot, plan: DesignPlan, strata: Keys) -> _Units:
    count = len(strata.labels)
    rows = np.bincount(strata.codes, minlength=count)
    if not plan.cluster:
        # Rows that are their own units need no number: those of a stratum lie together anyhow.
        return _Units(strata.codes, np.arange(count), each_row=True, psus=rows, rows=rows)
    clusters = encode_keys(snapshot, plan.cluster, keep_nulls=False)
    codes, stratum_of_unit = number_pairs(strata, clusters)
    psus = np.bincount(stratum_of_unit, minlength=count)
    return _Units(codes, stratum_of_unit, each_row=False, psus=psus, rows=rows)


def _lay_out(snapshot: Snapshot, plan: DesignPlan, domains: Keys, units: _Units) -> _Layout:
    everything = np.arange(snapshot.rows.num_rows, dtype=np.int64)
    by_unit, _ = sort_by_code(everything, units.codes, len(units.strata))
    order, _ = sort_by_code(by_unit, domains.codes, len(domains.labels))
    cells = _find_cells(order, domains.codes, (units.codes, units.strata, units.each_row))
    return _Layout(order, ordered_weights(snapshot, plan.weight, order), *cells)


@compiled
def _find_cells(
    order: Integers, domains: Integers, units: tuple[Integers, Integers, bool]
) -> tuple[Integers, Integers, Integers, Integers]:
    codes, strata, each_row = units
    unit_starts = np.empty(len(order) + 1, np.int64)
    cell_starts = np.empty(len(order) + 1, np.int64)
    cell_domain = np.empty(len(order), np.int64)
    cell_stratum = np.empty(len(order), np.int64)
    found, cells = 0, 0
    domain, unit, stratum = -1, -1, -1
    for k in range(len(order)):
        next_domain, next_unit = domains[order[k]], codes[order[k]]
        moved = next_domain != domain
        if moved or each_row or next_unit != unit:
            if moved or strata[next_unit] != stratum:
                stratum = strata[next_unit]
                cell_starts[cells] = found
                cell_domain[cells], cell_stratum[cells] = next_domain, stratum
                cells += 1
            unit_starts[found] = k
            found += 1
            domain, unit = next_domain, next_unit
    unit_starts[found], cell_starts[cells] = len(order), found
    return (
        unit_starts[: found + 1].copy(),
        cell_starts[: cells + 1].copy(),
        cell_domain[:cells].copy(),
        cell_stratum[:cells].copy(),
    )


def _sum_columns(
    snapshot: Snapshot, plan: DesignPlan, layout: _Layout
) -> tuple[Integers, Integers, Integers]:
    """Give counts [V, 2, C], first-order sums [V, 3, C, 2], squares [V, 3, C, limbs]."""
    width = _total_width(snapshot, plan)
    shape = (len(plan.values), 3, len(layout.domain))
    counts = np.empty((shape[0], 2, shape[2]), np.int64)
    firsts = np.empty((*shape, 2), np.int64)
    seconds = np.empty((*shape, 2 * width), np.int64)
    rows = (layout.order, layout.weights, layout.unit_starts, layout.cell_starts)

    def sum_one(position: int) -> None:
        column = stored_integers(snapshot.rows.column(plan.values[position]))
        sums = (counts[position], firsts[position], seconds[position])
        _sum_units(rows, column, (0,) * width, sums)

    each_in_threads(sum_one, range(len(plan.values)))
    return counts, firsts, seconds


def _total_width(snapshot: Snapshot, plan: DesignPlan) -> int:
    """Give the limbs that hold any unit's total of w and w·y: one where they surely fit."""
    weights = snapshot.rows.num_rows
    if plan.weight is not None:
        stored = snapshot.rows.column(plan.weight)
        weights = largest_size(stored) * len(stored)
        if weights < NARROW_TOTAL:
            weights = int(pc.sum(stored).as_py() or 0)
    largest = max(largest_size(snapshot.rows.column(name)) for name in plan.values)
    return 1 if weights * max(largest, 1) < NARROW_TOTAL else 2


@compiled
def _sum_units(
    rows: tuple[Integers, Integers, Integers, Integers],
    column: tuple[Integers, Bits, int],
    zero: tuple[int, ...],
    sums: tuple[Integers, Integers, Integers],
) -> None:
    order, weights, unit_starts, cell_starts = rows
    counts, firsts, seconds = sums
    for cell in range(len(cell_starts) - 1):
        n, psus = 0, 0
        w = wy = wyy = (0, 0)
        aa = ab = bb = wide_multiply(zero, zero)
        for unit in range(cell_starts[cell], cell_starts[cell + 1]):
            part = (order, weights, unit_starts[unit], unit_starts[unit + 1])
            present, b, a, yy = _sum_unit(part, column, zero)
            n += present
            psus += present > 0
            w, wy, wyy = wide_add(w, b), wide_add(wy, a), wide_add(wyy, yy)
            aa = wide_add(aa, wide_multiply(a, a))
            ab = wide_add(ab, wide_multiply(a, b))
            bb = wide_add(bb, wide_multiply(b, b))
        counts[0, cell], counts[1, cell] = n, psus
        for limb in range(2):
            firsts[0, cell, limb], firsts[1, cell, limb] = w[limb], wy[limb]
            firsts[2, cell, limb] = wyy[limb]
        for limb in range(len(aa)):
            seconds[0, cell, limb], seconds[1, cell, limb] = aa[limb], ab[limb]
            seconds[2, cell, limb] = bb[limb]


@compiled
def _sum_unit(
    part: tuple[Integers, Integers, int, int],
    column: tuple[Integers, Bits, int],
    zero: tuple[int, ...],
) -> tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, int]]:
    order, weights, start, end = part
    values, bits, first_bit = column
    present = 0
    a = b = zero
    wyy = (0, 0)
    for k in range(start, end):
        row = order[k]
        if is_present(bits, row + first_bit):
            weight, y = weights[k], values[row]
            # Cut to the width of a total, which holds it: one multiplication the less.
            product = wide_add(zero, wide_multiply(weight, y))
            present += 1
            b = wide_add(b, weight)
            a = wide_add(a, product)
            wyy = wide_add(wyy, wide_multiply(product, y))
    return present, b, a, wyy
