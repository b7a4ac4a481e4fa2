"""How many examples a property is tried with, where trying is dear."""

import os

FEW = 10
EXAMPLES = os.environ.get("TOUCHSTONE_EXAMPLES", "same")


def at_most(number: int, *, fresh: int | None = None) -> int:
    """Give the number of examples, or a few in `make check`, or another number in `make soak`."""
    if EXAMPLES == "fresh" and fresh is not None:
        return fresh
    return min(number, FEW) if EXAMPLES == "few" else number
