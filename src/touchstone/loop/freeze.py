"""Stage 2 of the loop: a table becomes frozen evidence, all of it or nothing.

freeze: raw table → snapshot. Each fault is named by file, row and column, all of them together.
"""

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.errors import MOST_FAULTS_KEPT, TouchstoneError
from touchstone.content.columns import (
    add_number_faults,
    frozen_column,
    near_names,
    normalise_texts,
    read_column,
)
from touchstone.content.datasets import Dataset
from touchstone.formats.faults import Faults, Mask, mask
from touchstone.formats.numbers import parse_numbers
from touchstone.formats.raw_tables import RawTable, clean_heading, shorten
from touchstone.tallies.tables import Column, Snapshot, build_snapshot

Columns = Mapping[str, pa.ChunkedArray]
ROW, ROW_COUNT, ROW_MIN, ROW_MAX = "row", "row_count", "row_min", "row_max"


def freeze(
    raw: RawTable, dataset: Dataset, *, known_units: Collection[str] | None = None
) -> Snapshot:
    """Turn a table into evidence that nobody can change unseen, or say all that is wrong with it.

    Keeps the dataset's columns and no others; the order of rows and columns plays no part.
    `known_units` are the identifiers of the tree, when there is one.

    1. Find the dataset's columns.
    2. Read each cell as its column says.
    3. Look for empty cells where there must be none, units outside the tree, impossible weights.
    4. Look for keys that stand twice.
    5. Raise all faults together, or sort and hash.

    Raises InputErrors EVIDENCE-01 to EVIDENCE-10 and NUMBER-01 to NUMBER-08.
    """
    faults = Faults(raw)
    present = set(raw.rows.column_names)
    _find_columns([spec.name for spec in dataset.columns], faults, code="EVIDENCE-01")
    specs = [spec for spec in dataset.columns if spec.name in present]
    columns = {spec.name: read_column(spec, faults) for spec in specs}
    filled = ~mask(raw.empty_rows())
    _find_empty_cells(dataset, columns, faults, filled=filled)
    _find_unknown_units(dataset, columns, faults, known_units=known_units)
    _find_impossible_numbers(dataset, columns, faults)
    _find_double_keys(dataset.key, columns, faults)
    faults.raise_any()
    rows = pa.table(dict(columns)).filter(pa.array(filled))
    frozen = [frozen_column(spec) for spec in specs]
    return build_snapshot(frozen, rows, dataset.key, where=raw.source)


def freeze_plain(raw: RawTable, *, numbers: Collection[str], texts: Collection[str]) -> Snapshot:
    """Turn some columns of a table into evidence without a dataset that describes them.

    The decimal places of each number column are as many as its cells use, up to 18 digits in all.
    A column that is named as both is read as numbers. There is no key, rows may be equal.

    Raises InputErrors TABLE-24 for a column the table does not have, NUMBER-01 to NUMBER-08.
    """
    faults = Faults(raw)
    as_numbers = list(dict.fromkeys(clean_heading(name) for name in numbers))
    as_texts = dict.fromkeys(clean_heading(name) for name in texts)
    as_texts = {name: None for name in as_texts if name not in as_numbers}
    _find_columns([*as_numbers, *as_texts], faults, code="TABLE-24")
    faults.raise_any()
    described: list[Column] = []
    columns: dict[str, pa.ChunkedArray] = {}
    for name in as_numbers:
        parsed = parse_numbers(raw.rows.column(name), places=None)
        add_number_faults(parsed, name, faults)
        described.append(Column(name, "number", places=parsed.places))
        columns[name] = parsed.values
    for name in as_texts:
        described.append(Column(name, "text"))
        columns[name] = raw.rows.column(name)
    faults.raise_any()
    rows = pa.table(columns).filter(pc.invert(raw.empty_rows()))
    return build_snapshot(described, rows, (), where=raw.source)


def unused_columns(raw: RawTable, dataset: Dataset) -> tuple[str, ...]:
    """Name the columns of a table that the dataset does not know, and that are left out."""
    return tuple(name for name in raw.rows.column_names if dataset.column(name) is None)


