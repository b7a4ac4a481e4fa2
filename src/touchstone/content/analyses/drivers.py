"""How a pack asks what accounts for an outcome."""

from collections.abc import Iterator
from typing import Literal

from touchstone.content.analyses.specs import AnalysisSpec, NumberColumn


class DriversSpec(
    AnalysisSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="drivers"
):
    """How much of the variance of `outcome` each of the `predictors` accounts for.

    `method` splits it by relative weights, or by Shapley values.
    """

    outcome: NumberColumn
    predictors: tuple[NumberColumn, ...]
    method: Literal["relative", "shapley"] = "relative"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        if self.outcome in self.predictors:
            yield f"'{self.outcome}' is the outcome and a predictor", "Take it out of one of them."
