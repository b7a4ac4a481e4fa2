"""Crossed models of ratings: lecturers rated by students, once, ten and a hundred times over.

    .venv/bin/python -m bench.crossed_ratings [--quick]

The peer is the R package lme4, on the same machine in the same run, where Rscript and the package
are there. Copies of the data are linked: in a tenth of the ratings the student of one copy rates
the lecturer of another. Each measurement runs in a process of its own.
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv as arrow_csv

from touchstone.stats.crossed_effects.cross_products import Ratings
from touchstone.stats.crossed_effects.fits import Fit, fit

HERE = Path(__file__).parent
EVIDENCE = HERE.parent / "packs" / "lecturers" / "evidence" / "ratings.csv.gz"
SEED = 20_130_701
MOVED = 0.1
ROUNDS = 5
LEAST_TIMES_FASTER = 5.0
BARS = {10: (60.0, 6.0), 100: (300.0, 6.0)}
VARIANCES_WITHIN, ERRORS_WITHIN = 0.01, 0.02


def linked_copies(copies: int, *, own_departments: bool) -> Ratings:
    """Repeat the ratings; a tenth of them go to the lecturer of another copy."""
    table = arrow_csv.read_csv(EVIDENCE)
    columns = {name: table.column(name).to_numpy() for name in ("s", "d", "dept", "service", "y")}
    rows = len(columns["y"])
    chance = np.random.default_rng(SEED)
    own = np.repeat(np.arange(copies), rows)
    shift = chance.integers(1, copies, rows * copies) if copies > 1 else 0
    rated = np.where(chance.random(rows * copies) < MOVED, (own + shift) % copies, own)
    spread = {name: np.tile(values, copies) for name, values in columns.items()}
    departments = spread["dept"] + (1_000 * rated if own_departments else 0)
    keys = (
        spread["s"] + 10_000 * own,
        spread["d"] + 10_000 * rated,
        departments,
        departments * 2 + spread["service"],
    )
    coded = [np.unique(key, return_inverse=True) for key in keys]
    return Ratings(
        spread["y"].astype(np.float64),
        tuple(codes.astype(np.int32) for _, codes in coded),
        tuple(len(levels) for levels, _ in coded),
        np.column_stack([np.ones(rows * copies), spread["service"]]),
    )


def told(found: Fit, seconds: float) -> dict[str, Any]:
    """Give what is compared of a fit."""
    return {
        "seconds": seconds,
        "criterion": found.criterion,
        "variances": [*found.variances.tolist(), found.residual_variance],
        "gibibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


def single(rounds: int) -> dict[str, Any]:
    """Fit the data once over, some times."""
    ratings = linked_copies(1, own_departments=True)
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        found = fit(ratings, "reml")
        times.append(time.perf_counter() - started)
    return {**told(found, statistics.median(times)), "first": times[0], "times": times}


def many(copies: int, *, own_departments: bool) -> dict[str, Any]:
    """Fit linked copies, as their size decides."""
    ratings = linked_copies(copies, own_departments=own_departments)
    started = time.perf_counter()
    found = fit(ratings, "reml")
    return told(found, time.perf_counter() - started)


def agreement(copies: int) -> dict[str, float]:
    """Compare the fit by rounds with the direct one."""
    ratings = linked_copies(copies, own_departments=True)
    direct, rounds = (fit(ratings, "reml", dense=dense) for dense in (True, False))
    seen = direct.variances > 0
    ratees = slice(0, ratings.sizes[1])
    errors = [one.inverse.conditional[ratees] * one.residual_variance for one in (direct, rounds)]
    ratio = np.sqrt(errors[1] * rounds.variances[1] / (errors[0] * direct.variances[1]))
    return {
        "variances": float(np.abs(rounds.variances[seen] / direct.variances[seen] - 1).max()),
        "errors": float(np.abs(ratio - 1).max()),
    }


def lme4() -> dict[str, float] | None:
    """Fit the data by lme4; None where it is not there."""
    if shutil.which("Rscript") is None:
        return None
    script = ["Rscript", "--vanilla", str(HERE / "crossed_ratings.R"), str(EVIDENCE)]
    run = subprocess.run(script, capture_output=True, text=True, check=False)
    if run.returncode:
        return None
    criterion, seconds = map(float, run.stdout.split())
    return {"criterion": criterion, "seconds": seconds}


MEASUREMENTS: dict[str, Callable[[], Any]] = {
    "single": lambda: single(ROUNDS),
    "lme4": lme4,
    "agreement 1": lambda: agreement(1),
    "agreement 2": lambda: agreement(2),
    **{
        f"{copies} {kind}": lambda copies=copies, kind=kind: many(
            copies, own_departments=kind == "own"
        )
        for copies in BARS
        for kind in ("shared", "own")
    },
}


def measured(name: str) -> Any:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "bench.crossed_ratings", "--one", name]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(run.stdout)


def report(names: list[str]) -> list[str]:
    """Print each measurement; give the bars that were missed."""
    missed = []
    found = {}
    for name in names:
        found[name] = one = measured(name)
        print(f"{name}: {one}", flush=True)
        copies = name.split()[0]
        if copies.isdigit():
            seconds, gibibytes = BARS[int(copies)]
            if one["seconds"] > seconds or one["gibibytes"] > gibibytes:
                missed.append(name)
        if name.startswith("agreement") and (
            one["variances"] > VARIANCES_WITHIN or one["errors"] > ERRORS_WITHIN
        ):
            missed.append(name)
    peer = found.get("lme4")
    if peer:
        times = peer["seconds"] / found["single"]["seconds"]
        print(f"lme4 takes {times:.1f} times as long")
        if times < LEAST_TIMES_FASTER:
            missed.append("lme4")
    return missed


def main() -> None:
    """Measure everything, or the small part."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--one", choices=list(MEASUREMENTS))
    given = options.parse_args()
    if given.one:
        print(json.dumps(MEASUREMENTS[given.one]()))
        return
    names = ["single", "agreement 1"] if given.quick else list(MEASUREMENTS)
    missed = report(names)
    print("Bars held." if not missed else f"Missed: {', '.join(missed)}")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
