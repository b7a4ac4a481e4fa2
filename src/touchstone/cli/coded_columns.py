"""Columns of a file, frozen for models that work in memory."""

from collections.abc import Sequence

from touchstone.cli.long_numbers import freeze_rounded
from touchstone.formats.numbers import parse_numbers
from touchstone.formats.raw_tables import RawTable
from touchstone.tallies.tables import Snapshot


def read_columns(
    raw: RawTable, *, numbers: Sequence[str] = (), texts: Sequence[str] = ()
) -> Snapshot:
    """Freeze some columns; numbers with more decimals than fit are rounded.

    Raises InputErrors TABLE-24, NUMBER-01 to NUMBER-08.
    """
    snapshot, _ = freeze_rounded(raw, numbers=numbers, texts=texts)
    return snapshot


def holds_numbers(raw: RawTable, name: str) -> bool:
    """Say whether a column is there and all its cells are numbers."""
    if name not in raw.rows.column_names:
        return False
    return not parse_numbers(raw.rows.column(name), places=None).total_faults
