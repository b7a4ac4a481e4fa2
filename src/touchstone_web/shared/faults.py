"""Faults of an input as plain data, and as rows of a table in the reader's language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from touchstone.base.errors import InputErrors, TouchstoneError
from touchstone.reports.words import Words

PLACE = re.compile(
    r"^(?P<file>.+?)(?:, row (?P<row>[\d,]+))?(?:, columns? (?P<column>.+))?$", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One fault as a page shows it.

    `kind` and `remedy` are in the reader's language; `found` is the library's own English, with
    the text of the cell in it.
    """

    code: str
    file: str
    row: str
    column: str
    kind: str
    found: str
    remedy: str


def fault_records(fault: TouchstoneError) -> dict[str, Any]:
    """One fault, or several found together, as plain data: the first hundred and the total."""
    together = fault.faults if isinstance(fault, InputErrors) else (fault,)
    total = fault.total if isinstance(fault, InputErrors) else 1
    return {"faults": [_record(single) for single in together], "total": total}


def fault_text(fault: TouchstoneError, words: Words) -> str:
    """One fault as a sentence in the reader's language, or as the library tells it."""
    key = f"error.{fault.code}"
    return words.text(key) if words.knows(key) else str(fault)


def fault_row(record: Mapping[str, str], words: Words) -> FaultRow:
    """Turn one fault's plain data into a row of the table of faults.

    Without a text for its code the fault is told as the library tells it.
    """
    place = PLACE.match(record["where"])
    parts = place.groupdict() if place else {"file": record["where"]}
    kind, remedy = f"found.{record['code']}", f"remedy.{record['code']}"
    is_own = words.language != "en" and words.knows(remedy)
    return FaultRow(
        code=record["code"],
        file=parts.get("file") or "",
        row=parts.get("row") or "",
        column=(parts.get("column") or "").strip("'\""),
        kind=words.text(kind) if words.knows(kind) else "",
        found=record["found"],
        remedy=words.text(remedy) if is_own else record["remedy"],
    )


def _record(fault: TouchstoneError) -> dict[str, str]:
    return {
        "code": fault.code,
        "where": fault.where,
        "found": fault.found,
        "remedy": fault.remedy,
    }
