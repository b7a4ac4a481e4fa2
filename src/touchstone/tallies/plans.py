"""What is to be tallied, what comes out, and the checks that make exact sums safe."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.canonical import canonical_json
from touchstone.base.errors import TouchstoneError
from touchstone.tallies.tables import (
    BLOCK_ROWS,
    Described,
    Snapshot,
    column_block_bytes,
    length_prefixed,
)
from touchstone.tallies.workers import share_work

LARGEST_SUM = 10**38
SUM_TYPE = pa.decimal128(38, 0)
SUMS = ("w", "ww", "wy", "wyy")
RESERVED = ("variable", "n", *SUMS)


@dataclass(frozen=True, slots=True)
class TallyPlan:
    """Which sums to take: of the columns `values`, per combination of `by` and `design`.

    `by` are the columns that make domains, `design` those that tell strata and sampling units
    apart; a column may stand in both. Without `weight` each row weighs 1.
    """

    by: tuple[str, ...]
    design: tuple[str, ...]
    weight: str | None
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        for name, columns in (("by", self.by), ("design", self.design), ("values", self.values)):
            if len(set(columns)) < len(columns):
                raise ValueError(f"{name} must name each column once; got {columns!r}")
        if not self.values:
            raise ValueError("values must name at least one column; got none")

    @property
    def keys(self) -> tuple[str, ...]:
        """Give the columns that make a cell: `by`, then those of `design` not among them."""
        return tuple(dict.fromkeys(self.by + self.design))


@dataclass(frozen=True, eq=False)
class Tallies:
    """Exact sums per cell and variable, in long form; additive over parts of the rows.

    `cells` has the columns `plan.keys` (text, also for numbers: the stored integer with its
    places, "3.25"; null where the row had none), `variable` (text), `n` (int64: rows where the
    variable is present) and `w`, `ww`, `wy`, `wyy` (decimal128(38, 0): Σw, Σw², Σwy, Σwy² over
    those rows, of the stored integers). A combination whose rows all lack the variable stays,
    with n = 0. Sorted by all key columns and the variable, ascending, nulls last.

    `weight_places` is 0 without a weight; `value_places` follows `plan.values`.
    """

    plan: TallyPlan
    weight_places: int
    value_places: tuple[int, ...]
    cells: pa.Table

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the canonical content; independent of file format, engine and machine."""
        digest = hashlib.sha256(length_prefixed(canonical_json(self.as_record())))
        digest.update(self.cells.num_rows.to_bytes(8, "little"))
        for name in self.cells.column_names:
            values = self.cells.column(name)
            for start in range(0, self.cells.num_rows, BLOCK_ROWS):
                digest.update(column_block_bytes(values.slice(start, BLOCK_ROWS)))
        return digest.hexdigest()

    def as_record(self) -> dict[str, object]:
        """Give plan and places as plain data, for the canonical schema."""
        return {
            "by": list(self.plan.by),
            "design": list(self.plan.design),
            "weight": self.plan.weight,
            "values": list(self.plan.values),
            "weight_places": self.weight_places,
            "value_places": list(self.value_places),
        }

    def equals(self, other: "Tallies") -> bool:
        """Tell whether two tallies are the same in plan, places and every cell."""
        return self.as_record() == other.as_record() and bool(self.cells.equals(other.cells))


def cell_schema(plan: TallyPlan) -> pa.Schema:
    """Give the Arrow schema of the cells that a plan leads to."""
    texts = [(name, pa.string()) for name in (*plan.keys, "variable")]
    return pa.schema([*texts, ("n", pa.int64()), *((name, SUM_TYPE) for name in SUMS)])


def make_tallies(snapshot: Described, plan: TallyPlan, cells: pa.Table) -> Tallies:
    """Put the cells an engine has summed in their canonical order, with plan and places."""
    weight_places = snapshot.column(plan.weight).places if plan.weight else 0
    value_places = tuple(snapshot.column(name).places for name in plan.values)
    return Tallies(plan, weight_places, value_places, sort_cells(cells, plan))


def sort_cells(cells: pa.Table, plan: TallyPlan) -> pa.Table:
    """Sort cells by all key columns and the variable, nulls last."""
    order = [(name, "ascending") for name in (*plan.keys, "variable")]
    ordered = cells.select(cell_schema(plan).names).cast(cell_schema(plan))
    return ordered.take(pc.sort_indices(ordered, order)).combine_chunks()


