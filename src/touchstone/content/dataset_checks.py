"""Checks of what a pack says of its evidence: columns, key, units, levels, design, history."""

import re
from collections.abc import Iterator, Sequence

from touchstone.base.errors import TouchstoneError
from touchstone.content.datasets import ColumnSpec, ColumnType, Dataset
from touchstone.content.names import doubled, name_like

MOST_PLACES = 9
MOST_STAGES = 3
KIND_WORDS: dict[ColumnType, str] = {"text": "text", "number": "a number", "yes_no": "yes or no"}
# The same names as `tallies.plans.RESERVED`, which reading a pack need not load.
NAMES_OF_SUMS = ("variable", "n", "w", "ww", "wy", "wyy")
ANY_KIND: tuple[ColumnType, ...] = ("text", "number", "yes_no")


def check_dataset(dataset: Dataset, *, where: str) -> Iterator[TouchstoneError]:
    """Find what contradicts itself in one dataset."""
    yield from _check_doubled("column", [column.name for column in dataset.columns], where)
    for number, column in enumerate(dataset.columns, start=1):
        yield from _check_column(column, f"{where}, 'columns' no. {number} ('{column.name}')")
    yield from _check_roles(dataset, where)
    yield from _check_levels(dataset, where)
    yield from _check_design(dataset, where)
    yield from _check_doubled("period", [point.period for point in dataset.history], where)


def check_column_named(
    dataset: Dataset,
    name: str,
    *,
    where: str,
    kinds: Sequence[ColumnType],
    codes: tuple[str, str] = ("PACK-20", "PACK-21"),
) -> Iterator[TouchstoneError]:
    """Find out whether a dataset has a column of this name and of one of these kinds."""
    column = dataset.column(name)
    unknown, wrong_kind = codes
    if column is None:
        yield TouchstoneError(
            unknown,
            where=where,
            found=f"the dataset has no column '{name}'",
            remedy=f"{name_like(name, [c.name for c in dataset.columns])}, or add the column.",
        )
    elif column.kind not in kinds:
        wanted = " or ".join(KIND_WORDS[kind] for kind in kinds)
        yield TouchstoneError(
            wrong_kind,
            where=where,
            found=f"the column '{name}' holds {KIND_WORDS[column.kind]}",
            remedy=f"Name a column that holds {wanted}.",
        )


def _check_doubled(thing: str, names: Sequence[str], where: str) -> Iterator[TouchstoneError]:
    for name in doubled(names):
        yield TouchstoneError(
            "PACK-22",
            where=where,
            found=f"the {thing} '{name}' stands more than once",
            remedy="Keep one of them.",
        )


def _check_column(column: ColumnSpec, where: str) -> Iterator[TouchstoneError]:
    for found, remedy in _column_contradictions(column):
        yield TouchstoneError("PACK-23", where=where, found=found, remedy=remedy)


def _column_contradictions(column: ColumnSpec) -> Iterator[tuple[str, str]]:
    if not column.name.strip():
        yield "the column has no name", "Write the heading that stands in the file."
    if not 0 <= column.places <= MOST_PLACES:
        yield f"'places' is {column.places}", f"Write a number from 0 to {MOST_PLACES}."
    if column.kind != "number" and (column.places, column.low, column.high) != (0, None, None):
        yield (
            "'places', 'low' or 'high' stand on a column that is not a number",
            'Take them out, or write kind = "number".',
        )
    if column.kind != "text" and (column.pattern or column.choices):
        yield (
            "'pattern' or 'choices' stand on a column that is not text",
            'Take them out, or write kind = "text".',
        )
    if column.low is not None and column.high is not None and column.low > column.high:
        yield f"'low' {column.low} is above 'high' {column.high}", "Exchange them."
    if doubled(column.choices):
        yield "'choices' names a value twice", "Keep each value once."
    if not _is_pattern(column.pattern):
        yield (
            f"'pattern' \"{column.pattern}\" is not a regular expression",
            "Mend it; [0-9]{14} stands for exactly 14 digits.",
        )


def _is_pattern(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _check_roles(dataset: Dataset, where: str) -> Iterator[TouchstoneError]:
    """Check that each column with a part to play exists and is of a kind that can play it."""
    roles: list[tuple[str, str, Sequence[ColumnType]]] = [("unit", dataset.unit, ("text",))]
    roles += [("key", name, ANY_KIND) for name in dataset.key]
    for level in dataset.levels:
        roles += [("levels", level.column, ("text",)), ("levels", level.name, ("text",))]
    if dataset.rater is not None:
        roles.append(("rater", dataset.rater, ANY_KIND))
    for role, name, kinds in dict.fromkeys(roles):
        yield from check_column_named(dataset, name, where=f"{where}, '{role}'", kinds=kinds)
        if name in NAMES_OF_SUMS:
            yield TouchstoneError(
                "PACK-23",
                where=f"{where}, '{role}'",
                found=f"'{name}' is also the name of a column of sums",
                remedy=f"Give the column another name than {', '.join(NAMES_OF_SUMS)}.",
            )
    for point in dataset.history:
        place = f"{where}, 'history' ('{point.period}')"
        yield from check_column_named(dataset, point.column, where=place, kinds=("number",))
    if not dataset.key:
        yield TouchstoneError(
            "PACK-05",
            where=where,
            found="'key' names no column",
            remedy="Name the columns that tell the rows apart.",
        )
    yield from _check_doubled("key column", dataset.key, where)


def _check_levels(dataset: Dataset, where: str) -> Iterator[TouchstoneError]:
    place = f"{where}, 'levels'"
    yield from _check_doubled("level", [level.level for level in dataset.levels], place)
    for level in dataset.levels:
        if level.first is not None and level.first < 1:
            yield TouchstoneError(
                "PACK-24",
                where=place,
                found=f"'first' of '{level.level}' is {level.first}",
                remedy="Write how many characters of the column make the identifier.",
            )
    last = dataset.levels[-1] if dataset.levels else None
    if last is None or (last.column, last.first, last.prefix) != (dataset.unit, None, ""):
        yield TouchstoneError(
            "PACK-24",
            where=place,
            found="the last level is not the unit that is assessed",
            remedy=f"End with a level of column '{dataset.unit}', without 'first' and 'prefix'.",
        )


def _check_design(dataset: Dataset, where: str) -> Iterator[TouchstoneError]:
    design, place = dataset.design, f"{where}, 'design'"
    numbers = [*design.fpc, *([] if design.weight is None else [design.weight])]
    for name in numbers:
        yield from check_column_named(dataset, name, where=place, kinds=("number",))
    for name in (*design.strata, *design.clusters):
        yield from check_column_named(dataset, name, where=place, kinds=ANY_KIND)
    for key in ("strata", "clusters", "fpc"):
        stages = getattr(design, key)
        if len(stages) > MOST_STAGES:
            yield TouchstoneError(
                "PACK-29",
                where=place,
                found=f"'{key}' names {len(stages)} stages",
                remedy=f"Name at most {MOST_STAGES}; later stages add next to nothing.",
            )
        yield from _check_doubled(f"column of '{key}'", stages, place)
