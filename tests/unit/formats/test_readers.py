"""One door: formats are told apart by their bytes, and sizes are looked at first."""

import gzip
import io

import pyarrow as pa
import pytest

from touchstone.base.errors import TouchstoneError
from touchstone.formats.parquet_files import write_parquet
from touchstone.formats.raw_tables import Limits
from touchstone.formats.readers import read_table
from touchstone.formats.xlsx_writing import write_xlsx

TABLE = pa.table({"unit": ["a", "b"], "n": ["1", None]})
CSV = b"unit,n\na,1\nb,\n"


class HugeFile(io.RawIOBase):
    """A file that says it has two gigabytes, and must not be read."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return 2 * 10**9 if whence == io.SEEK_END else offset

    def readinto(self, buffer) -> int:
        raise AssertionError("a file that is too large must not be read")


class EndlessStream(io.RawIOBase):
    """A stream that cannot be measured and never ends."""

    given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self.given += len(buffer)
        buffer[:] = b"x" * len(buffer)
        return len(buffer)


def refuse(content: bytes | io.RawIOBase, **limits) -> TouchstoneError:
    """Give the error that reading raises."""
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    with pytest.raises(TouchstoneError) as caught:
        read_table(stream, where="a.file", limits=Limits(**limits))
    return caught.value


@pytest.mark.parametrize(
    "content",
    [CSV, gzip.compress(CSV, mtime=0), write_xlsx(TABLE, title="t"), write_parquet(TABLE)],
    ids=["csv", "gzip", "xlsx", "parquet"],
)
def test_a_table_is_the_same_in_every_format(content):
    """The first bytes tell the format; the name of the file does not matter."""
    raw = read_table(io.BytesIO(content), where="a.file")
    assert raw.rows.equals(TABLE)
    assert raw.first_row == (1 if content.startswith(b"PAR1") else 2)


def test_a_file_of_two_gigabytes_is_refused_before_it_is_read():
    """Its size is asked first."""
    error = refuse(HugeFile())
    assert error.code == "TABLE-09"
    assert "1,907 MiB" in error.found


def test_a_stream_without_end_is_left_when_it_passes_the_limit():
    """Not more than the limit and one piece is read."""
    stream = EndlessStream()
    assert refuse(stream, size=3 * 1024**2).code == "TABLE-09"
    assert stream.given <= 5 * 1024**2


def test_a_gzip_file_is_refused_when_it_unpacks_to_too_much():
    """A small file that would fill the memory is stopped on the way."""
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 10**6, mtime=0)
    error = refuse(packed, size=1024**2)
    assert (error.code, error.found) == ("TABLE-09", "more than 1 MiB when unpacked")


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b[:10] + b"\xff" + b[11:]])
def test_a_gzip_file_is_refused_when_it_is_damaged(damage):
    """Cut off, or a byte changed."""
    assert refuse(damage(gzip.compress(CSV * 50, mtime=0))).code == "TABLE-21"


def test_an_old_or_protected_excel_file_is_named():
    """Both begin with the mark of a compound file."""
    error = refuse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert error.code == "TABLE-14"
