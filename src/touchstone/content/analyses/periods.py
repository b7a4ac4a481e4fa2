"""Evidence over time: one row for each period, or one column for each."""

from collections.abc import Iterable, Iterator

import msgspec

from touchstone.content.analyses.specs import NumberColumn
from touchstone.content.names import doubled, name_like

FEWEST_PERIODS = 2


class PeriodColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One period of evidence that has a column for each: its label, and the column's name."""

    period: str
    column: NumberColumn


def period_faults(
    long: tuple[str, str | None, str | None], periods: tuple[PeriodColumn, ...]
) -> Iterator[tuple[str, str]]:
    """Find what cannot be in how periods are told: what was found, and what to do.

    `long`: what the field of time is called, the column that it names, and that of the value.
    """
    field, time, value = long
    told = {field: time, "value": value}
    named = [name for name, column in told.items() if column is not None]
    if periods and named:
        yield f"'{named[0]}' beside 'periods'", "Keep one of them: rows, or columns, for periods."
    if not periods:
        for name in told:
            if name not in named:
                yield f"no '{name}' and no 'periods'", f"Name the columns '{field}' and 'value'."
    if len(periods) == 1:
        yield "one period", f"Name {FEWEST_PERIODS} periods at least."
    for label in doubled([one.period for one in periods]):
        yield f"the period '{label}' twice", "Keep it once."


def unknown_periods(
    named: Iterable[str], periods: tuple[PeriodColumn, ...], *, field: str
) -> Iterator[tuple[str, str]]:
    """Find names of periods that are not among those that have columns, where columns are told."""
    known = [one.period for one in periods]
    for name in named:
        if periods and name not in known:
            yield f"'{field}' names the period '{name}'", f"{name_like(name, known)}."
