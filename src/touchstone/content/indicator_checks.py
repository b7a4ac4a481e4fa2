"""Checks of a pack's indicators against its datasets."""

from collections.abc import Iterable, Iterator

from touchstone.base.errors import TouchstoneError
from touchstone.content.dataset_checks import check_column_named
from touchstone.content.datasets import ColumnType, Dataset
from touchstone.content.indicators import Indicator
from touchstone.content.names import name_like
from touchstone.content.pack_parts import PackParts
from touchstone.stats.crossed_effects.groups import BESIDE

SMALLEST_RATER_GROUP = 5
KINDS_OF_COLUMN: dict[str, tuple[ColumnType, ...]] = {
    "fact": ("number", "yes_no", "text"),
    "mean": ("number",),
    "share": ("number", "yes_no"),
    "corrected_mean": ("number",),
}
KINDS_OF_MODELS: dict[str, tuple[ColumnType, ...]] = {
    "groups": ("number", "yes_no", "text"),
    "fixed": ("number", "yes_no", "text"),
}
OF_MODELS = ("groups", "fixed", "within_groups")


def check_indicator(
    indicator: Indicator, parts: PackParts, *, where: str
) -> Iterator[TouchstoneError]:
    """Find what contradicts itself, or the dataset, in one indicator."""
    if not parts.knows("datasets", indicator.dataset):
        yield TouchstoneError(
            "PACK-26",
            where=f"{where}, 'dataset'",
            found=f"the pack has no dataset '{indicator.dataset}'",
            remedy=f"{name_like(indicator.dataset, parts.datasets)}.",
        )
    dataset = parts.datasets.get(indicator.dataset)
    if dataset is not None:
        yield from check_column_named(
            dataset,
            indicator.column,
            where=f"{where}, 'column'",
            kinds=KINDS_OF_COLUMN[indicator.kind],
        )
        for name in ("groups", "fixed"):
            for column in _columns_of(getattr(indicator, name)):
                yield from check_column_named(
                    dataset, column, where=f"{where}, '{name}'", kinds=KINDS_OF_MODELS[name]
                )
    for found, remedy in (*_contradictions(indicator, dataset), *_model_faults(indicator, dataset)):
        yield TouchstoneError("PACK-28", where=where, found=found, remedy=remedy)


def _contradictions(indicator: Indicator, dataset: Dataset | None) -> Iterator[tuple[str, str]]:
    if indicator.kind == "share" and not indicator.counts_as_yes:
        yield (
            "a share does not say which answers count",
            "Write counts_as_yes = [4, 5] or the like.",
        )
    if indicator.kind != "share" and indicator.counts_as_yes:
        yield f"'counts_as_yes' stands on a {indicator.kind}", "Take it out."
    if indicator.smallest_group < SMALLEST_RATER_GROUP:
        yield (
            f"'smallest_group' is {indicator.smallest_group}, so small that people are recognised",
            f"Write {SMALLEST_RATER_GROUP} or more.",
        )
    if dataset is None:
        return
    if indicator.kind == "fact" and dataset.key != (dataset.unit,):
        yield (
            "a fact needs one row for each unit, and this dataset may have several",
            f'Write key = ["{dataset.unit}"] in the dataset, or measure a mean or share.',
        )
    if indicator.kind != "fact" and dataset.rater is None and not dataset.design.clusters:
        yield (
            f"a {indicator.kind} needs to know who answered, and the dataset names no rater",
            "Write rater = and the column that tells answering people apart in the dataset.",
        )


def _columns_of(names: Iterable[str]) -> list[str]:
    """List the columns that groups are made of, `one:other` being two."""
    return [column for name in names for column in name.split(BESIDE)]


def _model_faults(indicator: Indicator, dataset: Dataset | None) -> Iterator[tuple[str, str]]:
    """Find what only a corrected mean may say, and what it needs."""
    if indicator.kind != "corrected_mean":
        for name in OF_MODELS:
            if getattr(indicator, name):
                yield f"'{name}' stands on a {indicator.kind}", "Take it out."
        return
    if dataset is None:
        return
    if dataset.rater is None:
        yield (
            "a corrected_mean needs the raters, and the dataset names no column of them",
            "Write rater = and the column that tells answering people apart in the dataset.",
        )
    if dataset.design.weight is not None:
        yield (
            "a corrected_mean takes no weights, and the dataset has them",
            "Measure a mean, or take the weight out of the dataset's design.",
        )
