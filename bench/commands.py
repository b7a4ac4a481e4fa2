"""Whole commands, as a user starts them: assess on schools, and the demo after installation.

.venv/bin/python -m bench.commands [--quick]
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND = str(Path(sys.executable).with_name("touchstone"))
EVIDENCE = str(ROOT / "packs" / "schools" / "evidence" / "schools.csv.gz")
ASSESS_BAR, DEMO_BAR = 6.0, 45.0
ROUNDS = 5


def seconds_of(*arguments: str) -> float:
    """Run one command to its end; give the seconds it took."""
    started = time.perf_counter()
    subprocess.run([COMMAND, *arguments], check=True, capture_output=True)
    return time.perf_counter() - started


def assess_seconds(rounds: int) -> list[float]:
    """Assess the schools by `awards` into a new folder, some times."""
    found = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            out = str(Path(folder) / "results")
            asked = ("--pack", "schools", "--scheme", "awards", "--out", out)
            found.append(seconds_of("assess", EVIDENCE, *asked))
    return found


def demo_seconds() -> float:
    """Load and assess the data of the demo from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        return seconds_of("demo", "--no-serve", "--dir", folder)


def main() -> None:
    """Measure, print, and exit with 1 when a bar is missed."""
    rounds = 1 if "--quick" in sys.argv else ROUNDS
    taken = assess_seconds(rounds)
    middle, demo = statistics.median(taken), demo_seconds()
    print(
        f"touchstone assess on schools: median {middle:.1f} s of {rounds} (bar {ASSESS_BAR:.0f} s)"
    )
    print("  each: " + ", ".join(f"{one:.1f}" for one in taken))
    print(f"data and assessments of the demo: {demo:.1f} s (bar {DEMO_BAR:.0f} s)")
    sys.exit(middle > ASSESS_BAR or demo > DEMO_BAR)


if __name__ == "__main__":
    main()
