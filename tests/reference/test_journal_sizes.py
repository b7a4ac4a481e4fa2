"""Both proofs of the journal, for every size up to 300."""

from touchstone.trust.journal import (
    consistency_proof,
    hash_leaf,
    inclusion_proof,
    is_consistent,
    is_included,
    tree_root,
)

LARGEST_SIZE = 300
LEAVES = [hash_leaf(str(number).encode()) for number in range(LARGEST_SIZE)]
ROOTS = [tree_root(LEAVES[:size]) for size in range(LARGEST_SIZE + 1)]


def test_a_proof_of_inclusion_holds_for_every_leaf_of_every_size():
    """All i < n <= 300: the proof made is accepted, and refused for the neighbour's leaf."""
    for size in range(1, LARGEST_SIZE + 1):
        for index in range(size):
            proof = inclusion_proof(LEAVES[:size], index)
            assert is_included(LEAVES[index], index, size, proof=proof, root=ROOTS[size])
            other = LEAVES[(index + 1) % LARGEST_SIZE]
            assert not is_included(other, index, size, proof=proof, root=ROOTS[size])


def test_a_proof_of_consistency_holds_for_every_pair_of_sizes():
    """All 0 < m <= n <= 300: the proof made is accepted, and refused for another old root."""
    for newer in range(1, LARGEST_SIZE + 1):
        for older in range(1, newer + 1):
            proof = consistency_proof(LEAVES[:newer], older)
            roots = {"older_root": ROOTS[older], "newer_root": ROOTS[newer]}
            assert is_consistent(older, newer, proof=proof, **roots)
            roots["older_root"] = ROOTS[older - 1]
            assert not is_consistent(older, newer, proof=proof, **roots)
