"""Checks of schemes: each in itself, against the pack's parts, and against each other."""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from touchstone.base.errors import TouchstoneError
from touchstone.content.criteria import walk_criteria
from touchstone.content.criterion_checks import (
    check_adjustments,
    check_criteria,
    check_number_named,
    possible_range,
)
from touchstone.content.dataset_checks import check_column_named
from touchstone.content.datasets import ColumnType, Dataset
from touchstone.content.grade_checks import check_bands, check_limits, check_scale
from touchstone.content.index_checks import check_index
from touchstone.content.names import doubled, name_like
from touchstone.content.pack_parts import PackParts, place_of
from touchstone.content.quota_checks import check_quotas
from touchstone.content.schemes import Criterion, Limit, Scheme, leaves

MOST_PLACES = 6
MOST_QUANTILES = 100


def check_schemes(parts: PackParts) -> Iterator[TouchstoneError]:
    """Find all faults of all schemes of a pack."""
    for name, scheme in parts.schemes.items():
        place = place_of(parts.name, "schemes", name)
        yield from _check_plain_fields(scheme, place)
        yield from check_scale(scheme.scale, where=place)
        yield from check_bands(scheme.grades, scheme.scale, where=place)
        yield from check_limits(scheme, where=place)
        yield from check_quotas(scheme, where=place)
        yield from check_criteria(scheme, parts, where=place)
        yield from check_adjustments(scheme, parts, where=place)
        yield from check_index(scheme, parts, where=place)
        yield from _check_fit_of_scale(scheme, place)
        yield from _check_limit_references(scheme, parts, place)
        yield from _check_scheme_references(scheme, parts, place)
        yield from _check_columns(scheme, parts, place)
    yield from _check_cycles(parts)


def _check_plain_fields(scheme: Scheme, place: str) -> Iterator[TouchstoneError]:
    rules = [
        ("version", scheme.version >= 1, "a whole number from 1 up"),
        ("places", 0 <= scheme.places <= MOST_PLACES, f"a whole number from 0 to {MOST_PLACES}"),
        ("confidence", 0 < scheme.confidence < 1, "a number between 0 and 1, such as 0.95"),
    ]
    for key, is_right, wanted in rules:
        if not is_right:
            yield TouchstoneError(
                "SCHEME-51",
                where=f"{place}, '{key}'",
                found=f"found {getattr(scheme, key)}",
                remedy=f"Write {wanted}.",
            )
    if scheme.aggregation != "arithmetic" and scheme.scale.low < 0:
        yield TouchstoneError(
            "SCHEME-35",
            where=f"{place}, 'aggregation'",
            found=f"a {scheme.aggregation} mean has no meaning for scores below 0",
            remedy='Write aggregation = "arithmetic", or let the scale begin at 0 or above.',
        )


def _check_fit_of_scale(scheme: Scheme, place: str) -> Iterator[TouchstoneError]:
    """Targets and standings give 0 to 100 points: a scale without these ends cannot hold them."""
    gives_points = [c.id for c in leaves(scheme.criteria) if c.target is not None or c.standing]
    if gives_points and not (scheme.scale.low <= 0 and scheme.scale.high >= 100):
        yield TouchstoneError(
            "SCHEME-35",
            where=f"{place}, 'scale'",
            found=f"'{gives_points[0]}' gives 0 to 100 points, the scale runs from "
            f"{scheme.scale.low} to {scheme.scale.high}",
            remedy="Write scale = { low = 0, high = 100 }, and the grades on it.",
        )


def _check_limit_references(
    scheme: Scheme, parts: PackParts, place: str
) -> Iterator[TouchstoneError]:
    dataset = parts.datasets.get(scheme.dataset)
    for limit in scheme.vetoes + scheme.caps:
        where = f"{place}, '{limit.id}'"
        name = limit.indicator
        yield from check_number_named(name, scheme, parts, where=f"{where}, 'indicator'")
        yield from _check_bar(limit, parts, where)
        if dataset is not None:
            yield from _check_where(limit, dataset, f"{where}, 'where'")


def _check_bar(limit: Limit, parts: PackParts, where: str) -> Iterator[TouchstoneError]:
    """Find out whether a bar lies where the measure can lie, so that it bars some and not all."""
    low, high = possible_range(limit.indicator, parts)
    for key in ("at_least", "at_most"):
        bar = getattr(limit, key)
        is_below = low is not None and bar is not None and bar < low
        is_above = high is not None and bar is not None and bar > high
        if is_below or is_above:
            ends = f"{'any' if low is None else low} to {'any' if high is None else high}"
            yield TouchstoneError(
                "SCHEME-44",
                where=f"{where}, '{key}'",
                found=f"the bar {bar} lies outside what '{limit.indicator}' can be, {ends}",
                remedy="Write a bar within; yes counts as 1 and no as 0, a share is in percent.",
            )


def _check_where(limit: Limit, dataset: Dataset, where: str) -> Iterator[TouchstoneError]:
    for name, values in limit.where.items():
        yield from _column_of(dataset, name, where, ("text",))
        column = dataset.column(name)
        choices = column.choices if column is not None else ()
        for value in values if choices else ():
            if value not in choices:
                yield TouchstoneError(
                    "SCHEME-42",
                    where=where,
                    found=f"the column '{name}' has no value '{value}'",
                    remedy=f"{name_like(value, choices)}.",
                )


def _column_of(
    dataset: Dataset, name: str, where: str, kinds: Sequence[ColumnType]
) -> Iterator[TouchstoneError]:
    return check_column_named(
        dataset, name, where=where, kinds=kinds, codes=("SCHEME-03", "SCHEME-06")
    )


