"""Parquet: exact texts of typed cells, and what is refused."""

import datetime as dt
import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from touchstone.base.errors import TouchstoneError
from touchstone.formats.numbers import parse_numbers
from touchstone.formats.parquet_files import read_parquet, write_parquet
from touchstone.formats.raw_tables import Limits
from touchstone.tallies.tables import Column, build_snapshot
from touchstone.tallies.tables import write_parquet as write_snapshot


def stored(table: pa.Table, **options) -> bytes:
    """Write a table as other programs do."""
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def refuse(content: bytes, **limits) -> TouchstoneError:
    """Give the error that reading raises."""
    with pytest.raises(TouchstoneError) as caught:
        read_parquet(content, where="a.parquet", limits=Limits(**limits))
    return caught.value


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array([3.0, 0.1, 3.45000004768372, 1e20]), ["3", "0.1", "3.45000004768372", "1e+20"]),
        (pa.array([0.1, 16777216.0], pa.float32()), ["0.1", "16777216"]),
        (pa.array([Decimal("1.50"), Decimal("-0.07")]), ["1.50", "-0.07"]),
        (pa.array([None, 2**63 - 1]), [None, str(2**63 - 1)]),
        (pa.array([2**64 - 1], pa.uint64()), [str(2**64 - 1)]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array(["007", " a ", "", None, "z"]), ["007", "a", None, None, "z"]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (pa.array(["a", "b"], pa.large_string()), ["a", "b"]),
        (pa.array(["a", "b"], pa.string_view()), ["a", "b"]),
        (pa.array([float("nan"), float("-inf")]), ["nan", "-inf"]),
    ],
)
def test_a_cell_becomes_the_exact_text_of_its_value(values, texts):
    """Floats by their shortest text, decimals with their places, nothing rounded."""
    raw = read_parquet(stored(pa.table({"v": values})), where="a.parquet")
    assert raw.rows["v"].to_pylist() == texts
    assert raw.first_row == 1


def test_a_float_that_is_no_number_is_refused_as_a_number():
    """NaN is kept as a text, so that reading numbers can name its row."""
    raw = read_parquet(stored(pa.table({"v": [1.5, float("nan")]})), where="a.parquet")
    parsed = parse_numbers(raw.rows["v"], places=1)
    assert [(fault.index, fault.code) for fault in parsed.faults] == [(1, "NUMBER-04")]


def test_a_snapshot_gets_its_decimal_places_back():
    """Frozen numbers stand in the file as integers; they are read as the numbers they mean."""
    columns = [Column("unit", "text"), Column("score", "number", places=2)]
    rows = pa.table({"unit": ["a", "b", "c"], "score": pa.array([325, -7, None])})
    content = write_snapshot(build_snapshot(columns, rows, ["unit"]))
    raw = read_parquet(content, where="a.parquet")
    assert raw.rows["score"].to_pylist() == ["3.25", "-0.07", None]


@pytest.mark.parametrize(
    "values",
    [
        pa.array([[1, 2]]),
        pa.array([{"a": 1}]),
        pa.array([b"a"]),
        pa.array([dt.date(2026, 1, 31)]),
        pa.array([dt.datetime(2026, 1, 31, tzinfo=dt.UTC)]),
    ],
)
def test_a_column_is_refused_when_its_type_is_no_text_number_or_boolean(values):
    """The error names column and type."""
    error = refuse(stored(pa.table({"v": values})))
    assert (error.code, error.where) == ("TABLE-23", "a.parquet, column 'v'")


def test_a_parquet_file_is_refused_when_it_is_damaged():
    """Cut off, emptied, or with a changed byte in its middle."""
    content = write_parquet(pa.table({"v": list(range(10_000))}))
    assert refuse(content[:-20]).code == "TABLE-22"
    assert refuse(b"PAR1PAR1").code == "TABLE-22"
    middle = len(content) // 4
    assert refuse(content[:middle] + b"\x00" * 400 + content[middle + 400 :]).code == "TABLE-22"


def test_a_parquet_file_is_refused_when_it_holds_too_much():
    """Rows, columns, cells and bytes are told by the file's own end, before its rows are read."""
    content = stored(pa.table({"a": ["x" * 100] * 5, "b": ["y", "z", "u", "v", "w"]}))
    assert refuse(content, rows=4).code == "TABLE-10"
    assert refuse(content, columns=1).code == "TABLE-10"
    assert refuse(content, cells=9).code == "TABLE-10"
    error = refuse(content, cell=99)
    assert (error.code, error.where) == ("TABLE-11", "a.parquet, column 'a', row 1")
    assert refuse(content, size=10).code == "TABLE-09"


def test_one_long_text_is_refused_when_many_rows_point_to_it():
    """A dictionary makes the file small; the length of all texts together is looked at first."""
    content = stored(pa.table({"a": ["x" * 50_000] * 1_000}))
    assert len(content) < 200_000
    assert refuse(content, size=10**6).code == "TABLE-09"


def test_a_text_is_refused_when_it_is_not_utf_8():
    """The error names column and row."""
    binary = pa.array([b"fine", b"M\xfcller"])
    wrong = pa.Array.from_buffers(pa.string(), 2, binary.buffers())
    error = refuse(stored(pa.table({"name": wrong}), use_dictionary=False))
    assert (error.code, error.where) == ("TABLE-03", "a.parquet, column 'name', row 2")


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (pa.table({"a": pa.array([], pa.string())}), "TABLE-02"),
        (pa.table({"a": pa.nulls(3)}), "TABLE-02"),
        (pa.table([["x"], ["y"]], names=["a", ""]), "TABLE-05"),
        (pa.table([["x"], ["y"]], names=["a", "a "]), "TABLE-06"),
    ],
)
def test_a_parquet_file_is_refused_when_it_is_no_table(table, code):
    """The same rules as for CSV."""
    assert refuse(stored(table)).code == code


def test_a_written_table_keeps_its_types():
    """What is handed out as Parquet has numbers as numbers."""
    table = pa.table({"unit": ["=a"], "n": [1], "share": [Decimal("0.50")]})
    assert pq.read_table(io.BytesIO(write_parquet(table))).equals(table)
