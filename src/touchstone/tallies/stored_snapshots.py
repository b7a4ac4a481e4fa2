"""Frozen evidence that stays in its Parquet file: tallied there, never loaded as a whole."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.plans import TallyPlan, check_bounds, check_names
from touchstone.tallies.sql_rows import used_columns
from touchstone.tallies.tables import SCHEMA_KEY, Column, Described, Snapshot, build_snapshot


@dataclass(frozen=True, slots=True)
class Made:
    """A number column made from another: 1 or 0 by whether a value is listed, or its place there.

    `listed` are stored values of `column`; with `by_place` the column is the value's place in the
    list, from 1. Nothing where `column` is empty (or, by place, not listed).
    """

    column: str
    listed: tuple[int | str, ...]
    by_place: bool = False

    def expression(self, rows: ir.Table) -> ir.Value:
        """Express the column on some rows."""
        own = rows[self.column]
        if self.by_place:
            places = [(value, place) for place, value in enumerate(self.listed, start=1)]
            return own.cases(*places).cast("int64")
        return ibis.ifelse(own.isnull(), ibis.null("int64"), own.isin(self.listed).cast("int64"))


@dataclass(frozen=True, eq=False)
class StoredSnapshot(Described):
    """Frozen evidence in a Parquet file that `tables.write_parquet` made, or one like it.

    `columns` are those of the file, then those of `made`. Nothing is read but the file's end,
    until it is tallied.
    """

    key: tuple[str, ...]
    path: Path
    made: Mapping[str, Made] = field(default_factory=dict)

    @property
    def row_count(self) -> int:
        """Count the rows, as the file tells."""
        return int(pq.read_metadata(self.path).num_rows)

    def with_made(self, made: Mapping[str, Made]) -> "StoredSnapshot":
        """Give the same with some columns made from others."""
        columns = (*self.columns, *(Column(name, "number") for name in made))
        return StoredSnapshot(columns, self.key, self.path, made)

    def empty(self) -> Snapshot:
        """Give a snapshot of the same columns and key without any row."""
        schema = pa.schema([(column.name, column.arrow_type) for column in self.columns])
        return Snapshot(self.columns, schema.empty_table(), self.key)

    def unbound(self, name: str) -> ir.Table:
        """Give the file's columns as a table of some name, for engines that know it by that."""
        kinds = {"text": "string", "number": "int64"}
        own = [column for column in self.columns if column.name not in self.made]
        return ibis.table({column.name: kinds[column.kind] for column in own}, name=name)

    def load(self) -> Snapshot:
        """Read all rows into memory, sorted and checked."""
        return build_snapshot(
            self.columns, pq.read_table(self.path), self.key, where=self.path.name
        )

    def numbered(self, rows: ir.Table, plan: TallyPlan) -> ir.Table:
        """Give the columns that a plan reads, named as `sql_rows.numbered_plan` names them."""
        columns = {
            f"c{place}": self.made[name].expression(rows) if name in self.made else rows[name]
            for place, name in enumerate(used_columns(plan))
        }
        return rows.select(**columns)


def open_snapshot(path: Path) -> StoredSnapshot:
    """Open frozen evidence where it lies; only the end of the file is read.

    Raises TouchstoneError EVIDENCE-20 when it is not a snapshot that this program wrote.
    """
    try:
        stored = pq.read_schema(path)
        schema = json.loads((stored.metadata or {})[SCHEMA_KEY])
        columns = tuple(Column(**record) for record in schema["columns"])
        for column in columns:
            if stored.field(column.name).type != column.arrow_type:
                raise TypeError(f"column {column.name!r} must be {column.arrow_type}")
        return StoredSnapshot(columns, tuple(schema["key"]), path)
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as fault:
        raise TouchstoneError(
            "EVIDENCE-20",
            where=path.name,
            found=f"not a snapshot this program wrote ({type(fault).__name__})",
            remedy="Freeze the evidence again from its source.",
        ) from fault


def check_stored_sums(stored: StoredSnapshot, plan: TallyPlan) -> None:
    """Refuse evidence whose sums could be wrong, as `plans.check_sums` does for rows in memory.

    The least and the largest value are those that the file's end tells for each group of rows;
    where it does not, the column is read through.
    """
    check_names(stored, plan)
    heaviest = 1
    if plan.weight:
        least, most, absent = _extent(stored, plan.weight)
        if absent or least < 0:
            raise TouchstoneError(
                "TALLY-02" if absent else "TALLY-03",
                where=f"column {plan.weight!r}",
                found=f"{absent} rows without a weight" if absent else "a negative weight",
                remedy="Give each row a weight of 0 or more.",
            )
        heaviest = most
    largest = [_largest(stored, name) for name in plan.values]
    check_bounds(plan, stored.row_count, heaviest, largest)


def _largest(stored: StoredSnapshot, name: str) -> int:
    if name in stored.made:
        made = stored.made[name]
        return len(made.listed) if made.by_place else 1
    least, most, _ = _extent(stored, name)
    return max(abs(least), abs(most))


def _extent(stored: StoredSnapshot, name: str) -> tuple[int, int, int]:
    """Give the least and the largest number of a column (0 of none), and how many are missing."""
    with pq.ParquetFile(stored.path) as file:
        found = list(_told_extents(file, name)) or list(_read_extents(file, name))
    known = [(least, most) for least, most, _ in found if least is not None]
    absent = sum(missing for _, _, missing in found)
    if not known:
        return 0, 0, absent
    return min(least for least, _ in known), max(most for _, most in known), absent


Extent = tuple[int | None, int, int]


def _told_extents(file: pq.ParquetFile, name: str) -> Iterator[Extent]:
    """Give what the file's end tells of each group of rows; nothing when it tells not all."""
    place = file.schema_arrow.get_field_index(name)
    groups = [
        file.metadata.row_group(number).column(place)
        for number in range(file.metadata.num_row_groups)
    ]
    if all(_is_told(group) for group in groups):
        for group in groups:
            told = group.statistics
            has_some = told.has_min_max
            yield told.min if has_some else None, told.max if has_some else 0, told.null_count


def _is_told(group: pq.ColumnChunkMetaData) -> bool:
    told = group.statistics
    if told is None or not told.has_null_count:
        return False
    return bool(told.has_min_max) or int(told.null_count) == int(group.num_values)


def _read_extents(file: pq.ParquetFile, name: str) -> Iterator[Extent]:
    for batch in file.iter_batches(columns=[name]):
        values = batch.column(0)
        ends = pc.min_max(values).as_py()
        yield ends["min"], ends["max"] or 0, values.null_count
