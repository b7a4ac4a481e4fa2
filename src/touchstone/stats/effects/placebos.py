"""Placebos: effects of an action where there was none, which a real effect must stand out from."""

import math
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.effects.choices import DRAWS
from touchstone.stats.effects.differences import told
from touchstone.stats.effects.panels import Codes, Floats, Panel
from touchstone.stats.effects.windows import (
    before_and_after,
    compare,
    pretended,
    starts_of,
    weighed,
)


class PlaceboDate(NamedTuple):
    """The effect found when the action is said to have begun so many periods too early."""

    early: int
    outcome: Outcome
    p: float | None


class PlaceboUnits(NamedTuple):
    """How often units chosen by chance show as large an effect as those with the action.

    `effect`: that of the units with the action. `draws`: ways to choose that were tried; `ways`
    says whether these are all there are. `smallest`: the smallest p that could have come out.
    """

    effect: float
    p: float
    draws: int
    ways: Literal["all", "drawn"]
    smallest: float


def placebo_dates(panel: Panel, *, confidence: float = 0.95) -> tuple[PlaceboDate, ...]:
    """Pretend earlier starts of the action and look at the periods before the real one alone.

    Each effect is a difference in differences with its interval; none should be far from 0.
    Without two periods before the action there is none.

    >>> panel = Panel(("a", "b", "c", "d"), ("1", "2", "3"),
    ...               np.array([[1.0, 1, 5], [2, 2, 8], [1, 2, 2], [3, 3, 5]]),
    ...               np.array([2, 2, -1, -1]))
    >>> [(one.early, float(one.outcome.value)) for one in placebo_dates(panel)]
    [(1, -0.5)]
    """
    found = []
    for early in range(1, int(starts_of(panel)[0])):
        one = told(compare(panel, pretended(early)), 0, panel, confidence=confidence)
        found.append(PlaceboDate(early, one.outcome, one.p))
    return tuple(found)


def placebo_units(panel: Panel, *, draws: int = DRAWS, seed: int = 1) -> PlaceboUnits | Withheld:
    """Test the effect against those of units chosen by chance (Fisher 1935).

    As many units as had the action, with the same starts, are chosen among all; p is the share of
    ways to choose with an effect at least as far from 0. All ways are tried when they are no more
    than `draws`, else so many by chance, the real one added (Phipson and Smyth 2010). Assumes
    under the null that any unit could as well have had the action.

    Cost: `draws` sums over as many units as had the action. Withheld as `no_period_before`,
    `no_unit_seen_with_action`, `no_comparison_unit_seen`.

    >>> panel = Panel(("a", "b", "c", "d"), ("before", "after"),
    ...               np.array([[1.0, 5], [2, 8], [1, 2], [3, 5]]), np.array([1, 1, -1, -1]))
    >>> found = placebo_units(panel)
    >>> found.effect, found.draws, round(found.p, 4), round(found.smallest, 4)
    (3.5, 6, 0.3333, 0.3333)
    """
    if starts_of(panel)[0] == 0:
        return Withheld("no_period_before")
    chances = _chances(panel)
    units, picked = len(chances.untreated), len(chances.groups)
    if not picked or picked == units:
        return Withheld("no_comparison_unit_seen" if picked else "no_unit_seen_with_action")
    real = _effect(chances, chances.real)
    ways = math.comb(units, picked)
    if chances.treated.shape[1] == 1 and ways <= draws:
        larger = sum(
            _is_as_large(_effect(chances, np.array(picks)), real)
            for picks in combinations(range(units), picked)
        )
        # With as many units on both sides each choice has a mirror image of the same size.
        twins = 2 if 2 * picked == units else 1
        return PlaceboUnits(real, larger / ways, ways, "all", twins / ways)
    random = np.random.default_rng(seed)
    larger = sum(
        _is_as_large(_effect(chances, random.choice(units, picked, replace=False)), real)
        for _ in range(draws)
    )
    return PlaceboUnits(real, (larger + 1) / (draws + 1), draws, "drawn", 1 / (draws + 1))


class _Chances(NamedTuple):
    """Each unit's change if it had the action from each start on [units, starts], or never.

    `groups`: the place of the start for each unit to choose; `real`: the units really chosen.
    """

    treated: Floats
    untreated: Floats
    groups: Codes
    real: Codes


def _chances(panel: Panel) -> _Chances:
    count, starts = len(panel.periods), starts_of(panel).tolist()
    own = [weighed(panel.values, before_and_after(start, count)) for start in starts]
    treated = np.concatenate(own, axis=1)
    numbers = np.array([(panel.starts == start).sum() for start in starts])
    seen = np.isfinite(treated).all(axis=1)
    treated, places = treated[seen], panel.starts[seen]
    real = [np.flatnonzero(places == start) for start in starts]
    groups = np.repeat(np.arange(len(starts)), [len(one) for one in real])
    untreated = treated @ (numbers / numbers.sum())
    return _Chances(treated, untreated, groups, np.concatenate(real))


def _effect(chances: _Chances, picks: Codes) -> float:
    among = float(chances.treated[picks, chances.groups].sum())
    rest = float(chances.untreated.sum() - chances.untreated[picks].sum())
    return among / len(picks) - rest / (len(chances.untreated) - len(picks))


def _is_as_large(effect: float, real: float) -> bool:
    return abs(effect) >= abs(real) * (1 - 1e-9)
