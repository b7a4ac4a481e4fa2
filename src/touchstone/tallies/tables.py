"""What a snapshot looks like: typed columns, fixed-point numbers, one content hash."""

import hashlib
import io
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from touchstone.base.canonical import canonical_json
from touchstone.base.errors import TouchstoneError

ColumnKind = Literal["text", "number"]
BLOCK_ROWS = 65_536
SCHEMA_KEY = b"touchstone.schema"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: text, or a number kept as an integer of so many decimal places.

    The value 3.25 in a column of 2 places is stored as 325.
    """

    name: str
    kind: ColumnKind
    places: int = 0
    unit: str = ""

    @property
    def arrow_type(self) -> pa.DataType:
        """The Arrow type that holds the column: string, or int64."""
        return pa.string() if self.kind == "text" else pa.int64()

    def as_record(self) -> dict[str, Any]:
        """Give the column as plain data, for the canonical schema."""
        return {"name": self.name, "kind": self.kind, "places": self.places, "unit": self.unit}


@dataclass(frozen=True, eq=False)
class Described:
    """Evidence by its columns, wherever its rows may be."""

    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Give the description of one column; an unknown name is a ValueError."""
        for column in self.columns:
            if column.name == name:
                return column
        known = [column.name for column in self.columns]
        raise ValueError(f"column must be one of {known}; got {name!r}")

    def decimal(self, name: str, stored: int) -> Decimal:
        """Turn a stored integer of one column back into its decimal number."""
        return Decimal(stored).scaleb(-self.column(name).places)


@dataclass(frozen=True, eq=False)
class Snapshot(Described):
    """Frozen evidence: rows sorted by their key, numbers as int64 with decimal places.

    Make one with `build_snapshot`, which sorts and checks.
    """

    rows: pa.Table
    key: tuple[str, ...]

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the canonical content; independent of file format, engine and row order."""
        digest = hashlib.sha256()
        schema = {"columns": [c.as_record() for c in self.columns], "key": list(self.key)}
        digest.update(length_prefixed(canonical_json(schema)))
        digest.update(self.rows.num_rows.to_bytes(8, "little"))
        for column in self.columns:
            values = self.rows.column(column.name)
            for start in range(0, self.rows.num_rows, BLOCK_ROWS):
                block = values.slice(start, BLOCK_ROWS)
                digest.update(column_block_bytes(block))
        return digest.hexdigest()


def build_snapshot(
    columns: Sequence[Column], rows: pa.Table, key: Sequence[str], *, where: str = "evidence"
) -> Snapshot:
    """Sort rows by their key, put text in Unicode NFC, and refuse a key that stands twice.

    `rows` has the columns in any order: string for text, int64 (scaled) for numbers; the key's
    columns hold no nulls. An empty `key` sorts by all columns and allows equal rows.
    """
    arrays = [_normalised(rows.column(column.name), column) for column in columns]
    table = pa.table(arrays, names=[column.name for column in columns])
    order = list(key) or table.column_names
    table = table.take(pc.sort_indices(table, [(name, "ascending") for name in order]))
    if key:
        _refuse_double_keys(table, list(key), where)
    return Snapshot(tuple(columns), table.combine_chunks(), tuple(key))


def parquet_metadata(columns: Sequence[Column], key: Sequence[str]) -> dict[bytes, bytes]:
    """Give the metadata that make a Parquet file a snapshot: columns and key."""
    schema = {"columns": [c.as_record() for c in columns], "key": list(key)}
    return {SCHEMA_KEY: canonical_json(schema)}


def write_parquet(snapshot: Snapshot) -> bytes:
    """Write a snapshot as Parquet bytes, with its schema in the file's metadata."""
    table = snapshot.rows.replace_schema_metadata(parquet_metadata(snapshot.columns, snapshot.key))
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def read_parquet(content: bytes, *, where: str) -> Snapshot:
    """Read a snapshot from the bytes that `write_parquet` made.

    Raises TouchstoneError EVIDENCE-20 when the bytes are not such a file.
    """
    try:
        table = pq.read_table(io.BytesIO(content))
        schema = json.loads((table.schema.metadata or {})[SCHEMA_KEY])
        columns = [Column(**record) for record in schema["columns"]]
        return build_snapshot(columns, table, schema["key"], where=where)
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as fault:
        raise TouchstoneError(
            "EVIDENCE-20",
            where=where,
            found=f"not a snapshot this program wrote ({type(fault).__name__})",
            remedy="Freeze the evidence again from its source.",
        ) from fault


def _normalised(values: pa.ChunkedArray, column: Column) -> pa.Array:
    values = values.cast(column.arrow_type).combine_chunks()
    if column.kind == "number":
        return values
    distinct = values.dictionary_encode()
    texts = [unicodedata.normalize("NFC", text) for text in distinct.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(distinct.indices, pa.array(texts, pa.string())).cast(
        pa.string()
    )


def _refuse_double_keys(table: pa.Table, key: list[str], where: str) -> None:
    counts = table.group_by(key).aggregate([([], "count_all")])
    doubled = counts.filter(pc.greater(counts["count_all"], 1))
    if doubled.num_rows:
        first = doubled.slice(0, 1).to_pylist()[0]
        found = ", ".join(f"{name} {first[name]!r}" for name in key)
        raise TouchstoneError(
            "EVIDENCE-10",
            where=where,
            found=f"{found} stands {first['count_all']} times",
            remedy="Keep one row for each, or name the columns that tell the rows apart.",
        )


def length_prefixed(content: bytes) -> bytes:
    """Put the length in 8 bytes, low byte first, before some bytes."""
    return len(content).to_bytes(8, "little") + content


def column_block_bytes(block: pa.ChunkedArray) -> bytes:
    """Give the canonical bytes of one block of a column: validity bits, then the values.

    Takes text, int64 and decimal128 with scale 0; a null's place is filled with zero or "".
    """
    values = block.combine_chunks()
    valid = pc.is_valid(values).to_numpy(zero_copy_only=False)
    validity = length_prefixed(np.packbits(valid, bitorder="little").tobytes())
    if not pa.types.is_string(values.type):
        return validity + length_prefixed(_number_bytes(values))
    texts = [text.encode() for text in pc.fill_null(values, "").to_pylist()]
    offsets = np.cumsum([0, *map(len, texts)], dtype="<i8")
    return validity + length_prefixed(offsets.tobytes()) + length_prefixed(b"".join(texts))


def _number_bytes(values: pa.Array) -> bytes:
    filled = pc.fill_null(values, pa.scalar(0, values.type))
    width = values.type.bit_width // 8
    start = filled.offset * width
    content: bytes = filled.buffers()[1].to_pybytes()
    return content[start : start + len(filled) * width]
