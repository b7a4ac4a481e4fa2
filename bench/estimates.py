"""Means with exact design-based errors: 1,000,000 rows × 20 columns, 1,000 domains, in memory.

    .venv/bin/python -m bench.estimates [--quick]

Each measurement runs in a process of its own, so that its peak memory is its own. The peers are
DuckDB, which sums the same rows per cluster and domain (the errors would still have to follow),
and the floor: a plain compiled pass over rows whose clusters are numbered already.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import duckdb
import numba
import numpy as np
import pyarrow as pa

from touchstone.stats.designs import Design
from touchstone.stats.estimates import estimate
from touchstone.tallies.tables import Column, Snapshot

# Seconds (median) and mebibytes (peak).
BARS = (0.15, 2048)
LARGE_BARS = (1.5, 8192)
ROUNDS = 7
SEED = 20_261_124
DESIGN = Design("w", ("stratum",), ("cluster",))


@dataclass(frozen=True, slots=True)
class Size:
    """How much is estimated."""

    rows: int = 1_000_000
    columns: int = 20
    domains: int = 1_000

    @property
    def names(self) -> list[str]:
        """Name the columns of values."""
        return [f"y{place}" for place in range(self.columns)]


QUICK = Size(rows=20_000, columns=4, domains=50)
LARGE = Size(rows=10_000_000)
# Strata (of each domain, when domains are made of them), clusters in each stratum, and whether
# domains lie across strata and clusters.
LAYOUTS = {
    "crossed": (50, 4, True),
    "crossed finely": (50, 20, True),
    "nested": (2, 10, False),
}


def made_up_sample(size: Size, layout: str) -> Snapshot:
    """Make rows in no order; the weight has two decimals, values have one."""
    chance = np.random.default_rng(SEED)
    strata, clusters, is_crossed = LAYOUTS[layout]
    if not is_crossed:
        strata *= size.domains
    stratum = chance.integers(0, strata, size.rows)
    crossed = chance.integers(0, size.domains, size.rows)
    table = {
        "domain": crossed if is_crossed else stratum * size.domains // strata,
        "stratum": stratum,
        "cluster": chance.integers(0, clusters, size.rows),
        "w": chance.integers(100, 5_000, size.rows),
        **{name: chance.integers(0, 1_000, size.rows) for name in size.names},
    }
    places = {"w": 2, **dict.fromkeys(size.names, 1)}
    columns = tuple(Column(name, "number", places.get(name, 0)) for name in table)
    return Snapshot(columns, pa.table(table), ())


def time_kernel(size: Size, layout: str) -> dict[str, Any]:
    """Time the estimates, up to columns of figures that are ready to read."""
    sample = made_up_sample(size, layout)

    def run() -> Any:
        rows = estimate(sample, DESIGN, statistic="mean", variables=size.names, by=["domain"])
        return rows, rows.columns

    first = _seconds(run)
    seconds = [_seconds(run) for _ in range(ROUNDS)]
    peak = _peak_mebibytes()
    rows, columns = run()
    assert np.isfinite(columns.se).all()
    totals = {
        domain[0]: [sums[place].wy for sums in rows.sums.between]
        for place, domain in enumerate(rows.sums.domains)
    }
    assert totals == _totals_by_duckdb(sample, size)
    read = _seconds(lambda: list(rows))
    return {
        "first": first,
        "median": statistics.median(seconds),
        "best": min(seconds),
        "peak": peak,
        "figures": len(rows),
        "decimals": read,
    }


def time_duckdb(size: Size, layout: str) -> dict[str, Any]:
    """Time DuckDB on the sums that the errors would be made of, per cluster and domain."""
    connection = _duckdb_with(made_up_sample(size, layout))
    sums = ", ".join(f"sum(w * {name}), sum(w * {name} * {name})" for name in size.names)
    query = f"SELECT domain, stratum, cluster, count(*), sum(w), {sums} FROM sample GROUP BY ALL"

    def run() -> Any:
        return connection.sql(query).to_arrow_table()

    first = _seconds(run)
    seconds = [_seconds(run) for _ in range(3)]
    return {
        "first": first,
        "median": statistics.median(seconds),
        "best": min(seconds),
        "peak": _peak_mebibytes(),
        "groups": run().num_rows,
    }


def time_floor(size: Size, layout: str) -> dict[str, Any]:
    """Time a plain compiled pass: numbered clusters, rows side by side, 64 bits, no checks."""
    sample = made_up_sample(size, layout).rows
    values = np.column_stack([sample[name].to_numpy() for name in size.names])
    domain, stratum, cluster = (
        sample[name].to_numpy() for name in ("domain", "stratum", "cluster")
    )
    keys = (domain * 10_000 + stratum) * 100 + cluster
    found, unit = np.unique(keys, return_inverse=True)
    weights = sample["w"].to_numpy()

    def run() -> Any:
        return _plain_pass(unit, found // 1_000_000, weights, values, size.domains)

    first = _seconds(run)
    seconds = [_seconds(run) for _ in range(3)]
    return {
        "first": first,
        "median": statistics.median(seconds),
        "best": min(seconds),
        "peak": _peak_mebibytes(),
    }


@numba.njit
def _plain_pass(unit: Any, domain_of_unit: Any, weights: Any, values: Any, domains: int) -> Any:
    totals = np.zeros((len(domain_of_unit), values.shape[1]), np.int64)
    squares = np.zeros((domains, values.shape[1]), np.float64)
    for row in range(len(unit)):
        for column in range(values.shape[1]):
            totals[unit[row], column] += weights[row] * values[row, column]
    for place in range(len(domain_of_unit)):
        for column in range(values.shape[1]):
            squares[domain_of_unit[place], column] += float(totals[place, column]) ** 2
    return squares


def _totals_by_duckdb(sample: Snapshot, size: Size) -> dict[str, list[int]]:
    """Give Σwy of each domain and column by another engine."""
    sums = ", ".join(f"sum(w * {name})" for name in size.names)
    query = f"SELECT domain, {sums} FROM sample GROUP BY domain"
    rows = _duckdb_with(sample).sql(query).fetchall()
    return {str(domain): [int(total) for total in totals] for domain, *totals in rows}


def _duckdb_with(sample: Snapshot) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.register("rows_in_arrow", sample.rows)
    connection.execute("CREATE TABLE sample AS SELECT * FROM rows_in_arrow")
    return connection


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _peak_mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


MEASURES = {"kernel": time_kernel, "duckdb": time_duckdb, "floor": time_floor}


def measured_apart(what: str, size: Size, layout: str) -> dict[str, Any]:
    """Measure in a process of its own, which compiles everything anew at its first call."""
    order = json.dumps({"what": what, "layout": layout, "size": asdict(size)})
    command = [sys.executable, "-m", "bench.estimates", "--child", order]
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as cache:
        surroundings = {**os.environ, "NUMBA_CACHE_DIR": cache}
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=surroundings)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def report(size: Size, *, is_held: bool, bars: tuple[float, float], peers: bool = True) -> bool:
    """Print all measurements; tell whether the bars, seconds and mebibytes, hold."""
    holds = True
    seconds, mebibytes = bars
    print(f"{size.rows:,} rows × {size.columns} columns, {size.domains:,} domains, seconds:")
    for layout in LAYOUTS:
        for what in MEASURES if peers else ("kernel",):
            found = measured_apart(what, size, layout)
            line = f"{layout:15} {what:7}" + "".join(
                f"  {name} {found[name]:.3f}" for name in ("first", "median", "best")
            )
            line += f"  peak {found['peak']:.0f} MiB"
            if what == "kernel":
                line += f"  {found['figures']:,} figures"
                line += f" (as 50-digit decimals {found['decimals']:.2f} more)"
                holds &= found["median"] <= seconds and found["peak"] <= mebibytes
            if what == "duckdb":
                line += f"  {found['groups']:,} clusters × domains"
            print(line, flush=True)
    word = "held" if holds else "missed"
    print(f"bar: median ≤ {seconds} s, peak ≤ {mebibytes} MiB: {word}")
    return holds or not is_held


def main() -> None:
    """Measure, and end with 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small size, bars not held")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        order = json.loads(arguments.child)
        measure = MEASURES[order["what"]]
        print(json.dumps(measure(Size(**order["size"]), order["layout"])))
        return
    if arguments.quick:
        report(QUICK, is_held=False, bars=BARS)
        return
    held = report(Size(), is_held=True, bars=BARS)
    held &= report(LARGE, is_held=True, bars=LARGE_BARS, peers=False)
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
