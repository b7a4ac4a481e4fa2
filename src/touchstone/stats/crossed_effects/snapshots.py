"""A table of ratings from frozen evidence."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.errors import TouchstoneError
from touchstone.stats.crossed_effects.cross_products import Floats
from touchstone.stats.crossed_effects.groups import BESIDE, parts_of_group
from touchstone.stats.crossed_effects.tables import FixedColumn, Grouping, RatingTable
from touchstone.tallies.plans import key_texts
from touchstone.tallies.tables import Snapshot


class RatingColumns(NamedTuple):
    """The columns of a table of ratings; a group may be `one:other`, each pair of their levels."""

    rater: str
    ratee: str
    score: str
    groups: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()


class FoundRatings(NamedTuple):
    """A table of ratings, and how many rows were left out as a cell of theirs is empty."""

    table: RatingTable
    left_out: int


def ratings_in(snapshot: Snapshot, columns: RatingColumns) -> FoundRatings:
    """Pick the ratings out of a snapshot; rows with an empty cell among the columns are left out.

    A fixed column of numbers is one column; one of texts is a column for each of its levels but
    the first, named `column[level]`. Raises TouchstoneError RATE-07 when no row is left.
    """
    parts = [parts_of_group(group, snapshot.rows.column_names) for group in columns.groups]
    names = [columns.score, columns.rater, columns.ratee, *columns.fixed]
    kept = rows_without_gaps(snapshot, [*names, *(name for part in parts for name in part)])
    groups = [
        _interaction(group, [_grouping(kept, name) for name in part])
        for group, part in zip(columns.groups, parts, strict=True)
    ]
    table = RatingTable(
        _values(kept, columns.score),
        _grouping(kept, columns.rater),
        _grouping(kept, columns.ratee),
        tuple(groups),
        tuple(column for name in columns.fixed for column in _fixed(kept, name)),
    )
    return FoundRatings(table, snapshot.rows.num_rows - kept.rows.num_rows)


def rows_without_gaps(snapshot: Snapshot, names: Sequence[str]) -> Snapshot:
    """Leave out rows with an empty cell in one of the columns; RATE-07 when no row is left."""
    rows = snapshot.rows
    whole = pa.chunked_array([pa.repeat(pa.scalar(value=True), rows.num_rows)])
    for name in dict.fromkeys(names):
        whole = pc.and_(whole, pc.is_valid(rows.column(name)))
    kept = rows.filter(whole)
    if not kept.num_rows:
        raise TouchstoneError(
            "RATE-07",
            where=f"columns {', '.join(map(repr, dict.fromkeys(names)))}",
            found="no row has a rater, a ratee and a score, and all that was named beside them",
            remedy="Name the columns that hold them.",
        )
    return Snapshot(snapshot.columns, kept, snapshot.key)


def _grouping(snapshot: Snapshot, name: str) -> Grouping:
    stored = snapshot.rows.column(name).combine_chunks()
    encoded = key_texts(snapshot, name, stored).dictionary_encode()
    order = pc.array_sort_indices(encoded.dictionary).to_numpy()
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    levels = encoded.dictionary.take(pa.array(order)).to_pylist()
    return Grouping(name, place[encoded.indices.to_numpy()], levels)


def _interaction(name: str, parts: Sequence[Grouping]) -> Grouping:
    found = parts[0]
    for other in parts[1:]:
        pairs = found.codes.astype(np.int64) * len(other.levels) + other.codes
        distinct, codes = np.unique(pairs, return_inverse=True)
        firsts, seconds = np.divmod(distinct, len(other.levels))
        levels = [
            f"{found.levels[first]}{BESIDE}{other.levels[second]}"
            for first, second in zip(firsts.tolist(), seconds.tolist(), strict=True)
        ]
        found = Grouping(name, codes.astype(np.int32), levels)
    return Grouping(name, found.codes, found.levels)


def _values(snapshot: Snapshot, name: str) -> Floats:
    stored = snapshot.rows.column(name).to_numpy().astype(np.float64)
    values: Floats = stored / 10.0 ** snapshot.column(name).places
    return values


def _fixed(snapshot: Snapshot, name: str) -> list[FixedColumn]:
    if snapshot.column(name).kind == "number":
        return [FixedColumn(name, _values(snapshot, name))]
    grouping = _grouping(snapshot, name)
    return [
        FixedColumn(f"{name}[{level}]", (grouping.codes == place).astype(np.float64))
        for place, level in enumerate(grouping.levels)
        if place
    ]
