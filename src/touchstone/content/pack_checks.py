"""Checks of a pack as a whole: its names, its lists, and all its parts together."""

from collections.abc import Iterator, Sequence

from touchstone.base.errors import TouchstoneError
from touchstone.content.analysis_checks import check_analyses
from touchstone.content.dataset_checks import check_dataset
from touchstone.content.indicator_checks import check_indicator
from touchstone.content.names import check_name, doubled, name_like
from touchstone.content.pack_parts import FAMILIES, Family, PackParts, PackSpec, place_of
from touchstone.content.private_matters import check_private_matters
from touchstone.content.scheme_checks import check_schemes
from touchstone.content.text_checks import Texts, check_texts

NEEDED: tuple[Family, ...] = ("datasets", "indicators", "schemes")


def check_parts(parts: PackParts, texts: Texts) -> Iterator[TouchstoneError]:
    """Find all faults of what was read of a pack, in the order of its files.

    `texts` has the flat table of each language whose file could be read.
    """
    if parts.spec is not None:
        yield from _check_spec(parts.spec, parts)
    yield from _check_names(parts)
    for name, dataset in parts.datasets.items():
        yield from check_dataset(dataset, where=place_of(parts.name, "datasets", name))
    for name, indicator in parts.indicators.items():
        yield from check_indicator(indicator, parts, where=place_of(parts.name, "indicators", name))
    yield from check_schemes(parts)
    yield from check_analyses(parts)
    yield from check_private_matters(parts, texts)
    yield from check_texts(texts, parts)


def _check_spec(spec: PackSpec, parts: PackParts) -> Iterator[TouchstoneError]:
    place = f"{parts.name}/pack.toml"
    yield from check_name(spec.name, where=f"{place}, 'name'")
    if spec.name != parts.name:
        yield TouchstoneError(
            "PACK-10",
            where=f"{place}, 'name'",
            found=f"the pack is named '{spec.name}', its folder '{parts.name}'",
            remedy="Give the folder the name of the pack.",
        )
    if spec.version < 1:
        yield TouchstoneError(
            "PACK-14",
            where=f"{place}, 'version'",
            found=f"found {spec.version}",
            remedy="Write a whole number from 1 up, and raise it with each change.",
        )
    yield from _check_list(spec.schemes, "schemes", parts, f"{place}, 'schemes'")
    yield from _check_list(spec.evidence, "datasets", parts, f"{place}, 'evidence'")


def _check_list(
    names: Sequence[str], family: Family, parts: PackParts, where: str
) -> Iterator[TouchstoneError]:
    faults = [(name, f"'{name}' stands more than once") for name in doubled(names)]
    faults += [
        (name, f"the pack has no '{name}' among its {family}")
        for name in names
        if not parts.knows(family, name)
    ]
    for name, found in faults:
        near = name_like(name, parts.names(family) - set(names))
        yield TouchstoneError(
            "PACK-11", where=where, found=found, remedy=f"{near}, or take it out."
        )


def _check_names(parts: PackParts) -> Iterator[TouchstoneError]:
    for family in FAMILIES:
        if family in NEEDED and family not in parts.unread and not parts.names(family):
            yield TouchstoneError(
                "PACK-12",
                where=parts.name,
                found=f"the pack has no {family}",
                remedy=f"Add one; docs/reference/packs tells how {family} are written.",
            )
        for name in sorted(parts.names(family)):
            yield from check_name(name, where=place_of(parts.name, family, name))
    for dataset_name, dataset in parts.datasets.items():
        for level in dataset.levels:
            place = place_of(parts.name, "datasets", dataset_name)
            yield from check_name(level.level, where=f"{place}, 'levels'")
