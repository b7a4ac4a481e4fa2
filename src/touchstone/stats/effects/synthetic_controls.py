"""Synthetic controls: one unit with an action against a mixture of units that went like it."""

import math
from typing import NamedTuple

import numpy as np
from scipy import optimize

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.effects.panels import NEVER, Codes, Floats, Mask, Panel
from touchstone.stats.model_figures import model_estimate

FEWEST_BEFORE = 2
FEWEST_DONORS = 2
# A fit closer than this share of the values' size is exact but for rounding.
EXACT_FIT = 1e-9


class SyntheticControl(NamedTuple):
    """One unit, its mixture of others, and how far they lie apart before and after.

    `weights` pairs each donor with its weight, ≥ 0 and 1 in all. `gaps` [periods]: the unit less
    its mixture. `error_before`, `error_after`: root of the mean squared gap. `p`: the share of
    units, this one included, whose ratio of both is at least as large. `is_unique`: False when
    several mixtures fit exactly, so that the weights tell nothing. `outcome`: the mean gap after.
    """

    unit: str
    weights: tuple[tuple[str, float], ...]
    gaps: Floats
    error_before: float
    error_after: float
    p: float
    placebos: int
    is_unique: bool
    outcome: Outcome
    left_out: tuple[str, ...]


class _Fit(NamedTuple):
    weights: Floats
    gaps: Floats
    before: float
    after: float


def synthetic_control(panel: Panel, *, confidence: float = 0.95) -> SyntheticControl | Withheld:
    """Hold a single unit with an action against a weighted mean of others like it before.

    The weights, none below 0 and 1 in all, bring the mixture nearest to the unit in the periods
    before the action, by least squares (Abadie, Diamond and Hainmueller 2010, with the values
    before as only predictors, all counting alike). Each other unit is then given a mixture as if
    it had had the action, and p is the place of the unit's ratio of errors after and before
    among all. The interval holds every effect, the same in all periods after, that the placebos
    do not reject by the mean gap after over the error before (Firpo and Possebom 2018). Assumes
    units that do not touch each other, and that which unit had the action is as good as chance
    among those that went alike.

    Cost: one small least-squares problem for each unit. Units not seen in every period are left
    out. Withheld as `no_period_before`, `one_period_before`, `no_unit_seen_with_action`,
    `too_few_donors`, `changes_all_equal`; the figure alone as `too_few_placebos` when no quantile
    of so few units is that sure. Raises TouchstoneError EFFECT-05 when several units have the
    action.

    >>> values = np.array([[1.0, 2, 3, 9], [0, 1, 2, 3], [2, 3, 4, 5], [5, 1, 5, 1]])
    >>> panel = Panel(("a", "b", "c", "d"), ("1", "2", "3", "4"), values,
    ...               np.array([3, -1, -1, -1]))
    >>> found = synthetic_control(panel)
    >>> [(name, round(weight, 6)) for name, weight in found.weights], float(found.gaps[-1].round(6))
    ([('b', 0.5), ('c', 0.5), ('d', 0.0)], 5.0)
    >>> found.p, found.outcome.reason
    (0.25, 'too_few_placebos')
    """
    _refuse_several(panel)
    unit = int(np.flatnonzero(panel.treated)[0])
    seen: Mask = np.logical_and.reduce(np.isfinite(panel.values), axis=1)
    donors = np.flatnonzero(seen & (panel.starts == NEVER))
    withheld = _withheld(panel, unit, seen, donors)
    if withheld is not None:
        return withheld
    start, values = int(panel.starts[unit]), panel.values[donors]
    least = EXACT_FIT * float(np.abs(panel.values[seen]).max())
    real = _fit(panel.values[unit], values, start)
    placebos = [
        _fit(values[place], np.delete(values, place, axis=0), start) for place in range(len(donors))
    ]
    ratio = real.after / max(real.before, least)
    larger = sum(one.after / max(one.before, least) >= ratio * (1 - 1e-9) for one in placebos)
    names = [panel.units[place] for place in donors.tolist()]
    return SyntheticControl(
        panel.units[unit],
        tuple(zip(names, real.weights.tolist(), strict=True)),
        real.gaps,
        real.before,
        real.after,
        (larger + 1) / (len(placebos) + 1),
        len(placebos),
        _is_unique(real, values[:, :start]),
        _mean_gap(real, placebos, (start, least), confidence=confidence),
        tuple(panel.units[place] for place in np.flatnonzero(~seen).tolist()),
    )


