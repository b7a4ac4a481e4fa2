"""Whole numbers wider than 64 bits for compiled code: signed, in int64 limbs, lowest first."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import cgutils
from numba.extending import intrinsic, overload

Integers = npt.NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., Any])

LIMB_BITS = 64


def compiled(function: Function) -> Function:
    """Compile a function to machine code at its first call, kept on disk for later programs."""
    return cast(Function, numba.njit(cache=True, nogil=True)(function))


def integers_from_limbs(limbs: Integers) -> list[int]:
    """Give the Python integers that rows of limbs stand for.

    `limbs` is [count, limbs per number].

    >>> integers_from_limbs(np.array([[5, 0], [-1, -1], [0, 1]]))
    [5, -1, 18446744073709551616]
    """
    width = limbs.shape[-1] * 8
    content = np.ascontiguousarray(limbs, dtype="<i8").tobytes()
    starts = range(0, len(content), width)
    return [int.from_bytes(content[i : i + width], "little", signed=True) for i in starts]


def limbs_from_integers(numbers: list[int], *, width: int) -> Integers:
    """Give the limbs of Python integers, [count, width]; OverflowError when one is too wide.

    >>> limbs_from_integers([5, -1], width=2).tolist()
    [[5, 0], [-1, -1]]
    """
    content = b"".join(number.to_bytes(width * 8, "little", signed=True) for number in numbers)
    return np.frombuffer(content, "<i8").reshape(-1, width).astype(np.int64)


def widened(limbs: Integers, width: int) -> Integers:
    """Give the same numbers with more limbs, [..., width]."""
    sign = np.repeat(limbs[..., -1:] >> 63, width - limbs.shape[-1], axis=-1)
    return np.concatenate([limbs, sign], axis=-1)


def _width(number: Any) -> int:
    return cast(int, number.count) if isinstance(number, numba.types.UniTuple) else 1


def _load(builder: Any, number: Any, kind: Any, bits: int) -> Any:
    """Join limbs to one wide integer of LLVM, extended by its sign or cut to `bits`."""
    limbs = _width(kind)
    is_tuple = isinstance(kind, numba.types.UniTuple)
    parts = [builder.extract_value(number, i) for i in range(limbs)] if is_tuple else [number]
    own = ir.IntType(limbs * LIMB_BITS)
    joined = builder.zext(parts[0], own) if limbs > 1 else parts[0]
    for place, part in enumerate(parts[1:], start=1):
        moved = builder.shl(builder.zext(part, own), ir.Constant(own, place * LIMB_BITS))
        joined = builder.or_(joined, moved)
    if own.width == bits:
        return joined
    resize = builder.sext if own.width < bits else builder.trunc
    return resize(joined, ir.IntType(bits))


def _store(builder: Any, number: Any, limbs: int) -> Any:
    places = [ir.Constant(number.type, place * LIMB_BITS) for place in range(limbs)]
    moved = [builder.lshr(number, place) if place.constant else number for place in places]
    return cgutils.pack_array(builder, [builder.trunc(part, ir.IntType(64)) for part in moved])


def _operation(name: str, limbs: int, a: Any, b: Any) -> Any:
    """Give type and code of one operation of LLVM on two wide numbers, for numba."""
    bits = limbs * LIMB_BITS

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        left = _load(builder, arguments[0], a, bits)
        right = _load(builder, arguments[1], b, bits)
        return _store(builder, getattr(builder, name)(left, right), limbs)

    return numba.types.UniTuple(numba.types.int64, limbs)(a, b), generate


def _wide_add(_typing: Any, a: Any, b: Any) -> Any:
    return _operation("add", _width(a), a, b)


def _wide_subtract(_typing: Any, a: Any, b: Any) -> Any:
    return _operation("sub", _width(a), a, b)


def _wide_multiply(_typing: Any, a: Any, b: Any) -> Any:
    return _operation("mul", _width(a) + _width(b), a, b)


def _wide_cut(_typing: Any, a: Any, pattern: Any) -> Any:
    limbs = _width(pattern)

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return _store(builder, _load(builder, arguments[0], a, limbs * LIMB_BITS), limbs)

    return numba.types.UniTuple(numba.types.int64, limbs)(a, pattern), generate


# In compiled code a number is an int64 (one limb) or a tuple of int64.
# wide_add(a, b), wide_subtract(a, b) are as wide as a: b is extended or cut to it.
# wide_multiply(a, b) has the limbs of both together.
# wide_cut(a, pattern) gives a with as many limbs as `pattern` has.
wide_add: Any = intrinsic(_wide_add)
wide_subtract: Any = intrinsic(_wide_subtract)
wide_multiply: Any = intrinsic(_wide_multiply)
wide_cut: Any = intrinsic(_wide_cut)


def total_at(totals: Integers, place: int) -> tuple[int, ...]:
    """Read a number of an array, in compiled code: [places], or [places, 2] for two limbs."""
    return (int(totals[place]),) if totals.ndim == 1 else tuple(totals[place].tolist())


def put_total(totals: Integers, place: int, number: tuple[int, ...]) -> None:
    """Write a number to an array, in compiled code: its lowest limb, or its lowest two."""
    totals[place] = number[0] if totals.ndim == 1 else number


def add_product(totals: Integers, place: int, left: int, right: int) -> None:
    """Add left·right to a number of an array, in compiled code: [places], or [places, 2]."""
    number = wide_add(total_at(totals, place), wide_multiply(left, right))
    put_total(totals, place, number)


def limbs_at(limbs: Integers, place: int, pattern: tuple[int, ...]) -> tuple[int, ...]:
    """Read a number of an array [places, limbs], in compiled code, with `pattern`'s limbs."""
    return tuple(limbs[place, : len(pattern)].tolist())


