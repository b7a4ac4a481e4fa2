"""A scale's reliability, as a record and as readers see it."""

from typing import Any

from touchstone.content.analyses.reliability import ReliabilitySpec
from touchstone.reports.outcome_tables import number, outcome_record, outcome_table, readable
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.reliability.scales import ScaleReliability

STATISTICS = ("alpha", "alpha_standardised", "omega_total")
ITEM_FIGURES = ("mean", "deviation", "rest_correlation", "alpha_without", "loading")


def reliability_record(_spec: ReliabilitySpec, found: ScaleReliability) -> dict[str, Any]:
    """Give the coefficients, and for each item its figures, as plain data."""
    return {
        "statistics": [
            {"statistic": name, **outcome_record(getattr(found, name))} for name in STATISTICS
        ],
        "items": [
            {"item": item.name, "n": item.n}
            | {
                name: None if getattr(item, name) is None else number(getattr(item, name))
                for name in ITEM_FIGURES
            }
            for item in found.items
        ],
        "against": list(found.against),
    }


def show_reliability(spec: ReliabilitySpec, found: ScaleReliability, words: Words) -> Shown:
    """Give the coefficients with their intervals, and what the scale is without each item."""
    rows = [
        ({"statistic": words.text(f"reliability.statistic.{name}")}, getattr(found, name))
        for name in STATISTICS
    ]
    parts = [outcome_table(rows, words, confidence=float(spec.confidence))]
    if found.items:
        parts.append(_items(found, words))
    against = words.enumerate(map(words.column, found.against))
    notes = [words.text("reliability.note.against", items=against)] if found.against else []
    return Shown(tuple(parts), tuple(notes))


def _items(found: ScaleReliability, words: Words) -> ShownTable:
    heads = [words.text(f"reliability.head.{name}") for name in ("item", "n", *ITEM_FIGURES)]
    lines = []
    for item in found.items:
        figures = [readable(getattr(item, name), words) for name in ITEM_FIGURES]
        lines.append([words.column(item.name), format_number(item.n), *figures])
    return shown_table(heads, lines, numbers=range(1, len(heads)))
