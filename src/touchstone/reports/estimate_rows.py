"""Figures of a sample as records and as tables."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from touchstone.base.outcomes import Withheld
from touchstone.reports.shown_tables import ShownTable, shown_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.estimates import Row
from touchstone.stats.figures import significant
from touchstone.stats.sampling.domains import Figure

JSON_DIGITS = 15
SHOWN_DIGITS = 6
MOST_SHOWN_PLACES = 8


def row_record(row: Row | Figure) -> dict[str, Any]:
    """Give one row as plain data; figures are numbers of 15 significant digits."""
    record: dict[str, Any] = {"by": dict(row.by), "variable": row.variable}
    if row.value is not None:
        record["value"] = row.value
    record["statistic"] = row.statistic
    found = row.outcome
    if isinstance(found, Withheld):
        nothing = dict.fromkeys(("estimate", "se", "low", "high"))
        return record | nothing | {
            "n": 0, "deff": None, "method": "withheld", "reason": found.reason,
        }  # fmt: skip
    return record | {
        "estimate": _number(found.value),
        "se": _number(found.se),
        "low": _number(found.low),
        "high": _number(found.high),
        "n": found.n,
        "deff": _number(found.deff),
        "method": found.method,
    }


def _number(figure: Decimal | None) -> float | None:
    return None if figure is None else float(significant(figure, JSON_DIGITS))


def rows_table(rows: Sequence[Row | Figure], words: Words, *, confidence: Decimal) -> ShownTable:
    """Give the rows as a table, figures with six significant digits or more."""
    has_values = any(row.value is not None for row in rows)
    percent = format_number(significant(100 * confidence, JSON_DIGITS).normalize())
    names = ["variable", *(["value"] if has_values else []), "statistic"]
    figures = ["estimate", "se", "low", "high", "n", "deff"]
    heads = [words.text(f"estimate.head.{name}", confidence=percent) for name in (*names, *figures)]
    by = [words.column(name) for name, _ in rows[0].by] if rows else []
    if rows and [name for name, _ in rows[0].by] == ["contrast"]:
        by = [words.text("estimate.head.contrast")]
    lines = []
    for row in rows:
        texts = [*(words.value(name, text) for name, text in row.by), words.column(row.variable)]
        texts += [row.value or ""] if has_values else []
        texts.append(words.text(f"estimate.statistic.{row.statistic}"))
        lines.append([*texts, *_shown(row, words)])
    first_figure = len(by) + len(names)
    return shown_table(
        [*by, *heads, words.text("estimate.head.method")],
        lines,
        numbers=range(first_figure, first_figure + len(figures)),
    )


def _shown(row: Row | Figure, words: Words) -> Sequence[str]:
    found = row.outcome
    if isinstance(found, Withheld):
        none = words.text("sign.none")
        return [none, none, none, none, "0", none, words.withheld(found)]
    figures = [
        _readable(figure, words) for figure in (found.value, found.se, found.low, found.high)
    ]
    n, deff = format_number(found.n), words.number(found.deff, 3)
    return [*figures, n, deff, words.method(found.method)]


def _readable(figure: Decimal | None, words: Words) -> str:
    if figure is None:
        return words.text("sign.none")
    places = min(max(0, SHOWN_DIGITS - 1 - figure.adjusted()), MOST_SHOWN_PLACES)
    return format_number(figure, places)
