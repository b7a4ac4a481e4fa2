"""Probabilities of grades, uses of quotas and the report on discrimination as tables and JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pyarrow as pa

from touchstone.loop.results import (
    Assessment,
    Component,
    Discrimination,
    GradeProbabilities,
    QuotaUse,
    UnitResult,
)
from touchstone.reports.words import Words

PROBABILITY = pa.decimal128(7, 6)
SENTENCES = ("verdict", "absent")


def probability_columns(units: Sequence[UnitResult], grades: Sequence[str]) -> dict[str, pa.Array]:
    """Give a column `probability_<grade>` for each grade, empty where a unit has none."""
    known = [dict(unit.probabilities.grades) if unit.probabilities else {} for unit in units]
    return {
        f"probability_{grade}": pa.array([one.get(grade) for one in known], PROBABILITY)
        for grade in grades
    }


def probabilities_table(assessment: Assessment, grades: Sequence[str]) -> pa.Table:
    """Give the probability of each grade of each unit, and the method, sorted by unit.

    `grades` are the scheme's, from the lowest up; `method` is `certain`, `distribution` or
    `draws`, and empty where there are no probabilities.
    """
    units = sorted(assessment.units, key=lambda unit: unit.unit)
    methods = [unit.probabilities.method if unit.probabilities else None for unit in units]
    return pa.table(
        {
            "unit": pa.array([unit.unit for unit in units], pa.string()),
            **probability_columns(units, grades),
            "method": pa.array(methods, pa.string()),
        }
    )


def probabilities_record(probabilities: GradeProbabilities | None) -> Mapping[str, Decimal] | None:
    """Give probabilities by grade as plain data, or None."""
    return None if probabilities is None else dict(probabilities.grades)


def quota_record(use: QuotaUse) -> dict[str, Any]:
    """Give one use of a quota as plain data."""
    record = {field.name: getattr(use, field.name) for field in fields(use)}
    return record | {"group": dict(use.group)}


def discrimination_record(found: Discrimination, words: Words) -> dict[str, Any]:
    """Give the report on discrimination as plain data, its verdicts as sentences."""
    record = _plain(found, words)
    record["components"] = [_plain(one, words) for one in found.components]
    record["total"] = _plain(found.total, words)
    record["verdicts"] = [words.because(one) for one in found.verdicts]
    return record


def _plain(found: Discrimination | Component, words: Words) -> dict[str, Any]:
    record = {field.name: getattr(found, field.name) for field in fields(found)}
    for name, value in record.items():
        if isinstance(value, Decimal):
            record[name] = Decimal(f"{value:f}")
        elif name in SENTENCES and value is not None:
            record[name] = words.because(value)
    return record
