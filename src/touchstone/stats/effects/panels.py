"""Panels: units over periods, and from when on an action holds in each."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.errors import TouchstoneError
from touchstone.stats.agreement.ratings import Levels

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
# The start of a unit in which there never was an action.
NEVER = -1


class Panel(NamedTuple):
    """Values [units, periods] of an indicator, and the place of each unit's first treated period.

    Periods are in order of time. A value is NaN where a unit was not seen; `starts` is NEVER for
    a comparison unit.
    """

    units: tuple[str, ...]
    periods: tuple[str, ...]
    values: Floats
    starts: Codes

    @property
    def treated(self) -> Mask:
        """Which units had the action at some time."""
        treated: Mask = self.starts != NEVER
        return treated


class Cells(NamedTuple):
    """Cells of a panel, one for each row of a table: codes of unit and period, and the value."""

    units: Levels
    periods: Levels
    values: Floats


def in_order_of_time(periods: Levels) -> Levels:
    """Put periods in order: by size when all are numbers, else as their texts sort.

    >>> in_order_of_time(Levels(np.array([0, 1]), ("10", "9"))).names
    ('9', '10')
    """
    try:
        keys: Sequence[float | str] = [float(name) for name in periods.names]
    except ValueError:
        keys = periods.names
    order = sorted(range(len(keys)), key=lambda place: (keys[place], periods.names[place]))
    place = np.empty(len(keys) + 1, np.int64)
    place[order] = np.arange(len(keys))
    place[-1] = -1
    return Levels(place[periods.codes], tuple(periods.names[one] for one in order))


def panel_by_flags(cells: Cells, treated: npt.ArrayLike) -> Panel:
    """Make a panel of rows that each say whether the action holds in that unit and period.

    `treated`: True from the first period with the action on; an action does not end. Rows
    without a value count for the start. Raises TouchstoneError EFFECT-01 to EFFECT-03.

    >>> units, periods = Levels(np.array([0, 0, 1, 1]), ("a", "b")), Levels(
    ...     np.array([0, 1, 0, 1]), ("2023", "2024"))
    >>> panel = panel_by_flags(Cells(units, periods, np.array([1.0, 4, 2, 3])), [0, 1, 0, 0])
    >>> panel.values.tolist(), panel.starts.tolist()
    ([[1.0, 4.0], [2.0, 3.0]], [1, -1])
    """
    flags = np.asarray(treated, np.bool_)
    return _with_starts(cells, _starts_of(cells, flags))


def panel_by_starts(cells: Cells, starts: dict[str, str]) -> Panel:
    """Make a panel of rows and the first period with the action for each unit that has one.

    A start between two periods counts from the next one on. Raises TouchstoneError EFFECT-01,
    EFFECT-03, and EFFECT-04 for a unit or a period that the table does not hold.

    >>> units, periods = Levels(np.array([0, 0, 1, 1]), ("a", "b")), Levels(
    ...     np.array([0, 1, 0, 1]), ("2023", "2024"))
    >>> panel_by_starts(Cells(units, periods, np.array([1.0, 4, 2, 3])), {"a": "2024"}).starts
    array([ 1, -1])
    """
    places = np.full(len(cells.units.names), NEVER)
    unit_of = {name: place for place, name in enumerate(cells.units.names)}
    period_of = {name: place for place, name in enumerate(cells.periods.names)}
    for unit, period in starts.items():
        for name, known, kind in ((unit, unit_of, "unit"), (period, period_of, "period")):
            if name not in known:
                raise TouchstoneError(
                    "EFFECT-04",
                    where=f"the action of unit {unit!r} from {period!r} on",
                    found=f"no row of the table has the {kind} {name!r}",
                    remedy=f"Write the {kind} as it stands in the table.",
                )
        places[unit_of[unit]] = period_of[period]
    return _with_starts(cells, places)


def _starts_of(cells: Cells, flags: Mask) -> Codes:
    """Find each unit's first treated period, and refuse an action that ends again."""
    count = len(cells.periods.names)
    units, periods = cells.units.codes, cells.periods.codes
    first = np.full(len(cells.units.names), count)
    np.minimum.at(first, units[flags], periods[flags])
    ended = np.flatnonzero(~flags & (periods > first[units]))
    if len(ended):
        unit, period = (
            levels.names[levels.codes[ended[0]]] for levels in (cells.units, cells.periods)
        )
        raise TouchstoneError(
            "EFFECT-02",
            where=f"unit {unit!r}, period {period!r}",
            found="no action, though there was one in an earlier period",
            remedy="Mark the action in every period from its first on; the effect of ending it is "
            "another question.",
        )
    return np.where(first < count, first, NEVER)


def _with_starts(cells: Cells, starts: Codes) -> Panel:
    names, periods = cells.units.names, cells.periods.names
    _refuse_double_rows(cells)
    values = np.full((len(names), len(periods)), np.nan)
    values[cells.units.codes, cells.periods.codes] = cells.values
    if np.isinf(values).any():
        raise ValueError("the values of a panel must be finite, or NaN where there is none")
    treated = int((starts != NEVER).sum())
    if not 0 < treated < len(names):
        found = "no unit has the action" if not treated else "every unit has the action"
        raise TouchstoneError(
            "EFFECT-03",
            where=f"the {len(names)} units",
            found=f"{found}, so that there is nothing to compare",
            remedy="Give units with the action and units that never had it.",
        )
    return Panel(names, periods, values, starts)


def _refuse_double_rows(cells: Cells) -> None:
    count = len(cells.periods.names)
    places = np.sort(cells.units.codes * count + cells.periods.codes)
    doubled = np.flatnonzero(places[1:] == places[:-1])
    if len(doubled):
        unit, period = divmod(int(places[doubled[0]]), count)
        raise TouchstoneError(
            "EFFECT-01",
            where=f"unit {cells.units.names[unit]!r}, period {cells.periods.names[period]!r}",
            found="more than one row",
            remedy="Give each unit one row for each period; several answers are averaged before.",
        )
