"""The embedded engine: Ibis on DuckDB, in process, over the snapshot's Arrow table."""

import ibis
import pyarrow as pa

from touchstone.tallies.expressions import sum_cells
from touchstone.tallies.plans import TallyPlan
from touchstone.tallies.sql_rows import long_cells, numbered_plan, numbered_rows
from touchstone.tallies.tables import Snapshot


def sum_rows(snapshot: Snapshot, plan: TallyPlan) -> pa.Table:
    """Sum a snapshot's rows per cell of the plan; the cells come in no particular order."""
    connection = ibis.duckdb.connect()
    try:
        rows = ibis.memtable(numbered_rows(snapshot, plan))
        wide = connection.to_pyarrow(sum_cells(rows, numbered_plan(plan)))
    finally:
        connection.disconnect()
    return long_cells(snapshot, plan, wide)
