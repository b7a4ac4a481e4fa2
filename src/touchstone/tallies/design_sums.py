"""Sums over primary sampling units: what the variance of a domain's mean or total needs."""

from collections import Counter
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.limbs import Integers, limbs_from_integers, widened
from touchstone.tallies.plans import Tallies

Key = tuple[str, ...]
Unit = tuple[Key, Key, Key]
FIRST_ORDER = ("n", "w", "wy", "wyy")
SQUARES = ("aa", "ab", "bb")
CELL_SUMS = ("n", "psus", "w", "wy", "wyy", *SQUARES)
MOST_DIMENSIONS = 3


@dataclass(frozen=True, slots=True)
class DesignPlan:
    """Which sums to take: domains, first-stage strata, primary sampling units, weight, values.

    `by` are the columns that make a domain (none: one domain of all rows). `strata` are the
    columns that make a stratum (none: one stratum). `cluster` are the columns that tell the
    primary sampling units (PSUs) of one stratum apart (none: each row is its own PSU); equal
    names in two strata are two PSUs. Without `weight` each row weighs 1.
    """

    by: tuple[str, ...]
    strata: tuple[str, ...]
    cluster: tuple[str, ...]
    weight: str | None
    values: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class DesignSums:
    """Exact sums per (variable, domain, stratum), first and second order over PSUs.

    With V variables, C cells, D domains and H strata. A *cell* is a pair (domain, stratum) that
    has at least one row; cells are sorted by domain, then stratum; all variables share them.
    Write y for the stored integer of a value, w for the stored weight (1 without one), and for
    one PSU of a cell A = Σ w·y and B = Σ w over the PSU's rows of the domain where y is present.

    - `domains`: D keys, each a tuple of texts in the order of `plan.by`, sorted; rows with an
      empty `by` cell belong to no domain. `((),)` when `plan.by` is empty.
    - `strata`: H keys in the order of `plan.strata`, sorted; `((),)` when it is empty.
    - `stratum_psus`: [H] PSUs of each stratum over *all* rows, also those outside every domain
      or without a value: the n_h of the formulas.
    - `domain`, `stratum`: [C] positions in `domains` and `strata`.
    - `n`: [V, C] rows with y present. `psus`: [V, C] PSUs that have such a row.
    - `w`, `wy`, `wyy`: [V, C, 2] Σw, Σwy, Σwy². As the sums of B and A over PSUs are the same
      Σw and Σwy, they stand here once.
    - `aa`, `ab`, `bb`: [V, C, 2 or 4] ΣA², ΣAB, ΣB² over the PSUs of the cell.

    The six arrays of sums hold signed 128-bit integers as two int64 limbs, low limb first
    (`limbs.integers_from_limbs` gives Python integers); the squares take four limbs when they
    might not fit. Scales: w counts 10^-weight_places,
    y of variable v counts 10^-value_places[v]; so wy has both together, aa twice both.

    The with-replacement linearised variance of a domain's mean r = ΣA/ΣB (sums over strata;
    Woodruff 1971) is V = 1/(ΣB)² · Σ_h (1 − f_h) n_h/(n_h − 1) · [Σz² − (Σz)²/n_h] with
    z = A − r·B, where n_h is `stratum_psus` and PSUs without a row of the domain have z = 0.
    `between.between_sums` adds the strata up exactly.
    """

    plan: DesignPlan
    weight_places: int
    value_places: tuple[int, ...]
    domains: tuple[tuple[str, ...], ...]
    strata: tuple[tuple[str, ...], ...]
    stratum_psus: Integers
    domain: Integers
    stratum: Integers
    n: Integers
    psus: Integers
    w: Integers
    wy: Integers
    wyy: Integers
    aa: Integers
    ab: Integers
    bb: Integers

    def equals(self, other: "DesignSums") -> bool:
        """Tell whether two results are the same in every figure, plan and scale."""
        return all(
            _are_same(getattr(self, field.name), getattr(other, field.name))
            for field in fields(self)
        )


