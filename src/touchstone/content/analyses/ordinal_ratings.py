"""How a pack asks what a model of rating forms says of them, scores being ordered categories."""

from collections.abc import Iterator

from touchstone.content.analyses.rated import RatedSpec
from touchstone.content.analyses.specs import AnyColumn
from touchstone.stats.many_facets.choices import ScaleOf


class OrdinalRatingsSpec(
    RatedSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="ordinal_ratings"
):
    """A many-facet model of rating forms as a whole: scores are categories, counted from 0 up.

    `item` names what of a form was rated. `scale` says whose own the thresholds between
    categories are.
    """

    item: AnyColumn | None = None
    scale: ScaleOf = "common"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        yield from super().contradictions()
        if self.item is not None:
            yield from self.doubly_used(self.item)
        elif self.scale == "item":
            yield "each item has a scale of its own, and there is no 'item'", "Name its column."
