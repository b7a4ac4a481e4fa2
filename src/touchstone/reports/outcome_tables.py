"""Outcomes of models as plain records, and as rows of a table for readers."""

import json
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.reports.shown_tables import ShownTable, shown_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.figures import significant
from touchstone.stats.model_figures import DIGITS

SHOWN_DIGITS = 6
MOST_SHOWN_PLACES = 6
NO_FIGURE = dict.fromkeys(("estimate", "se", "low", "high", "n"))


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    """Give an outcome as plain data: figures with their method, or null with the reason."""
    if isinstance(outcome, Withheld):
        record = {**NO_FIGURE, "method": "withheld", "reason": outcome.reason}
        return record | ({"details": dict(outcome.details)} if outcome.details else {})
    return {
        "estimate": number(outcome.value),
        "se": None if outcome.se is None else number(outcome.se),
        "low": number(outcome.low),
        "high": number(outcome.high),
        "n": outcome.n,
        "method": outcome.method,
    }


def number(figure: Decimal | float) -> float:
    """Give a figure with 15 significant digits."""
    return float(significant(Decimal(figure), DIGITS))


def figure_record(found: float | Withheld) -> float | None:
    """Give a model's figure with 15 significant digits, None where it is withheld."""
    return None if isinstance(found, Withheld) else number(found)


def figure_text(found: float | Withheld, words: Words) -> str:
    """Write a model's figure, or why there is none."""
    return words.withheld(found) if isinstance(found, Withheld) else readable(found, words)


def json_text(record: Any) -> str:
    """Write plain data as JSON, without figures that are no numbers."""
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False)


def outcome_table(
    rows: Sequence[tuple[Mapping[str, str], Outcome]],
    words: Words,
    *,
    confidence: float,
    figures: Collection[str] = (),
) -> ShownTable:
    """Set outcomes in a table: what they are of, then figures, n and method, or the reason.

    The first row's names head the columns: `figures.head.<name>` of the catalogue. `figures` are
    those of them that hold figures, too.
    """
    names = list(rows[0][0]) if rows else []
    percent = format_number(significant(Decimal(100 * confidence), 6).normalize())
    heads = [
        words.text(f"figures.head.{name}", confidence=percent)
        for name in (*names, "estimate", "se", "low", "high", "n", "method")
    ]
    lines = [[*of.values(), *_cells(outcome, words)] for of, outcome in rows]
    own = [place for place, name in enumerate(names) if name in figures]
    return shown_table(heads, lines, numbers=[*own, *range(len(names), len(names) + 5)])


def readable(figure: Decimal | float | None, words: Words) -> str:
    """Write a figure with six significant digits, at most six of them decimals."""
    if figure is None:
        return words.text("sign.none")
    exact = significant(Decimal(figure), SHOWN_DIGITS)
    places = min(max(0, SHOWN_DIGITS - 1 - exact.adjusted()), MOST_SHOWN_PLACES)
    return format_number(exact, places)


def _cells(outcome: Outcome, words: Words) -> list[str]:
    none = words.text("sign.none")
    if isinstance(outcome, Withheld):
        return [none, none, none, none, none, words.withheld(outcome)]
    figures = (outcome.value, outcome.se, outcome.low, outcome.high)
    shown = [readable(figure, words) for figure in figures]
    return [*shown, format_number(outcome.n), words.method(outcome.method)]
