"""What all analyses of a pack say of themselves, and the kinds of columns they name."""

from decimal import Decimal
from typing import Annotated, Any

import msgspec

from touchstone.stats.crossed_effects.groups import BESIDE

COLUMN = "column"
PAIRS = "pairs"
# The name of a column, with the kinds of column that can serve.
NumberColumn = Annotated[str, msgspec.Meta(extra={COLUMN: ("number", "yes_no")})]
AnyColumn = Annotated[str, msgspec.Meta(extra={COLUMN: ("text", "number", "yes_no")})]
# A column, or `one:other`, each pair of what two columns hold.
GroupColumn = Annotated[
    str, msgspec.Meta(extra={COLUMN: ("text", "number", "yes_no"), PAIRS: True})
]


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


def columns_named(part: Any, *, apart: bool = True) -> list[tuple[str, str, tuple[str, ...]]]:
    """List the columns that a part of an analysis names: the field, the name, and which kinds fit.

    Parts within it are looked through as well. Pairs of columns are taken `apart`, or listed as
    they are written.
    """
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for field in msgspec.structs.fields(type(part)):
        value = getattr(part, field.name)
        kinds, are_pairs = _column_marks(field.type)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, msgspec.Struct):
                found += columns_named(one, apart=apart)
            elif kinds and isinstance(one, str):
                names = one.split(BESIDE) if are_pairs and apart else [one]
                found += [(field.encode_name, name, kinds) for name in names]
    return found


def _column_marks(kind: Any) -> tuple[tuple[str, ...], bool]:
    """Find the kinds of column that a field's type names, and whether pairs of columns may stand.

    Types within lists and beside None are looked at as well.
    """
    for mark in getattr(kind, "__metadata__", ()):
        if COLUMN in (mark.extra or {}):
            return mark.extra[COLUMN], PAIRS in mark.extra
    marks = map(_column_marks, getattr(kind, "__args__", ()))
    return next((found for found in marks if found[0]), ((), False))
