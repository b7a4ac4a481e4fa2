"""A table of ratings for `touchstone rate`, read from any file by the names of its columns."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.errors import TouchstoneError
from touchstone.cli.long_numbers import freeze_rounded
from touchstone.formats.numbers import parse_numbers
from touchstone.formats.raw_tables import RawTable
from touchstone.stats.crossed_effects.tables import FixedColumn, Grouping, RatingTable
from touchstone.tallies.plans import key_texts
from touchstone.tallies.tables import Snapshot

# Between the columns of an interaction: each pair of their levels is a level.
BESIDE = ":"


class RatingColumns(NamedTuple):
    """The names of the columns of a table of ratings; a group may be `one:other`."""

    rater: str
    ratee: str
    score: str
    groups: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()


class ReadRatings(NamedTuple):
    """A table of ratings, and how many rows were left out as a cell of theirs is empty."""

    table: RatingTable
    left_out: int


def read_ratings(raw: RawTable, columns: RatingColumns) -> ReadRatings:
    """Pick the columns of a table of ratings; rows with an empty cell among them are left out.

    A fixed column of numbers is one column; one of texts is a column for each of its levels but
    the first, named `column[level]`. Raises InputErrors TABLE-24 and NUMBER-01 to NUMBER-08 as
    `freeze_plain`, TouchstoneError RATE-07 when no row is left.
    """
    parts = [_parts(raw, group) for group in columns.groups]
    numbers = [columns.score, *(name for name in columns.fixed if _is_number(raw, name))]
    texts = [columns.rater, columns.ratee, *(name for part in parts for name in part)]
    texts += [name for name in columns.fixed if name not in numbers]
    snapshot, _ = freeze_rounded(raw, numbers=numbers, texts=texts)
    kept = _without_gaps(snapshot, (*numbers, *texts), raw.source)
    groups = [
        _interaction(name, [_grouping(kept, one) for one in part])
        for name, part in zip(columns.groups, parts, strict=True)
    ]
    table = RatingTable(
        _values(kept, columns.score),
        _grouping(kept, columns.rater),
        _grouping(kept, columns.ratee),
        tuple(groups),
        tuple(column for name in columns.fixed for column in _fixed(kept, name)),
    )
    return ReadRatings(table, snapshot.rows.num_rows - kept.rows.num_rows)


def _parts(raw: RawTable, group: str) -> list[str]:
    return [group] if group in raw.rows.column_names else group.split(BESIDE)


def _is_number(raw: RawTable, name: str) -> bool:
    if name not in raw.rows.column_names:
        return False
    return not parse_numbers(raw.rows.column(name), places=None).total_faults


def _without_gaps(snapshot: Snapshot, names: Sequence[str], source: str) -> Snapshot:
    rows = snapshot.rows
    whole = pa.chunked_array([pa.repeat(pa.scalar(value=True), rows.num_rows)])
    for name in dict.fromkeys(names):
        whole = pc.and_(whole, pc.is_valid(rows.column(name)))
    kept = rows.filter(whole)
    if not kept.num_rows:
        raise TouchstoneError(
            "RATE-07",
            where=source,
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


def _values(snapshot: Snapshot, name: str) -> npt.NDArray[np.float64]:
    stored = snapshot.rows.column(name).to_numpy().astype(np.float64)
    values: npt.NDArray[np.float64] = stored / 10.0 ** snapshot.column(name).places
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
