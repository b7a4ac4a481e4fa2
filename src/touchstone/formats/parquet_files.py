"""Parquet: typed columns, read as the exact text of each cell, and written."""

import io
import json
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from touchstone.base.errors import TouchstoneError
from touchstone.formats.raw_tables import LIMITS, Limits, RawTable, make_raw_table, mebibytes

BATCH_ROWS = 65_536
MOST_PLACES = 38
# The key under which a frozen snapshot keeps the decimal places of its integers.
SNAPSHOT_SCHEMA = b"touchstone.schema"
TEXT_TYPES = ("string", "large_string", "string_view")
DAMAGED = (pa.ArrowException, OSError, KeyError, TypeError, ValueError)


def read_parquet(content: bytes, *, where: str, limits: Limits = LIMITS) -> RawTable:
    """Read Parquet bytes: text as it is, numbers as the shortest text that means the same.

    Takes columns of text, whole numbers, decimals, floating-point numbers and booleans
    (`true`, `false`). The numbers of a frozen snapshot get their decimal places back. The first
    row has the number 1.

    Raises TouchstoneError TABLE-02, TABLE-03, TABLE-06, TABLE-09, TABLE-10, TABLE-11, TABLE-22
    for a damaged file, TABLE-23 for a column of another type.

    >>> sink = write_parquet(pa.table({"unit": ["a"], "n": [4.5]}))
    >>> read_parquet(sink, where="a.parquet").rows.to_pylist()
    [{'unit': 'a', 'n': '4.5'}]
    """
    try:
        schema = pq.read_schema(pa.BufferReader(content))
        _check_types(schema, where)
        # Repeated texts stay in dictionaries until their whole length is known.
        texts = [field.name for field in schema if str(field.type) in TEXT_TYPES]
        file = pq.ParquetFile(
            pa.BufferReader(content), read_dictionary=texts, page_checksum_verification=True
        )
        _check_size(file.metadata, where, limits)
        columns = _read_columns(file, schema, where=where, limits=limits)
    except DAMAGED as fault:
        raise TouchstoneError(
            "TABLE-22",
            where=where,
            found=f"a damaged Parquet file ({type(fault).__name__})",
            remedy="Write it again from its source.",
        ) from fault
    return make_raw_table(schema.names, columns, source=where, first_row=1)


def write_parquet(table: pa.Table) -> bytes:
    """Write a table as Parquet bytes, with its types and a checksum of each page."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return sink.getvalue()


def _check_types(schema: pa.Schema, where: str) -> None:
    for field in schema:
        if not _is_readable(field.type):
            raise TouchstoneError(
                "TABLE-23",
                where=f"{where}, column {field.name!r}",
                found=f"the type {field.type}",
                remedy="Write the column as text or as numbers; a date as text such as 2026-01-31.",
            )


def _is_readable(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_readable(kind.value_type)
    tests: tuple[Callable[[pa.DataType], bool], ...] = (
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_boolean,
        pa.types.is_null,
    )
    return str(kind) in TEXT_TYPES or any(test(kind) for test in tests)


def _check_size(metadata: pq.FileMetaData, where: str, limits: Limits) -> None:
    rows, columns = metadata.num_rows, metadata.num_columns
    groups = range(metadata.num_row_groups)
    size = sum(metadata.row_group(group).total_byte_size for group in groups)
    if rows > limits.rows or columns > limits.columns or rows * columns > limits.cells:
        raise TouchstoneError(
            "TABLE-10",
            where=where,
            found=f"{rows:,} rows and {columns:,} columns",
            remedy=f"Keep to {limits.rows:,} rows, {limits.columns:,} columns and "
            f"{limits.cells:,} cells a file.",
        )
    if size > limits.size:
        raise _unpacks_too_large(where, limits)


def _unpacks_too_large(where: str, limits: Limits) -> TouchstoneError:
    return TouchstoneError(
        "TABLE-09",
        where=where,
        found=f"more than {mebibytes(limits.size)} MiB when unpacked",
        remedy="Divide the file into several, or leave out columns that are not needed.",
    )


def _read_columns(
    file: pq.ParquetFile, schema: pa.Schema, *, where: str, limits: Limits
) -> list[pa.ChunkedArray]:
    places = _snapshot_places(schema)
    chunks: list[list[pa.Array]] = [[] for _ in schema.names]
    size = start = 0
    for batch in file.iter_batches(batch_size=BATCH_ROWS):
        for name, values, written in zip(schema.names, batch.columns, chunks, strict=True):
            size += _text_size(values)
            if size > limits.size:
                raise _unpacks_too_large(where, limits)
            texts = _as_texts(values, places.get(name, 0))
            _check_texts(texts, f"{where}, column {name!r}", start + 1, limits)
            written.append(texts)
        start += batch.num_rows
    return [pa.chunked_array(arrays, pa.string()) for arrays in chunks]


def _snapshot_places(schema: pa.Schema) -> dict[str, int]:
    record = (schema.metadata or {}).get(SNAPSHOT_SCHEMA)
    if record is None:
        return {}
    places = {column["name"]: int(column["places"]) for column in json.loads(record)["columns"]}
    if not all(0 <= count <= MOST_PLACES for count in places.values()):
        raise ValueError(f"places must be 0 to {MOST_PLACES}; got {places}")
    return places


def _text_size(values: pa.Array) -> int:
    """Give the bytes that the values take as plain text, without making them plain."""
    if not pa.types.is_dictionary(values.type):
        return int(values.nbytes)
    lengths = pc.binary_length(values.dictionary.cast(pa.string()))
    return int(pc.sum(lengths.take(values.indices)).as_py() or 0)


def _as_texts(values: pa.Array, places: int) -> pa.Array:
    if places and pa.types.is_int64(values.type):
        whole = values.cast(pa.decimal128(MOST_PLACES, 0))
        scaled = pa.decimal128(MOST_PLACES, places)
        values = pa.Array.from_buffers(scaled, len(whole), whole.buffers(), offset=whole.offset)
    return values.cast(pa.string())


def _check_texts(texts: pa.Array, place: str, first_row: int, limits: Limits) -> None:
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        row = first_row + _first_wrong_text(texts)
        raise TouchstoneError(
            "TABLE-03",
            where=f"{place}, row {row}",
            found="a text that is not UTF-8",
            remedy="Write the file again with its texts in UTF-8.",
        ) from None
    longest = pc.max(pc.utf8_length(texts)).as_py() or 0
    if longest > limits.cell:
        row = first_row + pc.index(pc.utf8_length(texts), longest).as_py()
        raise TouchstoneError(
            "TABLE-11",
            where=f"{place}, row {row}",
            found=f"a cell of {longest:,} characters, at most {limits.cell:,} can be read",
            remedy="Shorten it.",
        )


def _first_wrong_text(texts: pa.Array) -> int:
    for index, content in enumerate(texts.view(pa.binary()).to_pylist()):
        try:
            (content or b"").decode()
        except UnicodeDecodeError:
            return index
    return 0
