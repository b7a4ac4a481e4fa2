"""How a pack asks what an action did to its indicator."""

from collections.abc import Iterator
from typing import Literal

from touchstone.content.analyses.periods import PeriodColumn, period_faults, unknown_periods
from touchstone.content.analyses.specs import AnalysisSpec, AnyColumn, NumberColumn
from touchstone.stats.effects.choices import DRAWS

FEWEST_DRAWS, MOST_DRAWS = 99, 1_000_000


class EffectSpec(AnalysisSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="effect"):
    """What an action did to `value` of each `unit` over `time`, beyond what other units did.

    Where each period has a column of its own, `periods` name them in place of `time` and `value`.
    The action is where `treated` is 1; with `since` it began then in all units in which it is.
    Or `starts` names each unit with the action and its first period. `draws` and `seed` are those
    of the placebo units.
    """

    unit: AnyColumn
    time: AnyColumn | None = None
    value: NumberColumn | None = None
    periods: tuple[PeriodColumn, ...] = ()
    treated: NumberColumn | None = None
    since: str | None = None
    starts: dict[str, str] = {}
    method: Literal["did", "event", "synthetic"] = "did"
    draws: int = DRAWS
    seed: int = 1

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        yield from period_faults(("time", self.time, self.value), self.periods)
        if (self.treated is None) == (not self.starts):
            found = "neither 'treated' nor 'starts'" if self.treated is None else "both"
            yield f"{found}, so where the action is", "Name 'treated' or 'starts', one of them."
        if self.since is not None and self.treated is None:
            yield "'since' without 'treated'", "Name the column of units that have the action."
        if self.periods and self.treated is not None and self.since is None:
            yield "'periods' and 'treated' without 'since'", "Say in which period it began."
        if not FEWEST_DRAWS <= self.draws <= MOST_DRAWS:
            yield f"'draws' is {self.draws}", f"Write {FEWEST_DRAWS} to {MOST_DRAWS:,}."
        since = () if self.since is None else (self.since,)
        yield from unknown_periods(since, self.periods, field="since")
        yield from unknown_periods(self.starts.values(), self.periods, field="starts")
