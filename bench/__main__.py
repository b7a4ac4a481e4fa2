"""All measurements one after the other: `make bench`; exit 1 when a bar is missed."""

import subprocess
import sys

PARTS = (
    "bench.estimates",
    "bench.estimate_peers",
    "bench.calibration",
    "bench.composites",
    "bench.crossed_ratings",
    "bench.item_response",
    "bench.scale",
    "bench.commands",
    "bench.pages",
)


def main() -> None:
    """Run each part in a process of its own and say which missed its bar."""
    missed = []
    for part in PARTS:
        print(f"\n== {part} ==", flush=True)
        if subprocess.run([sys.executable, "-m", part, *sys.argv[1:]], check=False).returncode:
            missed.append(part)
    print("\nEvery bar is held." if not missed else f"\nMissed: {', '.join(missed)}")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
