"""CSV: what is read, what is refused, what is written."""

import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.base.errors import TouchstoneError
from touchstone.formats.csv_files import read_csv, write_csv
from touchstone.formats.formulas import FORMULA_STARTS
from touchstone.formats.raw_tables import Limits
from touchstone.formats.readers import read_table

# Signs that part cells, end lines, or that Unicode NFC leaves as they are.
SIGNS = "abc,;\"'\t\n\r é村0.-"
texts = st.text(SIGNS, max_size=6).map(str.strip).filter(lambda t: not t.startswith(FORMULA_STARTS))
names = st.lists(texts.filter(bool), min_size=1, max_size=4, unique=True)


@st.composite
def text_tables(draw) -> pa.Table:
    """Make a table of trimmed texts whose last row holds something."""
    columns = draw(names)
    cells = st.one_of(st.none(), texts.filter(bool))
    rows = draw(st.lists(st.tuples(*[cells] * len(columns)), max_size=5))
    rows.append(("end", *[None] * (len(columns) - 1)))
    arrays = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.table(arrays, names=columns)


@given(text_tables())
def test_a_table_is_the_same_when_it_is_written_and_read(table):
    """Quotes, delimiters, line ends within cells and empty rows come back as they were."""
    read = read_table(io.BytesIO(write_csv(table)), where="a.csv")
    assert read.rows.equals(table)
    assert read.first_row == 2


@given(text_tables(), st.sampled_from([",", ";", "\t"]))
def test_a_table_is_the_same_to_the_fast_and_the_exact_reader(table, delimiter):
    """A row limit just above the count of lines forces the exact reader."""
    content = write_csv(table)
    fast = read_csv(content, where="a.csv")
    exact = read_csv(content, where="a.csv", limits=Limits(rows=table.num_rows))
    assert fast.rows.equals(exact.rows)


def read(text: str | bytes, **limits):
    """Read CSV text under the name a.csv."""
    content = text if isinstance(text, bytes) else text.encode()
    return read_csv(content, where="a.csv", limits=Limits(**limits))


def refuse(text: str | bytes, **limits) -> TouchstoneError:
    """Give the error that reading raises."""
    with pytest.raises(TouchstoneError) as caught:
        read(text, **limits)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "unit;n\na;1\n",
        "unit\tn\na\t1",
        "\ufeffunit,n\r\na,1\r\n",
        "unit,n\ra,1\r",
        " unit , n \n a ,\u30001\n",
        'unit,n\n"a","1"\n\n\n',
        "unit,n\na,1\n,\n , \n",
        "unit,n,,\na,1,,\n",
    ],
)
def test_a_csv_file_is_read_however_programs_write_it(text):
    """Comma, semicolon, tab; LF, CRLF, CR; a mark at the start; white space and empty ends."""
    raw = read(text)
    assert raw.rows.to_pydict() == {"unit": ["a"], "n": ["1"]}
    assert raw.first_row == 2


def test_a_cell_is_null_when_it_is_empty_quoted_or_not():
    """Nothing in quotation marks is nothing."""
    assert read('a,b,c\n"",,x\n').rows.to_pylist() == [{"a": None, "b": None, "c": "x"}]


def test_a_row_keeps_its_number_when_rows_above_it_are_empty():
    """Empty rows in the middle stay, those above the heading are counted."""
    raw = read("\n\nunit,n\na,1\n\nb,2\n")
    assert raw.rows["unit"].to_pylist() == ["a", None, "b"]
    assert raw.place(2, "n") == "a.csv, row 6, column 'n'"


def test_a_row_counts_once_when_a_cell_has_line_ends():
    """Rows are what a spreadsheet shows, not lines of text."""
    error = refuse('unit,n\n"a\nb\nc",1\nd\n')
    assert (error.code, error.where) == ("TABLE-07", "a.csv, row 3")


