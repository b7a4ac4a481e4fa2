"""The journal's tree against published vectors, and its proofs against flipped bits."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.trust.journal import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    hash_leaf,
    hash_node,
    inclusion_proof,
    is_consistent,
    is_included,
    tree_root,
)

# Origin: github.com/transparency-dev/merkle, commit 417fb0c314750d94e53942e9f92e79b6d35915db,
# testdata/inclusion and testdata/consistency (Apache-2.0), with the constants of RFC 6962.
VECTORS = json.loads(
    (Path(__file__).parent / "vectors" / "rfc6962_merkle_vectors.json").read_text("utf-8")
)
LARGEST_SIZE = 300
LEAVES = [hash_leaf(str(number).encode()) for number in range(LARGEST_SIZE)]
ROOTS = [tree_root(LEAVES[:size]) for size in range(LARGEST_SIZE + 1)]


def decoded(value: str | None) -> bytes:
    return base64.b64decode(value or "")


def decoded_proof(values: list[str] | None) -> tuple[bytes, ...]:
    return tuple(decoded(value) for value in values or ())


def test_a_hash_equals_the_published_constant():
    """Leaves are prefixed with 00, nodes with 01, and the empty tree hashes nothing."""
    constants = VECTORS["hasher"]
    assert EMPTY_ROOT.hex() == constants["empty_root"]
    assert hash_leaf(b"").hex() == constants["leaf_of_empty"]
    assert hash_leaf(b"L123456").hex() == constants["leaf_L123456"]
    assert hash_node(b"N123", b"N456").hex() == constants["node_N123_N456"]


def test_a_root_equals_the_reference_tree_at_every_size():
    """The reference tree of RFC 6962 has eight leaves; each prefix has its known root."""
    tree = VECTORS["reference_tree"]
    hashes = [hash_leaf(bytes.fromhex(leaf)) for leaf in tree["leaves_hex"]]
    roots = [tree_root(hashes[:size]).hex() for size in range(len(hashes) + 1)]
    assert roots == tree["root_hex_by_size"]


@pytest.mark.parametrize("case", VECTORS["inclusion"], ids=lambda case: case["case"])
def test_an_inclusion_verdict_equals_the_published_one(case):
    """Each published inclusion case is accepted or refused as its authors say."""
    verdict = is_included(
        decoded(case["leafHash"]),
        case["leafIdx"],
        case["treeSize"],
        proof=decoded_proof(case["proof"]),
        root=decoded(case["root"]),
    )
    assert verdict is not case["wantErr"]


@pytest.mark.parametrize("case", VECTORS["consistency"], ids=lambda case: case["case"])
def test_a_consistency_verdict_equals_the_published_one(case):
    """Each published consistency case is judged as its authors say, but size 0 is refused."""
    verdict = is_consistent(
        case["size1"],
        case["size2"],
        older_root=decoded(case["root1"]),
        newer_root=decoded(case["root2"]),
        proof=decoded_proof(case["proof"]),
    )
    assert verdict is (case["size1"] > 0 and not case["wantErr"])


@given(size=st.integers(2, 80), place=st.integers(0, 10**6), bit=st.integers(0, 10**6))
def test_a_proof_is_refused_when_any_bit_is_flipped(size, place, bit):
    """No single-bit change of a proof, leaf or root passes."""
    index = place % size
    proof = inclusion_proof(LEAVES[:size], index)
    parts = [LEAVES[index], ROOTS[size], *proof]
    chosen = place % len(parts)
    flipped = bytearray(parts[chosen])
    flipped[bit // 8 % 32] ^= 1 << bit % 8
    parts[chosen] = bytes(flipped)
    assert not is_included(parts[0], index, size, proof=tuple(parts[2:]), root=parts[1])


@pytest.mark.parametrize("size", [0, 4])
def test_a_consistency_proof_from_size_zero_is_refused(size):
    """An empty journal is a prefix of anything: a proof from it would prove nothing."""
    assert not is_consistent(0, size, older_root=EMPTY_ROOT, newer_root=ROOTS[size], proof=())
    with pytest.raises(ValueError, match="older_size"):
        consistency_proof(LEAVES[:4], 0)


@pytest.mark.parametrize("index", [-1, 4])
def test_an_inclusion_proof_is_refused_when_the_leaf_is_not_there(index):
    """An index outside the journal is a programmer's mistake."""
    with pytest.raises(ValueError, match="index"):
        inclusion_proof(LEAVES[:4], index)


@given(size=st.integers(0, LARGEST_SIZE))
def test_a_frontier_gives_the_same_root_after_it_was_stored(size):
    """A frontier taken apart and put together again goes on where it stopped."""
    frontier = Frontier()
    for leaf in LEAVES[: size // 2]:
        frontier.append(leaf)
    again = Frontier(frontier.size, frontier.peaks)
    for leaf in LEAVES[size // 2 : size]:
        again.append(leaf)
    assert again.root() == ROOTS[size]


def test_a_frontier_is_refused_when_its_peaks_do_not_fit_its_size():
    """A journal of three leaves has two full subtrees, never one."""
    with pytest.raises(ValueError, match="peak"):
        Frontier(3, [b"a" * 32])
