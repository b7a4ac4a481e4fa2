"""All sums over sampling units of rows in memory, by compiled passes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import pyarrow.compute as pc

from touchstone.tallies.design_sums import DesignPlan, DesignSums, refuse_absent
from touchstone.tallies.kernel import row_weights
from touchstone.tallies.keys import Keys, encode_keys, stored_integers
from touchstone.tallies.limbs import Integers
from touchstone.tallies.narrow_sums import CellSums, UnitRows, sum_cells
from touchstone.tallies.packed_rows import StoredColumn, pack_rows
from touchstone.tallies.plans import TallyPlan, check_sums, largest_weight
from touchstone.tallies.tables import Snapshot
from touchstone.tallies.unit_layouts import Layout, in_order, lay_out
from touchstone.tallies.wide_sums import (
    rows_in_order,
    square_units,
    total_units,
    weigh_cells,
    weigh_units,
)
from touchstone.tallies.workers import count_workers, share_rows, share_work

NARROW_TOTAL = 2**62
SQUARE_TOTAL = 2**63
# Columns are packed this many at a time, and fewer where they would take more bytes together.
MOST_COLUMNS = 32
MOST_BYTES = 2**30
# Ranges of cells that each processor works on, so that none is left with much more than another.
RANGES = 4


def sum_design(snapshot: Snapshot, plan: DesignPlan) -> DesignSums:
    """Sum a snapshot's rows over domains, strata and sampling units in one pass.

    The result equals `design_sums_from_tallies` of the tallies of the same rows.

    Raises TouchstoneError TALLY-01 to TALLY-03 (see `plans.check_sums`), and TALLY-05 when a
    row has no stratum or cluster.
    """
    _, largest = check_sums(snapshot, TallyPlan((), (), plan.weight, plan.values))
    for name in plan.strata + plan.cluster:
        refuse_absent(snapshot.rows.column(name), name)
    domains, strata, clusters = (
        encode_keys(snapshot, names, keep_nulls=False)
        for names in (plan.by, plan.strata, plan.cluster)
    )
    layout, psus = lay_out(domains, strata, clusters if plan.cluster else None)
    sums = _sum_columns(snapshot, plan, layout, largest)
    cells = len(layout.domain)
    # Without empty values all variables share what stands here once.
    shared = {
        name: np.broadcast_to(part, (len(plan.values), cells, *part.shape[2:]))
        for name, part in sums._asdict().items()
    }
    return DesignSums(
        plan=plan,
        weight_places=snapshot.column(plan.weight).places if plan.weight else 0,
        value_places=tuple(snapshot.column(name).places for name in plan.values),
        domains=_whole_labels(domains),
        strata=_whole_labels(strata),
        stratum_psus=psus,
        domain=layout.domain,
        stratum=layout.stratum,
        **shared,
    )


def _whole_labels(keys: Keys) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(text for text in label if text is not None) for label in keys.labels)


@dataclass(frozen=True, eq=False, slots=True)
class _Work:
    """What the sums of every column share.

    `weights`: [rows] in the order of the layout's slots. `b`: [units] or [units, 2] Σw of each
    unit, whether or not a column has a value there. `sums` are to be filled.
    """

    layout: Layout
    columns: list[StoredColumn]
    largest: Sequence[int]
    weights: Integers
    b: Integers
    sums: CellSums


def _sum_columns(
    snapshot: Snapshot, plan: DesignPlan, layout: Layout, largest: Sequence[int]
) -> CellSums:
    """Sum each column in the shortest way in which its sums stay exact."""
    columns = [stored_integers(snapshot.rows.column(name)) for name in plan.values]
    total = _total_weight(snapshot, plan.weight)
    limbs = 1 if total * max(1, *largest) < NARROW_TOTAL else 2
    fits = [total * max(1, size**2) < NARROW_TOTAL for size in largest]
    weights = in_order(row_weights(snapshot, plan.weight), layout)
    units = len(layout.row_starts) - 1
    b = np.zeros(units if total < NARROW_TOTAL else (units, 2), np.int64)
    share_rows(
        lambda some: weigh_units(weights, layout.row_starts[some.start : some.stop + 1], b[some]),
        units,
    )
    # One limb each for everything, where no square of a unit's total can need more.
    is_short = all(fits) and _stay_squares_narrow(b, max(largest), layout.cell_starts)
    sums = _make_room(columns, len(layout.domain), (1, 1) if is_short else (2, 2 * limbs))
    work = _Work(layout, columns, largest, weights, b, sums)
    if len(sums.n) < len(columns):
        _weigh_cells(work, (b, np.diff(layout.row_starts)), 0)
    _sum_narrow(work, [place for place, fitting in enumerate(fits) if fitting])
    _sum_wide(work, [place for place, fitting in enumerate(fits) if not fitting], limbs)
    return sums


def _make_room(columns: list[StoredColumn], cells: int, limbs: tuple[int, int]) -> CellSums:
    """Make room for sums, in so many limbs for totals and for squares."""
    own = len(columns)
    shared = own if any(len(bits) for _, bits, _ in columns) else 1
    first, second = limbs
    return CellSums(
        n=np.empty((shared, cells), np.int64),
        psus=np.empty((shared, cells), np.int64),
        w=np.empty((shared, cells, first), np.int64),
        bb=np.empty((shared, cells, second), np.int64),
        wy=np.empty((own, cells, first), np.int64),
        wyy=np.empty((own, cells, first), np.int64),
        aa=np.empty((own, cells, second), np.int64),
        ab=np.empty((own, cells, second), np.int64),
    )


def _total_weight(snapshot: Snapshot, weight: str | None) -> int:
    """Give Σw, or a number above it where the sum itself could run over."""
    bound: int = snapshot.rows.num_rows * largest_weight(snapshot, weight)
    if weight is None or bound >= NARROW_TOTAL:
        return bound
    return int(pc.sum(snapshot.rows.column(weight)).as_py() or 0)


def _stay_squares_narrow(b: Integers, largest: int, cell_starts: Integers) -> bool:
    """Tell whether Σ(max|y|·Σw)² over the units of any cell fits in 64 bits."""
    most_units = int(np.diff(cell_starts).max(initial=0))
    total = int(b.max(initial=0)) * max(1, largest)
    return total * total * most_units < SQUARE_TOTAL


def _sum_narrow(work: _Work, places: list[int]) -> None:
    """Sum columns whose totals take one limb, as many at a time as memory allows."""
    column_bytes = max(1, 4 * len(work.weights))
    width = max(1, min(MOST_COLUMNS, MOST_BYTES // column_bytes))
    ranges = _cell_ranges(work.layout)
    for start in range(0, len(places), width):
        batch = places[start : start + width]
        # Where cells cannot be shared out, each processor sums some of the columns.
        parts = count_workers() if len(ranges) == 1 else 1
        groups = [batch[part::parts] for part in range(min(parts, len(batch)))]
        _sum_groups(work, groups, ranges)


def _sum_groups(
    work: _Work, groups: Sequence[list[int]], ranges: Sequence[tuple[int, int]]
) -> None:
    layout = work.layout
    rows = UnitRows(layout.row_starts, layout.cell_starts, work.weights, work.b)
    packed = [
        pack_rows([work.columns[v] for v in group], layout, max(work.largest[v] for v in group))
        for group in groups
    ]
    items = list(product(range(len(groups)), ranges))

    def sum_some(positions: Iterable[int]) -> None:
        for position in positions:
            group, cells = items[position]
            sum_cells(cells, rows, packed[group], np.array(groups[group]), work.sums)

    share_work(sum_some, len(items))


def _cell_ranges(layout: Layout) -> list[tuple[int, int]]:
    """Cut cells into ranges of about as many rows; one range where a single cell is too large."""
    row_of_cell = layout.row_starts[layout.cell_starts]
    rows = int(row_of_cell[-1])
    workers = count_workers()
    if int(np.diff(row_of_cell).max(initial=0)) * workers > rows:
        return [(0, len(layout.domain))]
    shares = np.arange(1, RANGES * workers) * rows // (RANGES * workers)
    edges = np.unique([0, *np.searchsorted(row_of_cell, shares), len(layout.domain)])
    return list(pairwise(edges.tolist()))


def _sum_wide(work: _Work, places: list[int], limbs: int) -> None:
    """Sum columns whose totals may take `limbs` limbs, one by one."""
    order = rows_in_order(work.layout) if places else np.zeros(0, np.int32)
    row_starts, cell_starts = work.layout.row_starts, work.layout.cell_starts
    units = len(row_starts) - 1

    def sum_some(positions: Iterable[int]) -> None:
        for place in (places[position] for position in positions):
            a, b = np.zeros((2, units) if limbs == 1 else (2, units, limbs), np.int64)
            present = np.zeros(units, np.int64)
            wyy = np.zeros((len(cell_starts) - 1, 2), np.int64)
            starts = (row_starts, cell_starts)
            rows = (order, work.weights)
            total_units(rows, starts, work.columns[place], (a, b, present), wyy)
            work.sums.wyy[place] = wyy
            squares = (work.sums.wy[place], work.sums.aa[place], work.sums.ab[place])
            square_units(cell_starts, (a, b), (0,) * squares[1].shape[-1], squares)
            if len(work.sums.n) == len(work.sums.wy):
                _weigh_cells(work, (b, present), place)

    share_work(sum_some, len(places))


def _weigh_cells(work: _Work, units: tuple[Integers, Integers], place: int) -> None:
    """Fill the counts and sums of weights of one variable, or of all together."""
    n, psus, w, bb = (part[place] for part in work.sums[:4])
    weigh_cells(work.layout.cell_starts, units, (0,) * bb.shape[-1], (n, psus), (w, bb))
