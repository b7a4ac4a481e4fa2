"""Evidence that comes with a pack has a heading with all columns."""

import gzip
import io
import tracemalloc

import pytest

from touchstone.content.datasets import ColumnSpec, Dataset
from touchstone.content.evidence_checks import check_evidence

DATASET = Dataset(
    key=("u",),
    unit="u",
    about="organisations",
    columns=(ColumnSpec(name="u", kind="text"), ColumnSpec(name="a, b", kind="number")),
    levels=(),
)
SOUND = gzip.compress(b'"a, b",extra, u \r\n1,2,3\n', mtime=0)


def codes(content: bytes) -> list[str]:
    faults = check_evidence(io.BytesIO(content), DATASET, where="x.csv.gz")
    return [fault.code for fault in faults]


def test_evidence_is_accepted_when_its_heading_has_all_columns():
    """Order, quotes, blanks around names and further columns play no part."""
    assert codes(SOUND) == []


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", ["PACK-42", "PACK-42"]),
        (gzip.compress(b"", mtime=0), ["PACK-42", "PACK-42"]),
        (gzip.compress(b"u,a\n", mtime=0), ["PACK-42"]),
        (gzip.compress("u,县\n".encode("gbk"), mtime=0), ["PACK-41"]),
        (b"u,a\n1,2\n", ["PACK-41"]),
        (SOUND[:12], ["PACK-41"]),
        (SOUND[:11] + b"\xff\xff\xff" + SOUND[14:], ["PACK-41"]),
    ],
)
def test_evidence_is_refused_when_its_heading_lacks_a_column_or_cannot_be_read(content, found):
    """Not gzip, cut short, damaged, another encoding, another heading."""
    assert codes(content) == found


def test_a_heading_without_end_is_not_unpacked_as_a_whole():
    """A small file may unpack to gigabytes; only the beginning is read."""
    tracemalloc.start()
    assert codes(gzip.compress(b"u," * 20_000_000, mtime=0)) == ["PACK-42"]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 200_000_000