def key_texts(snapshot: Described, name: str, stored: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Write a key column's values as text: text as it is, numbers with all their places."""
    column = snapshot.column(name)
    if column.kind == "text":
        return stored
    if column.places == 0:
        return stored.cast(pa.string())
    distinct = pc.dictionary_encode(stored)
    if isinstance(distinct, pa.ChunkedArray):
        distinct = distinct.combine_chunks()
    values = distinct.dictionary.to_pylist()
    texts = [format(snapshot.decimal(name, value), "f") for value in values]
    return pa.array(texts, pa.string()).take(distinct.indices)


def check_sums(snapshot: Snapshot, plan: TallyPlan) -> tuple[int, tuple[int, ...]]:
    """Refuse a snapshot whose sums under a plan could be wrong; give max|w|, max|y| of each value.

    Raises TouchstoneError TALLY-01 when n·max|w|·max|y|² or n·max|w|² reaches 10^38, TALLY-02
    for a row without weight, TALLY-03 for a negative weight, TALLY-04 when a key column has the
    name of a column of sums; ValueError when a value or the weight is not a number column.
    """
    check_names(snapshot, plan)
    heaviest = largest_weight(snapshot, plan.weight)
    largest = _largest_sizes(snapshot, plan.values)
    check_bounds(plan, snapshot.rows.num_rows, heaviest, largest)
    return heaviest, largest


def check_names(snapshot: Described, plan: TallyPlan) -> None:
    """Refuse a key column named like a sum (TALLY-04), a value or weight that is no number."""
    for name in plan.keys:
        snapshot.column(name)
        if name in RESERVED:
            raise TouchstoneError(
                "TALLY-04",
                where=f"column {name!r}",
                found="a grouping column has the name of a column of sums",
                remedy=f"Give it another name than {', '.join(RESERVED)}.",
            )
    for name in (*plan.values, *([plan.weight] if plan.weight else [])):
        if snapshot.column(name).kind != "number":
            raise ValueError(f"values and weight must be number columns; got {name!r}")


def check_bounds(plan: TallyPlan, rows: int, heaviest: int, largest: Sequence[int]) -> None:
    """Refuse sums that may need more than 38 digits (TALLY-01), by max|w| and max|y| of each."""
    _refuse_bound(rows * heaviest**2, "n·max|w|²", plan.weight or "")
    for name, size in zip(plan.values, largest, strict=True):
        _refuse_bound(rows * heaviest * size**2, "n·max|w|·max|y|²", name)


def _largest_sizes(snapshot: Snapshot, names: tuple[str, ...]) -> tuple[int, ...]:
    """Give the largest absolute value of each column."""
    largest = [0] * len(names)

    def look_at(places: Iterable[int]) -> None:
        for place in places:
            largest[place] = largest_size(snapshot.rows.column(names[place]))

    share_work(look_at, len(names))
    return tuple(largest)


def largest_weight(snapshot: Snapshot, weight: str | None) -> int:
    """Give the largest weight (1 without a weight); refuse missing and negative ones."""
    if weight is None:
        return 1
    values = snapshot.rows.column(weight)
    if values.null_count:
        _refuse_weight(snapshot, weight, pc.is_null(values), "TALLY-02", "no weight")
    ends = pc.min_max(values).as_py()
    if ends["min"] is not None and ends["min"] < 0:
        _refuse_weight(snapshot, weight, pc.less(values, 0), "TALLY-03", "a negative weight")
    return int(ends["max"] or 0)


def largest_size(values: pa.ChunkedArray) -> int:
    """Give the largest absolute value of an integer column, 0 when it has none."""
    ends = pc.min_max(values).as_py()
    return max(abs(int(ends["min"] or 0)), abs(int(ends["max"] or 0)))


def _refuse_bound(bound: int, formula: str, name: str) -> None:
    if bound >= LARGEST_SUM:
        raise TouchstoneError(
            "TALLY-01",
            where=f"column {name!r}",
            found=f"{formula} is about 10^{len(str(bound)) - 1}, exact sums end below 10^38",
            remedy="Keep fewer decimal places of the values or of the weight.",
        )


def _refuse_weight(
    snapshot: Snapshot, weight: str, faulty: pa.ChunkedArray, code: str, found: str
) -> None:
    first = int(np.flatnonzero(faulty.to_numpy())[0])
    names = snapshot.key or snapshot.rows.column_names[:3]
    row = snapshot.rows.slice(first, 1).to_pylist()[0]
    where = ", ".join(f"{name} {row[name]!r}" for name in names)
    raise TouchstoneError(
        code,
        where=f"row {where}, column {weight!r}",
        found=found,
        remedy="Give each row a weight of 0 or more.",
    )
