"""Sums over sampling units from tallies, so that any engine can make them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from touchstone.tallies.design_sums import DesignPlan, DesignSums, refuse_absent
from touchstone.tallies.engine import EngineName, tally
from touchstone.tallies.keys import ABSENT, Keys, encode_keys, number_pairs
from touchstone.tallies.limbs import Integers
from touchstone.tallies.plans import Tallies, TallyPlan
from touchstone.tallies.psu_sums import sum_design
from touchstone.tallies.tables import Column, Snapshot
from touchstone.tallies.whole_numbers import (
    Numbers,
    exact_product,
    exact_totals,
    limbs_of,
    whole_numbers,
)

Squares = Callable[[dict[str, Numbers]], dict[str, Numbers]]
CELL_SUMS = ("n", "psus", "w", "wy", "wyy", "aa", "ab", "bb")
NARROW, WIDE = 2, 4
# A column of ones counts the rows of a cell, whether or not a value is there.
ONES, EACH = "ones", "each"


def sum_design_by(snapshot: Snapshot, plan: DesignPlan, *, engine: EngineName) -> DesignSums:
    """Sum a snapshot's rows over domains, strata and sampling units by an engine.

    The kernel sums rows in one pass; the others tally per unit, and the units are added up. Rows
    that are their own units are tallied by their weight: of the rows of one weight w, ΣA² is
    w·Σwy², ΣAB is w·Σwy and ΣB² is w·Σw, so that no row needs a cell of its own.

    Raises TouchstoneError TALLY-01 to TALLY-03 (see `plans.check_sums`), TALLY-05 when a row
    has no stratum or cluster, ENGINE-01 to ENGINE-04.
    """
    if engine == "kernel":
        return sum_design(snapshot, plan)
    for name in plan.strata + plan.cluster:
        refuse_absent(snapshot.rows.column(name), name)
    renamed, own = _renamed(snapshot, plan)
    if own.cluster:
        design = tuple(dict.fromkeys(own.strata + own.cluster))
        tallies = tally(renamed, TallyPlan(own.by, design, own.weight, own.values), engine=engine)
        sums = design_sums_from_tallies(tallies, strata=own.strata, cluster=own.cluster)
    else:
        sums = _sums_of_rows(renamed, own, engine)
    return replace(sums, plan=plan)


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
    for name in strata + cluster:
        refuse_absent(tallies.cells.column(name), name)
    plan = DesignPlan(given.by, strata, cluster, given.weight, given.values)
    tallied = _Tallied(tallies, plan)
    psus, stratum_of_psu, _ = number_pairs(tallied.strata, tallied.encode(cluster))
    units, domain, psu = number_pairs(tallied.domains, Keys(psus, ((),) * len(stratum_of_psu)))
    layout = _Layout(units, domain, stratum_of_psu[psu])
    count = len(tallied.strata.labels)
    return tallied.sums(layout, np.bincount(stratum_of_psu, minlength=count), _of_units)


def _sums_of_rows(snapshot: Snapshot, plan: DesignPlan, engine: EngineName) -> DesignSums:
    """Sum rows that are units of their own, by way of tallies per domain, stratum and weight."""
    ones = pa.chunked_array([pa.repeat(pa.scalar(1, pa.int64()), snapshot.rows.num_rows)])
    columns, rows = [*snapshot.columns, Column(ONES, "number")], snapshot.rows
    rows = rows.append_column(ONES, ones)
    design = plan.strata
    if plan.weight:
        places = snapshot.column(plan.weight).places
        columns.append(Column(EACH, "number", places))
        rows, design = rows.append_column(EACH, rows.column(plan.weight)), (*design, EACH)
    tally_plan = TallyPlan(plan.by, design, plan.weight, (*plan.values, ONES))
    tallied = _Tallied(tally(Snapshot(tuple(columns), rows, ()), tally_plan, engine=engine), plan)
    strata, counts = tallied.strata, tallied.of(ONES)["n"]
    psus = np.zeros(len(strata.labels), np.int64)
    np.add.at(psus, strata.codes, counts)
    cells, domain, stratum = number_pairs(tallied.domains, strata)
    # One weight of a cell is one unit here, with as many rows as have it.
    order = np.argsort(cells, kind="stable")
    inside = order[cells[order] != ABSENT]
    units = np.full(len(cells), ABSENT, np.int64)
    units[inside] = np.arange(len(inside))
    layout = _Layout(units, domain[cells[inside]], stratum[cells[inside]])
    weights = tallied.of(ONES)["w"] // np.maximum(counts, 1)
    return tallied.sums(layout, psus, _OfRows(weights[inside]))


def _renamed(snapshot: Snapshot, plan: DesignPlan) -> tuple[Snapshot, DesignPlan]:
    """Give the columns of a plan under names of ours, so that none is like that of a sum."""
    names: dict[tuple[str, str], str] = {}
    for name in (*plan.by, *plan.strata, *plan.cluster):
        names.setdefault(("key", name), f"key {len(names)}")
    for name in plan.values:
        names.setdefault(("value", name), f"value {len(names)}")
    if plan.weight:
        names["weight", plan.weight] = "weight"
    columns = tuple(
        replace(snapshot.column(name), name=renamed) for (_, name), renamed in names.items()
    )
    rows = snapshot.rows.select([name for _, name in names]).rename_columns([*names.values()])

    def find(role: str, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names[role, name] for name in given)

    own = DesignPlan(
        by=find("key", plan.by),
        strata=find("key", plan.strata),
        cluster=find("key", plan.cluster),
        weight="weight" if plan.weight else None,
        values=find("value", plan.values),
    )
    return Snapshot(columns, rows, ()), own


def _of_units(parts: dict[str, Numbers]) -> dict[str, Numbers]:
    """Add to n, A, B and Σwy² of each unit what their squares need."""
    a, b = parts["wy"], parts["w"]
    return parts | {
        "psus": np.minimum(parts["n"], 1),
        "aa": exact_product(a, a),
        "ab": exact_product(a, b),
        "bb": exact_product(b, b),
    }


@dataclass(frozen=True, eq=False, slots=True)
class _OfRows:
    """The same for rows that are units of their own, tallied by their weight."""

    weights: Numbers

    def __call__(self, parts: dict[str, Numbers]) -> dict[str, Numbers]:
        return parts | {
            "psus": parts["n"],
            "aa": exact_product(self.weights, parts["wyy"]),
            "ab": exact_product(self.weights, parts["wy"]),
            "bb": exact_product(self.weights, parts["w"]),
        }


@dataclass(frozen=True, eq=False, slots=True)
class _Layout:
    """The unit of each tallied cell (or ABSENT), and the domain and stratum of each unit.

    Units are sorted by domain, then stratum.
    """

    unit: Integers
    domain: Integers
    stratum: Integers


class _Tallied:
    """Tallied cells with their keys as numbers."""

    def __init__(self, tallies: Tallies, plan: DesignPlan) -> None:
        self._tallies, self._plan = tallies, plan
        first = tallies.cells.column("variable").slice(0, len(tallies.plan.values)).to_pylist()
        self._places = {name: place for place, name in enumerate(first)}
        width = max(len(first), 1)
        keys = tallies.cells.select(list(tallies.plan.keys))
        rows = keys.take(pa.array(np.arange(0, tallies.cells.num_rows, width)))
        texts = tuple(Column(name, "text") for name in tallies.plan.keys)
        self._keys, self._count = Snapshot(texts, rows, ()), tallies.cells.num_rows // width
        self.domains = self.encode(plan.by)
        self.strata = self.encode(plan.strata)

    def encode(self, names: tuple[str, ...]) -> Keys:
        """Number the combinations of some key columns; one code for all rows without columns."""
        if names:
            return encode_keys(self._keys, names, keep_nulls=False)
        return Keys(np.zeros(self._count, np.int64), ((),))

    def of(self, variable: str) -> dict[str, Numbers]:
        """Give the sums of one variable, a number per tallied cell."""
        place, width = self._places.get(variable, 0), max(len(self._places), 1)
        columns = {name: self._tallies.cells.column(name) for name in ("n", "w", "wy", "wyy")}
        return {name: whole_numbers(column)[place::width] for name, column in columns.items()}

    def sums(self, layout: _Layout, psus: Integers, square: Squares) -> DesignSums:
        """Add tallied cells up to units, and units to cells of domain and stratum."""
        order = np.argsort(layout.unit, kind="stable")
        order = order[layout.unit[order] != ABSENT]
        unit_starts = _run_starts(layout.unit[order])
        cell_starts = _run_starts(layout.domain * len(psus) + layout.stratum)
        by_variable: list[dict[str, Numbers]] = []
        for variable in self._plan.values:
            own = self.of(variable)
            parts = {name: exact_totals(own[name][order], unit_starts) for name in own}
            squared = square(parts)
            by_variable.append({name: exact_totals(squared[name], cell_starts) for name in squared})
        tallies = self._tallies
        places = dict(zip(tallies.plan.values, tallies.value_places, strict=True))
        return DesignSums(
            plan=self._plan,
            weight_places=tallies.weight_places,
            value_places=tuple(places[name] for name in self._plan.values),
            domains=_whole_labels(self.domains),
            strata=_whole_labels(self.strata),
            stratum_psus=psus,
            domain=layout.domain[cell_starts],
            stratum=layout.stratum[cell_starts],
            **{name: _stacked([sums[name] for sums in by_variable], name) for name in CELL_SUMS},
        )


def _run_starts(sorted_codes: Integers) -> Integers:
    return np.flatnonzero(np.diff(sorted_codes, prepend=-1))


def _stacked(columns: list[Numbers], name: str) -> Integers:
    if name in ("n", "psus"):
        return np.stack(columns).astype(np.int64)
    width = NARROW if name in ("w", "wy", "wyy") else WIDE
    return np.stack([limbs_of(numbers, width=width) for numbers in columns])


def _whole_labels(keys: Keys) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(text for text in label if text is not None) for label in keys.labels)
