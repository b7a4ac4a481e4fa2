"""Weights as exact sums need them: taken from the design, and short enough to be summed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.stats.designs import Design, Drawing, read_drawing, units_drawn
from touchstone.tallies.keys import stored_integers
from touchstone.tallies.limbs import Integers
from touchstone.tallies.plans import LARGEST_SUM, largest_size, largest_weight
from touchstone.tallies.tables import Column, Snapshot

FPC_PLACES = 12
# A column keeps at least nine significant digits of its largest number.
FEWEST_STEPS = 10**9


@dataclass(frozen=True, slots=True)
class Shortening:
    """A column that lost decimal places so that exact sums of it stay below 10^38."""

    column: str
    places: int
    kept: int


def weigh_by_fractions(snapshot: Snapshot, design: Design) -> tuple[Snapshot, Design]:
    """Give rows the weight that follows from the design when it names none.

    A design that tells the population size or fraction of every stage also tells how many of
    the population a row stands for: the product of there-are/were-drawn over the stages, rounded
    to 12 decimal places. Any other design, and one with a weight, is given back as it came.

    >>> rows = pa.table({"y": [1, 2], "schools": [6, 6]})
    >>> columns = (Column("y", "number"), Column("schools", "number"))
    >>> found, design = weigh_by_fractions(Snapshot(columns, rows, ()), Design(fpc=("schools",)))
    >>> design.weight, found.rows[design.weight].to_pylist()
    ('weight by schools', [3000000000000, 3000000000000])
    """
    if design.weight or len(design.fpc) < len(design.stages) or not snapshot.rows.num_rows:
        return snapshot, design
    last: Drawing | None = None
    for stage in design.stages:
        last = read_drawing(snapshot, stage, units_drawn(snapshot, stage), above=last)
    if last is None:
        raise ValueError("design must have a stage; got none")
    chances = map(Fraction.__mul__, last.reached, last.fractions)
    stored = [round(10**FPC_PLACES / chance) for chance in chances]
    places = FPC_PLACES
    while max(stored) >= 2**62:
        places, stored = places - 1, [round(Fraction(weight, 10)) for weight in stored]
    name = fresh_name(snapshot, "weight by " + ", ".join(design.fpc))
    weights = np.array(stored, np.int64)[last.strata.codes]
    return with_column(snapshot, Column(name, "number", places), weights), replace(
        design, weight=name
    )


def fit_places(
    snapshot: Snapshot, *, weight: str | None, values: Sequence[str]
) -> tuple[Snapshot, tuple[Shortening, ...]]:
    """Round weight and values to as many decimal places as exact sums have room for.

    Sums are exact while n·max|w|·max|y|² and n·max|w|² stay below 10^38. The weight is shortened
    first, then the values, a place at a time, half to even; nine significant digits of the
    largest number always stay. Numbers that fit are left as they are.

    >>> rows = pa.table({"y": [25 * 10**11], "w": [15 * 10**14]})
    >>> columns = (Column("y", "number", 11), Column("w", "number", 15))
    >>> found, shortened = fit_places(Snapshot(columns, rows, ()), weight="w", values=("y",))
    >>> shortened
    (Shortening(column='w', places=15, kept=13),)
    """
    w_places = snapshot.column(weight).places if weight else 0
    of_weight = _Room(largest_weight(snapshot, weight), w_places)
    rooms = {"": _Room(1, 0)}
    for name in values:
        size = largest_size(snapshot.rows.column(name))
        rooms[name] = of_weight if name == weight else _Room(size, snapshot.column(name).places)
    for room in rooms.values():
        _make_room(snapshot.rows.num_rows, of_weight, room)
    if weight:
        rooms[weight] = of_weight
    lost = {name: room.lost for name, room in rooms.items() if room.lost}
    shortened = tuple(
        Shortening(name, rooms[name].places + count, rooms[name].places)
        for name, count in lost.items()
    )
    for name, count in lost.items():
        snapshot = _shortened(snapshot, name, count)
    return snapshot, shortened


def without_weightless(
    snapshot: Snapshot, *, weight: str | None, values: Sequence[str]
) -> Snapshot:
    """Empty the values of rows that weigh nothing, so that they count neither as n nor as base."""
    if weight is None or pc.min(snapshot.rows.column(weight)).as_py() != 0:
        return snapshot
    weightless = pc.equal(snapshot.rows.column(weight), 0)
    for name in (name for name in values if name != weight):
        emptied = pc.if_else(weightless, pa.scalar(None, pa.int64()), snapshot.rows.column(name))
        snapshot = with_column(snapshot, snapshot.column(name), emptied)
    return snapshot


def with_column(snapshot: Snapshot, column: Column, stored: Integers | pa.ChunkedArray) -> Snapshot:
    """Give the same rows with one more number column, or with this one in place of its namesake."""
    names = snapshot.rows.column_names
    if not isinstance(stored, pa.ChunkedArray):
        stored = pa.chunked_array([pa.array(stored, pa.int64())])
    if column.name in names:
        place = names.index(column.name)
        columns = [column if own.name == column.name else own for own in snapshot.columns]
        rows = snapshot.rows.set_column(place, column.name, stored)
        return Snapshot(tuple(columns), rows, snapshot.key)
    rows = snapshot.rows.append_column(column.name, stored)
    return Snapshot((*snapshot.columns, column), rows, snapshot.key)


def fresh_name(snapshot: Snapshot, stem: str) -> str:
    """Give a column name that the snapshot does not have."""
    while stem in snapshot.rows.column_names:
        stem += "'"
    return stem


@dataclass(slots=True)
class _Room:
    """The size of a column's largest number, the places it has, and those it has lost."""

    most: int
    places: int
    lost: int = 0

    def shorten(self) -> bool:
        """Take a place away; False when none may go."""
        if not self.places or self.most <= FEWEST_STEPS:
            return False
        self.most, self.places, self.lost = self.most // 10 + 1, self.places - 1, self.lost + 1
        return True


def _make_room(rows: int, of_weight: _Room, room: _Room) -> None:
    """Take places away, of the weight first, until the sums of one variable fit or none may go."""
    while rows * of_weight.most * max(of_weight.most, room.most**2) >= LARGEST_SUM:
        if not (of_weight.shorten() or room.shorten()):
            return


def _shortened(snapshot: Snapshot, name: str, lost: int) -> Snapshot:
    """Round a number column to so many decimal places less, half to even."""
    column, step = snapshot.column(name), 10**lost
    values = snapshot.rows.column(name)
    whole, rest = np.divmod(stored_integers(values)[0], step)
    # step − rest instead of 2·rest, which could run over.
    up = (rest > step - rest) | ((rest == step - rest) & (whole % 2 == 1))
    missing = pc.is_null(values).to_numpy() if values.null_count else None
    kept = pa.chunked_array([pa.array(whole + up, pa.int64(), mask=missing)])
    return with_column(snapshot, replace(column, places=column.places - lost), kept)
