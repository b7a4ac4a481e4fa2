"""Columns of frozen evidence as numbers, codes and texts, for models that work in memory."""

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from touchstone.stats.agreement.ratings import Levels
from touchstone.tallies.keys import stored_integers
from touchstone.tallies.plans import key_texts
from touchstone.tallies.tables import Snapshot

Floats = npt.NDArray[np.float64]


def numbers_of(snapshot: Snapshot, name: str) -> Floats:
    """Give a column of numbers, NaN where a cell is empty."""
    cells = snapshot.rows.column(name)
    stored, _, _ = stored_integers(cells)
    scaled: Floats = stored / 10.0 ** snapshot.column(name).places
    if cells.null_count:
        scaled[pc.is_null(cells).to_numpy()] = np.nan
    return scaled


def levels_of(snapshot: Snapshot, name: str) -> Levels:
    """Code a column in ascending order of its texts; empty cells have the code −1.

    A number's text is what it would be as a key, such as 2024.
    """
    stored = snapshot.rows.column(name).combine_chunks()
    encoded = key_texts(snapshot, name, stored).dictionary_encode()
    names = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names) + 1, np.int64)
    place[order] = np.arange(len(names))
    place[-1] = -1
    codes = pc.fill_null(encoded.indices, len(names)).to_numpy(zero_copy_only=False)
    return Levels(place[codes], tuple(names[one] for one in order))


def texts_of(snapshot: Snapshot, name: str) -> list[str | None]:
    """Give a column as texts, None where a cell is empty."""
    stored = snapshot.rows.column(name).combine_chunks()
    found: list[str | None] = key_texts(snapshot, name, stored).to_pylist()
    return found
