"""What analyses by models of ratings have in common: who rated whom, and in which role."""

from collections.abc import Iterator

from touchstone.content.analyses.specs import AnalysisSpec, AnyColumn, NumberColumn


class RatedSpec(AnalysisSpec, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The `score` that each `rater` gives a `ratee`.

    The column `source` says in which role a rating was given; where it is `own`, people rate
    themselves, and the gap between that and what others say is told.
    """

    rater: AnyColumn
    ratee: AnyColumn
    score: NumberColumn
    source: AnyColumn | None = None
    own: str | None = None

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        if self.rater == self.ratee:
            yield f"'{self.rater}' is the rater and the ratee", "Name a column for each."
        if (self.source is None) != (self.own is None):
            yield (
                "'source' and 'own' belong together, and one of them is missing",
                "Name the column, and what it holds where people rate themselves.",
            )
        if self.source in (self.rater, self.ratee, self.score):
            yield f"'{self.source}' is the source, and something else", "Name another column."

    def doubly_used(self, *names: str) -> Iterator[tuple[str, str]]:
        """Find columns beside the score that are who rated or was rated, or the score itself."""
        for name in names:
            if name in (self.rater, self.ratee, self.score):
                yield f"'{name}' has two parts in the model", "Name another column."
