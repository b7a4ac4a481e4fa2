"""Raking 1,000,000 rows to five margins, against other packages in the same run.

    .venv/bin/python -m bench.calibration [--quick] [--peers PYTHON]

Peers are taken from the interpreter PYTHON, or from the one that `make bench` fills; those that
are not installed there are named as not measured. The bar: at least six times as fast as the
fastest peer, with the same weights to 1e-8; without peers, at most 0.05 s.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.peers import ABSENT, python_of_peers
from bench.raking_peers import PEERS
from touchstone.stats.calibration.calibrations import calibrate
from touchstone.stats.calibration.margins import Floats, Margin

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


def time_peer(
    peer: str, python: str, folder: Path, ours: Floats
) -> tuple[float | None, float | None]:
    """Give the median seconds of a peer and how far its weights are from ours; None: absent.

    A peer that fails stops the run, so that a broken one never counts as beaten.
    """
    weights = folder / f"{peer}.npy"
    command = [python, "-m", "bench.raking_peers", peer, str(folder / "rows.npz"), str(weights)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    if "seconds" not in found:
        return None, None
    away = float(np.max(np.abs(np.load(weights) / ours - 1)))
    return statistics.median(found["seconds"]), away


def main() -> None:
    """Measure, and end with 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rows, the bar not held")
    parser.add_argument("--peers", default=python_of_peers(), help="an interpreter with the peers")
    arguments = parser.parse_args()
    margins = made_up_margins(20_000 if arguments.quick else ROWS)
    first, ours, weights = time_ours(margins)
    print(f"{len(weights):,} rows, {len(margins)} margins, seconds:")
    print(f"touchstone  first {first:.3f}  median {ours:.4f}")
    fastest = None
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as name:
        folder = Path(name)
        stored = {f"codes_{one.name}": one.codes for one in margins}
        stored |= {f"aims_{one.name}": one.targets for one in margins}
        np.savez(folder / "rows.npz", **stored)
        for peer in PEERS:
            seconds, away = time_peer(peer, arguments.peers, folder, weights)
            if seconds is None:
                print(f"{peer:11} {ABSENT}")
                continue
            print(f"{peer:11} median {seconds:.3f}  {seconds / ours:.0f} times ours, "
                  f"weights differ by {away:.1e}", flush=True)  # fmt: skip
            if away is not None and away <= SAME:
                fastest = min(seconds, fastest or seconds)
    bar = BAR_SECONDS if fastest is None else fastest / TIMES_FASTER
    print(f"bar: median ≤ {bar:.3f} s: {'held' if ours <= bar else 'missed'}")
    sys.exit(0 if arguments.quick or ours <= bar else 1)


if __name__ == "__main__":
    main()
