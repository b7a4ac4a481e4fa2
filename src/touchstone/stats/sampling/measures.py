"""Measures read from the columns of a snapshot."""

from collections.abc import Sequence

import numpy as np

from touchstone.stats.sampling.statistics import Measure, SumKind
from touchstone.stats.shares import values_of
from touchstone.stats.snapshot_columns import numbers_of
from touchstone.tallies.keys import ABSENT, encode_keys
from touchstone.tallies.tables import Snapshot


def number_measures(
    snapshot: Snapshot, kind: SumKind, variables: Sequence[str]
) -> tuple[Measure, ...]:
    """Give means or totals of number columns."""
    return tuple(Measure(kind, name, numbers_of(snapshot, name)) for name in variables)


def ratio_measure(snapshot: Snapshot, numerator: str, denominator: str) -> Measure:
    """Give the ratio of two number columns' totals.

    >>> import pyarrow as pa
    >>> from touchstone.tallies.tables import Column
    >>> rows = pa.table({"cost": [5, 7], "people": [2, 4]})
    >>> towns = Snapshot((Column("cost", "number"), Column("people", "number")), rows, ())
    >>> ratio_measure(towns, "cost", "people").variable
    'cost/people'
    """
    x = numbers_of(snapshot, denominator)
    return Measure("ratio", f"{numerator}/{denominator}", numbers_of(snapshot, numerator), x)


def share_measures(
    snapshot: Snapshot, variable: str, *, value: str | None = None
) -> tuple[Measure, ...]:
    """Give the shares of one value of a text column, or of each that occurs.

    Raises TouchstoneError SHARE-01 and SHARE-02 (see `shares.values_of`).
    """
    keys = encode_keys(snapshot, (variable,), keep_nulls=False)
    code_of = {label[0]: code for code, label in enumerate(keys.labels)}
    missing = keys.codes == ABSENT
    found = []
    for text in values_of(snapshot, variable, value=value):
        ones = (keys.codes == code_of[text]).astype(np.float64)
        ones[missing] = np.nan
        found.append(Measure("share", variable, ones, value=text))
    return tuple(found)
