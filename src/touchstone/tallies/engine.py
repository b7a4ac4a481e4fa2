"""From a snapshot to its tallies, by whichever engine; the result is the same."""

from collections.abc import Callable
from importlib import import_module
from typing import Literal, cast

import pyarrow as pa

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.plans import Tallies, TallyPlan, cell_schema, check_sums, make_tallies
from touchstone.tallies.tables import Snapshot

__all__ = ["EngineName", "Tallies", "TallyPlan", "tally"]

EngineName = Literal["duckdb", "kernel", "spark"]
RowSummer = Callable[[Snapshot, TallyPlan], pa.Table]
# Named by module, so that a program loads only the engine it uses: each takes half a second.
ENGINES = {
    "duckdb": "touchstone.tallies.duckdb",
    "kernel": "touchstone.tallies.kernel",
    "spark": "touchstone.tallies.spark",
}
SPARK_PACKAGES = ("pyspark", "py4j")


def tally(snapshot: Snapshot, plan: TallyPlan, *, engine: EngineName = "duckdb") -> Tallies:
    """Reduce a snapshot's rows to exact sums per cell of the plan.

    A row without a value is not counted for that variable; a row with an empty key cell is
    summed under null. Every engine gives equal tallies. A snapshot without rows has no cells.

    Raises TouchstoneError TALLY-01 to TALLY-04 (see `plans.check_sums`) when sums could not be
    exact or weights are not fit, ENGINE-01 to ENGINE-04 when Spark is not there or fails;
    ValueError for an unknown engine or column.

    >>> from touchstone.tallies.tables import Column, build_snapshot
    >>> rows = pa.table({"town": ["A", "A", "B"], "y": [325, 175, None]})
    >>> columns = [Column("town", "text"), Column("y", "number", places=2)]
    >>> plan = TallyPlan(by=("town",), design=(), weight=None, values=("y",))
    >>> cells = tally(build_snapshot(columns, rows, ()), plan).cells
    >>> [(c["town"], c["n"], int(c["wy"])) for c in cells.to_pylist()]
    [('A', 2, 500), ('B', 0, 0)]
    """
    if engine not in ENGINES:
        raise ValueError(f"engine must be one of {sorted(ENGINES)}; got {engine!r}")
    check_sums(snapshot, plan)
    if snapshot.rows.num_rows == 0:
        return make_tallies(snapshot, plan, cell_schema(plan).empty_table())
    return make_tallies(snapshot, plan, _row_summer(engine)(snapshot, plan))


def _row_summer(engine: EngineName) -> RowSummer:
    """Load an engine; Spark is the only one that may not be installed."""
    try:
        return cast(RowSummer, import_module(ENGINES[engine]).sum_rows)
    except ModuleNotFoundError as fault:
        if (fault.name or "").partition(".")[0] not in SPARK_PACKAGES:
            raise
        raise TouchstoneError(
            "ENGINE-01",
            where=f"engine {engine!r}",
            found="PySpark is not installed",
            remedy="Install it with: pip install 'touchstone[spark]'; or take --engine duckdb, "
            "which gives the same figures.",
        ) from fault
