"""Means with standard errors of 1,000 domains: 100,000 rows × 20 columns, against other packages.

    .venv/bin/python -m bench.estimate_peers [--quick] [--peers PYTHON]

The peers are the R package survey, where Rscript has it, and svy, from the interpreter PYTHON or
the one that `make bench` fills. Both get some of the columns, and their seconds are multiplied:
survey one by svyby, as it is mostly called, svy two in one call. The bar: a thousand times as fast
as either, in seconds of processors, as machines are shared, with the same means and errors to
1e-6. survey also works all columns out in one call, its quickest way, beside the bar.
"""

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.csv as arrow_csv

from bench.estimates import DESIGN, Size, made_up_sample
from bench.peers import ABSENT, python_of_peers, r_has
from touchstone.stats.estimates import estimate
from touchstone.tallies.tables import Snapshot

HERE = Path(__file__).parent
SIZE = Size(rows=100_000)
QUICK = Size(rows=5_000, columns=4, domains=20)
# svy takes about the same seconds for each column, so that some tell of all.
COLUMNS_OF_SVY = 2
ROUNDS = 15
TIMES_FASTER = 1_000
SAME = 1e-6
# What is stored as 479 stands for 47.9.
PLACES = 10
Figures = dict[tuple[str, str], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds, and seconds of processors, for some of the columns."""

    seconds: float
    processors: float
    columns: int
    version: str = ""

    def of_all(self, columns: int) -> "Spent":
        """Give what all columns take, at the same pace."""
        more = columns / self.columns
        return Spent(self.seconds * more, self.processors * more, columns, self.version)


def time_ours(sample: Snapshot, size: Size) -> tuple[Spent, Figures]:
    """Give the medians of some calls, after a first one, and the figures."""
    elapsed, spent = [], []
    for _ in range(ROUNDS + 1):
        begun, used = time.perf_counter(), time.process_time()
        rows = estimate(sample, DESIGN, statistic="mean", variables=size.names, by=["domain"])
        columns = rows.columns
        elapsed.append(time.perf_counter() - begun)
        spent.append(time.process_time() - used)
    found = {
        (domain[0], name): (float(columns.value[one, place]), float(columns.se[one, place]))
        for one, name in enumerate(size.names)
        for place, domain in enumerate(rows.sums.domains)
    }
    medians = Spent(statistics.median(elapsed[1:]), statistics.median(spent[1:]), size.columns)
    return medians, found


def survey_of_r(folder: Path, names: list[str], python: str) -> list[Spent]:
    """Time the R package survey on one column, and on all in one call; empty where absent."""
    del python
    if not r_has("survey"):
        return []
    script = str(HERE / "estimates_by_survey.R")
    command = ["Rscript", "--vanilla", script, *_files(folder, "survey"), *names]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    *seconds, version = done.stdout.split()
    whole, processors, alone, processors_alone = map(float, seconds)
    return [
        Spent(alone, processors_alone, 1, version),
        Spent(whole, processors, len(names), version),
    ]


def svy(folder: Path, names: list[str], python: str) -> list[Spent]:
    """Time svy on the first columns; empty where it is absent."""
    some = names[:COLUMNS_OF_SVY]
    command = [python, "-m", "bench.estimates_by_svy", *_files(folder, "svy"), *some]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    if "absent" in found:
        return []
    return [Spent(found["seconds"], found["processors"], len(some), found["version"])]


PEERS: dict[str, Callable[[Path, list[str], str], list[Spent]]] = {
    "survey": survey_of_r,
    "svy": svy,
}


def _files(folder: Path, peer: str) -> tuple[str, str]:
    return str(folder / "rows.csv"), str(folder / f"{peer}.csv")


def farthest(ours: Figures, target: Path) -> float:
    """Give the largest relative difference between our means and errors and those of a peer."""
    away = 0.0
    with target.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert rows
    for row in rows:
        value, se = ours[row["domain"].strip(), row["variable"].strip()]
        pair = (float(row["value"]) / PLACES, float(row["se"]) / PLACES)
        away = max(away, abs(pair[0] / value - 1), abs(pair[1] / se - 1))
    return away


def report(size: Size, python: str) -> bool:
    """Print all measurements; tell whether the bar holds for each peer that is there."""
    sample = made_up_sample(size, "crossed")
    ours, figures = time_ours(sample, size)
    assert np.isfinite(list(figures.values())).all()
    print(f"{size.rows:,} rows × {size.columns} columns, {size.domains:,} domains, seconds:")
    print(f"touchstone  {_median(ours)}, {len(figures):,} figures", flush=True)
    holds = True
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as name:
        folder = Path(name)
        arrow_csv.write_csv(sample.rows, folder / "rows.csv")
        for peer, measure in PEERS.items():
            spent = measure(folder, size.names, python)
            if not spent:
                print(f"{peer:11} {ABSENT}")
                continue
            away = farthest(figures, folder / f"{peer}.csv")
            before, (ours, _) = ours, time_ours(sample, size)
            beside = _between(before, ours)
            for one in spent:
                print(f"{peer:11} {_told(one, beside)}", flush=True)
            print(f"{peer:11} differs from ours by {away:.0e} at most")
            print(f"touchstone  {_median(ours)} after that", flush=True)
            times = spent[0].of_all(size.columns).processors / beside.processors
            holds &= times >= TIMES_FASTER and away <= SAME
    word = "held" if holds else "missed"
    print(f"bar: {TIMES_FASTER:,} times as fast on processors, the same to {SAME:.0e}: {word}")
    return holds


def _median(spent: Spent) -> str:
    return f"median {spent.seconds:.4f}, of processors {spent.processors:.4f}"


def _between(one: Spent, other: Spent) -> Spent:
    """Give the mean of what was measured before and after a peer, as the machine is shared."""
    return Spent(
        (one.seconds + other.seconds) / 2, (one.processors + other.processors) / 2, one.columns
    )


def _told(spent: Spent, ours: Spent) -> str:
    whole = spent.of_all(ours.columns)
    columns = "1 column" if spent.columns == 1 else f"{spent.columns} columns"
    line = f"{spent.version}  {columns} in one call {spent.seconds:.1f}"
    line += f", of processors {spent.processors:.1f}"
    if spent.columns < ours.columns:
        line += f"; {ours.columns} at that pace {whole.seconds:.0f}"
        line += f", of processors {whole.processors:.0f}"
    line += f"; {whole.seconds / ours.seconds:,.0f} times ours"
    return line + f", of processors {whole.processors / ours.processors:,.0f} times"


def main() -> None:
    """Measure, and end with 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small size, the bar not held")
    parser.add_argument("--peers", default=python_of_peers(), help="an interpreter with svy")
    arguments = parser.parse_args()
    holds = report(QUICK if arguments.quick else SIZE, arguments.peers)
    sys.exit(0 if arguments.quick or holds else 1)


if __name__ == "__main__":
    main()
