"""Reads and checks one file of an organisation tree, in a process of its own.

See `shared/subprocesses.py`. Nothing here imports Django.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from touchstone.base.canonical import sha256_hex
from touchstone.base.errors import TouchstoneError
from touchstone.content.trees import read_tree
from touchstone.formats.raw_tables import Limits
from touchstone.formats.readers import read_table
from touchstone_web.shared.faults import fault_records
from touchstone_web.shared.subprocesses import answer_request
from touchstone_web.units.lengths import check_lengths

MEBIBYTE = 1024**2
LIMITS = Limits(size=128 * MEBIBYTE, rows=1_000_000, columns=200, cells=20_000_000, cell=1_000)
TellStep = Callable[[str], None]


def check_tree_file(request: dict[str, Any], tell_step: TellStep) -> dict[str, Any]:
    """Say all that is wrong with a file of units, or write its units beside it."""
    try:
        tell_step("read")
        with Path(request["source"]).open("rb") as stream:
            raw = read_table(stream, where=request["name"], limits=LIMITS)
        tell_step("check")
        nodes = read_tree(raw)
        check_lengths(nodes, where=raw.source)
    except TouchstoneError as fault:
        return fault_records(fault)
    units = json.dumps([[n.unit, n.name, n.parent, n.level] for n in nodes]).encode()
    Path(request["units"]).write_bytes(units)
    return {"units_hash": sha256_hex(units)}


if __name__ == "__main__":
    answer_request(check_tree_file)
