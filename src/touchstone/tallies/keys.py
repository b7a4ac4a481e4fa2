"""Grouping columns as small whole numbers, in the order of their texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.tallies import pair_numbers
from touchstone.tallies.limbs import Integers, compiled
from touchstone.tallies.pair_numbers import number_codes
from touchstone.tallies.plans import key_texts
from touchstone.tallies.tables import Snapshot
from touchstone.tallies.workers import row_parts, share_rows, share_work

Bits = npt.NDArray[np.uint8]
ABSENT = pair_numbers.ABSENT


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
    counts = (len(outer.labels), len(inner.labels))
    return number_codes(outer.codes, inner.codes, counts)


def stored_integers(values: pa.ChunkedArray) -> tuple[Integers, Bits, int]:
    """Give a number column's memory without a copy: integers, validity bits, first bit.

    The bits are empty when no value is null. Where the bit is 0, the integer has no meaning.
    """
    array = one_array(values)
    bits, content = array.buffers()
    start, count = array.offset, len(array)
    stored = np.frombuffer(content or b"", np.int64)[start : start + count]
    mask = np.frombuffer(bits if array.null_count else b"", np.uint8)
    return stored, mask, start


def one_array(values: pa.ChunkedArray) -> pa.Array:
    """Give a column as one array, without a copy where it lies in one piece already."""
    if values.num_chunks == 1:
        return values.chunk(0)
    array = values.combine_chunks()
    return pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array


def _encode_column(snapshot: Snapshot, name: str, *, keep_nulls: bool) -> Keys:
    values = one_array(snapshot.rows.column(name))
    span = _narrow_span(values) if snapshot.column(name).kind == "number" else None
    if span:
        distinct = _distinct_in(values, span)
        rank, labels = _ranked(key_texts(snapshot, name, distinct), values, keep_nulls=keep_nulls)
        return Keys(_rank_in(values, span, distinct, rank), labels)
    codes, distinct = _encode_any(values)
    rank, labels = _ranked(key_texts(snapshot, name, distinct), values, keep_nulls=keep_nulls)
    return Keys(rank[codes], labels)


def _ranked(
    texts: pa.Array, values: pa.Array, *, keep_nulls: bool
) -> tuple[Integers, tuple[tuple[str | None, ...], ...]]:
    """Give the rank of each text, and last that of a null; and the labels in their order."""
    order = pc.sort_indices(texts).to_numpy()
    rank = np.empty(len(order) + 1, np.int64)
    rank[order] = np.arange(len(order))
    rank[-1] = len(order) if keep_nulls else ABSENT
    labels: list[tuple[str | None, ...]] = [(text,) for text in texts.take(order).to_pylist()]
    if keep_nulls and values.null_count:
        labels.append((None,))
    return rank, tuple(labels)


def _narrow_span(values: pa.Array) -> tuple[int, int] | None:
    """Give the least integer and how many lie from it to the largest; None when they are many."""
    ends = pc.min_max(values).as_py()
    low, span = ends["min"], (ends["max"] or 0) - (ends["min"] or 0) + 1
    return None if low is None or span > 2 * len(values) + 1000 else (low, span)


def _distinct_in(values: pa.Array, span: tuple[int, int]) -> pa.Array:
    """Give the integers of a span that occur, ascending."""
    stored, bits, first = stored_integers(pa.chunked_array([values]))
    parts = row_parts(len(stored))
    seen = np.zeros((len(parts), span[1]), np.bool_)

    def mark(places: Iterable[int]) -> None:
        for place in places:
            column = (stored[parts[place]], bits, first + parts[place].start)
            _mark_integers(column, span[0], seen[place])

    share_work(mark, len(parts))
    return pa.array(np.flatnonzero(seen.any(axis=0)) + span[0], pa.int64())


def _rank_in(
    values: pa.Array, span: tuple[int, int], distinct: pa.Array, rank: Integers
) -> Integers:
    """Give each row the rank of its integer, by a table of the span; a null the last rank."""
    stored, bits, first = stored_integers(pa.chunked_array([values]))
    table = np.full(span[1], ABSENT, np.int64)
    table[distinct.to_numpy() - span[0]] = rank[:-1]
    codes = np.empty(len(stored), np.int64)

    def look_up(rows: slice) -> None:
        column = (stored[rows], bits, first + rows.start)
        _look_integers_up(column, span[0], (table, int(rank[-1])), codes[rows])

    share_rows(look_up, len(stored))
    return codes


@compiled
def _mark_integers(
    column: tuple[Integers, Bits, int], low: int, seen: npt.NDArray[np.bool_]
) -> None:
    values, bits, first = column
    for row in range(len(values)):
        if is_present(bits, row + first):
            seen[values[row] - low] = True


@compiled
def _look_integers_up(
    column: tuple[Integers, Bits, int], low: int, ranks: tuple[Integers, int], codes: Integers
) -> None:
    values, bits, first = column
    table, of_null = ranks
    for row in range(len(values)):
        codes[row] = table[values[row] - low] if is_present(bits, row + first) else of_null


@compiled
def is_present(bits: Bits, place: int) -> bool:
    """Tell whether a value is there, by its validity bit; no bits at all: every value is."""
    return len(bits) == 0 or (bits[place >> 3] >> (place & 7)) & 1 == 1


def _encode_any(values: pa.Array) -> tuple[Integers, pa.Array]:
    encoded = pc.dictionary_encode(values)
    return pc.fill_null(encoded.indices, ABSENT).to_numpy().astype(np.int64), encoded.dictionary


def _crossed(outer: Keys, inner: Keys) -> Keys:
    codes, outers, inners = number_pairs(outer, inner)
    pairs = zip(outers.tolist(), inners.tolist(), strict=True)
    return Keys(codes, tuple(outer.labels[i] + inner.labels[j] for i, j in pairs))
