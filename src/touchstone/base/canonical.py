"""One byte string for one value, so that equal content has an equal hash everywhere."""

import hashlib
from typing import Any

import rfc8785


def canonical_json(value: Any) -> bytes:
    """Write a value of dicts, lists, texts, integers, booleans and None as canonical JSON.

    Follows RFC 8785 (JSON Canonicalization Scheme): keys sorted, no white space, UTF-8.

    >>> canonical_json({"b": 1, "a": [True, None]})
    b'{"a":[true,null],"b":1}'
    """
    return rfc8785.dumps(value)


def sha256_hex(content: bytes) -> str:
    """Give the SHA-256 of some bytes as 64 hexadecimal digits.

    >>> sha256_hex(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


def content_hash(value: Any) -> str:
    """Give the SHA-256 of a value's canonical JSON.

    >>> content_hash({"a": 1}) == content_hash({"a": 1})
    True
    """
    return sha256_hex(canonical_json(value))