def _check_columns(scheme: Scheme, parts: PackParts, place: str) -> Iterator[TouchstoneError]:
    """Check the dataset, and the columns of comparison and official result."""
    if not parts.knows("datasets", scheme.dataset):
        yield TouchstoneError(
            "SCHEME-01",
            where=f"{place}, 'dataset'",
            found=f"the pack has no dataset '{scheme.dataset}'",
            remedy=f"{name_like(scheme.dataset, parts.names('datasets'))}.",
        )
    dataset = parts.datasets.get(scheme.dataset)
    yield from _check_comparison(scheme, dataset, place)
    if scheme.beside is not None:
        yield from _check_beside(scheme, scheme.beside, parts, f"{place}, 'beside'")
    if dataset is not None and scheme.official is not None:
        yield from _check_official(scheme, scheme.official, dataset, f"{place}, 'official'")


def _check_beside(
    scheme: Scheme, beside: str, parts: PackParts, where: str
) -> Iterator[TouchstoneError]:
    other = parts.schemes.get(beside)
    if other is None and not parts.knows("schemes", beside):
        yield TouchstoneError(
            "SCHEME-54",
            where=where,
            found=f"the pack has no scheme '{beside}'",
            remedy=f"{name_like(beside, parts.schemes)}.",
        )
    elif other is not None and (other.dataset, other.scale) != (scheme.dataset, scheme.scale):
        yield TouchstoneError(
            "SCHEME-54",
            where=where,
            found=f"the scheme '{beside}' has another dataset or another scale",
            remedy="Name a scheme whose scores can be held beside these.",
        )


def _check_official(
    scheme: Scheme, official: str, dataset: Dataset, where: str
) -> Iterator[TouchstoneError]:
    yield from _column_of(dataset, official, where, ("yes_no", "text"))
    column = dataset.column(official)
    if column is None:
        return
    grades = [band.id for band in scheme.grades]
    for value in ("yes", "no") if column.kind == "yes_no" else column.choices:
        if value not in grades:
            yield TouchstoneError(
                "SCHEME-43",
                where=where,
                found=f"the official result can be '{value}', which is no grade of the scheme",
                remedy="Name the grades as the official results are named.",
            )


def _check_comparison(
    scheme: Scheme, dataset: Dataset | None, place: str
) -> Iterator[TouchstoneError]:
    comparison, where = scheme.comparison, f"{place}, 'comparison'"
    if comparison is None:
        return
    if not comparison.by and comparison.quantiles is None:
        yield TouchstoneError(
            "SCHEME-53",
            where=where,
            found="nothing says which units are compared",
            remedy="Write 'by' or 'quantiles', or take the comparison out.",
        )
    if doubled(comparison.by):
        yield TouchstoneError(
            "SCHEME-53", where=where, found="'by' names a column twice", remedy="Name it once."
        )
    if comparison.quantiles and not 2 <= comparison.quantiles.parts <= MOST_QUANTILES:
        yield TouchstoneError(
            "SCHEME-53",
            where=f"{where}, 'quantiles'",
            found=f"'parts' is {comparison.quantiles.parts}",
            remedy=f"Write a whole number from 2 to {MOST_QUANTILES}.",
        )
    if dataset is None:
        return
    for name in comparison.by:
        yield from _column_of(dataset, name, f"{where}, 'by'", ("text",))
    if comparison.quantiles:
        of = comparison.quantiles.of
        yield from _column_of(dataset, of, f"{where}, 'quantiles'", ("number",))


def _check_scheme_references(
    scheme: Scheme, parts: PackParts, place: str
) -> Iterator[TouchstoneError]:
    for where, criterion in walk_criteria(scheme.criteria, where=place):
        name = criterion.scheme
        if name is None:
            continue
        if not parts.knows("schemes", name):
            yield TouchstoneError(
                "SCHEME-04",
                where=f"{where}, 'scheme'",
                found=f"the pack has no scheme '{name}'",
                remedy=f"{name_like(name, parts.names('schemes'))}.",
            )
        other = parts.schemes.get(name)
        if other is not None and other.dataset != scheme.dataset:
            yield TouchstoneError(
                "SCHEME-07",
                where=f"{where}, 'scheme'",
                found=f"the scheme '{name}' judges the dataset '{other.dataset}', this one "
                f"'{scheme.dataset}'",
                remedy="Name a scheme on the same dataset.",
            )


def _check_cycles(parts: PackParts) -> Iterator[TouchstoneError]:
    """Find schemes that refer to themselves, directly or by way of others; each circle once."""
    references = {
        name: [found for found in _referred(scheme.criteria) if found in parts.schemes]
        for name, scheme in parts.schemes.items()
    }
    while circle := _circle_among(references):
        yield TouchstoneError(
            "SCHEME-05",
            where=place_of(parts.name, "schemes", circle[0]),
            found=f"schemes refer to each other in a circle: {' → '.join(circle)}",
            remedy="Take one of these references out.",
        )
        references[circle[0]].remove(circle[1])


def _referred(criteria: Sequence[Criterion]) -> set[str]:
    return {c.scheme for _, c in walk_criteria(criteria) if c.scheme is not None}


def _circle_among(references: Mapping[str, Sequence[str]]) -> list[str]:
    """Give one circle of references, its first name again at its end; empty when there is none."""
    try:
        TopologicalSorter(references).prepare()
    except CycleError as fault:
        return list(reversed(fault.args[1]))
    return []
