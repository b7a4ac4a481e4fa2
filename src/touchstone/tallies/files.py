"""Tallies as Parquet bytes, and back."""

import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from touchstone.base.canonical import canonical_json
from touchstone.base.errors import TouchstoneError
from touchstone.tallies.plans import Tallies, TallyPlan, cell_schema, sort_cells

TALLIES_KEY = b"touchstone.tallies"


def write_tallies(tallies: Tallies) -> bytes:
    """Write tallies as Parquet bytes, with plan and places in the file's metadata."""
    table = tallies.cells.replace_schema_metadata(
        {TALLIES_KEY: canonical_json(tallies.as_record())}
    )
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def read_tallies(content: bytes, *, where: str) -> Tallies:
    """Read tallies from the bytes that `write_tallies` made.

    Raises TouchstoneError TALLY-10 when the bytes are not such a file.
    """
    try:
        table = pq.read_table(io.BytesIO(content))
        record: dict[str, Any] = json.loads((table.schema.metadata or {})[TALLIES_KEY])
        plan = TallyPlan(
            by=tuple(record["by"]),
            design=tuple(record["design"]),
            weight=record["weight"],
            values=tuple(record["values"]),
        )
        if table.schema.remove_metadata() != cell_schema(plan):
            raise ValueError(f"columns must be {cell_schema(plan).names}; got {table.column_names}")
        cells = sort_cells(table.replace_schema_metadata(), plan)
        return Tallies(plan, int(record["weight_places"]), tuple(record["value_places"]), cells)
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as fault:
        raise TouchstoneError(
            "TALLY-10",
            where=where,
            found=f"not tallies this program wrote ({type(fault).__name__})",
            remedy="Tally the snapshot again.",
        ) from fault
