"""How a pack asks how reliable the sum of a scale's items is."""

from collections.abc import Iterator
from typing import Literal

from touchstone.content.analyses.specs import AnalysisSpec, NumberColumn

FEWEST_ITEMS = 2


class ReliabilitySpec(
    AnalysisSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="reliability"
):
    """Cronbach's alpha and McDonald's omega of some columns of numbers, `items`.

    `turned` are those worded the other way round. `missing` says whether each pair of items uses
    all answers to both, or only rows that are `complete`.
    """

    items: tuple[NumberColumn, ...]
    turned: tuple[str, ...] = ()
    missing: Literal["pairwise", "complete"] = "pairwise"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        if len(self.items) < FEWEST_ITEMS:
            yield "a scale of one item", "Name two items at least."
        for name in self.turned:
            if name not in self.items:
                yield f"'{name}' is turned and not among the items", "Turn only items of the scale."
