"""Pairs of codes that occur together, numbered in their order."""

from typing import Any

import numpy as np
import numpy.typing as npt

from touchstone.tallies.limbs import Integers, compiled
from touchstone.tallies.workers import share_rows

ABSENT = -1
# Eight times the memory of the codes themselves, at most.
MOST_BITS_PER_ROW = 512


def number_codes(
    outer: Integers, inner: Integers, counts: tuple[int, int]
) -> tuple[Integers, Integers, Integers]:
    """Number the pairs of two codes that occur in some row, in the order (outer, inner).

    `counts` tells how many codes there are of each. Gives the number of each row's pair (ABSENT
    when either is), and per number the codes of both.
    """
    owner = _owners(outer, inner, counts[1])
    if len(owner):
        return _number_owned(outer, inner, owner)
    width = max(counts[1], 1)
    possible = counts[0] * width
    if possible <= MOST_BITS_PER_ROW * len(outer) + 1000:
        codes, found = _number_by_bits(outer, inner, width, possible)
    else:
        codes, found = _number_by_sorting(outer, inner, width)
    return codes, found // width, found % width


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
