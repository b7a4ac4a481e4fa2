"""A table of ratings for `touchstone rate`, read from any file by the names of its columns."""

from touchstone.cli.long_numbers import freeze_rounded
from touchstone.formats.numbers import parse_numbers
from touchstone.formats.raw_tables import RawTable
from touchstone.stats.crossed_effects.groups import parts_of_group
from touchstone.stats.crossed_effects.snapshots import (
    FoundRatings,
    RatingColumns,
    ratings_in,
)


def read_ratings(raw: RawTable, columns: RatingColumns) -> FoundRatings:
    """Pick the columns of a table of ratings as `ratings_in` does; fixed ones may hold words.

    Raises InputErrors TABLE-24 and NUMBER-01 to NUMBER-08 as `freeze_plain`, TouchstoneError
    RATE-07 when no row is left.
    """
    known = raw.rows.column_names
    parts = [name for group in columns.groups for name in parts_of_group(group, known)]
    numbers = [columns.score, *(name for name in columns.fixed if _is_number(raw, name))]
    texts = [columns.rater, columns.ratee, *parts, *columns.fixed]
    snapshot, _ = freeze_rounded(raw, numbers=numbers, texts=texts)
    return ratings_in(snapshot, columns)


def _is_number(raw: RawTable, name: str) -> bool:
    if name not in raw.rows.column_names:
        return False
    return not parse_numbers(raw.rows.column(name), places=None).total_faults
