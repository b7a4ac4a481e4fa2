"""From a snapshot to its tallies, by whichever engine; the result is the same."""

from importlib import import_module
from typing import Any, Literal

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.plans import Tallies, TallyPlan, cell_schema, check_sums, make_tallies
from touchstone.tallies.stored_snapshots import StoredSnapshot, check_stored_sums
from touchstone.tallies.tables import Snapshot

__all__ = ["EngineName", "Tallies", "TallyPlan", "check_engine", "tally", "tally_stored"]

EngineName = Literal["duckdb", "kernel", "spark"]
# Named by module, so that a program loads only the engine it uses: each takes half a second.
ENGINES = {
    "duckdb": "touchstone.tallies.duckdb",
    "kernel": "touchstone.tallies.kernel",
    "spark": "touchstone.tallies.spark",
}
ENGINES_OF_FILES = ("duckdb", "spark")
SPARK_PACKAGES = ("pyspark", "py4j")


def tally(snapshot: Snapshot, plan: TallyPlan, *, engine: EngineName = "duckdb") -> Tallies:
    """Reduce a snapshot's rows to exact sums per cell of the plan.

    A row without a value is not counted for that variable; a row with an empty key cell is
    summed under null. Every engine gives equal tallies. A snapshot without rows has no cells.

    Raises TouchstoneError TALLY-01 to TALLY-04 (see `plans.check_sums`) when sums could not be
    exact or weights are not fit, ENGINE-01 to ENGINE-04 when Spark is not there or fails;
    ValueError for an unknown engine or column.

    >>> import pyarrow as pa
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
    return make_tallies(snapshot, plan, _load(engine).sum_rows(snapshot, plan))


def tally_stored(
    stored: StoredSnapshot, plan: TallyPlan, *, engine: EngineName = "duckdb"
) -> Tallies:
    """Reduce the rows of a stored snapshot to sums, without loading them: DuckDB or Spark.

    The tallies equal those that `tally` gives of the same rows. Raises as `tally` does; ValueError
    for the kernel, which needs rows in memory.
    """
    if engine not in ENGINES_OF_FILES:
        raise ValueError(f"engine must be one of {ENGINES_OF_FILES}; got {engine!r}")
    check_stored_sums(stored, plan)
    if stored.row_count == 0:
        return make_tallies(stored, plan, cell_schema(plan).empty_table())
    return make_tallies(stored, plan, _load(engine).sum_stored(stored, plan))


def check_engine(engine: EngineName) -> None:
    """Refuse an engine that cannot run here, before anything is to be summed.

    Raises TouchstoneError ENGINE-01 without PySpark, ENGINE-02 without Java, ENGINE-03 when Java
    does not run.

    >>> check_engine("duckdb")
    """
    loaded = _load(engine)
    if engine == "spark":
        loaded.check_java()


def _load(engine: EngineName) -> Any:
    """Load an engine; Spark is the only one that may not be installed."""
    try:
        return import_module(ENGINES[engine])
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
