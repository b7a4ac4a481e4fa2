"""Results as tables and as JSON: the same columns everywhere, in the order of the units."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
import pyarrow as pa

from touchstone.base.canonical import content_hash
from touchstone.loop.results import Assessment, UnitResult
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
DECIMALS = ("score", "low", "high")
WHOLE_NUMBERS = ("n", "rank_low", "rank_high")
MOST_DIGITS = 38


def results_table(assessment: Assessment, words: Words) -> pa.Table:
    """Give all results as a table sorted by unit; what is withheld is empty.

    Texts are strings, `n` and ranks int64, `score`, `low` and `high` decimals of as many places
    as the figures have. `grade` and `status` are identifiers, `because` is a sentence.
    """
    records = [_record(unit, words) for unit in in_order(assessment.units)]
    figures = [record[name] for record in records for name in DECIMALS if record[name] is not None]
    places = max((_places(figure) for figure in figures), default=0)
    columns = []
    for name in COLUMNS:
        kind = pa.string()
        if name in DECIMALS:
            kind = pa.decimal128(MOST_DIGITS, places)
        elif name in WHOLE_NUMBERS:
            kind = pa.int64()
        columns.append(pa.array([record[name] for record in records], kind))
    return pa.table(columns, names=list(COLUMNS))


def results_json(assessment: Assessment, words: Words) -> bytes:
    """Give all results as JSON, one unit a line, figures as numbers exactly as they were rounded.

    `{"scheme": …, "pack": …, "units": [{"unit": …, …}, …]}` with the columns of the table; what is
    withheld is null.
    """
    encode = msgspec.json.Encoder(decimal_format="number").encode
    units = [encode(_record(unit, words)) for unit in in_order(assessment.units)]
    head = b'{"scheme":%s,"pack":%s,"units":[' % (
        encode(assessment.scheme),
        encode(assessment.pack),
    )
    body = b"\n" + b",\n".join(units) if units else b""
    return head + body + b"\n]}\n"


def results_hash(assessment: Assessment) -> str:
    """Give the SHA-256 of everything an assessment says, in no language and in no file format."""
    return content_hash(msgspec.to_builtins(assessment))


def in_order(units: Sequence[UnitResult]) -> list[UnitResult]:
    """Sort results by the identifier of their unit."""
    return sorted(units, key=lambda unit: unit.unit)


def _record(unit: UnitResult, words: Words) -> dict[str, Any]:
    record: dict[str, Any] = {name: getattr(unit, name) for name in COLUMNS}
    record |= {name: _without_exponent(record[name]) for name in DECIMALS}
    record["because"] = words.because(unit.because)
    return record


def _without_exponent(figure: Decimal | None) -> Decimal | None:
    """Write 1E+2 as 100, so that a figure reads the same in every file."""
    return None if figure is None else Decimal(f"{figure:f}")


def _places(figure: Decimal) -> int:
    exponent = figure.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
