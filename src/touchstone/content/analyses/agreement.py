"""How a pack asks how far raters agree, and how many of them are enough."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from touchstone.content.analyses.specs import AnalysisSpec, AnyColumn
from touchstone.content.names import doubled
from touchstone.stats.agreement.choices import DRAWS, Level, Weighting

Statistic = Literal["krippendorff", "icc", "kappa", "fleiss", "generalizability"]
FEWEST_DRAWS, MOST_DRAWS = 100, 100_000


class AgreementSpec(
    AnalysisSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="agreement"
):
    """How far each `rater` gives a `ratee` the same score as others do.

    Each of several `scores` is an item; or a single one is of what the column `item` names, one
    row for each. `level` says what differences of scores mean to Krippendorff's alpha, `weights`
    how far Cohen's kappa takes near scores as agreement. With a `target` it is told how many
    raters reach that reliability. `draws` and `seed` are those of alpha's bootstrap.
    """

    rater: AnyColumn
    ratee: AnyColumn
    scores: tuple[AnyColumn, ...]
    item: AnyColumn | None = None
    statistics: tuple[Statistic, ...] = ()
    level: Level = "ordinal"
    weights: Weighting = "quadratic"
    target: Decimal | None = None
    draws: int = DRAWS
    seed: int = 1

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        if self.rater == self.ratee:
            yield f"'{self.rater}' is the rater and the ratee", "Name a column for each."
        if not self.scores:
            yield "no score", "Name the columns that hold scores."
        if self.item is not None and len(self.scores) > 1:
            yield "several 'scores' and an 'item'", "Name several scores, or an item, not both."
        for name in (*self.scores, self.item):
            if name in (self.rater, self.ratee):
                yield f"'{name}' tells who rated or was rated, and more", "Name another column."
        for statistic in doubled(self.statistics):
            yield f"'statistics' names '{statistic}' twice", "Keep it once."
        if self.target is not None and not 0 < self.target < 1:
            yield f"'target' is {self.target}", "Write a number between 0 and 1."
        if not FEWEST_DRAWS <= self.draws <= MOST_DRAWS:
            yield f"'draws' is {self.draws}", f"Write {FEWEST_DRAWS} to {MOST_DRAWS:,}."
