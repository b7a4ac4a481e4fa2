"""Checks of targets: whether each has what its kind needs, and nothing that contradicts it."""

import re
from collections.abc import Iterator

from touchstone.base.errors import TouchstoneError
from touchstone.content.dataset_checks import check_column_named
from touchstone.content.datasets import ColumnSpec, Dataset
from touchstone.content.names import name_like
from touchstone.content.schemes import Target

Contradiction = tuple[str, str]
TAKES_ONE_VALUE = ("more_is_better", "less_is_better", "on_target")
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
DIVIDES = ("capped", "proportional", "mirrored")


def check_target(
    target: Target, measured: ColumnSpec | None, dataset: Dataset | None, *, where: str
) -> Iterator[TouchstoneError]:
    """Find what a target lacks or what contradicts its kind.

    `measured` is the column behind the indicator, as a number where it is a mean or a share;
    `dataset` is the scheme's. Either is None when not known.
    """
    for found, remedy in _lacking(target):
        yield TouchstoneError("SCHEME-20", where=where, found=found, remedy=remedy)
    for found, remedy in (*_superfluous(target), *_contradictory(target)):
        yield TouchstoneError("SCHEME-21", where=where, found=found, remedy=remedy)
    if measured is not None:
        yield from _check_measured(target, measured, where)
    if target.column is not None and dataset is not None:
        yield from check_column_named(
            dataset,
            target.column,
            where=f"{where}, 'column'",
            kinds=("number",),
            codes=("SCHEME-03", "SCHEME-06"),
        )
        if dataset.key != (dataset.unit,):
            yield TouchstoneError(
                "SCHEME-06",
                where=f"{where}, 'column'",
                found="a target in a column needs one row for each unit, and this dataset may "
                "have several",
                remedy="Write the target as 'value'.",
            )


def _lacking(target: Target) -> Iterator[Contradiction]:
    kind = target.kind
    if kind in TAKES_ONE_VALUE and target.value is None and target.column is None:
        yield f"a target of kind {kind} has no target", "Write 'value' or 'column'."
    if kind == "band" and (target.low is None or target.high is None):
        yield "a target of kind band lacks a bound", "Write both 'low' and 'high'."
    if kind == "rubric" and not target.levels:
        yield "a target of kind rubric has no levels", "Write levels = { … } with their points."
    if target.completion == "linear" and target.start is None:
        yield "completion linear does not say where 0 points are", "Write 'from'."


def _superfluous(target: Target) -> Iterator[Contradiction]:
    kind = target.kind
    stands = {
        "value": target.value is not None and kind not in TAKES_ONE_VALUE,
        "column": target.column is not None and kind not in TAKES_ONE_VALUE,
        "low": target.low is not None and kind != "band",
        "high": target.high is not None and kind != "band",
        "levels": bool(target.levels) and kind != "rubric",
        "tolerance": target.tolerance != 0 and kind != "on_target",
    }
    for key, is_superfluous in stands.items():
        if is_superfluous:
            yield f"'{key}' has no meaning for a target of kind {kind}", "Take it out."
    if target.start is not None and target.completion != "linear":
        yield f"'from' has no meaning for completion {target.completion}", "Take it out."


def _contradictory(target: Target) -> Iterator[Contradiction]:
    kind, completion = target.kind, target.completion
    if target.value is not None and target.column is not None:
        yield "the target stands in 'value' and in 'column'", "Keep one of them."
    if kind in {"yes_no", "rubric"} and completion != "met":
        yield f"completion {completion} does not fit kind {kind}", 'Write completion = "met".'
    if kind in {"band", "on_target"} and completion in DIVIDES:
        yield f"completion {completion} does not fit kind {kind}", 'Write "met" or "linear".'
    if kind == "more_is_better" and completion == "mirrored":
        yield "completion mirrored gives more points to less", "Write kind less_is_better."
    if target.low is not None and target.high is not None and target.low > target.high:
        yield f"'low' {target.low} is above 'high' {target.high}", "Exchange them."
    if target.tolerance < 0:
        yield f"'tolerance' is {target.tolerance}", "Write 0 or more."
    if target.highest is not None and target.highest <= 0:
        yield f"'highest' is {target.highest}", "Write the most points a unit can get, above 0."
    if any(points < 0 for points in target.levels.values()):
        yield "a level has points below 0", "Write points from 0 up."
    if target.value is not None and target.value <= 0 and completion in DIVIDES:
        yield (
            f"completion {completion} divides by the target, which is {target.value}",
            "Write a target above 0, or completion met or linear.",
        )
    yield from _contradicting_start(target)


def _contradicting_start(target: Target) -> Iterator[Contradiction]:
    """Find out whether points rise from `from` to where the target is met."""
    start, kind, value = target.start, target.kind, target.value
    if start is None or target.completion != "linear":
        return
    if kind == "more_is_better" and value is not None and start >= value:
        yield f"'from' {start} is not below the target {value}", "Lower 'from'."
    if kind == "less_is_better" and value is not None and start <= value:
        yield f"'from' {start} is not above the target {value}", "Raise 'from'."
    edges = (target.low, target.high) if kind == "band" else (None, None)
    if kind == "on_target" and value is not None:
        edges = (value - target.tolerance, value + target.tolerance)
    low, high = edges
    if low is not None and high is not None and low <= start <= high:
        yield f"'from' {start} lies where the target is met", "Move it outside."


def _check_measured(target: Target, measured: ColumnSpec, where: str) -> Iterator[TouchstoneError]:
    is_fitting = {"text": target.kind == "rubric", "yes_no": target.kind == "yes_no"}
    if not is_fitting.get(measured.kind, target.kind != "yes_no"):
        yield TouchstoneError(
            "SCHEME-06",
            where=where,
            found=f"a target of kind {target.kind} stands on the column '{measured.name}' of kind "
            f"{measured.kind}",
            remedy="Take the kind yes_no for yes/no columns, rubric for texts, others for numbers.",
        )
    elif target.kind == "rubric":
        for found, remedy in _level_contradictions(target, measured):
            yield TouchstoneError(
                "SCHEME-20", where=f"{where}, 'levels'", found=found, remedy=remedy
            )


def _level_contradictions(target: Target, measured: ColumnSpec) -> Iterator[Contradiction]:
    """Find levels of a rubric that the measure cannot have, and values without points."""
    if measured.kind != "text":
        for level in target.levels:
            if not NUMBER.fullmatch(level):
                yield f"the level '{level}' is no number", "Write levels as numbers, such as 3."
        return
    if not measured.choices:
        yield (
            f"the column '{measured.name}' does not list the texts it may hold",
            "Write its 'choices' in the dataset, in rising order.",
        )
    for level in target.levels:
        if measured.choices and level not in measured.choices:
            yield f"the column has no value '{level}'", f"{name_like(level, measured.choices)}."
    for choice in measured.choices:
        if choice not in target.levels:
            yield f"the value '{choice}' has no points", f"Write '{choice}' = and its points."
