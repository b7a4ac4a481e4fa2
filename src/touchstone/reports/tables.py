"""Results as tables and as JSON: the same columns everywhere, in the order of the units."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
import pyarrow as pa

from touchstone.loop.results import Assessment, UnitResult
from touchstone.reports.grade_tables import (
    probabilities_record,
    probability_columns,
    quota_record,
)
from touchstone.reports.words import Words

COLUMNS = (
    "unit",
    "name",
    "n",
    "score",
    "low",
    "high",
    "rank_low",
    "rank_high",
    "grade",
    "status",
    "because",
)
BESIDE_COLUMNS = ("unit", *COLUMNS[3:9], "order", "order_here", "moves")
DECIMALS = ("score", "low", "high")
WHOLE_NUMBERS = ("n", "rank_low", "rank_high", "order", "order_here")
MOST_DIGITS = 38


def results_table(assessment: Assessment, words: Words, *, grades: Sequence[str] = ()) -> pa.Table:
    """Give all results as a table sorted by unit; what is withheld is empty.

    Texts are strings, `n` and ranks int64, `score`, `low` and `high` decimals of as many places
    as the figures have. `grade` and `status` are identifiers, `because` is a sentence.
    With `grades`, columns of their probabilities follow.
    """
    units = in_order(assessment.units)
    table = _table([_record(unit, words) for unit in units], COLUMNS)
    for name, column in probability_columns(units, grades).items():
        table = table.append_column(name, column)
    return table


def _table(records: Sequence[Mapping[str, Any]], names: Sequence[str]) -> pa.Table:
    figures = [record[name] for record in records for name in DECIMALS if record[name] is not None]
    places = max((_places(figure) for figure in figures), default=0)
    columns = []
    for name in names:
        kind = pa.string()
        if name in DECIMALS:
            kind = pa.decimal128(MOST_DIGITS, places)
        elif name in WHOLE_NUMBERS:
            kind = pa.int64()
        columns.append(pa.array([record[name] for record in records], kind))
    return pa.table(columns, names=list(names))


def beside_table(assessment: Assessment) -> pa.Table:
    """Give each unit's score, interval, ranks and grade by the scheme beside, and how it moves.

    Sorted by unit, as the results; ValueError without a scheme beside.
    """
    if assessment.beside is None:
        raise ValueError("assessment must have a scheme beside; got none")
    records = [
        {name: getattr(unit, name) for name in BESIDE_COLUMNS} for unit in assessment.beside.units
    ]
    return _table(sorted(records, key=lambda record: str(record["unit"])), BESIDE_COLUMNS)


def results_json(assessment: Assessment, words: Words) -> bytes:
    """Give all results as JSON, one unit a line, figures as numbers exactly as they were rounded.

    `{"scheme": …, "pack": …, "units": [{"unit": …, …}, …]}` with the columns of the table and the
    probabilities of grades; what is withheld is null. Uses of quotas follow where there are any.
    """
    head = {"scheme": assessment.scheme, "pack": assessment.pack}
    lists = {
        "units": [
            {**_record(unit, words), "probabilities": probabilities_record(unit.probabilities)}
            for unit in in_order(assessment.units)
        ]
    }
    if assessment.quotas:
        lists["quotas"] = [quota_record(use) for use in assessment.quotas]
    return records_json(head, lists)


def records_json(head: Mapping[str, Any], lists: Mapping[str, Sequence[Any]]) -> bytes:
    """Write a JSON object of some fields and some lists, with each entry of a list on a line.

    >>> records_json({"scheme": "s"}, {"units": [{"score": Decimal("1.50")}]})
    b'{"scheme":"s","units":[\\n{"score":1.50}\\n]}\\n'
    """
    encode = msgspec.json.Encoder(decimal_format="number").encode
    fields = [encode(name) + b":" + encode(value) for name, value in head.items()]
    for name, entries in lists.items():
        body = b"\n" + b",\n".join(encode(entry) for entry in entries) if entries else b""
        fields.append(encode(name) + b":[" + body + b"\n]")
    return b"{" + b",".join(fields) + b"}\n"


def in_order(units: Sequence[UnitResult]) -> list[UnitResult]:
    """Sort results by the identifier of their unit."""
    return sorted(units, key=lambda unit: unit.unit)


def _record(unit: UnitResult, words: Words) -> dict[str, Any]:
    record: dict[str, Any] = {name: getattr(unit, name) for name in COLUMNS}
    record |= {name: without_exponent(record[name]) for name in DECIMALS}
    record["because"] = words.because(unit.because)
    return record


def without_exponent(figure: Decimal | None) -> Decimal | None:
    """Write 1E+2 as 100, so that a figure reads the same in every file."""
    return None if figure is None else Decimal(f"{figure:f}")


def _places(figure: Decimal) -> int:
    exponent = figure.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