# Numba wants the parameters' names in the function that chooses the code, used or not.
def _compile_total_at(totals: Any, place: Any) -> Any:  # noqa: ARG001
    def one_limb(totals: Any, place: Any) -> Any:
        return (totals[place],)

    def two_limbs(totals: Any, place: Any) -> Any:
        return (totals[place, 0], totals[place, 1])

    return one_limb if totals.ndim == 1 else two_limbs


def _compile_put_total(totals: Any, place: Any, number: Any) -> Any:  # noqa: ARG001
    def one_limb(totals: Any, place: Any, number: Any) -> None:
        totals[place] = number[0]

    def two_limbs(totals: Any, place: Any, number: Any) -> None:
        totals[place, 0] = number[0]
        totals[place, 1] = number[1]

    return one_limb if totals.ndim == 1 else two_limbs


def _compile_add_product(totals: Any, place: Any, left: Any, right: Any) -> Any:  # noqa: ARG001
    # Plain numbers, so that several places can be added to by one instruction.
    def one_limb(totals: Any, place: Any, left: Any, right: Any) -> None:
        totals[place] += left * right

    def two_limbs(totals: Any, place: Any, left: Any, right: Any) -> None:
        number = (totals[place, 0], totals[place, 1])
        number = wide_add(number, wide_multiply(left, right))
        totals[place, 0] = number[0]
        totals[place, 1] = number[1]

    return one_limb if totals.ndim == 1 else two_limbs


def _compile_limbs_at(limbs: Any, place: Any, pattern: Any) -> Any:  # noqa: ARG001
    def one_limb(limbs: Any, place: Any, pattern: Any) -> Any:  # noqa: ARG001
        return (limbs[place, 0],)

    def two_limbs(limbs: Any, place: Any, pattern: Any) -> Any:  # noqa: ARG001
        return (limbs[place, 0], limbs[place, 1])

    def four_limbs(limbs: Any, place: Any, pattern: Any) -> Any:  # noqa: ARG001
        return (limbs[place, 0], limbs[place, 1], limbs[place, 2], limbs[place, 3])

    def five_limbs(limbs: Any, place: Any, pattern: Any) -> Any:  # noqa: ARG001
        four = (limbs[place, 0], limbs[place, 1], limbs[place, 2], limbs[place, 3])
        return (*four, limbs[place, 4])

    return {1: one_limb, 2: two_limbs, 4: four_limbs, 5: five_limbs}[pattern.count]


overload(total_at, inline="always")(_compile_total_at)
overload(put_total, inline="always")(_compile_put_total)
overload(add_product, inline="always")(_compile_add_product)
overload(limbs_at, inline="always")(_compile_limbs_at)
