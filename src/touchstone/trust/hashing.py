"""The two hashes of the journal's tree (RFC 9162, section 2.1.1)."""

import hashlib

LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"
EMPTY_ROOT = hashlib.sha256(b"").digest()


def hash_leaf(leaf: bytes) -> bytes:
    """Give the hash of one leaf of the journal.

    >>> hash_leaf(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return hashlib.sha256(LEAF_PREFIX + leaf).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Give the hash of a node from the hashes of its two children.

    >>> hash_node(hash_leaf(b"a"), hash_leaf(b"b")).hex()[:16]
    'b137985ff484fb60'
    """
    return hashlib.sha256(NODE_PREFIX + left + right).digest()
