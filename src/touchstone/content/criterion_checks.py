"""Checks of a scheme's criteria: what each measures, their weights, their targets."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from touchstone.base.errors import TouchstoneError
from touchstone.content.criteria import walk_criteria
from touchstone.content.datasets import ColumnSpec
from touchstone.content.names import check_name, doubled, name_like
from touchstone.content.pack_parts import PackParts
from touchstone.content.schemes import Adjustment, Criterion, Scheme
from touchstone.content.target_checks import check_target

WHOLE = (Decimal(1), Decimal(100))
MOST_LEVELS = 6


def check_criteria(scheme: Scheme, parts: PackParts, *, where: str) -> Iterator[TouchstoneError]:
    """Find what contradicts itself, or the rest of the pack, in a scheme's criteria."""
    placed = list(walk_criteria(scheme.criteria, where=where))
    extras = (*scheme.bonuses, *scheme.deductions)
    for name in doubled([*(criterion.id for _, criterion in placed), *(e.id for e in extras)]):
        yield TouchstoneError(
            "SCHEME-13",
            where=where,
            found=f"the criterion, bonus or deduction '{name}' stands more than once",
            remedy="Give each an id of its own.",
        )
    # Those of an index are scaled among siblings, so that only their proportions matter.
    wholes = WHOLE if scheme.index is None else ()
    yield from _check_weights(scheme.criteria, f"{where}, 'criteria'", wholes)
    for place, criterion in placed:
        yield from check_name(criterion.id, where=place)
        yield from _check_shape(criterion, place)
        if criterion.criteria:
            yield from _check_weights(criterion.criteria, f"{place}, 'criteria'", wholes)
        yield from _check_measured(criterion, scheme, parts, place)


def check_adjustments(scheme: Scheme, parts: PackParts, *, where: str) -> Iterator[TouchstoneError]:
    """Find what contradicts itself, or the rest of the pack, in bonuses and deductions."""
    for key, bound in (("bonuses", "highest_bonus"), ("deductions", "highest_deduction")):
        adjustments: tuple[Adjustment, ...] = getattr(scheme, key)
        for number, adjustment in enumerate(adjustments, start=1):
            place = f"{where}, '{key}' no. {number} ('{adjustment.id}')"
            yield from check_name(adjustment.id, where=place)
            name = adjustment.indicator
            yield from check_number_named(name, scheme, parts, where=f"{place}, 'indicator'")
            yield from _check_above_zero(adjustment.points, f"{place}, 'points'")
            yield from _check_above_zero(adjustment.most, f"{place}, 'most'")
        highest = getattr(scheme, bound)
        yield from _check_above_zero(highest, f"{where}, '{bound}'")
        if highest is not None and not adjustments:
            yield TouchstoneError(
                "SCHEME-16",
                where=f"{where}, '{bound}'",
                found=f"the scheme has no {key}",
                remedy=f"Take '{bound}' out, or add to '{key}'.",
            )


def _check_above_zero(number: Decimal | None, where: str) -> Iterator[TouchstoneError]:
    if number is not None and number <= 0:
        yield TouchstoneError(
            "SCHEME-16",
            where=where,
            found=f"found {number}",
            remedy="Write a number above 0; a deduction is taken off without a minus.",
        )


def check_number_named(
    name: str, scheme: Scheme, parts: PackParts, *, where: str
) -> Iterator[TouchstoneError]:
    """Find out whether the pack has an indicator of this name, and whether it gives a number."""
    yield from check_indicator_named(name, scheme, parts, where=where)
    column = measured_column(name, parts)
    if column is not None and column.kind == "text":
        yield TouchstoneError(
            "SCHEME-06",
            where=where,
            found=f"the indicator '{name}' reads texts, which are no number",
            remedy="Name an indicator that is a number or yes/no; a criterion may give texts "
            "points by a target of kind rubric.",
        )


def check_indicator_named(
    name: str, scheme: Scheme, parts: PackParts, *, where: str
) -> Iterator[TouchstoneError]:
    """Find out whether the pack has an indicator of this name on the scheme's dataset."""
    if not parts.knows("indicators", name):
        yield TouchstoneError(
            "SCHEME-02",
            where=where,
            found=f"the pack has no indicator '{name}'",
            remedy=f"{name_like(name, parts.names('indicators'))}, or add it to indicators.toml.",
        )
    indicator = parts.indicators.get(name)
    if indicator is not None and indicator.dataset != scheme.dataset:
        yield TouchstoneError(
            "SCHEME-07",
            where=where,
            found=f"the indicator '{name}' measures the dataset '{indicator.dataset}', the scheme "
            f"judges '{scheme.dataset}'",
            remedy="Name an indicator of the scheme's dataset.",
        )


