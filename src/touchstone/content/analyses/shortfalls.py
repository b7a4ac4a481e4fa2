"""How a pack asks which planks are short of their target, and which of them matter."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import msgspec

from touchstone.content.analyses.specs import AnalysisSpec, AnyColumn, NumberColumn
from touchstone.stats.shortfalls.false_discoveries import Control

Better = Literal["more", "less"]
# What only a table with one row for each plank has.
OF_ROWS = ("plank", "performance", "se", "target", "one_target", "importance", "importance_se")


class PlankSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One plank: the mean of `column` held against its `target`.

    `better` says whether more or less is good. `importance` is 0 or more, on any scale.
    """

    column: NumberColumn
    target: Decimal
    importance: Decimal | None = None
    better: Better = "more"


class ShortfallsSpec(
    AnalysisSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="shortfalls"
):
    """Planks short of their target beyond chance, ranked by importance times gap, in four fields.

    Either each row is a `plank` with `performance`, its error `se`, `importance` and `target`
    (`one_target` for all), or rows are answers and `planks` name the columns. The importance of
    these is stated, or what they account for in `outcome`, split by `method`. The fields part at
    the cuts, else at the mean; those of columns part at each plank's own target.
    """

    planks: tuple[PlankSpec, ...] = ()
    outcome: NumberColumn | None = None
    method: Literal["relative", "shapley"] = "relative"
    plank: AnyColumn | None = None
    performance: NumberColumn | None = None
    se: NumberColumn | None = None
    target: NumberColumn | None = None
    one_target: Decimal | None = None
    importance: NumberColumn | None = None
    importance_se: NumberColumn | None = None
    better: Better = "more"
    importance_cut: Decimal | None = None
    performance_cut: Decimal | None = None
    control: Control = "benjamini_hochberg"
    false_rate: Decimal = Decimal("0.05")

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        if not 0 < self.false_rate < 1:
            yield f"'false_rate' is {self.false_rate}", "Write a share such as 0.05."
        yield from self._of_columns() if self.planks else self._of_rows()

    def _of_columns(self) -> Iterator[tuple[str, str]]:
        """Find faults where rows are answers."""
        for name in (*OF_ROWS, "performance_cut"):
            if getattr(self, name) is not None:
                yield f"'planks' and '{name}'", "Keep one way: columns of answers, or of planks."
        if self.better != "more":
            yield "'better' beside 'planks'", "Write it within the plank."
        stated = [plank.importance for plank in self.planks if plank.importance is not None]
        if len(stated) != (0 if self.outcome else len(self.planks)):
            count = f"{len(stated)} of {len(self.planks)} planks have a stated importance"
            beside = "an outcome stands beside it" if self.outcome else "there is no outcome"
            yield f"{count}, and {beside}", "State it for all planks, or name an outcome."
        if any(one < 0 for one in stated):
            yield "an importance below 0", "Write numbers of 0 or more."
        if self.outcome in [plank.column for plank in self.planks]:
            yield f"'{self.outcome}' is the outcome and a plank", "Take it out of one of them."

    def _of_rows(self) -> Iterator[tuple[str, str]]:
        """Find faults where each row is a plank."""
        needed = ("plank", "performance", "se", "importance")
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            yield f"neither 'planks' nor '{missing[0]}'", "Name the planks, or all their columns."
        if (self.target is None) == (self.one_target is None):
            yield "no target, or two", "Name 'target' or 'one_target'."
        if self.outcome is not None:
            yield "'outcome' without 'planks'", "Take it out: importance has its own column."
