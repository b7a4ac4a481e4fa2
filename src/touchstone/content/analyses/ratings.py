"""How a pack asks where differences between ratings come from."""

from collections.abc import Iterator
from typing import Literal

from touchstone.content.analyses.rated import RatedSpec
from touchstone.content.analyses.specs import AnyColumn, GroupColumn


class RatingsSpec(RatedSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="ratings"):
    """A model of crossed random effects of ratings as a whole: scores are numbers.

    `groups` are further random effects; one may be `one:other`, each pair of what two columns
    hold. The effect of each column in `fixed` is estimated. `criterion`: restricted or plain
    maximum likelihood.
    """

    groups: tuple[GroupColumn, ...] = ()
    fixed: tuple[AnyColumn, ...] = ()
    criterion: Literal["reml", "ml"] = "reml"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        yield from super().contradictions()
        yield from self.doubly_used(*self.groups, *self.fixed)
        for name in self.groups:
            if name in self.fixed:
                yield f"'{name}' is a group and has a fixed effect", "Take it out of one of them."