def _find_columns(names: Iterable[str], faults: Faults, *, code: str) -> None:
    present = faults.raw.rows.column_names
    for name in names:
        if name not in present:
            advice = near_names(name, present) or f"The columns are {_some(present)}."
            fault = TouchstoneError(
                code, where=faults.raw.source, found=f"no column {name!r}", remedy=advice
            )
            faults.add(fault)


def _some(names: Collection[str], most: int = 20) -> str:
    shown = [repr(name) for name in list(names)[:most]]
    return ", ".join(shown) + (", …" if len(names) > most else "")


def _find_empty_cells(dataset: Dataset, columns: Columns, faults: Faults, *, filled: Mask) -> None:
    design = dataset.design
    needed = {spec.name for spec in dataset.columns if spec.required}
    needed |= {*dataset.key, dataset.unit, *(level.column for level in dataset.levels)}
    needed |= {*design.strata, *design.clusters, *design.fpc}
    needed |= {name for name in (design.weight, dataset.rater) if name is not None}
    for name in columns:
        if name in needed:
            faults.add_cells(
                filled & mask(pc.is_null(faults.raw.rows.column(name))),
                name,
                code="EVIDENCE-02",
                found="an empty cell",
                remedy="Fill it in, or take the row out: this column must be known in each row.",
            )


def _find_unknown_units(
    dataset: Dataset,
    columns: Columns,
    faults: Faults,
    *,
    known_units: Collection[str] | None,
) -> None:
    if known_units is None or dataset.unit not in columns:
        return
    prefix = dataset.levels[-1].prefix if dataset.levels else ""
    known = normalise_texts(pa.array(sorted(known_units), pa.string()))
    units = columns[dataset.unit].cast(pa.string())
    named = pc.binary_join_element_wise(prefix, units, "")
    faults.add_cells(
        mask(pc.invert(pc.is_in(named, value_set=known))) & mask(pc.is_valid(units)),
        dataset.unit,
        code="EVIDENCE-03",
        found="{cell}, a unit that is not in the tree",
        remedy="Correct the identifier, or add the unit to the tree first.",
    )


def _find_impossible_numbers(dataset: Dataset, columns: Columns, faults: Faults) -> None:
    design = dataset.design
    if design.weight is not None and design.weight in columns:
        faults.add_cells(
            mask(pc.less(columns[design.weight], 0)),
            design.weight,
            code="EVIDENCE-08",
            found="{cell}, a negative weight",
            remedy="Give each row a weight of 0 or more.",
        )
    for name in design.fpc:
        if name in columns:
            faults.add_cells(
                mask(pc.less_equal(columns[name], 0)),
                name,
                code="EVIDENCE-09",
                found="{cell}, neither a population size nor a part of one",
                remedy="Write the number of units drawn from, or the part that was drawn.",
            )


def _find_double_keys(key: tuple[str, ...], columns: Columns, faults: Faults) -> None:
    if not key or any(name not in columns for name in key):
        return
    places = [f"key {position}" for position in range(len(key))]
    table = pa.table([columns[name] for name in key], names=places)
    table = table.append_column(ROW, pa.array(np.arange(table.num_rows))).drop_null()
    groups = table.group_by(places).aggregate([(ROW, "count"), (ROW, "min"), (ROW, "max")])
    doubled = groups.filter(pc.greater(groups[ROW_COUNT], 1)).sort_by(ROW_MIN)
    for group in doubled.slice(0, MOST_FAULTS_KEPT).to_pylist():
        found = ", ".join(
            f"{name} {shorten(str(faults.raw.rows.column(name)[group[ROW_MIN]].as_py()))}"
            for name in key
        )
        fault = TouchstoneError(
            "EVIDENCE-10",
            where=faults.raw.place(group[ROW_MIN]),
            found=f"{found} stands {group[ROW_COUNT]} times, the last time in row "
            f"{faults.raw.first_row + group[ROW_MAX]}",
            remedy="Keep one row for each, or name the columns that tell the rows apart.",
        )
        faults.kept.append((group[ROW_MIN], fault))
    faults.total += doubled.num_rows
