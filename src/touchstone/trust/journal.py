"""The journal as a Merkle tree: roots, proofs that an entry is in it, proofs that it only grew.

Hashing and proofs follow RFC 9162, section 2.1 (the same tree as RFC 6962): SHA-256, leaves
prefixed with 00 and nodes with 01, a tree of n leaves split at the largest power of two below n.
A consistency proof from an empty journal would say nothing and is refused.
"""

import hashlib
from collections.abc import Sequence

from touchstone.trust.frontiers import Frontier
from touchstone.trust.hashing import EMPTY_ROOT, hash_leaf, hash_node

__all__ = [
    "EMPTY_ROOT",
    "Frontier",
    "consistency_proof",
    "hash_leaf",
    "hash_node",
    "inclusion_proof",
    "is_consistent",
    "is_included",
    "tree_root",
]

HASH_SIZE = hashlib.sha256().digest_size


def tree_root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Give the root of a journal from the hashes of its leaves, oldest first (RFC 9162, 2.1.1).

    >>> tree_root([]) == EMPTY_ROOT
    True
    >>> tree_root([hash_leaf(b"")]).hex()[:16]
    '6e340b9cffb37a98'
    """
    frontier = Frontier()
    for leaf_hash in leaf_hashes:
        frontier.append(leaf_hash)
    return frontier.root()


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Give the hashes which prove that the leaf at `index` is in the journal (RFC 9162, 2.1.3.1).

    `index` counts from 0; the proof runs from the leaf's neighbour up to below the root.

    >>> hashes = [hash_leaf(b"a"), hash_leaf(b"b")]
    >>> inclusion_proof(hashes, 0) == (hashes[1],)
    True
    """
    size = len(leaf_hashes)
    if not 0 <= index < size:
        raise ValueError(f"inclusion_proof needs 0 <= index < size; got {index=}, {size=}")
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _largest_power_below(high - low)
        if index < middle:
            proof.append(tree_root(leaf_hashes[middle:high]))
            high = middle
        else:
            proof.append(tree_root(leaf_hashes[low:middle]))
            low = middle
    return tuple(reversed(proof))


def consistency_proof(leaf_hashes: Sequence[bytes], older_size: int) -> tuple[bytes, ...]:
    """Give the hashes which prove that the first `older_size` leaves still stand unchanged.

    The proof of RFC 9162, section 2.1.4.1; `older_size` is at least 1.

    >>> hashes = [hash_leaf(b"a"), hash_leaf(b"b")]
    >>> consistency_proof(hashes, 1) == (hashes[1],)
    True
    """
    size = len(leaf_hashes)
    if not 1 <= older_size <= size:
        raise ValueError(f"consistency_proof needs 1 <= older_size <= {size}; got {older_size=}")
    proof: list[bytes] = []
    low, high = 0, size
    # The older tree is known to the verifier as long as the walk has only gone to the left.
    is_known = True
    while older_size != high:
        middle = low + _largest_power_below(high - low)
        if older_size <= middle:
            proof.append(tree_root(leaf_hashes[middle:high]))
            high = middle
        else:
            proof.append(tree_root(leaf_hashes[low:middle]))
            low = middle
            is_known = False
    if not is_known:
        proof.append(tree_root(leaf_hashes[low:high]))
    return tuple(reversed(proof))


def is_included(
    leaf_hash: bytes, index: int, size: int, *, proof: Sequence[bytes], root: bytes
) -> bool:
    """Say whether the proof shows that a leaf stands at `index` in the journal of `size` leaves.

    The verification of RFC 9162, section 2.1.3.2. Anything malformed is not a proof.

    >>> is_included(hash_leaf(b"a"), 0, 1, proof=(), root=hash_leaf(b"a"))
    True
    """
    if not 0 <= index < size or not _are_hashes((leaf_hash, root, *proof)):
        return False
    node, last, running = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            running = hash_node(sibling, running)
            if not node & 1:
                node, last = _skip_to_right_child(node, last)
        else:
            running = hash_node(running, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and running == root


def is_consistent(
    older_size: int,
    newer_size: int,
    *,
    older_root: bytes,
    newer_root: bytes,
    proof: Sequence[bytes],
) -> bool:
    """Say whether the proof shows that the newer journal only added to the older one.

    The verification of RFC 9162, section 2.1.4.2. A proof from size 0 is refused.

    >>> a, b = hash_leaf(b"a"), hash_leaf(b"b")
    >>> is_consistent(1, 2, older_root=a, newer_root=hash_node(a, b), proof=(b,))
    True
    """
    if not 1 <= older_size <= newer_size:
        return False
    if older_size == newer_size:
        return not proof and older_root == newer_root
    if not _are_hashes((older_root, newer_root, *proof)):
        return False
    path = list(proof)
    if _is_power_of_two(older_size):
        path.insert(0, older_root)
    if not path:
        return False
    return _roots_along(path, older_size - 1, newer_size - 1) == (older_root, newer_root)


def _roots_along(path: Sequence[bytes], node: int, last: int) -> tuple[bytes, bytes] | None:
    """The older and the newer root that a consistency path leads to; None when it does not fit."""
    while node & 1:
        node, last = node >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            older, newer = hash_node(sibling, older), hash_node(sibling, newer)
            if not node & 1:
                node, last = _skip_to_right_child(node, last)
        else:
            newer = hash_node(newer, sibling)
        node, last = node >> 1, last >> 1
    return (older, newer) if last == 0 else None


def _skip_to_right_child(node: int, last: int) -> tuple[int, int]:
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _largest_power_below(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _is_power_of_two(size: int) -> bool:
    return size & (size - 1) == 0


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(len(value) == HASH_SIZE for value in values)