def design_sums_from_tallies(
    tallies: Tallies, *, strata: tuple[str, ...], cluster: tuple[str, ...]
) -> DesignSums:
    """Make the sums over sampling units from tallies whose design names strata and PSUs.

    `strata` and `cluster` are columns of the tallies' plan; further design columns are added up.
    The result equals `psu_sums.sum_design` of the same rows.

    Raises ValueError when a column is not in the plan or `cluster` is empty (rows are gone, so
    they cannot be units), and TouchstoneError TALLY-05 when a cell has no stratum or cluster.
    """
    given = tallies.plan
    unknown = [name for name in strata + cluster if name not in given.keys]
    if unknown or not cluster:
        raise ValueError(f"strata and cluster must be among {given.keys}; got {unknown or cluster}")
    plan = DesignPlan(given.by, strata, cluster, given.weight, given.values)
    psus, domains, units = _unit_totals(tallies.cells, plan)
    sizes = Counter(stratum for stratum, _ in psus)
    strata_found = {stratum: place for place, stratum in enumerate(sorted(sizes))}
    domains_found = {domain: place for place, domain in enumerate(sorted(domains))}
    cells = sorted({(domain, stratum) for domain, stratum, _ in units})
    return DesignSums(
        plan=plan,
        weight_places=tallies.weight_places,
        value_places=tallies.value_places,
        domains=tuple(domains_found),
        strata=tuple(strata_found),
        stratum_psus=np.array([sizes[stratum] for stratum in strata_found], np.int64),
        domain=np.array([domains_found[domain] for domain, _ in cells], np.int64),
        stratum=np.array([strata_found[stratum] for _, stratum in cells], np.int64),
        **_cell_sums(units, cells, len(plan.values)),
    )


def refuse_absent(values: pa.ChunkedArray, name: str) -> None:
    """Refuse a stratum or cluster column with empty cells (TALLY-05)."""
    if values.null_count:
        raise TouchstoneError(
            "TALLY-05",
            where=f"column {name!r}",
            found=f"{values.null_count} cells hold no stratum or cluster",
            remedy="Give each row its stratum and cluster, or leave the column out of the design.",
        )


def _unit_totals(
    cells: pa.Table, plan: DesignPlan
) -> tuple[set[tuple[Key, Key]], set[Key], dict[Unit, list[list[int]]]]:
    """Give all PSUs, all domains, and per unit and variable n, Σw, Σwy, Σwyy."""
    for name in plan.strata + plan.cluster:
        refuse_absent(cells.column(name), name)
    keys = (_key_tuples(cells, names) for names in (plan.by, plan.strata, plan.cluster))
    sums = (_integers(cells.column(name)) for name in FIRST_ORDER)
    variables = {name: place for place, name in enumerate(plan.values)}
    psus: set[tuple[Key, Key]] = set()
    units: dict[Unit, list[list[int]]] = {}
    for domain, stratum, psu, variable, *added in zip(
        *keys, cells.column("variable").to_pylist(), *sums, strict=True
    ):
        psus.add((stratum, psu))
        if None not in domain:
            unit = units.setdefault((domain, stratum, psu), [[0] * 4 for _ in variables])
            place = variables[variable]
            unit[place] = [total + more for total, more in zip(unit[place], added, strict=True)]
    return psus, {domain for domain, _, _ in units}, units


def _key_tuples(cells: pa.Table, names: tuple[str, ...]) -> list[Any]:
    if not names:
        return [()] * cells.num_rows
    return list(zip(*(cells.column(name).to_pylist() for name in names), strict=True))


def _integers(values: pa.ChunkedArray) -> list[int]:
    return [int(value) for value in values.to_pylist()]


def _cell_sums(
    units: dict[Unit, list[list[int]]], cells: list[tuple[Key, Key]], variables: int
) -> dict[str, Integers]:
    """Add up the units of each cell to the arrays [V, C] and [V, C, limbs] of DesignSums."""
    position = {cell: place for place, cell in enumerate(cells)}
    sums = {name: [[0] * len(cells) for _ in range(variables)] for name in CELL_SUMS}
    for (domain, stratum, _), by_variable in units.items():
        cell = position[domain, stratum]
        for variable, (n, b, a, yy) in enumerate(by_variable):
            parts = (n, int(n > 0), b, a, yy, a * a, a * b, b * b)
            for name, part in zip(CELL_SUMS, parts, strict=True):
                sums[name][variable][cell] += part
    return {
        name: _as_array(numbers, 0 if name in ("n", "psus") else 4 if name in SQUARES else 2)
        for name, numbers in sums.items()
    }


def _as_array(numbers: list[list[int]], limbs: int) -> Integers:
    if not limbs:
        return np.array(numbers, np.int64)
    return np.stack([limbs_from_integers(row, width=limbs) for row in numbers])


def _are_same(mine: object, theirs: object) -> bool:
    if not (isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray)):
        return mine == theirs
    limbs = max(mine.shape[-1], theirs.shape[-1])
    if mine.ndim == theirs.ndim == MOST_DIMENSIONS:
        mine, theirs = widened(mine, limbs), widened(theirs, limbs)
    return np.array_equal(mine, theirs)
