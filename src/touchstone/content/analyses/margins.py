"""Known totals of a population, as a pack writes them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from touchstone.content.analyses.specs import AnyColumn
from touchstone.content.names import doubled

SLASH = "/"


class MarginSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The known totals of one margin: of each category of some columns, or of a number.

    `targets` gives each category its total, those of several columns with slashes between.
    `total` is that of a column of numbers instead.
    """

    columns: tuple[AnyColumn, ...]
    targets: dict[str, Decimal] = {}
    total: Decimal | None = None


def margin_faults(margins: Sequence[MarginSpec]) -> Iterator[tuple[str, str]]:
    """Find what cannot be in margins: what was found, and what to do."""
    for margin in margins:
        name = SLASH.join(margin.columns)
        if bool(margin.targets) == (margin.total is not None):
            yield f"the margin '{name}' has targets and a total, or neither", "Write one of them."
        if margin.total is not None and len(margin.columns) != 1:
            yield f"the total of '{name}' is of {len(margin.columns)} columns", "Name one column."
        for label, target in margin.targets.items():
            if len(label.split(SLASH)) != len(margin.columns):
                yield f"the category '{label}' of '{name}'", "Give one text for each column."
            if target < 0:
                yield f"the target {target} of '{label}'", "Write a number of 0 or more."
    for name in doubled(SLASH.join(margin.columns) for margin in margins):
        yield f"the margin '{name}' stands twice", "Keep one of them."


def bound_faults(
    name: str, lowest: Decimal | None, highest: Decimal | None
) -> Iterator[tuple[str, str]]:
    """Find what cannot be in a pair of bounds."""
    if (lowest is None) != (highest is None):
        yield f"one bound of {name} without the other", "Write both, or none."
    if lowest is not None and highest is not None and not 0 <= lowest < highest:
        yield f"bounds of {name} from {lowest} to {highest}", "Write the smaller one first."
