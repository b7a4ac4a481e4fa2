"""Shares as means of ones and zeros: one column of them for each value that is counted."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from touchstone.base.errors import TouchstoneError
from touchstone.stats.weights import fresh_name, with_column
from touchstone.tallies.keys import ABSENT, encode_keys
from touchstone.tallies.tables import Column, Snapshot

MOST_VALUES = 1000
# Columns of ones and zeros made at a time take at most this many numbers together.
MOST_NUMBERS = 2**26
SHOWN_VALUES = 10


def values_of(snapshot: Snapshot, variable: str, *, value: str | None = None) -> tuple[str, ...]:
    """List the values whose shares are to be given: one, or all that occur, in text order.

    Raises TouchstoneError SHARE-01 when `value` does not occur or the column is empty, SHARE-02
    when more than a thousand values do, which is no question with a few answers.
    """
    labels = encode_keys(snapshot, (variable,), keep_nulls=False).labels
    found = [text for (text,) in labels if text is not None]
    if not found or (value is not None and value not in found):
        some = ", ".join(repr(text) for text in found[:SHOWN_VALUES])
        more = ", …" if len(found) > SHOWN_VALUES else ""
        raise TouchstoneError(
            "SHARE-01",
            where=f"column {variable!r}",
            found=f"no row with {'a value' if value is None else repr(value)}; "
            f"the values are {some or 'none'}{more}",
            remedy="Name a value as it is written in the column.",
        )
    if value is not None:
        return (value,)
    if len(found) > MOST_VALUES:
        raise TouchstoneError(
            "SHARE-02",
            where=f"column {variable!r}",
            found=f"{len(found)} different values",
            remedy="Name the one value whose share is wanted, or group the values first.",
        )
    return tuple(found)


def indicator_batches(
    snapshot: Snapshot, variable: str, values: tuple[str, ...]
) -> Iterator[tuple[Snapshot, tuple[str, ...]]]:
    """Give the rows with columns of ones and zeros, one for each value, some columns at a time.

    A row has 1 where the variable has that value, 0 where it has another, nothing where it is
    empty. Yields the rows and the names of their new columns.
    """
    keys = encode_keys(snapshot, (variable,), keep_nulls=False)
    code_of = {label[0]: code for code, label in enumerate(keys.labels)}
    missing = keys.codes == ABSENT
    size = max(1, MOST_NUMBERS // max(1, snapshot.rows.num_rows))
    for start in range(0, len(values), size):
        batch, names = snapshot, []
        for value in values[start : start + size]:
            names.append(fresh_name(batch, f"{variable}={value}"))
            ones = (keys.codes == code_of[value]).astype(np.int64)
            stored = pa.chunked_array([pa.array(ones, pa.int64(), mask=missing)])
            batch = with_column(batch, Column(names[-1], "number"), stored)
        yield batch, tuple(names)
