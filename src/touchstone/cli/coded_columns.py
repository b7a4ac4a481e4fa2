"""Columns of a file as numbers and codes, for models that work in memory."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from touchstone.cli.long_numbers import freeze_rounded
from touchstone.formats.numbers import parse_numbers
from touchstone.formats.raw_tables import RawTable
from touchstone.stats.agreement.ratings import Levels
from touchstone.tallies.tables import Snapshot

Floats = npt.NDArray[np.float64]


def read_columns(
    raw: RawTable, *, numbers: Sequence[str] = (), texts: Sequence[str] = ()
) -> Snapshot:
    """Freeze some columns; numbers with more decimals than fit are rounded.

    Raises InputErrors TABLE-24, NUMBER-01 to NUMBER-08.
    """
    snapshot, _ = freeze_rounded(raw, numbers=numbers, texts=texts)
    return snapshot


def numbers_of(snapshot: Snapshot, name: str) -> Floats:
    """Give a column of numbers, NaN where a cell is empty."""
    cells = snapshot.rows.column(name)
    stored = pc.cast(cells, "float64").to_numpy().astype(np.float64)
    scaled: Floats = stored / 10.0 ** snapshot.column(name).places
    return scaled


def levels_of(snapshot: Snapshot, name: str) -> Levels:
    """Code a column of texts in ascending order; empty cells have the code −1."""
    encoded = snapshot.rows.column(name).combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names) + 1, np.int64)
    place[order] = np.arange(len(names))
    place[-1] = -1
    codes = pc.fill_null(encoded.indices, len(names)).to_numpy(zero_copy_only=False)
    return Levels(place[codes], tuple(names[one] for one in order))


def texts_of(snapshot: Snapshot, name: str) -> list[str | None]:
    """Give a column of texts, None where a cell is empty."""
    found: list[str | None] = snapshot.rows.column(name).to_pylist()
    return found


def holds_numbers(raw: RawTable, name: str) -> bool:
    """Say whether a column is there and all its cells are numbers."""
    if name not in raw.rows.column_names:
        return False
    return not parse_numbers(raw.rows.column(name), places=None).total_faults
