"""Grouping columns as small whole numbers, in the order of their texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.tallies.limbs import Integers, compiled
from touchstone.tallies.plans import key_texts
from touchstone.tallies.tables import Snapshot
from touchstone.tallies.workers import share_rows

Bits = npt.NDArray[np.uint8]
ABSENT = -1
# Eight times the memory of the codes themselves, at most.
MOST_BITS_PER_ROW = 512


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
    owner = _owners(outer.codes, inner.codes, len(inner.labels))
    if len(owner):
        return _number_owned(outer.codes, inner.codes, owner)
    width = max(len(inner.labels), 1)
    possible = len(outer.labels) * width
    if possible <= MOST_BITS_PER_ROW * len(outer.codes) + 1000:
        codes, found = _number_by_bits(outer.codes, inner.codes, width, possible)
    else:
        codes, found = _number_by_sorting(outer.codes, inner.codes, width)
    return codes, found // width, found % width


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
    codes, distinct = _encode_span(stored_integers(pa.chunked_array([values])), low, span)
    return codes, pa.array(distinct, pa.int64())


@compiled
def _encode_span(
    column: tuple[Integers, Bits, int], low: int, span: int
) -> tuple[Integers, Integers]:
    """Number the integers from `low` on that occur, ascending; give each row's number, and them."""
    values, bits, first = column
    number = np.full(span, ABSENT, np.int64)
    for row in range(len(values)):
        if is_present(bits, row + first):
            number[values[row] - low] = 0
    distinct = np.flatnonzero(number == 0)
    for place in range(len(distinct)):
        number[distinct[place]] = place
    codes = np.empty(len(values), np.int64)
    for row in range(len(values)):
        codes[row] = number[values[row] - low] if is_present(bits, row + first) else ABSENT
    return codes, distinct + low


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


def _number_owned(
    outer: Integers, inner: Integers, owner: Integers
) -> tuple[Integers, Integers, Integers]:
    """Number pairs where each inner code stands with one outer code alone."""
    held = np.flatnonzero(owner != ABSENT)
    order = held[np.argsort(owner[held], kind="stable")]
    number = np.full(len(owner), ABSENT, np.int64)
    number[order] = np.arange(len(order))
    codes = np.empty(len(outer), np.int64)
    share_rows(lambda rows: _look_up(outer[rows], inner[rows], number, codes[rows]), len(outer))
    return codes, owner[order], order


@compiled
def _owners(outer: Integers, inner: Integers, count: int) -> Integers:
    """Give the one outer code of each inner code; nothing when some code has several."""
    owner = np.full(count, ABSENT, np.int64)
    for row in range(len(outer)):
        if outer[row] != ABSENT and inner[row] != ABSENT:
            known = owner[inner[row]]
            if known == ABSENT:
                owner[inner[row]] = outer[row]
            elif known != outer[row]:
                return owner[:0]
    return owner


@compiled
def _look_up(outer: Integers, inner: Integers, number: Integers, codes: Integers) -> None:
    for row in range(len(outer)):
        is_absent = outer[row] == ABSENT or inner[row] == ABSENT
        codes[row] = ABSENT if is_absent else number[inner[row]]


def _number_by_sorting(outer: Integers, inner: Integers, width: int) -> tuple[Integers, Integers]:
    """Number the pairs that occur; give each row's number, and the pair of each number."""
    pairs = outer * width + inner
    pairs[(outer == ABSENT) | (inner == ABSENT)] = ABSENT
    found = np.unique(pairs)
    found = found[found != ABSENT]
    codes = np.searchsorted(found, pairs)
    codes[pairs == ABSENT] = ABSENT
    return codes, found


def _number_by_bits(
    outer: Integers, inner: Integers, width: int, possible: int
) -> tuple[Integers, Integers]:
    """Do the same by one bit for each possible pair: a pair's number is the bits set before it."""
    words, before, found = _mark_pairs(outer, inner, width, possible)
    codes = np.empty(len(outer), np.int64)

    def rank(rows: slice) -> None:
        _rank_pairs((outer[rows], inner[rows]), width, (words, before), codes[rows])

    share_rows(rank, len(outer))
    return codes, found


@compiled
def _mark_pairs(
    outer: Integers, inner: Integers, width: int, possible: int
) -> tuple[npt.NDArray[np.uint64], Integers, Integers]:
    """Set the bit of each pair that occurs; give also the bits before each word, and the pairs."""
    words = np.zeros((possible + 63) // 64, np.uint64)
    for row in range(len(outer)):
        if outer[row] != ABSENT and inner[row] != ABSENT:
            pair = outer[row] * width + inner[row]
            words[pair >> 6] |= np.uint64(1) << np.uint64(pair & 63)
    before = np.zeros(len(words) + 1, np.int64)
    for place in range(len(words)):
        before[place + 1] = before[place] + _count_bits(words[place])
    found = np.empty(before[-1], np.int64)
    for place in range(len(words)):
        number = before[place]
        for bit in range(64):
            if words[place] >> np.uint64(bit) & np.uint64(1):
                found[number] = place * 64 + bit
                number += 1
    return words, before, found


@compiled
def _rank_pairs(
    rows: tuple[Integers, Integers],
    width: int,
    marks: tuple[npt.NDArray[np.uint64], Integers],
    codes: Integers,
) -> None:
    """Give each row the number of its pair."""
    outer, inner = rows
    words, before = marks
    for row in range(len(outer)):
        codes[row] = ABSENT
        if outer[row] != ABSENT and inner[row] != ABSENT:
            pair = outer[row] * width + inner[row]
            lower = (np.uint64(1) << np.uint64(pair & 63)) - np.uint64(1)
            codes[row] = before[pair >> 6] + _count_bits(words[pair >> 6] & lower)


@compiled
def _count_bits(word: Any) -> Any:
    """Count the bits set in a word of 64 (Warren 2012, Hacker's Delight, figure 5-2)."""
    word -= word >> np.uint64(1) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + (
        word >> np.uint64(2) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64(word * np.uint64(0x0101010101010101) >> np.uint64(56))
