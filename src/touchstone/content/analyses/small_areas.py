"""How a pack asks for figures of areas with few answers."""

from collections.abc import Iterator

from touchstone.content.analyses.specs import AnalysisSpec, AnyColumn, NumberColumn

# What only a table with one row for each area has.
OF_AREAS = ("estimate", "se")


class SmallAreasSpec(
    AnalysisSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="small_areas"
):
    """Figures of each `area`, drawn towards what the `covariates` tell of areas like it.

    Either each row is an area with its direct `estimate` and standard error `se`, or rows are
    answers and `value` is what was answered: its mean in each area is then the direct estimate,
    and covariates are the areas' means.
    """

    area: AnyColumn
    value: NumberColumn | None = None
    estimate: NumberColumn | None = None
    se: NumberColumn | None = None
    covariates: tuple[NumberColumn, ...] = ()

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        given = [name for name in OF_AREAS if getattr(self, name) is not None]
        if self.value is not None and given:
            yield f"'value' and '{given[0]}'", "Name what was answered, or estimates made of it."
        if self.value is None and len(given) < len(OF_AREAS):
            yield "no direct estimates", "Name 'value', or 'estimate' and 'se'."
        named = {self.area, self.value, self.estimate, self.se}
        for name in self.covariates:
            if name in named:
                yield f"'{name}' is a covariate and something else", "Take it out of one of them."