def measured_column(name: str, parts: PackParts) -> ColumnSpec | None:
    """Give the column behind an indicator, as a number where it is a mean or a share.

    None when the indicator, its dataset or its column is not known.
    """
    indicator = parts.indicators.get(name)
    dataset = parts.datasets.get(indicator.dataset) if indicator else None
    column = dataset.column(indicator.column) if indicator and dataset else None
    if column is None or indicator is None or indicator.kind == "fact":
        return column
    return msgspec.structs.replace(column, kind="number", choices=())


def possible_range(name: str, parts: PackParts) -> tuple[int | None, int | None]:
    """Give the lowest and the highest value an indicator can have; None where nothing says so."""
    column, indicator = measured_column(name, parts), parts.indicators.get(name)
    if column is None or indicator is None or column.kind == "text":
        return None, None
    if indicator.kind == "share":
        return 0, 100
    return (0, 1) if column.kind == "yes_no" else (column.low, column.high)


def _check_weights(
    criteria: Sequence[Criterion], place: str, wholes: Sequence[Decimal]
) -> Iterator[TouchstoneError]:
    if not criteria:
        yield TouchstoneError(
            "SCHEME-14", where=place, found="there is no criterion", remedy="Add one."
        )
        return
    for criterion in criteria:
        if criterion.weight <= 0:
            yield TouchstoneError(
                "SCHEME-11",
                where=place,
                found=f"the weight of '{criterion.id}' is {criterion.weight}",
                remedy="Write a weight above 0, or take the criterion out.",
            )
    total = sum((criterion.weight for criterion in criteria), Decimal(0))
    if wholes and total not in wholes:
        parts = " + ".join(str(criterion.weight) for criterion in criteria)
        yield TouchstoneError(
            "SCHEME-10",
            where=place,
            found=f"the weights {parts} sum to {total}",
            remedy="Change them so that they sum to exactly 1, or to exactly 100.",
        )


def _check_shape(criterion: Criterion, place: str) -> Iterator[TouchstoneError]:
    for found, remedy in _shape_contradictions(criterion):
        yield TouchstoneError("SCHEME-12", where=place, found=found, remedy=remedy)
    if place.count("'criteria' no.") > MOST_LEVELS:
        yield TouchstoneError(
            "SCHEME-15",
            where=place,
            found=f"criteria stand more than {MOST_LEVELS} deep in each other",
            remedy="Take levels out.",
        )


def _shape_contradictions(criterion: Criterion) -> Iterator[tuple[str, str]]:
    sources = [key for key in ("indicator", "scheme", "criteria") if getattr(criterion, key)]
    if len(sources) != 1:
        found = " and ".join(f"'{key}'" for key in sources) or "none"
        yield (
            f"of 'indicator', 'scheme' and 'criteria' there is {found}",
            "Write exactly one of them.",
        )
    if criterion.target is not None and criterion.indicator is None:
        yield "a target stands without an indicator", "Take it out, or name an indicator."
    has_column = criterion.target is not None and criterion.target.column is not None
    if criterion.otherwise is not None and not has_column:
        yield (
            "'otherwise' serves units whose target column is empty, and no column is named",
            "Write the target's 'column', or take 'otherwise' out.",
        )
    if criterion.otherwise is not None and criterion.otherwise.target.column is not None:
        yield "the target of 'otherwise' stands in a column", "Write it as 'value'."


def _check_measured(
    criterion: Criterion, scheme: Scheme, parts: PackParts, place: str
) -> Iterator[TouchstoneError]:
    """Check the indicator and target of a criterion, and those of its alternative."""
    measured = [(place, criterion.indicator, criterion.target)]
    if criterion.otherwise is not None:
        other = criterion.otherwise
        measured.append((f"{place}, 'otherwise'", other.indicator, other.target))
    dataset = parts.datasets.get(scheme.dataset)
    for where, name, target in measured:
        if name is None:
            continue
        if target is None:
            yield from check_number_named(name, scheme, parts, where=f"{where}, 'indicator'")
            continue
        yield from check_indicator_named(name, scheme, parts, where=f"{where}, 'indicator'")
        column = measured_column(name, parts)
        yield from check_target(target, column, dataset, where=f"{where}, 'target'")
