"""Tables for the terminal: columns that line up, also where signs are two columns wide."""

import unicodedata
from collections.abc import Container, Iterable, Sequence

from touchstone.reports.shown_tables import ShownTable

GAP = "  "


def written(parts: Iterable[ShownTable | str]) -> str:
    """Write tables and sentences one below the other."""
    return "\n\n".join(part if isinstance(part, str) else _table(part) for part in parts)


def _table(table: ShownTable) -> str:
    return aligned([table.heads, *table.rows], right=table.numbers)


def aligned(lines: Sequence[Sequence[str]], *, right: Container[int]) -> str:
    """Set lines of texts in columns; those whose place is in `right` end at the same column.

    >>> print(aligned([["town", "n"], ["A", "12"]], right={1}))
    town   n
    A     12
    """
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    written = []
    for line in lines:
        cells = []
        for place, (text, wide) in enumerate(zip(line, widths, strict=True)):
            space = " " * (wide - width(text))
            cells.append(space + text if place in right else text + space)
        written.append(GAP.join(cells).rstrip())
    return "\n".join(written)


def width(text: str) -> int:
    """Give the columns a text takes on a terminal: Chinese signs take two.

    >>> width("n"), width("均值")
    (1, 4)
    """
    signs = unicodedata.normalize("NFC", text)
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in signs)
    return wide + sum(not unicodedata.combining(sign) for sign in signs)
