"""Rates of answering beside the figures of a sample, as records and as tables."""

from typing import Any

from touchstone.loop.analyses.answer_rates import By, Rates, Shares
from touchstone.reports.outcome_tables import number
from touchstone.reports.shown_tables import ShownTable, shown_table
from touchstone.reports.words import Words

PERCENT_PLACES = 1
ANSWERED = ("cannot_judge", "no_answer")


def rates_record(rates: Rates, by: By, variable: str) -> dict[str, Any]:
    """Give the rates that belong beside one figure, as plain data."""
    found: dict[str, Any] = {}
    if by in rates.of_domain:
        found["response"] = _plain(rates.of_domain[by])
    return found | _plain(rates.of_variable.get((by, variable), {}))


def rate_tables(rates: Rates, words: Words) -> list[ShownTable]:
    """Set rates in tables, in percent: one of domains, one of variables."""
    tables = []
    if rates.of_domain:
        names = list(next(iter(rates.of_domain.values())))
        lines = [
            [*_texts_of(by, words), *_percents(found, words)]
            for by, found in rates.of_domain.items()
        ]
        heads = _columns(next(iter(rates.of_domain)), words)
        tables.append(_table(heads, names, lines, words))
    if rates.of_variable:
        lines = [
            [*_texts_of(by, words), words.column(name), *_percents(found, words)]
            for (by, name), found in rates.of_variable.items()
        ]
        first, _ = next(iter(rates.of_variable))
        heads = [*_columns(first, words), words.text("estimate.head.variable")]
        names = [words.text(f"estimate.head.{name}") for name in ANSWERED]
        tables.append(_table(heads, names, lines, words))
    return tables


def _plain(rates: Shares) -> dict[str, float | None]:
    return {name: None if rate is None else number(rate) for name, rate in rates.items()}


def _columns(by: By, words: Words) -> list[str]:
    return [words.column(name) for name, _ in by]


def _texts_of(by: By, words: Words) -> list[str]:
    return [words.value(name, text) for name, text in by]


def _percents(rates: Shares, words: Words) -> list[str]:
    return [
        words.number(None if rate is None else 100 * rate, PERCENT_PLACES)
        for rate in rates.values()
    ]


def _table(heads: list[str], names: list[str], lines: list[list[str]], words: Words) -> ShownTable:
    titles = [words.text("estimate.head.percent", of=name) for name in names]
    numbers = range(len(heads), len(heads) + len(names))
    return shown_table([*heads, *titles], lines, numbers=numbers)
