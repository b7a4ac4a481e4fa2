"""Numbers written as text, read exactly: never a floating-point number on the way."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.errors import MOST_FAULTS_KEPT
from touchstone.formats.raw_tables import shorten

PLAIN = r"^[+-]?[0-9]{1,36}(?:\.[0-9]*)?$"
# Numbers that one more step brings into the plain form.
UNUSUAL = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?$"
MOST_DIGITS = 18
# Digits before the point that int64 can hold at most.
LONGEST_WHOLE = 19
LOWEST = -(2**63)
# More characters than this are no number that anybody wrote.
LONGEST_NUMBER = 200

WRITE_A_NUMBER = "Write a number such as 4 or 3.25."
LEAVE_EMPTY = "Leave the cell empty when nothing is known."
SEPARATORS = "Write it without separators, with a point before the decimals, such as 1234.5."
WORDS_FOR_NOTHING = frozenset({"na", "n/a", "null", "none", "missing", "-", ".", "--"})
OTHER_MINUS_SIGNS = "−‐‑‒–—﹣－"

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NumberFault:
    """A cell that holds no number, or one that cannot be kept: which, what is wrong, what helps.

    `index` counts the cells from 0.
    """

    index: int
    text: str
    code: str
    found: str
    remedy: str


@dataclass(frozen=True, eq=False, slots=True)
class Numbers:
    """Numbers as integers of so many decimal places, with the cells that were no number.

    3.25 in two places is 325. `values` is int64, null for an empty and for a faulty cell. The
    first hundred faults are kept; `total_faults` counts them all.
    """

    values: pa.ChunkedArray
    places: int
    faults: tuple[NumberFault, ...]
    total_faults: int


def parse_numbers(cells: pa.ChunkedArray, *, places: int | None) -> Numbers:
    """Read texts as exact decimal numbers.

    A number is digits with at most one point, and a sign before it: `-3.50`, `.5`, `+7`. A small
    power of ten may follow (`1e5`). Zeros at the end of the decimals do not count as places.
    Without `places` they are taken from the cells, as many as 18 digits in all allow.

    Faults: NUMBER-01 no number, NUMBER-02 a comma, NUMBER-03 digits of another script,
    NUMBER-04 NaN or infinite, NUMBER-05 another sign for minus, NUMBER-06 too many decimal
    places, NUMBER-07 too large, NUMBER-08 a power of ten that is too high or too low.

    >>> numbers = parse_numbers(pa.chunked_array([["3.5", None, "1,5"]]), places=2)
    >>> numbers.values.to_pylist(), numbers.faults[0].code
    ([350, None, None], 'NUMBER-02')
    """
    if places is not None and not 0 <= places <= MOST_DIGITS:
        raise ValueError(f"places must be None or 0 to {MOST_DIGITS}; got {places}")
    texts = _made_plain(pa.concat_arrays([pa.array([], pa.string()), *cells.chunks]))
    plain = pc.match_substring_regex(texts, PLAIN)
    candidates = _without_last_zeros(pc.if_else(plain, texts, pa.scalar(None, pa.string())))
    sizes = _sizes(candidates)
    kept = _places_that_fit(*sizes) if places is None else places
    values, fitting = _scaled(candidates, *sizes, places=kept)
    faulty = np.flatnonzero(pc.is_valid(texts).to_numpy(zero_copy_only=False) & ~fitting)
    faults = [
        explain_fault(index, cells[index].as_py(), places=kept)
        for index in faulty[:MOST_FAULTS_KEPT].tolist()
    ]
    return Numbers(pa.chunked_array([values]), kept, tuple(faults), len(faulty))


def _made_plain(texts: pa.Array) -> pa.Array:
    """Write numbers with a power of ten, or without a digit before the point, in plain form."""
    plain = pc.match_substring_regex(texts, PLAIN)
    short = pc.less_equal(pc.binary_length(texts), LONGEST_NUMBER)
    unusual = pc.and_(pc.and_not(short, plain), pc.match_substring_regex(texts, UNUSUAL))
    distinct = pc.unique(texts.filter(unusual))
    if not len(distinct):
        return texts
    written = pa.array([format(Decimal(text), "f") for text in distinct.to_pylist()], pa.string())
    return pc.coalesce(written.take(pc.index_in(texts, distinct)), texts)


def _without_last_zeros(texts: pa.Array) -> pa.Array:
    has_point = pc.greater_equal(pc.find_substring(texts, "."), 0)
    return pc.if_else(has_point, pc.ascii_rtrim(texts, "0"), texts)


def _sizes(texts: pa.Array) -> tuple[Counts, Counts]:
    """Give the digits before and after the point of each number, 0 for an empty cell."""
    length = _counts(pc.binary_length(texts))
    point = _counts(pc.find_substring(texts, "."))
    signs = _counts(pc.cast(pc.match_substring_regex(texts, "^[+-]"), pa.int32()))
    missing = pc.is_null(texts).to_numpy(zero_copy_only=False)
    point[missing] = -1
    after = np.where(point >= 0, length - point - 1, 0)
    return np.where(point >= 0, point, length) - signs, after


def _counts(values: pa.Array) -> Counts:
    counts: Counts = pc.fill_null(values, 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return counts


def _places_that_fit(before: Counts, after: Counts) -> int:
    """Give the most decimal places in use that leave room for the longest whole part."""
    wholes = before[before <= MOST_DIGITS]
    room = MOST_DIGITS - int(wholes.max(initial=1))
    return min(int(after.max(initial=0)), room)


def _scaled(
    texts: pa.Array, before: Counts, after: Counts, *, places: int
) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Give the numbers as integers, and which of the texts fit; the others become null."""
    valid = pc.is_valid(texts).to_numpy(zero_copy_only=False)
    fitting = valid & (before <= LONGEST_WHOLE) & (after <= places)
    chosen = pc.if_else(pa.array(fitting), texts, pa.scalar(None, pa.string()))
    decimals = pc.fill_null(chosen, "0").cast(pa.decimal128(38, places))
    limbs = np.frombuffer(decimals.buffers()[1], np.int64).reshape(-1, 2)[: len(texts)]
    low, high = limbs[:, 0], limbs[:, 1]
    # The lowest int64 has no opposite, so it is left out.
    fitting &= (high == low >> 63) & (low != LOWEST)
    return pa.array(low, mask=~fitting), fitting


