"""From tallies to grades at scale: up to 100,000,000 answers about 1,000,000 units, from Parquet.

    .venv/bin/python -m bench.scale [--quick] [--spark]

`touchstone grade` runs as a user starts it, on frozen evidence of the pack `lecturers` made here:
each rater answers for 100 units, so that the answers about a unit lie scattered over the file.
The floor is DuckDB alone: means and standard deviations by unit in floating-point numbers, without
intervals, places or grades. With --spark the middle size is graded on Spark, too.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from touchstone.tallies.tables import Column, parquet_metadata

BAR_SECONDS, BAR_GIBIBYTES = 60.0, 8.0
# Ten times the answers may take so many times as long: near to linear.
MOST_TIMES = 20.0
ANSWERS_EACH = 100
RATERS_AT_ONCE = 10_000
BYTES_PER_ANSWER = 12
SEED = 20_261_125
COMMAND = str(Path(sys.executable).with_name("touchstone"))
COLUMNS = (
    Column("s", "text"),
    Column("d", "text"),
    Column("dept", "text"),
    Column("service", "number"),
    Column("y", "number"),
)
# Runs a command and tells its seconds, processor seconds and peak memory.
TIMER = """
import json, resource, subprocess, sys, time
begun = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
found = {"code": done.returncode, "messages": done.stderr, "gibibytes": used.ru_maxrss / 2**20}
found["seconds"] = time.perf_counter() - begun
found["processor"] = used.ru_utime + used.ru_stime
print(json.dumps(found))
"""
FLOOR = "SELECT d, count(y), avg(y), stddev_samp(y) FROM read_parquet('{}') GROUP BY d"
FLOOR_PROGRAM = "import duckdb, sys; print(duckdb.sql(sys.argv[1]).to_arrow_table().num_rows)"


@dataclass(frozen=True, slots=True)
class Size:
    """How many units there are; each has about a hundred answers."""

    units: int

    @property
    def answers(self) -> int:
        """Count the answers."""
        return self.units * ANSWERS_EACH


SIZES = [Size(10_000), Size(100_000), Size(1_000_000)]
QUICK = [Size(1_000), Size(10_000)]


def make_up_evidence(size: Size, path: Path) -> None:
    """Write frozen evidence, sorted by rater and unit, some raters at a time."""
    chance = np.random.default_rng(SEED)
    level = chance.normal(3.5, 0.5, size.units)
    names = pa.array([f"{unit:07d}" for unit in range(size.units)])
    metadata = parquet_metadata(COLUMNS, ("s", "d"))
    schema = pa.schema([(one.name, one.arrow_type) for one in COLUMNS], metadata=metadata)
    step = size.units // ANSWERS_EACH
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for first in range(0, size.units, RATERS_AT_ONCE):
            count = min(RATERS_AT_ONCE, size.units - first)
            # A hundred different units each: one in every hundredth part, at a place by chance.
            places = chance.integers(0, step, (count, ANSWERS_EACH))
            unit = (places + np.arange(ANSWERS_EACH) * step).reshape(-1)
            answer = np.rint(level[unit] + chance.normal(0, 1, len(unit)))
            rater = np.repeat(np.arange(first, first + count), ANSWERS_EACH)
            table = {
                "s": pa.array([f"{one:07d}" for one in range(first, first + count)]).take(
                    pa.array(rater - first)
                ),
                "d": names.take(pa.array(unit)),
                "dept": pa.array([f"{one:02d}" for one in range(14)]).take(pa.array(unit % 14)),
                "service": unit % 2,
                "y": np.clip(answer, 1, 5).astype(np.int64),
            }
            writer.write_table(pa.table(table, schema=schema))


def timed(*command: str) -> dict[str, Any]:
    """Run a command in a process whose own child it is; give what it took."""
    done = subprocess.run(
        [sys.executable, "-c", TIMER, *command], check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    if found["code"]:
        raise RuntimeError(found["messages"])
    return found


def grade(evidence: Path, out: Path, engine: str = "duckdb") -> dict[str, Any]:
    """Time `touchstone grade` from its start to the written table."""
    asked = ("--pack", "lecturers", "--scheme", "teaching", "--engine", engine)
    return timed(COMMAND, "grade", str(evidence), *asked, "--out", str(out))


def check(evidence: Path, out: Path, size: Size) -> None:
    """Hold counts and means of all units against plain floating-point ones."""
    table = duckdb.sql(
        f"SELECT count(*), sum(g.n), max(abs(g.score::DOUBLE - f.mean)) "
        f"FROM read_parquet('{out}') g JOIN (SELECT d, avg(y) AS mean "
        f"FROM read_parquet('{evidence}') GROUP BY d) f ON f.d = g.unit WHERE g.n IS NOT NULL"
    )
    [(units, answers, distance)] = table.fetchall()
    assert (units, answers) == (size.units, size.answers)
    assert distance <= 0.005 + 1e-9


def line_of(size: Size, what: str, found: dict[str, Any]) -> str:
    """Write one measurement."""
    each = 1e9 * found["seconds"] / size.answers
    return (
        f"{size.answers:>11,} answers {size.units:>9,} units  {what:18} {found['seconds']:6.1f} s"
        f"  {found['processor']:6.1f} s of processors  {each:6.0f} ns an answer"
        f"  {found['gibibytes']:5.2f} GiB"
    )


def report(sizes: list[Size], folder: Path, *, with_spark: bool) -> dict[int, dict[str, Any]]:
    """Make, grade and check each size; print and give what it took, by answers."""
    taken: dict[int, dict[str, Any]] = {}
    for place, size in enumerate(sizes):
        needed = 2 * size.answers * BYTES_PER_ANSWER
        if shutil.disk_usage(folder).free < needed:
            print(f"{size.answers:>11,} answers: left out, they need {needed / 2**30:.0f} GiB")
            continue
        evidence, out = folder / "snapshot.parquet", folder / "grades.parquet"
        make_up_evidence(size, evidence)
        grade(evidence, out)
        out.unlink()
        found = taken[size.answers] = grade(evidence, out)
        check(evidence, out, size)
        print(line_of(size, "touchstone grade", found), flush=True)
        floor = timed(sys.executable, "-c", FLOOR_PROGRAM, FLOOR.format(evidence))
        print(line_of(size, "DuckDB, no errors", floor), flush=True)
        if with_spark and place == 1:
            other = folder / "spark.parquet"
            print(line_of(size, "grade on Spark", grade(evidence, other, "spark")), flush=True)
            assert other.read_bytes() == out.read_bytes()
        out.unlink()
    return taken


def main() -> None:
    """Measure, and end with 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, bars not held")
    parser.add_argument("--spark", action="store_true", help="grade the middle size on Spark too")
    arguments = parser.parse_args()
    sizes = QUICK if arguments.quick else SIZES
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as folder:
        taken = report(sizes, Path(folder), with_spark=arguments.spark)
    if arguments.quick:
        return
    largest, middle = (taken.get(size.answers) for size in (SIZES[-1], SIZES[-2]))
    if largest is None or middle is None:
        print("bar: the largest size was left out")
        sys.exit(1)
    times = largest["seconds"] / middle["seconds"]
    holds = largest["seconds"] <= BAR_SECONDS and largest["gibibytes"] <= BAR_GIBIBYTES
    holds = holds and times <= MOST_TIMES
    print(
        f"bar: {SIZES[-1].answers:,} answers in {BAR_SECONDS:.0f} s and {BAR_GIBIBYTES:.0f} GiB, "
        f"ten times the answers in at most {MOST_TIMES:.0f} times the time (here {times:.1f}): "
        + ("held" if holds else "missed")
    )
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