def test_a_csv_file_is_refused_with_each_ragged_row_at_once():
    """All ragged rows are named together."""
    error = refuse("a,b\n1\n1,2\n1,2,3\n")
    assert [fault.where for fault in error.faults] == ["a.csv, row 2", "a.csv, row 4"]
    assert error.total == 2


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        (b"", "TABLE-01", "a.csv"),
        (b"\n \r\n", "TABLE-01", "a.csv"),
        (b"\xef\xbb\xbf", "TABLE-01", "a.csv"),
        ("a,b\n", "TABLE-02", "a.csv"),
        ("a,b\n,\n\n", "TABLE-02", "a.csv"),
        ("a,b\n1,2\n".encode("utf-16"), "TABLE-03", "a.csv, row 1"),
        ("a,b\n1,2\n".encode("utf-16-le"), "TABLE-03", "a.csv, row 1"),
        ('a,b\n"x\ny",2\n1,é\n'.encode("latin-1"), "TABLE-03", "a.csv, row 3, byte 15 of the file"),
        (b"a,b\n1,\xe4\xbd", "TABLE-03", "a.csv, row 2, byte 7 of the file"),
        (b"\xff,b\n1,2", "TABLE-03", "a.csv, row 1, byte 1 of the file"),
        (b"a,b\n1,2\n3,\x004\n", "TABLE-04", "a.csv, row 3, byte 11 of the file"),
        ("a,,c\n1,2,3\n", "TABLE-05", "a.csv, column 2"),
        ("a,b,\n1,2,3\n", "TABLE-05", "a.csv, column 3"),
        ("a,b, a\n1,2,3\n", "TABLE-06", "a.csv, columns 1 and 3"),
        ("caf\u00e9,cafe\u0301\n1,2\n", "TABLE-06", "a.csv, columns 1 and 2"),
        ('a,b\n1,2\n3,"4\n', "TABLE-08", "a.csv, row 3"),
        ('a,"b\n1,2\n', "TABLE-08", "a.csv, row 1"),
        ('"', "TABLE-08", "a.csv, row 1"),
        ('a\n1\n"', "TABLE-08", "a.csv, row 3"),
    ],
)
def test_a_csv_file_is_refused_when_it_is_no_table(text, code, where):
    """The error says where, with the row that a spreadsheet shows."""
    error = refuse(text)
    assert (error.code, error.where) == (code, where)


@pytest.mark.parametrize(("encoding", "guess"), [("gb18030", "GB18030"), ("latin-1", "Latin-1")])
def test_a_csv_file_in_another_encoding_gets_a_guess(encoding, guess):
    """The guess names what the bytes look like."""
    text = "unit,name\n1,西宁市城东区\n" if encoding == "gb18030" else "unit,name\n1,Müller\n"
    assert guess in refuse(text.encode(encoding)).found


def test_a_csv_file_is_refused_when_it_holds_too_much():
    """Rows, columns and the size of cells have limits."""
    assert refuse("a\n1\n2\n3\n", rows=2).code == "TABLE-10"
    assert refuse("a,b\n1,2\n1,2\n", cells=3).code == "TABLE-10"
    assert refuse("a,b,c\n1,2,3\n", columns=2).code == "TABLE-10"
    error = refuse(f"a,b\n1,2\n3,{'x' * 11}\n", cell=10)
    assert (error.code, error.where) == ("TABLE-11", "a.csv, row 3")
    assert refuse('a,b\n1,"' + "x\n" * 200_000).code == "TABLE-11"


def test_a_row_longer_than_a_block_is_read():
    """Rows of many megabytes are unusual and fine."""
    wide = [f"c{position}" for position in range(200)]
    row = ["x" * 50_000] * 200
    raw = read(",".join(wide) + "\n" + ",".join(row) + "\n")
    assert raw.rows["c199"].to_pylist() == ["x" * 50_000]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠"]
)
def test_a_text_cannot_run_as_a_formula_when_a_spreadsheet_opens_it(text):
    """Such a text gets an apostrophe; numbers stay numbers."""
    written = write_csv(pa.table({"unit": [text], "n": [-1]})).decode()
    assert f"'{text}" in written
    assert written.rstrip("\n").endswith(",-1")
