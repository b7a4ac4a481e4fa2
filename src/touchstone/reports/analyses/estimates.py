"""Figures of a population from a sample, as a record and as readers see them."""

from collections.abc import Sequence
from typing import Any

from touchstone.content.analyses.estimates import EstimatesSpec
from touchstone.loop.analyses.estimates import FoundEstimates
from touchstone.reports.answer_rates import rate_tables, rates_record
from touchstone.reports.charts import Chart, SpanTitles, outcome_spans
from touchstone.reports.estimate_rows import row_record, rows_table
from touchstone.reports.shown_tables import Shown
from touchstone.reports.words import Words
from touchstone.stats.sampling.domains import Figure

MOST_DRAWN = 40
PERCENT = 100


def estimates_record(_spec: EstimatesSpec, found: FoundEstimates) -> dict[str, Any]:
    """Give the figures with the rates beside them, and the comparisons, as plain data."""
    left_out = {"domains_left_out": found.domains_left_out} if found.domains_left_out else {}
    return left_out | {
        "figures": [
            row_record(one) | rates_record(found.rates, one.by, one.variable)
            for one in found.figures
        ],
        "comparisons": [row_record(one) for one in found.comparisons],
    }


def show_estimates(spec: EstimatesSpec, found: FoundEstimates, words: Words) -> Shown:
    """Give the figures and comparisons as tables, then the rates; with a picture of domains."""
    tables = [
        rows_table(rows, words, confidence=spec.confidence)
        for rows in (found.figures, found.comparisons)
        if rows
    ]
    charts = _charts(spec, found.figures, words) if 1 < len(found.figures) <= MOST_DRAWN else ()
    left_out, notes = found.domains_left_out, []
    if left_out:
        notes.append(words.text("estimate.note.domains_left_out", count=left_out))
    parts = (*tables, *rate_tables(found.rates, words))
    return Shown(parts, notes=tuple(notes), charts=tuple(charts))


def _charts(spec: EstimatesSpec, figures: Sequence[Figure], words: Words) -> list[Chart]:
    """Draw figures that are of one kind: one picture for each variable."""
    charts: list[Chart] = []
    is_share = spec.statistic == "share"
    for variable in dict.fromkeys(figure.variable for figure in figures):
        own = [figure for figure in figures if figure.variable == variable]
        titles = SpanTitles(
            f"figures-{len(charts) + 1}",
            words.column(variable),
            words.text("spans.percent" if is_share else f"estimate.statistic.{spec.statistic}"),
        )
        named = [(_name(figure, words), figure.outcome) for figure in own]
        charts.append(outcome_spans(titles, named, words, times=PERCENT if is_share else 1))
    return charts


def _name(figure: Figure, words: Words) -> str:
    texts = [words.value(name, text) for name, text in figure.by]
    if figure.value is not None:
        texts.append(words.value(figure.variable, figure.value))
    return words.enumerate(texts) or words.column(figure.variable)
