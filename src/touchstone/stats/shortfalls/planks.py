"""Planks: parts of performance with what they should be, ranked by importance times gap."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.model_figures import model_estimate, two_sided_z
from touchstone.stats.shortfalls.false_discoveries import Control, adjusted_p_values

Floats = npt.NDArray[np.float64]


class Planks(NamedTuple):
    """Parts of performance, as columns: name, performance and its error, target, importance.

    NaN where a performance is not known. Importance is ≥ 0, on any scale; `importance_errors`
    are 0 where it is taken as given.
    """

    names: tuple[str, ...]
    performance: Floats
    errors: Floats
    targets: Floats
    importance: Floats
    importance_errors: Floats


class Shortfall(NamedTuple):
    """One plank: its gap and priority with intervals, and whether the gap is shown.

    `gap`: target less performance, above 0 when the target is missed. `priority`: importance
    times gap. `p`: of the test that there is no gap; `adjusted`: the same among all planks.
    `rank`: from 1, by priority, of the planks whose adjusted p is at most the rate of false
    findings; None of others.
    """

    name: str
    gap: Outcome
    priority: Outcome
    p: float | None
    adjusted: float | None
    rank: int | None

    @property
    def is_shown(self) -> bool:
        """Whether the gap is shown beyond chance."""
        return self.rank is not None


def shortfalls_of(
    planks: Planks,
    *,
    false_rate: float = 0.05,
    control: Control = "benjamini_hochberg",
    confidence: float = 0.95,
) -> tuple[Shortfall, ...]:
    """Find the planks that miss their target, and rank them by importance times gap.

    Each plank is tested one-sided against no gap, by the normal distribution; a plank counted in
    full (error 0) misses its target or does not. The p values are adjusted together (see
    `false_discoveries.adjusted_p_values`; Benjamini and Hochberg 1995), so that of the planks
    shown as short at most a share of `false_rate` is not, on average. The error of the priority
    is by the delta method, with importance and performance taken as independent; intervals are
    for each plank alone. n counts the planks.

    Withheld as `no_performance`. Raises TouchstoneError SHORTFALL-01 to SHORTFALL-03.

    >>> found = shortfalls_of(Planks(
    ...     ("pay", "tools", "rooms"), np.array([60.0, 70, 79]), np.array([2.0, 2, 2]),
    ...     np.full(3, 80.0), np.array([0.2, 0.7, 0.1]), np.zeros(3)))
    >>> [(one.name, float(one.priority.value), one.is_shown, one.rank) for one in found]
    [('pay', 4.0, True, 2), ('tools', 7.0, True, 1), ('rooms', 0.1, False, None)]
    """
    _refuse_bad_planks(planks)
    gaps = planks.targets - planks.performance
    known = np.flatnonzero(np.isfinite(gaps))
    p = _p_values(gaps[known], planks.errors[known])
    adjusted = adjusted_p_values(p, control)
    short = known[(adjusted <= false_rate) & (gaps[known] > 0)]
    priorities = planks.importance * gaps
    order = sorted(short.tolist(), key=lambda place: -priorities[place])
    ranks = {place: rank for rank, place in enumerate(order, 1)}
    found = {
        place: _shortfall(planks, place, (one, other), ranks, confidence=confidence)
        for place, one, other in zip(known.tolist(), p.tolist(), adjusted.tolist(), strict=True)
    }
    none = Withheld("no_performance")
    return tuple(
        found.get(place) or Shortfall(name, none, none, None, None, rank=None)
        for place, name in enumerate(planks.names)
    )


def _shortfall(
    planks: Planks,
    place: int,
    p_values: tuple[float, float],
    ranks: dict[int, int],
    *,
    confidence: float,
) -> Shortfall:
    gap = float(planks.targets[place] - planks.performance[place])
    error, weight = float(planks.errors[place]), float(planks.importance[place])
    spread = float(np.hypot(weight * error, gap * float(planks.importance_errors[place])))
    z, n = two_sided_z(confidence), int(np.isfinite(planks.performance).sum())
    return Shortfall(
        planks.names[place],
        _figure(gap, error, z, n),
        _figure(weight * gap, spread, z, n),
        *p_values,
        rank=ranks.get(place),
    )


def _p_values(gaps: Floats, errors: Floats) -> Floats:
    exact = errors == 0
    z = gaps / np.where(exact, 1, errors)
    tested: Floats = np.asarray(special.ndtr(-z), np.float64)
    return np.where(exact, np.where(gaps > 0, 0.0, 1.0), tested)


def _figure(value: float, error: float, z: float, n: int) -> Outcome:
    ends = (value - z * error, value + z * error)
    method = "normal" if error > 0 else "census"
    return model_estimate(value, ends, n=n, method=method, se=error)


def _refuse_bad_planks(planks: Planks) -> None:
    seen: set[str] = set()
    for place, name in enumerate(planks.names):
        if name in seen:
            raise TouchstoneError(
                "SHORTFALL-01",
                where=f"plank {name!r}",
                found="it stands in more than one row",
                remedy="Give each plank one row.",
            )
        seen.add(name)
        wanted = {
            "importance": planks.importance,
            "error of its importance": planks.importance_errors,
        }
        if np.isfinite(planks.performance[place]):
            wanted |= {"standard error": planks.errors}
            if not np.isfinite(planks.targets[place]):
                raise TouchstoneError(
                    "SHORTFALL-03",
                    where=f"plank {name!r}",
                    found="no target",
                    remedy="Say what its performance should be.",
                )
        for what, column in wanted.items():
            if not column[place] >= 0:
                given = "no" if np.isnan(column[place]) else f"{column[place]:g} as"
                raise TouchstoneError(
                    "SHORTFALL-02",
                    where=f"plank {name!r}",
                    found=f"{given} {what}",
                    remedy="Give a number of 0 or more.",
                )