def explain_fault(index: int, text: str, *, places: int) -> NumberFault:
    """Say why a text is no number that can be kept, and how to mend it."""
    judged = _judge_number(text, places) if _is_number(text) else _judge_text(text)
    return NumberFault(index, text, *judged)


def _is_number(text: str) -> bool:
    return len(text) <= LONGEST_NUMBER and re.fullmatch(UNUSUAL, text, re.ASCII) is not None


def _judge_number(text: str, places: int) -> tuple[str, str, str]:
    exponent = Decimal(text).normalize(Context(prec=LONGEST_NUMBER)).as_tuple().exponent
    used = max(0, -int(exponent))
    if used > places:
        found = f"{shorten(text)}, with {used} decimals where at most {places} are kept"
        return "NUMBER-06", found, "Round it, or let the column have more decimal places."
    found = f"{shorten(text)}, too large to be kept exactly (decimals: {places})"
    return "NUMBER-07", found, f"Write a number of at most {MOST_DIGITS - places} whole digits."


def _judge_text(text: str) -> tuple[str, str, str]:
    shown = shorten(text)
    if len(text) > LONGEST_NUMBER:
        return "NUMBER-01", f"the text {shown}", WRITE_A_NUMBER
    plain = _in_plain_signs(text)
    if re.fullmatch(r"[+-]?(nan|inf|infinity)", text, re.IGNORECASE):
        return "NUMBER-04", f"{shown}, which is no finite number", LEAVE_EMPTY
    if re.fullmatch(r"[+-]?[0-9]*\.?[0-9]*[eE][+-]?[0-9]+", text, re.ASCII):
        return "NUMBER-08", f"{shown}, an extreme power of ten", "Write the number in full."
    if plain != text and _is_number(plain):
        if any(sign in OTHER_MINUS_SIGNS for sign in text):
            return "NUMBER-05", f"{shown}, with another sign for minus", f"Write {plain}."
        return "NUMBER-03", f"{shown}, with signs that are not plain digits", f"Write {plain}."
    if re.fullmatch(r"[+-]?[0-9]+([,.'’ \xa0\u202f][0-9]+)+", plain):
        found = f"{shown}, with a separator that may mean thousands or decimals"
        return "NUMBER-02", found, SEPARATORS
    if text.casefold() in WORDS_FOR_NOTHING:
        return "NUMBER-01", f"{shown}, a word for nothing", LEAVE_EMPTY
    return "NUMBER-01", f"the text {shown}", WRITE_A_NUMBER


def _in_plain_signs(text: str) -> str:
    signs = ("-" if sign in OTHER_MINUS_SIGNS else sign for sign in text)
    return unicodedata.normalize("NFKC", "".join(map(_plain_digit, signs)))


def _plain_digit(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)
