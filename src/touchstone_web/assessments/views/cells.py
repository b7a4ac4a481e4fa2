"""Cells of tables with the heads of their columns, which narrow screens show beside them."""

from collections.abc import Sequence

Cells = list[list[tuple[str, str]]]


def labelled(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Cells:
    """Each cell of a table with its column's head."""
    return [list(zip(heads, row, strict=True)) for row in rows]
