"""The embedded engine: Ibis on DuckDB, in process, over the snapshot's Arrow table."""

import tempfile

import ibis
import pyarrow as pa

from touchstone.tallies.expressions import sum_cells
from touchstone.tallies.plans import TallyPlan
from touchstone.tallies.sql_rows import long_cells, numbered_plan, numbered_rows
from touchstone.tallies.stored_snapshots import StoredSnapshot
from touchstone.tallies.tables import Snapshot

FILE = "stored"


def sum_rows(snapshot: Snapshot, plan: TallyPlan) -> pa.Table:
    """Sum a snapshot's rows per cell of the plan; the cells come in no particular order."""
    connection = ibis.duckdb.connect()
    try:
        rows = ibis.memtable(numbered_rows(snapshot, plan))
        wide = connection.to_pyarrow(sum_cells(rows, numbered_plan(plan)))
    finally:
        connection.disconnect()
    return long_cells(snapshot, plan, wide)


def sum_stored(stored: StoredSnapshot, plan: TallyPlan) -> pa.Table:
    """Sum the rows of a stored snapshot, straight from its file, block by block.

    Memory holds the cells; should even these not fit, DuckDB lays them on the disk meanwhile.
    """
    with tempfile.TemporaryDirectory(prefix="touchstone-duckdb-") as folder:
        connection = ibis.duckdb.connect(temp_directory=folder)
        try:
            view = f"CREATE VIEW {FILE} AS FROM read_parquet({_quoted(str(stored.path))})"
            connection.raw_sql(view)
            rows = stored.numbered(stored.unbound(FILE), plan)
            wide = connection.to_pyarrow(sum_cells(rows, numbered_plan(plan)))
        finally:
            connection.disconnect()
    return long_cells(stored, plan, wide)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
