"""What a leaf of the journal is made of: a kind, a place and a commitment to the payload.

The leaf holds no word of the payload, only a salted commitment to it.
Payload and salt can therefore be erased later, and every proof still holds.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from touchstone.base.canonical import canonical_json

LEAF_VERSION = 1
COMMITMENT_DOMAIN = b"touchstone/journal/v1"
SALT_SIZE = 32


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry of the journal: its kind, its place from 0, and the hex of its commitment."""

    kind: str
    height: int
    commitment: str

    def to_bytes(self) -> bytes:
        """Give the bytes that the journal hashes: canonical JSON, the version first among them.

        >>> Leaf("unit.closed", 7, "ab").to_bytes()
        b'{"commitment":"ab","height":7,"kind":"unit.closed","v":1}'
        """
        return canonical_json(
            {
                "v": LEAF_VERSION,
                "kind": self.kind,
                "height": self.height,
                "commitment": self.commitment,
            }
        )


def commit_to(payload: dict[str, Any], salt: bytes) -> str:
    """Give the commitment to a payload: SHA-256 of domain, 32-byte salt and canonical payload.

    The salt keeps anyone from guessing a short payload by trying all of them.

    >>> commit_to({"about": "unit:1"}, bytes(32))[:16]
    '19ca8a8d08c04b6a'
    """
    if len(salt) != SALT_SIZE:
        raise ValueError(f"commit_to needs a salt of {SALT_SIZE} bytes; got {len(salt)}")
    return hashlib.sha256(COMMITMENT_DOMAIN + salt + canonical_json(payload)).hexdigest()
