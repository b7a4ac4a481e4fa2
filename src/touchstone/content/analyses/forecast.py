"""How a pack asks what a series will be."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from touchstone.content.analyses.specs import AnalysisSpec, AnyColumn, NumberColumn
from touchstone.content.names import doubled
from touchstone.stats.forecasts.choices import MethodOrBest

MOST_AHEAD = 200


class ForecastSpec(
    AnalysisSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="forecast"
):
    """What the values of a series will be in the next `horizon` periods, and how sure that is.

    `by` makes one value of all rows of a period, by the design's weight; without it a period has
    one row. `methods` are tested on the past; without them, or by `best`, the best one is taken.
    `driver` is known ahead of the series. `at_least` asks for the probability of a bound. `series`
    names the series in what is kept for scoring.
    """

    time: AnyColumn
    value: NumberColumn
    by: Literal["sum", "mean"] | None = None
    horizon: int = 1
    methods: tuple[MethodOrBest, ...] = ()
    driver: NumberColumn | None = None
    at_least: Decimal | None = None
    series: str | None = None

    @property
    def label(self) -> str:
        """What the series is called."""
        return self.series or self.value

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        if not 1 <= self.horizon <= MOST_AHEAD:
            yield f"'horizon' is {self.horizon}", f"Write a number from 1 to {MOST_AHEAD}."
        for name in doubled(self.methods):
            yield f"'methods' names '{name}' twice", "Keep it once."
        if "elasticity" in self.methods and self.driver is None:
            yield "the method 'elasticity' without 'driver'", "Name the column of the driver."
        named = [self.time, self.value, *([self.driver] if self.driver else [])]
        for name in doubled(named):
            yield f"'{name}' is named in two places", "Name another column in one of them."
