"""How a pack asks how a mean changed from wave to wave."""

from collections.abc import Iterator

from touchstone.content.analyses.periods import PeriodColumn, period_faults, unknown_periods
from touchstone.content.analyses.specs import AnalysisSpec, AnyColumn, NumberColumn


class ChangeSpec(AnalysisSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="change"):
    """How the mean of `value` changed from each `wave` to the next, in each domain `by` columns.

    Where each wave has a column of its own, `periods` name them in place of `wave` and `value`,
    and each row is its own respondent. `since` holds all later waves against one; `breaks` are
    waves from which on something else was measured. Without `weight` it is that of the design.
    """

    wave: AnyColumn | None = None
    value: NumberColumn | None = None
    periods: tuple[PeriodColumn, ...] = ()
    respondent: AnyColumn | None = None
    weight: NumberColumn | None = None
    by: tuple[AnyColumn, ...] = ()
    since: str | None = None
    breaks: tuple[str, ...] = ()

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        yield from period_faults(("wave", self.wave, self.value), self.periods)
        if self.periods and self.respondent is not None:
            yield "'respondent' beside 'periods'", "Take it out: each row is its own respondent."
        since = () if self.since is None else (self.since,)
        yield from unknown_periods(since, self.periods, field="since")
        yield from unknown_periods(self.breaks, self.periods, field="breaks")
