"""Numbers are read exactly, and what is no number is named."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.formats.numbers import parse_numbers


def parse(*texts, places=2):
    """Parse texts as one column."""
    return parse_numbers(pa.chunked_array([list(texts)], pa.string()), places=places)


@st.composite
def decimal_texts(draw) -> str:
    """Write a number as people and programs do."""
    sign = draw(st.sampled_from(["", "-", "+"]))
    whole = draw(st.text("0123456789", min_size=1, max_size=7))
    part = draw(st.text("0123456789", max_size=6))
    power = draw(st.sampled_from(["", "", "", "e0", "E+3", "e-2"]))
    return f"{sign}{whole}{'.' if part else ''}{part}{power}"


@given(st.lists(st.one_of(st.none(), decimal_texts()), max_size=20))
def test_a_number_equals_the_decimal_of_its_text(texts):
    """Eight places hold every number here; each equals Python's own Decimal, scaled."""
    parsed = parse(*texts, places=8)
    assert parsed.faults == ()
    wanted = [None if text is None else int(Decimal(text).scaleb(8)) for text in texts]
    assert parsed.values.to_pylist() == wanted


@given(st.lists(decimal_texts(), min_size=1, max_size=20))
def test_a_column_without_places_takes_those_of_its_cells(texts):
    """The places are the most that any cell uses, zeros at the end left out."""
    parsed = parse(*texts, places=None)
    used = [max(0, -int(Decimal(text).normalize().as_tuple().exponent)) for text in texts]
    assert parsed.places == max(used)
    assert [Decimal(value).scaleb(-parsed.places) for value in parsed.values.to_pylist()] == [
        Decimal(text) for text in texts
    ]


@pytest.mark.parametrize(
    ("text", "code", "remedy"),
    [
        ("four", "NUMBER-01", "Write a number"),
        ("NA", "NUMBER-01", "Leave the cell empty"),
        (".", "NUMBER-01", "Leave the cell empty"),
        ("0x1f", "NUMBER-01", "Write a number"),
        ("1_000", "NUMBER-01", "Write a number"),
        ("5 %", "NUMBER-01", "Write a number"),
        ("1" * 300, "NUMBER-01", "Write a number"),
        ("1,234", "NUMBER-02", "without separators"),
        ("1.234.567", "NUMBER-02", "without separators"),
        ("3,5", "NUMBER-02", "without separators"),
        ("1 234", "NUMBER-02", "without separators"),
        ("３", "NUMBER-03", "Write 3."),
        ("٣", "NUMBER-03", "Write 3."),
        ("１２．５", "NUMBER-03", "Write 12.5."),
        ("NaN", "NUMBER-04", "Leave the cell empty"),
        ("-inf", "NUMBER-04", "Leave the cell empty"),
        ("Infinity", "NUMBER-04", "Leave the cell empty"),
        ("−5", "NUMBER-05", "Write -5."),
        ("–5", "NUMBER-05", "Write -5."),
        ("1.234", "NUMBER-06", "Round it"),
        ("1e-3", "NUMBER-06", "Round it"),
        ("1e25", "NUMBER-07", "at most 16 whole digits"),
        ("99999999999999999999", "NUMBER-07", "at most 16 whole digits"),
        ("92233720368547758.08", "NUMBER-07", "at most 16 whole digits"),
        ("1e500", "NUMBER-08", "in full"),
    ],
)
def test_a_cell_is_a_fault_when_it_holds_no_exact_number(text, code, remedy):
    """The fault has the cell's index, its text, a code of its own, and says what to do."""
    parsed = parse("1", text)
    assert parsed.values.to_pylist() == [100, None]
    assert parsed.total_faults == 1
    fault = parsed.faults[0]
    assert (fault.index, fault.text, fault.code) == (1, text, code)
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("92233720368547758.07", 2**63 - 1),
        ("-92233720368547758.07", -(2**63) + 1),
        ("1e5", 10_000_000),
        ("1.500", 150),
        ("-0", 0),
        (".5", 50),
        ("5.", 500),
        ("007", 700),
        ("0" * 60 + "7.25", 725),
    ],
)
def test_a_number_is_kept_when_it_is_exact(text, stored):
    """Unusual spellings are fine as long as they mean one number that fits."""
    assert parse(text).values.to_pylist() == [stored]


def test_a_column_keeps_places_for_its_longest_whole_part_when_eighteen_digits_are_not_enough():
    """Places are taken from the data, up to 18 digits in all; a cell that has more is a fault."""
    parsed = parse("1234567890.5", "0.123456789012", places=None)
    assert parsed.places == 8
    assert [fault.code for fault in parsed.faults] == ["NUMBER-06"]


def test_a_column_of_faults_keeps_the_first_hundred_and_counts_all():
    """Memory stays bounded when every cell is wrong."""
    parsed = parse(*["x"] * 1_000)
    assert len(parsed.faults) == 100
    assert parsed.total_faults == 1_000


def test_a_column_of_several_chunks_is_read_as_one():
    """Indices count over chunks; an empty column has no places."""
    cells = pa.chunked_array([["1"], [], ["x", "2"]], pa.string())
    parsed = parse_numbers(cells, places=0)
    assert parsed.values.to_pylist() == [1, None, 2]
    assert parsed.faults[0].index == 1
    assert parse_numbers(pa.chunked_array([], pa.string()), places=None).places == 0


@pytest.mark.parametrize("places", [-1, 19])
def test_a_programmer_is_told_when_places_are_impossible(places):
    """int64 holds at most 18 decimal places."""
    with pytest.raises(ValueError, match="places must be"):
        parse("1", places=places)
