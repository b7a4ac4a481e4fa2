"""Windows: which periods of a unit are held against which, seen from the start of the action."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from touchstone.stats.effects.panels import NEVER, Codes, Floats, Mask, Panel

# From the place of the start and the number of periods to weights [periods, changes].
Window = Callable[[int, int], Floats]


class Comparison(NamedTuple):
    """Changes of the units with the action and of those without: [units, changes] each.

    `left_out`: units that were not seen in a period that is needed. A comparison unit's change is
    averaged over the starts of the action, as often as each occurs.
    """

    treated: Floats
    untreated: Floats
    left_out: tuple[str, ...]

    @property
    def effects(self) -> Floats:
        """How much more the units with the action changed on average."""
        difference: Floats = self.treated.mean(axis=0) - self.untreated.mean(axis=0)
        return difference


def starts_of(panel: Panel) -> Codes:
    """Give the distinct starts of the action in order."""
    return np.unique(panel.starts[panel.treated])


def before_and_after(start: int, periods: int) -> Floats:
    """Hold the mean of all periods with the action against the mean of all before it.

    >>> before_and_after(1, 3).ravel().tolist()
    [-1.0, 0.5, 0.5]
    """
    weights = np.zeros((periods, 1))
    weights[:start] = -1 / start
    weights[start:] = 1 / (periods - start)
    return weights


def pretended(early: int) -> Window:
    """Pretend that the action began so many periods earlier, and look at those periods alone.

    >>> pretended(1)(2, 4).ravel().tolist()
    [-1.0, 1.0, 0.0, 0.0]
    """

    def window(start: int, periods: int) -> Floats:
        weights = np.zeros((periods, 1))
        weights[: start - early] = -1 / (start - early)
        weights[start - early : start] = 1 / early
        return weights

    return window


def against_the_last_before(steps: Codes) -> Window:
    """Hold single periods, so many steps from the start, against the last one before it.

    >>> against_the_last_before(np.array([-2, 0]))(2, 3).T.tolist()
    [[1.0, -1.0, 0.0], [0.0, -1.0, 1.0]]
    """

    def window(start: int, periods: int) -> Floats:
        weights = np.zeros((periods, len(steps)))
        weights[start - 1] = -1
        weights[start + steps, np.arange(len(steps))] = 1
        return weights

    return window


def trend_before(before: int) -> Window:
    """Give the slope of a straight line through the last so many periods before the action.

    >>> trend_before(3)(3, 4).ravel().tolist()
    [-0.5, 0.0, 0.5, 0.0]
    """

    def window(start: int, periods: int) -> Floats:
        weights = np.zeros((periods, 1))
        places = np.arange(before) - (before - 1) / 2
        weights[start - before : start, 0] = places / (places**2).sum()
        return weights

    return window


def compare(panel: Panel, window: Window) -> Comparison:
    """Work out the changes of all units that were seen in the periods of the window."""
    count = len(panel.periods)
    weights = {int(start): window(int(start), count) for start in starts_of(panel)}
    mixed = np.asarray(
        sum((panel.starts == start).sum() * one for start, one in weights.items())
    ) / int(panel.treated.sum())
    changes = np.full((len(panel.units), mixed.shape[1]), np.nan)
    for start, one in {**weights, NEVER: mixed}.items():
        rows = panel.starts == start
        changes[rows] = weighed(panel.values[rows], one)
    seen = np.isfinite(changes[:, 0])
    left_out = tuple(panel.units[place] for place in np.flatnonzero(~seen).tolist())
    return Comparison(changes[seen & panel.treated], changes[seen & ~panel.treated], left_out)


def weighed(values: Floats, weights: Floats) -> Floats:
    """Multiply values [units, periods] by weights; NaN for a unit not seen where one is not 0."""
    needed: Mask = (weights != 0).any(axis=1)
    found: Floats = values[:, needed] @ weights[needed]
    return found
