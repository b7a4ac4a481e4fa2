"""Squares and products between sampling units, added up over strata, exactly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from math import lcm
from typing import NamedTuple

import numpy as np

from touchstone.tallies.design_sums import DesignSums
from touchstone.tallies.limbs import (
    Integers,
    compiled,
    integers_from_limbs,
    limbs_at,
    put_total,
    total_at,
    wide_add,
    wide_multiply,
    wide_subtract,
)
from touchstone.tallies.workers import share_work

DIGIT_BITS = 62


class BetweenSums(NamedTuple):
    """Sums of one variable in one domain over all strata; integers of the stored scales.

    `n` rows, `psus` sampling units with such rows, `w` = ΣB = Σw, `wy` = ΣA = Σwy, `wyy` = Σwy².
    `aa`, `ab`, `bb` are numerators over `denominator` of
    Σ_h g_h · (n_h Σ_h A² − (Σ_h A)²), the same of A·B, and of B², for the given factors g_h.
    """

    n: int
    psus: int
    w: int
    wy: int
    wyy: int
    aa: int
    ab: int
    bb: int
    denominator: int

    def ratio_variance(self) -> tuple[int, int]:
        """Give numerator and denominator of the linearised variance of the mean wy/w.

        With z = A − r·B, r = wy/w and g_h = (1 − f_h)/(n_h − 1), the with-replacement variance
        of Woodruff (1971), 1/w² Σ_h g_h (n_h Σz² − (Σz)²), is (w²·aa − 2·w·wy·ab + wy²·bb)/w⁴.
        It counts in the square of the value's scale; the weight's scale cancels. The caller sees
        to it that w is not 0.
        """
        w, wy = self.w, self.wy
        square = w * w
        numerator = square * self.aa - 2 * w * wy * self.ab + wy * wy * self.bb
        return numerator, square * square * self.denominator

    def total_variance(self) -> tuple[int, int]:
        """Give numerator and denominator of the variance of the total wy, in its scale squared."""
        return self.aa, self.denominator


@dataclass(frozen=True, eq=False)
class BetweenTable:
    """The sums of BetweenSums for V variables and D domains, as arrays of limbs.

    - `counts`: [V, 2, D] rows and sampling units. `firsts`: [V, 3, D, 2] Σw, Σwy, Σwy².
    - `seconds`: [V, 3, digits, D, limbs] the numerators of ΣA², ΣAB, ΣB², in digits of 62 bits.
    """

    counts: Integers
    firsts: Integers
    seconds: Integers
    denominator: int

    @cached_property
    def cells(self) -> list[list[BetweenSums]]:
        """One BetweenSums per variable and domain, as [variable][domain]."""
        rows: list[list[BetweenSums]] = []
        for counts, firsts, seconds in zip(self.counts, self.firsts, self.seconds, strict=True):
            n, psus = counts.tolist()
            w, wy, wyy = (integers_from_limbs(limbs) for limbs in firsts)
            aa, ab, bb = (_from_digits(digits) for digits in seconds)
            columns = (n, psus, w, wy, wyy, aa, ab, bb, repeat(self.denominator, len(n)))
            rows.append([BetweenSums(*parts) for parts in zip(*columns, strict=True)])
        return rows


def between_sums(sums: DesignSums, factors: Sequence[Fraction]) -> BetweenTable:
    """Add the strata up, for each variable and domain.

    `factors` gives each stratum's g_h ≥ 0, such as (1 − f_h)/(n_h − 1); a stratum that is to add
    nothing has 0. Fractions become integers over their least common denominator, so the result
    is exact and independent of order, threads and machine.

    Raises ValueError when there is not one factor ≥ 0 per stratum.
    """
    if len(factors) != len(sums.strata) or any(factor < 0 for factor in factors):
        raise ValueError(f"factors must be {len(sums.strata)} numbers >= 0; got {list(factors)!r}")
    denominator = lcm(*{factor.denominator for factor in factors})
    known = {factor: int(factor * denominator) for factor in set(factors)}
    digits = _digits([known[factor] for factor in factors])
    return BetweenTable(*_add_strata(sums, digits), denominator)


def _digits(numbers: list[int]) -> Integers:
    """Split numbers ≥ 0 into digits of 62 bits, [digits, numbers], lowest first."""
    longest = max([1, *(number.bit_length() for number in numbers)])
    mask = (1 << DIGIT_BITS) - 1
    return np.array(
        [[number >> shift & mask for number in numbers] for shift in range(0, longest, DIGIT_BITS)],
        np.int64,
    )


def _from_digits(limbs: Integers) -> list[int]:
    """Join sums taken per digit, [digits, domains, limbs], to one integer per domain."""
    joined = integers_from_limbs(limbs[0])
    for digit, part in enumerate(limbs[1:], start=1):
        more = integers_from_limbs(part)
        joined = [a + (b << DIGIT_BITS * digit) for a, b in zip(joined, more, strict=True)]
    return joined


def _add_strata(sums: DesignSums, digits: Integers) -> tuple[Integers, Integers, Integers]:
    """Give counts [V, 2, D], first-order sums [V, 3, D, 2], squares [V, 3, digits, D, limbs]."""
    variables, domains = sums.n.shape[0], len(sums.domains)
    bounds = np.searchsorted(sums.domain, np.arange(domains + 1))
    width = sums.aa.shape[-1]
    # n_h·ΣA² is one limb longer than ΣA², times a digit one more, and one for the sum over strata.
    zeros = ((0,) * width, (0,) * (width + 3))
    add = _add_short_between if _stay_short(sums, digits, bounds) else _add_between
    strata = [(sums.stratum_psus[sums.stratum], digit[sums.stratum]) for digit in digits]
    counts = np.empty((variables, 2, domains), np.int64)
    firsts = np.empty((variables, 3, domains, 2), np.int64)
    seconds = np.empty((variables, 3, len(digits), domains, width + 3), np.int64)

    def add_weights(v: int) -> None:
        for kind, rows in enumerate((sums.n[v], sums.psus[v])):
            _add_counts(rows, bounds, counts[v, kind])
        b = _narrowed(sums.w[v])
        _add_limbs(b, bounds, firsts[v, 0])
        for digit, own in enumerate(strata):
            add((sums.bb[v], b, b), own, zeros, bounds, seconds[v, 2, digit])

    def add_values(v: int) -> None:
        b, a, wyy = (_narrowed(limbs[v]) for limbs in (sums.w, sums.wy, sums.wyy))
        _add_limbs(a, bounds, firsts[v, 1])
        _add_limbs(wyy, bounds, firsts[v, 2])
        for digit, own in enumerate(strata):
            add((sums.aa[v], a, a), own, zeros, bounds, seconds[v, 0, digit])
            add((sums.ab[v], a, b), own, zeros, bounds, seconds[v, 1, digit])

    # Where all variables have the same rows, the sums of weights are added up once.
    is_shared = variables > 1 and sums.n.strides[0] == 0

    def add_some(positions: Iterable[int]) -> None:
        for v in positions:
            add_values(v)
            if v == 0 or not is_shared:
                add_weights(v)

    share_work(add_some, variables)
    if is_shared:
        counts[1:], firsts[1:, 0], seconds[1:, 2] = counts[0], firsts[0, 0], seconds[0, 2]
    return counts, firsts, seconds


def _stay_short(sums: DesignSums, digits: Integers, bounds: Integers) -> bool:
    """Tell whether n·ΣAB − ΣA·ΣB of each cell fits in one limb, and in two its sum with factors.

    By Cauchy and Schwarz neither |ΣAB| nor |ΣA·ΣB|/n is above the larger of ΣA² and ΣB², and
    n is at least the units with a row.
    """
    if sums.aa.shape[-1] > 1:
        return False
    psus, cells = (int(numbers.max(initial=0)) for numbers in (sums.stratum_psus, np.diff(bounds)))
    largest = 2 * psus * max(int(squares.max(initial=0)) for squares in (sums.aa, sums.bb))
    return largest < 2**63 and largest * int(digits.max(initial=0)) * cells < 2**127


def _narrowed(limbs: Integers) -> Integers:
    """Give numbers of one limb as [places], which compiled code reads as such."""
    return limbs[:, 0] if limbs.shape[-1] == 1 else limbs


@compiled
def _add_counts(counts: Integers, bounds: Integers, added: Integers) -> None:
    for domain in range(len(bounds) - 1):
        added[domain] = counts[bounds[domain] : bounds[domain + 1]].sum()


@compiled
def _add_limbs(limbs: Integers, bounds: Integers, added: Integers) -> None:
    for domain in range(len(bounds) - 1):
        total = (0, 0)
        for cell in range(bounds[domain], bounds[domain + 1]):
            total = wide_add(total, total_at(limbs, cell))
        put_total(added, domain, total)


@compiled
def _add_between(
    parts: tuple[Integers, Integers, Integers],
    strata: tuple[Integers, Integers],
    zeros: tuple[tuple[int, ...], tuple[int, ...]],
    bounds: Integers,
    added: Integers,
) -> None:
    """Add g·(n·ΣAB − ΣA·ΣB) over the cells of each domain; `strata` has n and g of each cell."""
    squares, left, right = parts
    psus, factors = strata
    zero_square, zero = zeros
    for domain in range(len(bounds) - 1):
        total = zero
        for cell in range(bounds[domain], bounds[domain + 1]):
            within = wide_multiply(limbs_at(squares, cell, zero_square), psus[cell])
            across = wide_multiply(total_at(left, cell), total_at(right, cell))
            between = wide_subtract(within, across)
            total = wide_add(total, wide_multiply(between, factors[cell]))
        for limb in range(len(total)):
            added[domain, limb] = total[limb]


@compiled
def _add_short_between(
    parts: tuple[Integers, Integers, Integers],
    strata: tuple[Integers, Integers],
    _zeros: tuple[tuple[int, ...], tuple[int, ...]],
    bounds: Integers,
    added: Integers,
) -> None:
    """Do the same where a cell's part takes one limb, and a domain's two."""
    squares, left, right = parts
    psus, factors = strata
    for domain in range(len(bounds) - 1):
        total = (0, 0)
        for cell in range(bounds[domain], bounds[domain + 1]):
            between = psus[cell] * squares[cell, 0] - left[cell] * right[cell]
            total = wide_add(total, wide_multiply(between, factors[cell]))
        added[domain, 0], added[domain, 1] = total
        added[domain, 2:] = total[1] >> 63
