"""Leaves and commitments of the journal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.trust.leaves import Leaf, commit_to

PAYLOAD = {"about": "unit:1", "by": "person:2", "at": "2026-01-01T00:00:00Z", "details": {}}


def test_a_leaf_has_one_byte_form():
    """The bytes are canonical JSON: sorted keys, no white space."""
    assert Leaf("tree.imported", 3, "00").to_bytes() == (
        b'{"commitment":"00","height":3,"kind":"tree.imported","v":1}'
    )


@given(salt=st.binary(min_size=32, max_size=32))
def test_a_commitment_changes_when_the_salt_does(salt):
    """The same payload under another salt has another commitment."""
    other = bytes([salt[0] ^ 1]) + salt[1:]
    assert commit_to(PAYLOAD, salt) != commit_to(PAYLOAD, other)


def test_a_commitment_is_refused_when_the_salt_is_short():
    """A short salt could be guessed, and would blur where the payload begins."""
    with pytest.raises(ValueError, match="salt"):
        commit_to(PAYLOAD, b"short")
