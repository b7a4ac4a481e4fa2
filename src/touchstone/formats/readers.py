"""One door for all tables: the first bytes tell which format a file has."""

import gzip
import io
import zlib
from typing import BinaryIO

from touchstone.base.errors import TouchstoneError
from touchstone.formats.csv_files import read_csv
from touchstone.formats.parquet_files import read_parquet
from touchstone.formats.raw_tables import LIMITS, MEBIBYTE, Limits, RawTable, mebibytes
from touchstone.formats.xlsx_files import read_xlsx

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
PARQUET = b"PAR1"
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_table(stream: BinaryIO, *, where: str, limits: Limits = LIMITS) -> RawTable:
    """Read a table from CSV, CSV.gz, XLSX or Parquet, told apart by its first bytes.

    `where` names the file in messages. Memory is bounded by `limits`.

    Raises TouchstoneError or InputErrors TABLE-NN (see docs/reference/errors/table.md).

    >>> read_table(io.BytesIO(b"unit,n\\na,1\\n"), where="a.csv").rows.num_rows
    1
    """
    content = _stored_bytes(stream, where, limits)
    if content.startswith(GZIP):
        content = _unpacked_bytes(content, where, limits)
    if content.startswith(ZIP):
        return read_xlsx(content, where=where, limits=limits)
    if content.startswith(PARQUET):
        return read_parquet(content, where=where, limits=limits)
    if content.startswith(COMPOUND_FILE):
        raise TouchstoneError(
            "TABLE-14",
            where=where,
            found="an old Excel file (.xls), or one that is protected by a password",
            remedy="Save it as an Excel workbook (.xlsx) without a password.",
        )
    return read_csv(content, where=where, limits=limits)


def _stored_bytes(stream: BinaryIO, where: str, limits: Limits) -> bytes:
    """Read a stream to its end, or refuse it by its size before reading it."""
    expected = MEBIBYTE
    if stream.seekable():
        expected = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        if expected > limits.size:
            raise _too_large(where, f"a file of {mebibytes(expected)} MiB", limits)
    content = _read_at_most(stream, limits.size, expected=expected)
    if content is None:
        raise _too_large(where, f"a file of more than {mebibytes(limits.size)} MiB", limits)
    return content


def _unpacked_bytes(content: bytes, where: str, limits: Limits) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            unpacked = _read_at_most(stream, limits.size, expected=MEBIBYTE)
    except (EOFError, OSError, zlib.error) as fault:
        raise TouchstoneError(
            "TABLE-21",
            where=where,
            found=f"a damaged gzip file ({type(fault).__name__})",
            remedy="Pack it again, or hand in the unpacked CSV.",
        ) from fault
    if unpacked is None:
        raise _too_large(where, f"more than {mebibytes(limits.size)} MiB when unpacked", limits)
    return unpacked


def _read_at_most(stream: BinaryIO | gzip.GzipFile, size: int, *, expected: int) -> bytes | None:
    """Read to the end, None when there is more; as one piece when it has the expected size."""
    chunks: list[bytes] = []
    total = 0
    while chunk := stream.read(MEBIBYTE if chunks else expected + 1):
        chunks.append(chunk)
        total += len(chunk)
        if total > size:
            return None
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(where: str, found: str, limits: Limits) -> TouchstoneError:
    return TouchstoneError(
        "TABLE-09",
        where=where,
        found=found,
        remedy=f"Divide it into files of at most {mebibytes(limits.size)} MiB, or leave out "
        "columns that are not needed.",
    )
