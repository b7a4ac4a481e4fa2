"""Tables of counts with all their totals: along a tree of units, or across several breakdowns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from touchstone.base.errors import TouchstoneError

MOST_CELLS = 200_000
# Stands in a label where a breakdown is summed over.
TOTAL = None
Label = tuple[str | None, ...]


@dataclass(frozen=True, eq=False, slots=True)
class CountTable:
    """Cells with their counts, and which cell is the sum of which others.

    `sums` holds pairs of a total's place and the places of its parts; together they say all that
    anybody knows of how cells add up.
    """

    labels: tuple[Label, ...]
    counts: tuple[int, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]


def cross_table(counts: Mapping[tuple[str, ...], int]) -> CountTable:
    """Cross the breakdowns of some counts: all combinations, and every total over them.

    A combination that does not occur is a cell with the count 0, as a zero is a count like any
    other. Labels have None where a breakdown is summed over.

    Raises TouchstoneError DISCLOSURE-02 for more than 200,000 cells.

    >>> table = cross_table({("west", "woman"): 12, ("east", "man"): 3})
    >>> len(table.labels), dict(zip(table.labels, table.counts))[(None, "man")]
    (9, 3)
    """
    breakdowns = [sorted({label[place] for label in counts}) for place in range(_depth(counts))]
    size = prod(len(values) + 1 for values in breakdowns)
    if size > MOST_CELLS:
        raise TouchstoneError(
            "DISCLOSURE-02",
            where="the table",
            found=f"{size} cells with all totals, at most {MOST_CELLS} can be dealt with",
            remedy="Leave out a breakdown, or join some of its values.",
        )
    labels: list[Label] = list(product(*([*values, TOTAL] for values in breakdowns)))
    place = {label: number for number, label in enumerate(labels)}
    totals = [0] * size
    for label, count in counts.items():
        for above in product(*((value, TOTAL) for value in label)):
            totals[place[above]] += count
    sums = tuple(
        (place[label], tuple(place[_at(label, axis, value)] for value in values))
        for axis, values in enumerate(breakdowns)
        for label in labels
        if label[axis] is TOTAL
    )
    return CountTable(tuple(labels), tuple(totals), sums)


def tree_table(parents: Mapping[str, str | None], counts: Mapping[str, int]) -> CountTable:
    """Sum the counts of the lowest units up their tree; units without a parent are summed too.

    `parents` names every unit's parent, None at the top; `counts` those of the units that have
    none below them. The label of the sum over all top units, where there are several, is None.

    >>> table = tree_table({"city": None, "a": "city", "b": "city"}, {"a": 30, "b": 4})
    >>> table.counts
    (34, 30, 4)
    """
    below: dict[str | None, list[str]] = {}
    for unit, parent in parents.items():
        below.setdefault(parent, []).append(unit)
    tops = below.get(None, [])
    units: list[str | None] = [*parents, *([None] if len(tops) > 1 else [])]
    place = {unit: number for number, unit in enumerate(units)}
    totals: dict[str | None, int] = {unit: counts[unit] for unit in parents if unit not in below}
    for above in reversed(_downwards(below)):
        if above in below and above in place:
            totals[above] = sum(totals[part] for part in below[above])
    sums = tuple(
        (place[above], tuple(place[part] for part in parts))
        for above, parts in below.items()
        if above in place
    )
    return CountTable(tuple((one,) for one in units), tuple(totals[one] for one in units), sums)


def _depth(counts: Mapping[tuple[str, ...], int]) -> int:
    return len(next(iter(counts), ()))


def _at(label: Label, axis: int, value: str) -> Label:
    return (*label[:axis], value, *label[axis + 1 :])


def _downwards(below: Mapping[str | None, Sequence[str]]) -> list[str | None]:
    """List all units from the top down."""
    order: list[str | None] = [None]
    for unit in order:
        order += below.get(unit, ())
    return order
