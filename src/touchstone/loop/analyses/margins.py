"""Known totals as a pack writes them, in the form that calibration takes."""

from collections.abc import Sequence

from touchstone.content.analyses.margins import SLASH, MarginSpec
from touchstone.stats.calibration.target_tables import MarginTargets


def targets_of(margins: Sequence[MarginSpec]) -> tuple[MarginTargets, ...]:
    """Give the targets of each margin by the texts of its columns."""
    return tuple(map(_targets, margins))


def _targets(margin: MarginSpec) -> MarginTargets:
    if margin.total is not None:
        return MarginTargets(margin.columns, {(): float(margin.total)})
    told = {tuple(label.split(SLASH)): float(one) for label, one in margin.targets.items()}
    return MarginTargets(margin.columns, told)
