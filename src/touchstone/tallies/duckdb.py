"""The embedded engine: Ibis on DuckDB, in process, over the snapshot's Arrow table."""

import ibis
import pyarrow as pa

from touchstone.tallies.expressions import sum_cells
from touchstone.tallies.plans import SUM_TYPE, SUMS, TallyPlan, key_texts
from touchstone.tallies.tables import Snapshot


def sum_rows(snapshot: Snapshot, plan: TallyPlan) -> pa.Table:
    """Sum a snapshot's rows per cell of the plan; the cells come in no particular order."""
    names = dict.fromkeys((*plan.keys, *plan.values, *([plan.weight] if plan.weight else [])))
    connection = ibis.duckdb.connect()
    try:
        rows = ibis.memtable(snapshot.rows.select(list(names)))
        wide = connection.to_pyarrow(sum_cells(rows, plan))
    finally:
        connection.disconnect()
    keys = [key_texts(snapshot, name, wide.column(name)) for name in plan.keys]
    parts = [
        pa.table(
            [
                *keys,
                pa.repeat(pa.scalar(variable), wide.num_rows),
                wide.column(f"n_{position}").cast(pa.int64()),
                *(wide.column(f"{kind}_{position}").cast(SUM_TYPE) for kind in SUMS),
            ],
            names=[*plan.keys, "variable", "n", *SUMS],
        )
        for position, variable in enumerate(plan.values)
    ]
    return pa.concat_tables(parts)
