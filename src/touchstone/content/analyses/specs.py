"""What all analyses of a pack say of themselves, and the kinds of columns they name."""

from decimal import Decimal
from typing import Annotated, Any

import msgspec

COLUMN = "column"
# The name of a column, with the kinds of column that can serve.
NumberColumn = Annotated[str, msgspec.Meta(extra={COLUMN: ("number", "yes_no")})]
TextColumn = Annotated[str, msgspec.Meta(extra={COLUMN: ("text",)})]
AnyColumn = Annotated[str, msgspec.Meta(extra={COLUMN: ("text", "number", "yes_no")})]


class AnalysisSpec(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"
):
    """One analysis of a dataset's rows; `confidence` is how sure its intervals are.

    Its `kind` is the tag of the struct. Figures that rest on fewer than `smallest_group` rows or
    people are withheld.
    """

    dataset: str = ""
    confidence: Decimal = Decimal("0.95")
    smallest_group: int = 10


def columns_named(part: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    """List the columns that a part of an analysis names: the field, the name, and which kinds fit.

    Parts within it are looked through as well.
    """
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for field in msgspec.structs.fields(type(part)):
        value = getattr(part, field.name)
        kinds = _column_kinds(field.type)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, msgspec.Struct):
                found += columns_named(one)
            elif kinds and isinstance(one, str):
                found.append((field.encode_name, one, kinds))
    return found


def _column_kinds(kind: Any) -> tuple[str, ...]:
    """Find the kinds of column that a field's type names, within lists and beside None as well."""
    for mark in getattr(kind, "__metadata__", ()):
        if COLUMN in (mark.extra or {}):
            kinds: tuple[str, ...] = mark.extra[COLUMN]
            return kinds
    parts = getattr(kind, "__args__", ())
    return next((found for part in parts if (found := _column_kinds(part))), ())
