"""Targets of margins as a table tells them, joined with the rows of a snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.stats.calibration.margins import Floats, Margin, NumberTotal
from touchstone.stats.snapshot_columns import numbers_of
from touchstone.tallies.keys import ABSENT, encode_keys
from touchstone.tallies.limbs import Integers
from touchstone.tallies.tables import Snapshot

SHOWN = 10


@dataclass(frozen=True, slots=True)
class MarginTargets:
    """The targets of one margin: its columns, and the target of each category.

    A category is the texts of the columns. With the one category `()` the margin is the total of
    a number column.
    """

    columns: tuple[str, ...]
    targets: Mapping[tuple[str, ...], float]

    @property
    def name(self) -> str:
        """The columns, with slashes between."""
        return "/".join(self.columns)

    @property
    def is_number(self) -> bool:
        """Tell whether it is the total of a number."""
        return set(self.targets) == {()}


def join_targets(
    snapshot: Snapshot, tables: Sequence[MarginTargets]
) -> tuple[list[Margin], list[NumberTotal]]:
    """Give margins and numbers with what each row has of them.

    Raises TouchstoneError CALIBRATION-02 when rows have a category without target, or none.

    >>> import pyarrow as pa
    >>> from touchstone.tallies.tables import Column
    >>> people = Snapshot((Column("sex", "text"),), pa.table({"sex": ["m", "f"]}), ())
    >>> margins, _ = join_targets(people, [MarginTargets(("sex",), {("f",): 6.0, ("m",): 4.0})])
    >>> margins[0].codes.tolist(), margins[0].labels
    ([1, 0], ('f', 'm'))
    """
    margins = [_margin(snapshot, one) for one in tables if not one.is_number]
    numbers = [
        NumberTotal(one.name, numbers_of(snapshot, one.columns[0]), one.targets[()])
        for one in tables
        if one.is_number
    ]
    return margins, numbers


def _margin(snapshot: Snapshot, table: MarginTargets) -> Margin:
    keys = encode_keys(snapshot, table.columns, keep_nulls=False)
    labels = list(table.targets)
    place_of = {label: place for place, label in enumerate(labels)}
    places = np.array([place_of.get(_texts(label), ABSENT) for label in keys.labels], np.int64)
    unknown = [_texts(label) for label, place in zip(keys.labels, places, strict=True) if place < 0]
    if unknown or (keys.codes == ABSENT).any():
        _refuse(table, keys.codes, unknown)
    targets: Floats = np.array([table.targets[label] for label in labels], np.float64)
    codes: Integers = places[keys.codes] if len(places) else keys.codes
    return Margin(table.name, tuple("/".join(label) for label in labels), codes, targets)


def _texts(label: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(text or "" for text in label)


def _refuse(table: MarginTargets, codes: Integers, unknown: Sequence[tuple[str, ...]]) -> None:
    empty = int((codes == ABSENT).sum())
    some = ", ".join(repr("/".join(label)) for label in unknown[:SHOWN])
    raise TouchstoneError(
        "CALIBRATION-02",
        where=f"margin {table.name!r}",
        found=f"{empty} rows without a category" if empty else f"no target for {some}",
        remedy="Give each row a category for which there is a target, or take it out.",
    )
