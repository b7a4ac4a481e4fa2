"""TOML files: exact numbers, and one clear error for what cannot be read."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.base.errors import TouchstoneError
from touchstone.content.toml_files import DEEPEST_TABLE, LARGEST_FILE, parse_toml


def code_of(content: bytes) -> str:
    with pytest.raises(TouchstoneError) as caught:
        parse_toml(content, where="pack/file.toml")
    assert caught.value.where == "pack/file.toml"
    return caught.value.code


def test_a_number_with_a_point_is_exact():
    """0.1 is a tenth."""
    assert parse_toml(b"a = 0.1\nb = 3", where="x") == {"a": Decimal("0.1"), "b": 3}


def test_a_byte_order_mark_is_left_aside():
    """Editors on Windows put one in front."""
    assert parse_toml("﻿a = 1".encode(), where="x") == {"a": 1}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a = \xff", "PACK-03"),
        ("a = '县'".encode("gbk"), "PACK-03"),
        (b"#" * (LARGEST_FILE + 1), "PACK-03"),
        (b"a = ", "PACK-04"),
        (b"a = 1\na = 2", "PACK-04"),
        (b"a = " + b"9" * 5000, "PACK-04"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, "PACK-04"),
        (b"a" + b".a" * DEEPEST_TABLE + b" = 1", "PACK-04"),
        (b"a" + b".a" * 3000 + b" = 1", "PACK-04"),
        (b"a = 1e99999999999999999999", "PACK-04"),
    ],
)
def test_a_file_is_refused_when_it_is_no_toml(content, code):
    """Wrong encoding, wrong grammar, doubled keys, endless depth, endless numbers."""
    assert code_of(content) == code


def test_a_fault_of_grammar_tells_its_line():
    """The line is where to look."""
    with pytest.raises(TouchstoneError, match="line 2"):
        parse_toml(b"a = 1\nb = \n", where="x")


@given(st.binary(max_size=200))
def test_any_bytes_give_a_table_or_a_clear_error(content):
    """Nothing that stands in a file ends the program otherwise."""
    try:
        assert isinstance(parse_toml(content, where="x"), dict)
    except TouchstoneError as fault:
        code = fault.code
    else:
        return
    assert code in {"PACK-03", "PACK-04"}
