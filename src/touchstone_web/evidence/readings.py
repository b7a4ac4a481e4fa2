"""Reads and checks one file of evidence, in a process of its own; see `shared/subprocesses.py`.

Nothing here imports Django: the process knows paths, a dataset and the units of the tree, and
neither the database nor who asked.
"""

import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from touchstone.base.canonical import sha256_hex
from touchstone.base.errors import TouchstoneError
from touchstone.content.datasets import Dataset
from touchstone.content.trees import Node, tree_of
from touchstone.formats.raw_tables import RawTable
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze, unused_columns
from touchstone.tallies.tables import Snapshot, write_parquet
from touchstone_web.shared.faults import fault_records
from touchstone_web.shared.subprocesses import answer_request
from touchstone_web.units.lengths import check_lengths

FIRST_ROWS = 10
TellStep = Callable[[str], None]


def check_evidence(request: dict[str, Any], tell_step: TellStep) -> dict[str, Any]:
    """Say all that is wrong with a file, or what it holds; then its frozen form stands beside it.

    1. Read the file as a table of texts.
    2. Freeze it by its dataset; every fault together.
    3. List the units it names.
    4. Write the frozen rows and the units, and say what they are.
    """
    try:
        return _check(request, tell_step)
    except TouchstoneError as fault:
        return fault_records(fault)


def _check(request: dict[str, Any], tell_step: TellStep) -> dict[str, Any]:
    dataset = msgspec.convert(request["dataset"], Dataset)
    tell_step("read")
    with Path(request["source"]).open("rb") as stream:
        raw = read_table(stream, where=request["name"])
    tell_step("check")
    snapshot = freeze(raw, dataset, known_units=_known_units(request["known_units"]))
    tell_step("units")
    nodes = tree_of(snapshot, dataset)
    check_lengths(nodes, where=raw.source)
    tell_step("write")
    return _written(request, raw, snapshot, nodes=nodes) | {
        "ignored": list(unused_columns(raw, dataset))
    }


def _known_units(path: str | None) -> Collection[str] | None:
    return None if path is None else set(json.loads(Path(path).read_text("utf-8")))


def _written(
    request: dict[str, Any], raw: RawTable, snapshot: Snapshot, *, nodes: tuple[Node, ...]
) -> dict[str, Any]:
    frozen = write_parquet(snapshot)
    Path(request["frozen"]).write_bytes(frozen)
    units = json.dumps([[n.unit, n.name, n.parent, n.level] for n in nodes]).encode()
    Path(request["units"]).write_bytes(units)
    return {
        "rows": snapshot.rows.num_rows,
        "rows_read": raw.rows.num_rows,
        "columns": [column.as_record() for column in snapshot.columns],
        "first": first_rows(snapshot),
        "content_hash": snapshot.content_hash,
        "frozen_hash": sha256_hex(frozen),
        "units_hash": sha256_hex(units),
    }


def first_rows(snapshot: Snapshot, most: int = FIRST_ROWS) -> list[list[str | None]]:
    """The first rows as texts, cell by cell; None where a cell is empty."""
    columns = []
    for column in snapshot.columns:
        cells = snapshot.rows.column(column.name).slice(0, most).to_pylist()
        is_text = pa.types.is_string(column.arrow_type)
        columns.append(
            [
                cell if cell is None or is_text else f"{snapshot.decimal(column.name, cell):f}"
                for cell in cells
            ]
        )
    return [list(row) for row in zip(*columns, strict=True)]


if __name__ == "__main__":
    answer_request(check_evidence)
