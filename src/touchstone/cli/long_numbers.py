"""Numbers with more decimals than fit are rounded for an estimate, and that is said."""

from collections.abc import Collection
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.errors import InputErrors
from touchstone.formats.numbers import PLAIN, UNUSUAL, parse_numbers
from touchstone.formats.raw_tables import RawTable
from touchstone.loop.freeze import freeze_plain
from touchstone.tallies.tables import Snapshot

TOO_MANY_DECIMALS = "NUMBER-06"
WIDE = Context(prec=400, rounding=ROUND_HALF_EVEN)


class Rounding(NamedTuple):
    """How many cells of a column were rounded, and to how many decimal places."""

    column: str
    cells: int
    kept: int


def freeze_rounded(
    raw: RawTable, *, numbers: Collection[str], texts: Collection[str]
) -> tuple[Snapshot, tuple[Rounding, ...]]:
    """Freeze some columns of a table; decimals beyond 18 digits in all are rounded half-even.

    Programs write 1/3 with as many decimals as they have; evidence that a pack describes must
    be exact instead. Raises what `freeze_plain` raises, but for NUMBER-06.
    """
    try:
        return freeze_plain(raw, numbers=numbers, texts=texts), ()
    except InputErrors as errors:
        if all(fault.code != TOO_MANY_DECIMALS for fault in errors.faults):
            raise
    rows, notes = raw.rows, []
    for name in dict.fromkeys(numbers):
        column, note = _rounded(rows.column(name), name)
        if note.cells:
            rows = rows.set_column(rows.column_names.index(name), name, column)
            notes.append(note)
    rounded = RawTable(raw.source, rows, raw.first_row)
    return freeze_plain(rounded, numbers=numbers, texts=texts), tuple(notes)


def _rounded(cells: pa.ChunkedArray, name: str) -> tuple[pa.ChunkedArray, Rounding]:
    kept = parse_numbers(cells, places=None).places
    texts = cells.combine_chunks()
    are_numbers = pc.or_(
        pc.match_substring_regex(texts, PLAIN), pc.match_substring_regex(texts, UNUSUAL)
    )
    distinct = pc.unique(texts.filter(are_numbers))
    short = {text: _shortened(text, kept) for text in distinct.to_pylist()}
    changed = {text: new for text, new in short.items() if Decimal(text) != Decimal(new)}
    places = pc.index_in(texts, pa.array(list(changed), pa.string()))
    new = pa.array(list(changed.values()), pa.string()).take(places)
    count = len(places) - places.null_count
    return pa.chunked_array([pc.coalesce(new, texts)]), Rounding(name, count, kept)


def _shortened(text: str, places: int) -> str:
    return format(Decimal(text).quantize(Decimal(1).scaleb(-places), context=WIDE), "f")
