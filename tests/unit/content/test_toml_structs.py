"""Tables of TOML become structs; every fault is named with its place."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.content.schemes import Scheme
from touchstone.content.toml_structs import UNREAD, StructReader

SOUND = {
    "dataset": "d",
    "scale": {"low": 0, "high": Decimal("2.5")},
    "criteria": [{"id": "c", "criteria": [{"id": "inner", "indicator": "i"}]}],
    "grades": [{"id": "g", "from": 0}],
    "caps": [{"id": "l", "indicator": "i", "where": {"t": ["E", "M"]}}],
}


def places_after(**changes: object) -> list[tuple[str, str]]:
    reader = StructReader()
    read = reader.read(SOUND | changes, Scheme, where="s.toml")
    assert (read is UNREAD) == bool(reader.faults)
    return [(fault.code, fault.where) for fault in reader.faults]


def test_a_table_becomes_the_struct_that_msgspec_makes_of_it():
    """The reader adds places to faults and changes nothing else."""
    read = StructReader().read(SOUND, Scheme, where="s.toml")
    assert read == msgspec.convert(SOUND, Scheme)


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"scale": 5}, "PACK-07", "s.toml, 'scale'"),
        ({"scale": {"low": 0}}, "PACK-05", "s.toml, 'scale'"),
        ({"scale": {"low": 0, "high": 1, "top": 2}}, "PACK-06", "s.toml, 'scale'"),
        ({"scale": {"low": "0", "high": 1}}, "PACK-07", "s.toml, 'scale', 'low'"),
        ({"criteria": {"id": "c"}}, "PACK-07", "s.toml, 'criteria'"),
        ({"criteria": [5]}, "PACK-07", "s.toml, 'criteria' no. 1"),
        (
            {"criteria": [{"id": "c", "criteria": [{"id": "x", "weight": []}]}]},
            "PACK-07",
            "s.toml, 'criteria' no. 1 ('c'), 'criteria' no. 1 ('x'), 'weight'",
        ),
        (
            {"caps": [{"id": "l", "indicator": "i", "where": {"t": [1]}}]},
            "PACK-07",
            "s.toml, 'caps' no. 1 ('l'), 'where', 't' no. 1",
        ),
        ({"missing": "forget"}, "PACK-07", "s.toml, 'missing'"),
        ({"places": Decimal("1.0")}, "PACK-07", "s.toml, 'places'"),
        ({"places": 10**12}, "PACK-08", "s.toml, 'places'"),
        ({"confidence": Decimal("NaN")}, "PACK-08", "s.toml, 'confidence'"),
    ],
)
def test_a_fault_is_placed_where_it_stands(changes, code, where):
    """File, table, number and name in the list, key."""
    assert places_after(**changes) == [(code, where)]


def test_all_faults_of_a_table_are_told():
    """One that is missing hides none that is wrong."""
    faults = places_after(scale={"low": "a", "hihg": 1}, places=True, grades=None)
    assert [code for code, _ in faults] == ["PACK-06", "PACK-07", "PACK-05", "PACK-07", "PACK-07"]


TEXTS = st.text("abcdefgilo_县", max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*SOUND, "caps", "places"]), JSON))
def test_any_value_gives_a_struct_or_faults(changes):
    """Nothing that TOML can hold ends the reader otherwise."""
    places_after(**changes)
