"""A criterion's target as a rule of points, and the goal it sets for each unit."""

from collections.abc import Sequence
from decimal import Decimal

from touchstone.content.datasets import Dataset
from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Target
from touchstone.loop.measure import Measures
from touchstone.stats.scores import Rule

NEEDS_GOAL = ("more_is_better", "less_is_better", "on_target")


def rule_of(target: Target, indicator: Indicator | None, dataset: Dataset) -> Rule:
    """Turn a scheme's target into a rule of points.

    The levels of a rubric on a text column stand at their places in the column's choices, those
    of a number column at their numbers.
    """
    choices: Sequence[str] = ()
    if indicator is not None:
        column = dataset.column(indicator.column)
        choices = column.choices if column is not None and column.kind == "text" else ()
    levels = [
        (Decimal(choices.index(level) + 1) if choices else Decimal(level), points)
        for level, points in target.levels.items()
    ]
    return Rule(
        kind=target.kind,
        completion=target.completion,
        start=target.start,
        tolerance=target.tolerance,
        low=target.low,
        high=target.high,
        levels=tuple(sorted(levels)),
        highest=target.highest,
    )


def goals_of(target: Target | None, measures: Measures) -> Sequence[Decimal | None]:
    """Give the value that each unit's measure is held against; None where there is none."""
    if target is not None and target.column is not None:
        return measures.figures[target.column]
    return (None if target is None else target.value,) * len(measures.units)


def needs_goal(target: Target | None) -> bool:
    """Tell whether a target cannot be judged without a value."""
    return target is not None and target.kind in NEEDS_GOAL
