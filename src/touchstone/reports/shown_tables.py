"""What is shown of figures, wherever that is: tables, sentences and pictures in one language."""

from collections.abc import Iterable, Sequence

import msgspec

from touchstone.reports.charts.looks import Chart


class ShownTable(msgspec.Struct, frozen=True):
    """A table of texts; `numbers` are the places of the columns that hold figures."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()


class Shown(msgspec.Struct, frozen=True):
    """What a reader sees of something that was found: tables and sentences in their order.

    `notes` say what has to be known before the figures are read; `charts` are pictures of them.
    """

    parts: tuple[ShownTable | str, ...]
    notes: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()


def shown_table(
    heads: Iterable[str], rows: Iterable[Sequence[str]], *, numbers: Iterable[int] = ()
) -> ShownTable:
    """Make a table of its heads and rows.

    >>> shown_table(["town", "n"], [["A", "12"]], numbers={1})
    ShownTable(heads=('town', 'n'), rows=(('A', '12'),), numbers=(1,))
    """
    return ShownTable(tuple(heads), tuple(map(tuple, rows)), tuple(numbers))
