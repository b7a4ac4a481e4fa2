"""Grouping columns as small whole numbers, in the order of their texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.tallies.plans import key_texts
from touchstone.tallies.tables import Snapshot

Integers = npt.NDArray[np.int64]
ABSENT = -1


@dataclass(frozen=True, eq=False, slots=True)
class Keys:
    """One code per row, and per code the texts that it stands for.

    `codes`: [rows] positions in `labels`, or ABSENT. `labels` are sorted, nulls last, and each
    stands for at least one row.
    """

    codes: Integers
    labels: tuple[tuple[str | None, ...], ...]


def encode_keys(snapshot: Snapshot, names: Sequence[str], *, keep_nulls: bool) -> Keys:
    """Number the combinations of some columns in the order of their texts, nulls last.

    With `keep_nulls` a null is a value like others; without, a row with a null has the code
    ABSENT. No columns: all rows have the code 0, with the label `()`.
    """
    if not names:
        return Keys(np.zeros(snapshot.rows.num_rows, np.int64), ((),))
    keys = _encode_column(snapshot, names[0], keep_nulls=keep_nulls)
    for name in names[1:]:
        keys = _crossed(keys, _encode_column(snapshot, name, keep_nulls=keep_nulls))
    return keys


def number_pairs(outer: Keys, inner: Keys) -> tuple[Integers, Integers, Integers]:
    """Number the pairs of two encodings that occur, in the order (outer, inner).

    Gives the code of each row (ABSENT when either is), and per code those of `outer` and `inner`.
    """
    width = max(len(inner.labels), 1)
    pairs = outer.codes * width + inner.codes
    pairs[(outer.codes == ABSENT) | (inner.codes == ABSENT)] = ABSENT
    found = _distinct(pairs, len(outer.labels) * width)
    return _positions(pairs, found), found // width, found % width


def stored_integers(values: pa.ChunkedArray) -> tuple[Integers, npt.NDArray[np.uint8], int]:
    """Give a number column's memory without a copy: integers, validity bits, first bit.

    The bits are empty when no value is null. Where the bit is 0, the integer has no meaning.
    """
    array = values.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks)
    bits, content = array.buffers()
    start, count = array.offset, len(array)
    stored = np.frombuffer(content or b"", np.int64)[start : start + count]
    mask = np.frombuffer(bits if array.null_count else b"", np.uint8)
    return stored, mask, start


def _encode_column(snapshot: Snapshot, name: str, *, keep_nulls: bool) -> Keys:
    values = snapshot.rows.column(name).combine_chunks()
    narrow = _encode_narrow(values) if snapshot.column(name).kind == "number" else None
    codes, distinct = narrow or _encode_any(values)
    texts = key_texts(snapshot, name, distinct)
    order = pc.sort_indices(texts).to_numpy()
    rank = np.empty(len(order) + 1, np.int64)
    rank[order] = np.arange(len(order))
    rank[-1] = len(order) if keep_nulls else ABSENT
    labels: list[tuple[str | None, ...]] = [(text,) for text in texts.take(order).to_pylist()]
    if keep_nulls and values.null_count:
        labels.append((None,))
    return Keys(rank[codes], tuple(labels))


def _encode_narrow(values: pa.Array) -> tuple[Integers, pa.Array] | None:
    """Encode integers that lie close together by a table of them; None when they do not."""
    ends = pc.min_max(values).as_py()
    low, span = ends["min"], (ends["max"] or 0) - (ends["min"] or 0) + 1
    if low is None or span > 2 * len(values) + 1000:
        return None
    places = pc.fill_null(values, low).to_numpy() - low
    absent = pc.is_null(values).to_numpy(zero_copy_only=False) if values.null_count else None
    seen = np.zeros(span, np.bool_)
    seen[places if absent is None else places[~absent]] = True
    distinct = np.flatnonzero(seen)
    code = np.full(span, ABSENT, np.int64)
    code[distinct] = np.arange(len(distinct))
    codes = code[places]
    if absent is not None:
        codes[absent] = ABSENT
    return codes, pa.array(distinct + low, pa.int64())


def _encode_any(values: pa.Array) -> tuple[Integers, pa.Array]:
    encoded = pc.dictionary_encode(values)
    return pc.fill_null(encoded.indices, ABSENT).to_numpy().astype(np.int64), encoded.dictionary


def _crossed(outer: Keys, inner: Keys) -> Keys:
    codes, outers, inners = number_pairs(outer, inner)
    pairs = zip(outers.tolist(), inners.tolist(), strict=True)
    return Keys(codes, tuple(outer.labels[i] + inner.labels[j] for i, j in pairs))


def _distinct(pairs: Integers, possible: int) -> Integers:
    if possible > 4 * len(pairs) + 1000:
        found = np.unique(pairs)
        return cast(Integers, found[found != ABSENT])
    seen = np.zeros(possible + 1, np.bool_)
    seen[pairs] = True
    return np.flatnonzero(seen[:-1])


def _positions(pairs: Integers, found: Integers) -> Integers:
    possible = int(found[-1]) + 1 if len(found) else 0
    if possible > 4 * len(pairs) + 1000:
        return np.where(pairs == ABSENT, ABSENT, np.searchsorted(found, pairs))
    code = np.full(possible + 1, ABSENT, np.int64)
    code[found] = np.arange(len(found))
    return code[pairs]
