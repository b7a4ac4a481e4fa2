"""The cheapest cells to leave untold, so that a small cell can range widely enough."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from touchstone.stats.disclosure.knowledge import Number
from touchstone.stats.disclosure.tables import CountTable

# A cell that is silent already costs next to nothing, so that no needless ones are moved.
SILENT_LOSS = 1e-3
MOVED = 1e-6


@dataclass(frozen=True, eq=False, slots=True)
class Network:
    """A table as sums and the cells that stand in them, with the loss of leaving out each cell."""

    counts: tuple[int, ...]
    losses: tuple[int, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    standing: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, table: CountTable, losses: tuple[int, ...]) -> "Network":
        """Note for each cell in which sums it stands."""
        standing: list[list[int]] = [[] for _ in table.counts]
        for number, (total, parts) in enumerate(table.sums):
            for place in (total, *parts):
                standing[place].append(number)
        return cls(table.counts, losses, table.sums, tuple(map(tuple, standing)))


def cheapest_cover(
    network: Network, place: int, least: Number, silent: Collection[int]
) -> set[int]:
    """Give cells that must be silent so that one cell can range over `least`, at the least loss.

    Two movements of the table are sought that keep all sums, none below 0: in one the cell rises,
    in the other it falls, by `least` together; every cell that moves must be silent. The sums near
    the cell are tried first, then wider rings around it until it can move.

    >>> from touchstone.stats.disclosure.tables import cross_table
    >>> table = cross_table({("a",): 40, ("b",): 3, ("c",): 12})
    >>> cheapest_cover(Network.of(table, table.counts), 1, 10, {1})
    {1, 2}
    """
    if not network.standing[place]:
        return {place}
    near = set(network.standing[place])
    while True:
        found = _cover_within(network, near, place, least, silent)
        if found is not None:
            return found
        wider = {
            number
            for one in near
            for cell in (network.sums[one][0], *network.sums[one][1])
            for number in network.standing[cell]
        }
        if wider == near:
            return set(range(len(network.counts)))
        near = wider


def _cover_within(
    network: Network, near: set[int], place: int, least: Number, silent: Collection[int]
) -> set[int] | None:
    """Solve the linear programme on some sums; None when the cell cannot move enough."""
    rows = sorted(near)
    stand = {cell for row in rows for cell in (network.sums[row][0], *network.sums[row][1])}
    cells = [cell for cell in sorted(stand) if near.issuperset(network.standing[cell])]
    if place not in cells:
        return None
    matrix, size, at = _matrix(network, rows, cells), len(cells), cells.index(place)
    counts = np.array([network.counts[cell] for cell in cells], float)
    losses = np.array([_loss(network, cell, silent) for cell in cells])
    # Four parts for each cell: up and down in the first movement, up and down in the second.
    bounds = np.column_stack([np.full(size, np.inf), counts] * 2).T.ravel()
    bounds[size + at] = bounds[2 * size + at] = 0
    wide = sparse.csr_array(([1.0, 1.0], ([0, 0], [at, 3 * size + at])), shape=(1, 4 * size))
    pair = sparse.hstack([matrix, -matrix])
    moves = sparse.block_diag([pair, pair])
    done = optimize.linprog(
        np.tile(losses, 4),
        A_eq=sparse.vstack([moves, wide]),
        b_eq=np.append(np.zeros(2 * len(rows)), float(least)),
        bounds=np.column_stack([np.zeros(4 * size), bounds]),
        method="highs",
    )
    if done.x is None:
        return None
    moved = np.abs(done.x).reshape(4, size).max(axis=0) > MOVED
    return {cells[number] for number in np.flatnonzero(moved)} | {place}


def _matrix(network: Network, rows: list[int], cells: list[int]) -> sparse.csr_array:
    column = {cell: number for number, cell in enumerate(cells)}
    entries = [
        (number, column[cell], -1.0 if cell == network.sums[row][0] else 1.0)
        for number, row in enumerate(rows)
        for cell in (network.sums[row][0], *network.sums[row][1])
        if cell in column
    ]
    if not entries:
        return sparse.csr_array((len(rows), len(cells)))
    at_rows, at_columns, signs = zip(*entries, strict=True)
    return sparse.csr_array((signs, (at_rows, at_columns)), shape=(len(rows), len(cells)))


def _loss(network: Network, cell: int, silent: Collection[int]) -> float:
    return SILENT_LOSS if cell in silent else 1.0 + network.losses[cell]
