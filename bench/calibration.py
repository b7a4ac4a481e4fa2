"""Raking 1,000,000 rows to five margins, against other packages in the same run.

    .venv/bin/python -m bench.calibration [--quick] [--peers PYTHON]

Peers are taken from the interpreter PYTHON, or from the one that `make bench` fills, and from R;
those that are not installed there are named as not measured; R's take one run. The bar: at least
six times as fast as the fastest peer, with the same weights to 1e-8; without peers, at most 0.05 s.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from bench.peers import ABSENT, python_of_peers, r_has
from bench.raking_peers import PEERS
from touchstone.stats.calibration.calibrations import calibrate
from touchstone.stats.calibration.margins import Floats, Margin

SCRIPT = Path(__file__).parent / "raking_by_survey.R"
# Proportional fitting in rounds, and Newton's method with the same result.
METHODS_OF_R = ("rake", "calibrate")
ROWS = 1_000_000
CATEGORIES = {"sex": 2, "age": 6, "region": 12, "schooling": 5, "work": 4}
SEED = 20_261_125
ROUNDS = 15
TIMES_FASTER = 6
BAR_SECONDS = 0.05
SAME = 1e-8


def made_up_margins(rows: int) -> list[Margin]:
    """Make rows whose categories depend on each other a little, and targets somewhat off them."""
    chance = np.random.default_rng(SEED)
    latent = chance.normal(size=rows)
    margins = []
    for name, size in CATEGORIES.items():
        spread = 0.4 * latent + chance.normal(size=rows)
        bounds = np.quantile(spread, np.arange(1, size) / size)
        codes = np.searchsorted(bounds, spread)
        targets = chance.dirichlet(np.full(size, 30.0)) * rows
        margins.append(Margin(name, tuple(map(str, range(size))), codes, targets))
    return margins


def time_ours(margins: list[Margin]) -> tuple[float, float, Floats]:
    """Give the seconds of the first call, the median of the others, and the weights."""
    given = np.ones(len(margins[0].codes))
    seconds = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        found = calibrate(margins, given)
        seconds.append(time.perf_counter() - begun)
    return seconds[0], statistics.median(seconds[1:]), found.weights


def time_python(peer: str, python: str, folder: Path) -> tuple[float, Floats] | None:
    """Give the median seconds of a peer and its weights; None where it is absent."""
    weights = folder / f"{peer}.npy"
    command = [python, "-m", "bench.raking_peers", peer, str(folder / "rows.npz"), str(weights)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    if "seconds" not in found:
        return None
    return statistics.median(found["seconds"]), np.load(weights)


def time_r(method: str, folder: Path) -> tuple[float, Floats] | None:
    """Give the seconds of the R package survey and its weights; None where it is absent."""
    if not r_has("survey"):
        return None
    files = [str(folder / name) for name in ("rows.csv", "targets.csv", method)]
    command = ["Rscript", "--vanilla", str(SCRIPT), method, *files]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout.split()[-1]), np.fromfile(folder / method)


def store(margins: list[Margin], folder: Path) -> None:
    """Write rows and targets as the peers read them."""
    stored = {f"codes_{one.name}": one.codes for one in margins}
    stored |= {f"aims_{one.name}": one.targets for one in margins}
    np.savez(folder / "rows.npz", **stored)
    codes = pa.table({one.name: one.codes for one in margins})
    arrow_csv.write_csv(codes, folder / "rows.csv")
    lines = ["margin,category,target"]
    for one in margins:
        lines += [f"{one.name},{k},{aim!r}" for k, aim in enumerate(one.targets.tolist())]
    (folder / "targets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, and end with 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rows, the bar not held")
    parser.add_argument("--peers", default=python_of_peers(), help="an interpreter with the peers")
    arguments = parser.parse_args()
    margins = made_up_margins(20_000 if arguments.quick else ROWS)
    first, ours, weights = time_ours(margins)
    print(f"{len(weights):,} rows, {len(margins)} margins, seconds:")
    print(f"touchstone       first {first:.3f}  median {ours:.4f}")
    fastest = None
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as name:
        folder = Path(name)
        store(margins, folder)
        peers = {peer: partial(time_python, peer, arguments.peers, folder) for peer in PEERS}
        peers |= {f"survey {method}": partial(time_r, method, folder) for method in METHODS_OF_R}
        for peer, measure in peers.items():
            found = measure()
            if found is None:
                print(f"{peer:16} {ABSENT}")
                continue
            seconds, away = found[0], float(np.max(np.abs(found[1] / weights - 1)))
            print(f"{peer:16} {seconds:.3f}  {seconds / ours:.0f} times ours, "
                  f"weights differ by {away:.1e}", flush=True)  # fmt: skip
            if away <= SAME:
                fastest = min(seconds, fastest or seconds)
    bar = BAR_SECONDS if fastest is None else fastest / TIMES_FASTER
    print(f"bar: median ≤ {bar:.3f} s: {'held' if ours <= bar else 'missed'}")
    sys.exit(0 if arguments.quick or ours <= bar else 1)


if __name__ == "__main__":
    main()
