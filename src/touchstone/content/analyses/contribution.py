"""How a pack asks which part of a growth comes from each of several factors."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Literal

import msgspec

from touchstone.content.analyses.specs import AnalysisSpec, AnyColumn, NumberColumn
from touchstone.content.names import doubled

# Names that the record has for what is no factor.
OUTPUT = "output"
RESIDUAL = "residual"
MOST_FIGURES = 3


class FactorSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A factor, its column, and its stated elasticity.

    `elasticity` is one number, or the lowest and the highest, or the stated one between them.
    """

    name: str
    column: NumberColumn
    elasticity: tuple[Decimal, ...]


class ContributionSpec(
    AnalysisSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="contribution"
):
    """Which part of the growth of `output` comes from each of the `factors`.

    Growth accounting under stated elasticities. `by` makes one value of all rows of a period, by
    the design's weight; without it a period has one row. `first` and `last` are the first period,
    from which growth is counted, and the last one; without them those of the rows.
    """

    time: AnyColumn
    output: NumberColumn
    factors: tuple[FactorSpec, ...]
    by: Literal["sum", "mean"] | None = None
    first: str | None = None
    last: str | None = None

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        if not self.factors:
            yield "no factor", "Name one at least."
        for factor in self.factors:
            yield from _of_factor(factor)
        for name in doubled(one.name for one in self.factors):
            yield f"the factor '{name}' twice", "Keep it once."
        columns = dict.fromkeys(one.column for one in self.factors)
        for name in doubled([self.time, self.output, *columns]):
            yield f"'{name}' is named in two places", "Name another column in one of them."


def _of_factor(factor: FactorSpec) -> Iterator[tuple[str, str]]:
    figures = factor.elasticity
    if factor.name in {OUTPUT, RESIDUAL}:
        yield f"a factor called '{factor.name}'", "Call it otherwise: the record has such a row."
    if not 1 <= len(figures) <= MOST_FIGURES:
        yield (
            f"{len(figures)} numbers as the elasticity of '{factor.name}'",
            "Write one, or the lowest and the highest, or the stated one between them.",
        )
    if any(later < earlier for earlier, later in pairwise(figures)):
        yield f"the elasticity of '{factor.name}' falls", "Write the lowest number first."