def nearest_mixture(goal: Floats, parts: Floats) -> Floats:
    """Give the weights ≥ 0, 1 in all, with which the mean of parts [parts, places] is nearest.

    The point of a polytope nearest to the origin as a problem of least squares with no weight
    below 0 (Lawson and Hanson 1974, chapter 23): for u ≥ 0 minimise |Zu|² + (Σu − 1)², whose
    solution is a multiple of the weights.

    >>> nearest_mixture(np.array([1.0, 2.0]), np.array([[0.0, 1.0], [2.0, 3.0]])).round(9).tolist()
    [0.5, 0.5]
    """
    apart = (parts - goal).T
    size = float(np.abs(apart).max())
    if size == 0:
        return np.full(len(parts), 1 / len(parts))
    rows = np.vstack([apart / size, np.ones(len(parts))])
    found, _ = optimize.nnls(rows, np.append(np.zeros(len(goal)), 1.0))
    weights: Floats = found / found.sum()
    return weights


def _withheld(panel: Panel, unit: int, seen: Mask, donors: Codes) -> Withheld | None:
    start = int(panel.starts[unit])
    if start < FEWEST_BEFORE:
        return Withheld("one_period_before" if start else "no_period_before")
    if not seen[unit]:
        return Withheld("no_unit_seen_with_action")
    if len(donors) < FEWEST_DONORS:
        return Withheld("too_few_donors", (("smallest", str(FEWEST_DONORS)),))
    values = panel.values[[unit, *donors]]
    if np.ptp(values) <= EXACT_FIT * np.abs(values).max():
        return Withheld("changes_all_equal")
    return None


def _fit(goal: Floats, parts: Floats, start: int) -> _Fit:
    weights = nearest_mixture(goal[:start], parts[:, :start])
    gaps = goal - weights @ parts
    before, after = (float(np.sqrt((one**2).mean())) for one in (gaps[:start], gaps[start:]))
    return _Fit(weights, gaps, before, after)


def _is_unique(fit: _Fit, parts: Floats) -> bool:
    """Say whether no other weights fit as well: the units used do not tell each other."""
    used = fit.weights > 0
    if fit.before > EXACT_FIT * float(np.abs(parts).max()):
        rows = np.vstack([parts[used].T, np.ones(int(used.sum()))])
        return int(np.linalg.matrix_rank(rows)) == int(used.sum())
    rows = np.vstack([parts.T, np.ones(len(parts))])
    return int(np.linalg.matrix_rank(rows)) == len(parts)


def _mean_gap(
    real: _Fit, placebos: list[_Fit], known: tuple[int, float], *, confidence: float
) -> Outcome:
    start, least = known
    count = len(placebos)
    place = math.ceil(confidence * (count + 1) - 1e-9)
    if place > count:
        smallest = math.ceil(confidence / (1 - confidence) - 1e-9)
        return Withheld("too_few_placebos", (("count", str(count)), ("smallest", str(smallest))))
    ratios = sorted(
        abs(float(one.gaps[start:].mean())) / max(one.before, least) for one in placebos
    )
    value = float(real.gaps[start:].mean())
    half = ratios[place - 1] * max(real.before, least)
    return model_estimate(value, (value - half, value + half), n=count + 1, method="synthetic_unit")


def _refuse_several(panel: Panel) -> None:
    count = int(panel.treated.sum())
    if count != 1:
        raise TouchstoneError(
            "EFFECT-05",
            where=f"the {len(panel.units)} units",
            found=f"{count} units have the action; a synthetic control is for one",
            remedy="Keep the one unit in question with the units that never had the action, "
            "or compare differences.",
        )
