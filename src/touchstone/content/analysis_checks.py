"""Checks of a pack's analyses: in themselves, and against its datasets."""

from collections.abc import Iterator
from typing import cast

from touchstone.base.errors import TouchstoneError
from touchstone.content.analyses.kinds import Analysis
from touchstone.content.analyses.specs import columns_named
from touchstone.content.dataset_checks import check_column_named
from touchstone.content.datasets import ColumnType, Dataset
from touchstone.content.indicator_checks import SMALLEST_RATER_GROUP
from touchstone.content.names import doubled, name_like
from touchstone.content.pack_parts import PackParts, place_of
from touchstone.content.schemes import Scheme

# Fields of analyses whose columns make groups that are told one by one.
GROUPING = ("by", "area")


def check_analyses(parts: PackParts) -> Iterator[TouchstoneError]:
    """Find all faults of a pack's analyses, and of the schemes that name them."""
    for name, analysis in parts.analyses.items():
        yield from _check_analysis(analysis, parts, place_of(parts.name, "analyses", name))
    for name, scheme in parts.schemes.items():
        yield from _check_named(scheme, parts, place_of(parts.name, "schemes", name))


def _check_analysis(analysis: Analysis, parts: PackParts, place: str) -> Iterator[TouchstoneError]:
    if not parts.knows("datasets", analysis.dataset):
        yield TouchstoneError(
            "PACK-26",
            where=f"{place}, 'dataset'",
            found=f"the pack has no dataset '{analysis.dataset}'",
            remedy=f"{name_like(analysis.dataset, parts.datasets)}.",
        )
    dataset = parts.datasets.get(analysis.dataset)
    if dataset is not None:
        for field, column, kinds in columns_named(analysis):
            yield from check_column_named(
                dataset,
                column,
                where=f"{place}, '{field}'",
                kinds=cast(tuple[ColumnType, ...], kinds),
            )
    people = () if dataset is None else _people_named(analysis, dataset)
    for found, remedy in (*people, *_plain_faults(analysis), *analysis.contradictions()):
        yield TouchstoneError("PACK-60", where=place, found=found, remedy=remedy)


def _people_named(analysis: Analysis, dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Find groups of which each is one person, whose figures would be that person's."""
    persons = [dataset.rater, dataset.unit if dataset.about == "persons" else None]
    for field, column, _ in columns_named(analysis):
        if field in GROUPING and column in persons:
            yield f"'{field}' names '{column}', which tells persons apart", "Name groups of people."


def _plain_faults(analysis: Analysis) -> Iterator[tuple[str, str]]:
    if not 0 < analysis.confidence < 1:
        yield f"'confidence' is {analysis.confidence}", "Write a number such as 0.95."
    if analysis.smallest_group < SMALLEST_RATER_GROUP:
        yield (
            f"'smallest_group' is {analysis.smallest_group}, so small that people are recognised",
            f"Write {SMALLEST_RATER_GROUP} or more.",
        )
    for field, names in _lists(analysis):
        for name in doubled(names):
            yield f"'{field}' names '{name}' twice", "Keep it once."


def _lists(analysis: Analysis) -> Iterator[tuple[str, list[str]]]:
    named: dict[str, list[str]] = {}
    for field, column, _ in columns_named(analysis, apart=False):
        named.setdefault(field, []).append(column)
    yield from named.items()


def _check_named(scheme: Scheme, parts: PackParts, place: str) -> Iterator[TouchstoneError]:
    """A scheme's analyses are there, each once, and are made of the scheme's own evidence."""
    faults = [(name, f"'{name}' stands more than once") for name in doubled(scheme.analyses)]
    for name in scheme.analyses:
        analysis = parts.analyses.get(name)
        if not parts.knows("analyses", name):
            faults.append((name, f"the pack has no analysis '{name}'"))
        elif analysis is not None and analysis.dataset != scheme.dataset:
            faults.append((name, f"'{name}' is made of dataset '{analysis.dataset}'"))
    for name, found in faults:
        own = [one for one, spec in parts.analyses.items() if spec.dataset == scheme.dataset]
        near = name_like(name, set(own) - set(scheme.analyses))
        yield TouchstoneError(
            "PACK-61",
            where=f"{place}, 'analyses'",
            found=found,
            remedy=f"{near}, or take it out.",
        )
