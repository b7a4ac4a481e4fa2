"""The distributed engine: the same Ibis expressions on Apache Spark, over a Parquet file."""

from collections.abc import Callable
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.expressions import sum_cells
from touchstone.tallies.plans import TallyPlan
from touchstone.tallies.spark_sessions import (
    SparkPlace,
    check_java,
    open_spark,
    without_warnings,
)
from touchstone.tallies.sql_rows import long_cells, numbered_plan, numbered_rows
from touchstone.tallies.stored_snapshots import StoredSnapshot
from touchstone.tallies.tables import Snapshot

__all__ = ["check_java", "sum_rows", "sum_stored"]
# Small enough that every core of a small cluster has some.
ROWS_PER_GROUP = 1_000_000


def sum_rows(snapshot: Snapshot, plan: TallyPlan) -> pa.Table:
    """Sum a snapshot's rows per cell of the plan; the cells come in no particular order.

    The rows reach Spark as one Parquet file in a folder for temporary files, never one by one
    through Python; on a cluster that folder must be one that all its machines see. Sums that
    would not fit are errors there (ANSI mode), but `plans.check_sums` has refused them before.

    Raises TouchstoneError ENGINE-02 and ENGINE-03 when Spark cannot start (see `open_spark`),
    ENGINE-04 when it fails at the work.
    """
    spark = open_spark()
    path = spark.new_path()
    pq.write_table(numbered_rows(snapshot, plan), path, row_group_size=ROWS_PER_GROUP)
    try:
        wide = _sum_file(spark, path, plan, lambda rows: rows)
    finally:
        path.unlink()
    return long_cells(snapshot, plan, wide)


def sum_stored(stored: StoredSnapshot, plan: TallyPlan) -> pa.Table:
    """Sum the rows of a stored snapshot, straight from its file; errors as in `sum_rows`."""
    spark = open_spark()
    # A link has a plain name, whatever signs the file's own has.
    link = spark.new_path()
    link.symlink_to(stored.path.absolute())
    try:
        wide = _sum_file(spark, link, plan, lambda rows: stored.numbered(rows, plan))
    finally:
        link.unlink()
    return long_cells(stored, plan, wide)


def _sum_file(
    spark: SparkPlace, path: Path, plan: TallyPlan, number: Callable[[ir.Table], ir.Table]
) -> pa.Table:
    """Sum a Parquet file; `number` gives its columns the names of `sql_rows.numbered_plan`."""
    name = f"rows_{spark.next_number()}"
    try:
        with without_warnings():
            rows = number(spark.ibis.read_parquet(str(path), table_name=name))
            # Ibis would hand the result over by pandas, which has no null among whole numbers.
            query = spark.ibis.compile(sum_cells(rows, numbered_plan(plan)))
            return spark.session.sql(query).toArrow()
    except (PySparkException, Py4JError) as fault:
        raise TouchstoneError(
            "ENGINE-04",
            where="engine 'spark'",
            found=f"Spark failed: {str(fault).strip().splitlines()[0]}",
            remedy="Look whether Spark has memory and disk enough, or take --engine duckdb.",
        ) from fault
    finally:
        spark.session.catalog.dropTempView(name)
