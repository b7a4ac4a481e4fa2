"""Files of TOML: from bytes to tables with exact numbers, or one clear error."""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from touchstone.base.errors import TouchstoneError

LARGEST_FILE = 4 * 1024 * 1024
DEEPEST_TABLE = 20


def parse_toml(content: bytes, *, where: str) -> dict[str, Any]:
    """Read the tables of a TOML file; numbers with a point become Decimal, never float.

    Raises PACK-03 for too many bytes or an encoding other than UTF-8, PACK-04 for what is no TOML.

    >>> parse_toml(b"weight = 0.1", where="example.toml")
    {'weight': Decimal('0.1')}
    """
    if len(content) > LARGEST_FILE:
        found = f"the file has more than {LARGEST_FILE:,} bytes"
        raise TouchstoneError("PACK-03", where=where, found=found, remedy="Make it smaller.")
    try:
        table = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as fault:
        raise TouchstoneError(
            "PACK-03",
            where=where,
            found=f"byte {fault.start + 1} is not UTF-8",
            remedy="Save the file as UTF-8.",
        ) from fault
    except (ValueError, ArithmeticError, RecursionError) as fault:
        raise TouchstoneError(
            "PACK-04",
            where=where,
            found=f"this is not TOML: {fault}",
            remedy="Mend the file at that place.",
        ) from fault
    if _depth(table) > DEEPEST_TABLE:
        raise TouchstoneError(
            "PACK-04",
            where=where,
            found=f"tables stand more than {DEEPEST_TABLE} deep in each other",
            remedy="Take levels out.",
        )
    return table


def _depth(table: Any) -> int:
    """Count how deep tables and lists stand in each other; no deeper than needed to refuse."""
    level, depth = [table], 0
    while level and depth <= DEEPEST_TABLE:
        level = [part for whole in level for part in _parts_within(whole)]
        depth += 1
    return depth


def _parts_within(whole: Any) -> Iterator[Any]:
    parts = whole.values() if isinstance(whole, dict) else whole
    return (part for part in parts if isinstance(part, dict | list))
