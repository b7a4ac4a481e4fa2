"""Walking through the criteria of a scheme, groups and all."""

from collections.abc import Iterator, Sequence

from touchstone.content.schemes import Criterion


def walk_criteria(
    criteria: Sequence[Criterion], *, where: str = ""
) -> Iterator[tuple[str, Criterion]]:
    """List all criteria, groups and those within them, each with its place in the file."""
    for number, criterion in enumerate(criteria, start=1):
        place = f"{where}, 'criteria' no. {number} ('{criterion.id}')"
        yield place, criterion
        yield from walk_criteria(criterion.criteria, where=place)
