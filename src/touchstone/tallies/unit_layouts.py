"""Where each row belongs among the sampling units of all domains and strata."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from touchstone.tallies.keys import ABSENT, Keys, number_pairs
from touchstone.tallies.limbs import Integers, compiled
from touchstone.tallies.workers import row_parts, share_rows, share_work

Places = npt.NDArray[np.int32]
# Pairs are counted without numbering them first while so many per row are possible.
MOST_POSSIBLE = 1


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """The order of rows by unit (cell × PSU), and of units by cell (domain × stratum).

    `slots`: [rows] where each row stands in that order, ABSENT outside every domain.
    `row_starts`: [units + 1] first slot of each unit. `cell_starts`: [cells + 1] first unit of
    each cell. `domain`, `stratum`: [cells].
    """

    slots: Places
    row_starts: Integers
    cell_starts: Integers
    domain: Integers
    stratum: Integers


def lay_out(domains: Keys, strata: Keys, clusters: Keys | None) -> tuple[Layout, Integers]:
    """Order the rows by unit; give also the PSUs of each stratum over all rows.

    Without `clusters` each row is a unit of its own.
    """
    count = len(strata.labels)
    if clusters is None:
        cells, domain, stratum = number_pairs(domains, strata)
        slots, cell_starts = order_by_code(cells, len(domain))
        row_starts = np.arange(cell_starts[-1] + 1)
        psus = np.bincount(strata.codes, minlength=count)
        return Layout(slots, row_starts, cell_starts, domain, stratum), psus
    psu_codes, stratum_of_psu, _ = number_pairs(strata, clusters)
    psus = np.bincount(stratum_of_psu, minlength=count)
    named = Keys(psu_codes, ((),) * len(stratum_of_psu))
    possible = len(domains.labels) * len(stratum_of_psu)
    is_dense = possible <= MOST_POSSIBLE * len(psu_codes) + 1000
    order = _order_possible_units if is_dense else _order_found_units
    return order(domains, named, stratum_of_psu), psus


def _order_possible_units(domains: Keys, psus: Keys, stratum_of_psu: Integers) -> Layout:
    """Order rows by domain and PSU without numbering first which pairs of them occur."""
    width = len(psus.labels)
    pairs = np.empty(len(psus.codes), np.int64)
    share_rows(
        lambda rows: _pair_codes(domains.codes[rows], psus.codes[rows], width, pairs[rows]),
        len(pairs),
    )
    slots, bounds = order_by_code(pairs, len(domains.labels) * width)
    most = min(len(bounds) - 1, int(bounds[-1])) + 1
    row_starts, cell_starts, domain, stratum = (np.empty(most, np.int64) for _ in range(4))
    found = (row_starts, cell_starts, domain, stratum)
    units, cells = _find_units(bounds, stratum_of_psu, len(domains.labels), found)
    return Layout(
        slots, row_starts[: units + 1], cell_starts[: cells + 1], domain[:cells], stratum[:cells]
    )


def _order_found_units(domains: Keys, psus: Keys, stratum_of_psu: Integers) -> Layout:
    """Order rows by the pairs of domain and PSU that occur, numbered first."""
    units, domain, psu = number_pairs(domains, psus)
    slots, row_starts = order_by_code(units, len(domain))
    stratum = stratum_of_psu[psu]
    is_new = (np.diff(domain, prepend=-1) != 0) | (np.diff(stratum, prepend=-1) != 0)
    first_units = np.flatnonzero(is_new)
    cell_starts = np.append(first_units, len(domain))
    return Layout(slots, row_starts, cell_starts, domain[first_units], stratum[first_units])


def order_by_code(codes: Integers, count: int) -> tuple[Places, Integers]:
    """Give each row's place in the order of codes, and the `count` + 1 bounds of the codes.

    Rows with the code ABSENT have the place ABSENT; rows of one code keep their order. It is a
    counting sort in which each processor counts and places its own part of the rows.
    """
    parts = row_parts(len(codes))
    counts = np.zeros((len(parts), count), np.int32)
    slots = np.empty(len(codes), np.int32)

    def count_some(places: Iterable[int]) -> None:
        for place in places:
            _count_codes(codes[parts[place]], counts[place])

    def place_some(places: Iterable[int]) -> None:
        for place in places:
            _place_rows(codes[parts[place]], counts[place], slots[parts[place]])

    share_work(count_some, len(parts))
    bounds = np.empty(count + 1, np.int64)
    _add_counts_up(counts, bounds)
    share_work(place_some, len(parts))
    return slots, bounds


def in_order(numbers: Integers, layout: Layout) -> Integers:
    """Give a number of each row in the order of the layout's slots."""
    ordered = np.empty(layout.row_starts[-1], numbers.dtype)
    share_rows(lambda rows: _put_in_order(numbers[rows], layout.slots[rows], ordered), len(numbers))
    return ordered


@compiled
def _pair_codes(outer: Integers, inner: Integers, width: int, pairs: Integers) -> None:
    for row in range(len(pairs)):
        is_absent = outer[row] == ABSENT or inner[row] == ABSENT
        pairs[row] = ABSENT if is_absent else outer[row] * width + inner[row]


@compiled
def _find_units(
    bounds: Integers,
    stratum_of_psu: Integers,
    domains: int,
    found: tuple[Integers, Integers, Integers, Integers],
) -> tuple[int, int]:
    """Put down the units and cells that occur, from the bounds of all pairs; count both.

    `found` takes row starts, cell starts, and the domain and stratum of each cell.
    """
    row_starts, cell_starts, domain_of_cell, stratum_of_cell = found
    units, cells, pair = 0, 0, 0
    for domain in range(domains):
        stratum = ABSENT
        for psu in range(len(stratum_of_psu)):
            if bounds[pair] < bounds[pair + 1]:
                if stratum_of_psu[psu] != stratum:
                    stratum = stratum_of_psu[psu]
                    domain_of_cell[cells], stratum_of_cell[cells] = domain, stratum
                    cell_starts[cells] = units
                    cells += 1
                row_starts[units] = bounds[pair]
                units += 1
            pair += 1
    row_starts[units], cell_starts[cells] = bounds[-1], units
    return units, cells


@compiled
def _count_codes(codes: Integers, counts: Places) -> None:
    for row in range(len(codes)):
        if codes[row] != ABSENT:
            counts[codes[row]] += 1


@compiled
def _add_counts_up(counts: Places, bounds: Integers) -> None:
    """Find the bounds of the codes, and turn the counts of each part into its first places."""
    parts, codes = counts.shape
    place = 0
    for code in range(codes):
        bounds[code] = place
        for part in range(parts):
            found = counts[part, code]
            counts[part, code] = place
            place += found
    bounds[codes] = place


@compiled
def _place_rows(codes: Integers, free: Places, slots: Places) -> None:
    for row in range(len(codes)):
        code = codes[row]
        if code == ABSENT:
            slots[row] = ABSENT
        else:
            slots[row] = free[code]
            free[code] += 1


@compiled
def _put_in_order(numbers: Integers, slots: Places, ordered: Integers) -> None:
    for row in range(len(numbers)):
        if slots[row] != ABSENT:
            ordered[slots[row]] = numbers[row]
