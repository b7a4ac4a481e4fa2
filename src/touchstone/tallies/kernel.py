"""The compiled engine: the same sums from integers in memory, exact in two 64-bit limbs."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from touchstone.tallies.keys import Bits, encode_keys, is_present, stored_integers
from touchstone.tallies.limbs import Integers, compiled, wide_add, wide_multiply
from touchstone.tallies.plans import SUM_TYPE, SUMS, TallyPlan
from touchstone.tallies.tables import Snapshot
from touchstone.tallies.workers import share_work


def sum_rows(snapshot: Snapshot, plan: TallyPlan) -> pa.Table:
    """Sum a snapshot's rows per cell of the plan; cells sorted by key, variables within."""
    keys = encode_keys(snapshot, plan.keys, keep_nulls=True)
    order, starts = sort_by_code(keys.codes, len(keys.labels))
    rows = (order, starts, row_weights(snapshot, plan.weight)[order])
    count = len(keys.labels)
    n = np.empty((count, len(plan.values)), np.int64)
    sums = np.empty((len(SUMS), count, len(plan.values), 2), np.int64)

    def sum_some(positions: Iterable[int]) -> None:
        for position in positions:
            column = stored_integers(snapshot.rows.column(plan.values[position]))
            _sum_runs(rows, column, n[:, position], sums[:, :, position])

    share_work(sum_some, len(plan.values))
    columns = [
        np.repeat(np.array(texts, object), len(plan.values))
        for texts in zip(*keys.labels, strict=True)
    ]
    return pa.table(
        [
            *(pa.array(texts, pa.string()) for texts in columns),
            pa.array(list(plan.values) * count, pa.string()),
            n.reshape(-1),
            *(decimals_from_limbs(sums[kind].reshape(-1, 2)) for kind in range(len(SUMS))),
        ],
        names=[*plan.keys, "variable", "n", *SUMS],
    )


def decimals_from_limbs(limbs: Integers) -> pa.Array:
    """Give [count, 2] limbs as decimal128(38, 0), which keeps its integers the same way."""
    content = pa.py_buffer(np.ascontiguousarray(limbs, "<i8"))
    return pa.Array.from_buffers(SUM_TYPE, len(limbs), [None, content])


def row_weights(snapshot: Snapshot, weight: str | None) -> Integers:
    """Give the stored weight of each row; ones without a weight column."""
    if weight is None:
        return np.ones(snapshot.rows.num_rows, np.int64)
    return stored_integers(snapshot.rows.column(weight))[0]


@compiled
def sort_by_code(codes: Integers, count: int) -> tuple[Integers, Integers]:
    """Sort row numbers by their code: the row numbers, and the `count` + 1 bounds of the codes.

    Rows with a negative code are left out; rows of one code keep their order (counting sort).
    """
    bounds = np.zeros(count + 1, np.int64)
    for row in range(len(codes)):
        if codes[row] >= 0:
            bounds[codes[row] + 1] += 1
    for code in range(count):
        bounds[code + 1] += bounds[code]
    free = bounds[:-1].copy()
    order = np.empty(bounds[count], np.int64)
    for row in range(len(codes)):
        code = codes[row]
        if code >= 0:
            order[free[code]] = row
            free[code] += 1
    return order, bounds


@compiled
def _sum_runs(
    rows: tuple[Integers, Integers, Integers],
    column: tuple[Integers, Bits, int],
    n: Integers,
    sums: Integers,
) -> None:
    order, starts, weights = rows
    values, bits, first_bit = column
    for run in range(len(starts) - 1):
        count = 0
        w = (0, 0)
        ww, wy, wyy = w, w, w
        for k in range(starts[run], starts[run + 1]):
            row = order[k]
            if is_present(bits, row + first_bit):
                weight, y = weights[k], values[row]
                product = wide_multiply(weight, y)
                count += 1
                w = wide_add(w, weight)
                ww = wide_add(ww, wide_multiply(weight, weight))
                wy = wide_add(wy, product)
                wyy = wide_add(wyy, wide_multiply(product, y))
        n[run] = count
        for limb in range(2):
            sums[0, run, limb], sums[1, run, limb] = w[limb], ww[limb]
            sums[2, run, limb], sums[3, run, limb] = wy[limb], wyy[limb]
