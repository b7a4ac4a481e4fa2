"""Arrays of whole numbers that stay exact: in 64 bits while they fit, else as Python's own."""

from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from touchstone.tallies.limbs import Integers, limbs_from_integers

Numbers = npt.NDArray[Any]
SAFE = 2**63


def whole_numbers(values: pa.ChunkedArray) -> Numbers:
    """Give int64 or decimal128(38, 0) values as whole numbers, without nulls among them.

    >>> whole_numbers(pa.chunked_array([pa.array([5, -1]).cast(pa.decimal128(38, 0))])).tolist()
    [5, -1]
    """
    array = values.combine_chunks()
    if array.type == pa.int64():
        return cast(Numbers, array.to_numpy())
    limbs = np.frombuffer(array.buffers()[1] or b"", "<i8").reshape(-1, 2)
    limbs = limbs[array.offset : array.offset + len(array)]
    low, high = limbs[:, 0], limbs[:, 1]
    if bool((high == low >> 63).all()):
        return low
    wide: Numbers = low.astype(np.uint64).astype(object) + high.astype(object) * 2**64
    return wide


def exact_product(left: Numbers, right: Numbers) -> Numbers:
    """Multiply number by number.

    >>> exact_product(np.array([2**40]), np.array([2**40])).tolist()
    [1208925819614629174706176]
    """
    if largest_of(left) * largest_of(right) < SAFE:
        return left * right
    wide: Numbers = left.astype(object) * right.astype(object)
    return wide


def exact_totals(numbers: Numbers, starts: Numbers) -> Numbers:
    """Add up runs of numbers that begin at `starts` and end where the next one begins.

    >>> exact_totals(np.array([1, 2, 2**62, 2**62]), np.array([0, 2])).tolist()
    [3, 9223372036854775808]
    """
    exact = numbers if largest_of(numbers) * len(numbers) < SAFE else numbers.astype(object)
    if not len(starts):
        return exact[:0]
    totals: Numbers = np.add.reduceat(exact, starts)
    return totals


def largest_of(numbers: Numbers) -> int:
    """Give the largest absolute value, 0 of no numbers."""
    return max(abs(int(numbers.min())), abs(int(numbers.max()))) if len(numbers) else 0


def limbs_of(numbers: Numbers, *, width: int) -> Integers:
    """Give numbers as limbs, [count, width], lowest first; OverflowError when one is too wide.

    >>> limbs_of(np.array([5, -1]), width=2).tolist()
    [[5, 0], [-1, -1]]
    """
    if numbers.dtype == object:
        return limbs_from_integers(numbers.tolist(), width=width)
    low = numbers.astype(np.int64)
    return np.stack([low, *[low >> 63] * (width - 1)], axis=-1)
