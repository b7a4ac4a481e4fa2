"""How long the texts of a unit may be; no Django here, so that readings can ask too."""

from collections.abc import Iterable

from touchstone.base.errors import MOST_FAULTS_KEPT, InputErrors, TouchstoneError
from touchstone.content.trees import Node
from touchstone.formats.raw_tables import shorten

# The widths of the columns of `people.models.Unit`.
LONGEST = {"unit": 100, "name": 300, "level": 100}


def check_lengths(nodes: Iterable[Node], *, where: str) -> None:
    """Refuse units whose identifier, name or level is too long to be kept (UPLOAD-08)."""
    faults, total = [], 0
    for node in nodes:
        for field, longest in LONGEST.items():
            text = getattr(node, field)
            if len(text) <= longest:
                continue
            total += 1
            if total <= MOST_FAULTS_KEPT:
                faults.append(_too_long(field, text, where=where))
    if faults:
        raise InputErrors(faults, total=total)


def _too_long(field: str, text: str, *, where: str) -> TouchstoneError:
    return TouchstoneError(
        "UPLOAD-08",
        where=where,
        found=f"a {field} of {len(text):,} characters, {shorten(text)}",
        remedy=f"Shorten it to at most {LONGEST[field]} characters.",
    )
