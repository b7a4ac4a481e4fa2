"""How an index was made and what its places depend on, as a record and as readers see it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from touchstone.base.outcomes import Estimate
from touchstone.loop.results import IndexFactor, IndexSummary
from touchstone.reports.charts import Chart, SpanTitles, outcome_spans
from touchstone.reports.index_words import steps_in_words, varied_in_words
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.figures import rounded

SHARE_PLACES = 2
PERCENT = 100


def index_record(summary: IndexSummary) -> dict[str, Any]:
    """Give steps, weights, what was done to figures, and what moves places, as plain data."""
    record: dict[str, Any] = msgspec.to_builtins(summary, builtin_types=(Decimal,))
    pairs = ("steps", "weights", "treated", "consistency", "varied")
    return record | {name: dict(getattr(summary, name)) for name in pairs}


def show_index(summary: IndexSummary, words: Words) -> Shown:
    """Say how the index was made, what speaks against it, and what moves the places."""
    parts: list[ShownTable | str] = list(_sentences(summary, words))
    charts: list[Chart] = []
    if summary.factors:
        parts += [words.text("index.note.attributions"), _factors(summary.factors, words)]
        charts.append(_picture(summary, words))
    return Shown(tuple(parts), charts=tuple(charts))


def _sentences(summary: IndexSummary, words: Words) -> Iterator[str]:
    yield steps_in_words(dict(summary.steps), words)
    if summary.draws:
        yield words.text(
            "index.note.draws", draws=summary.draws, seed=summary.seed, own=summary.own_draws
        )
    if summary.draws and summary.varied:
        varied = [factor for factor, _ in summary.varied]
        yield words.text("index.note.varied", varied=varied_in_words(varied, words))
    treated = tuple(name for name, _ in summary.treated)
    for key, names in (("treated", treated), ("unsettled", summary.unsettled)):
        if names:
            told = words.enumerate(words.text(f"criterion.{name}") for name in names)
            yield words.text(f"index.note.{key}", indicators=told)
    if summary.collinear:
        pairs = words.enumerate(
            words.text("index.note.pair", one=one, other=other) for one, other in summary.collinear
        )
        yield words.text("index.note.collinear", pairs=pairs)
    for group, ratio in summary.consistency:
        name = f"criterion.{group}"
        told_group = words.text(name) if words.knows(name) else group
        yield words.text("index.note.consistency", group=told_group, ratio=f"{ratio:.3f}")


def _factors(factors: tuple[IndexFactor, ...], words: Words) -> ShownTable:
    heads = [words.text(f"index.head.{name}") for name in ("factor", "first", "total")]
    lines = [
        [words.text(f"index.step.{one.factor}"), _share(one.first), _share(one.total)]
        for one in factors
    ]
    return shown_table(heads, lines, numbers={1, 2})


def _picture(summary: IndexSummary, words: Words) -> Chart:
    """Draw how large a part each factor has in the shift of places, on its own or with others."""
    titles = SpanTitles("factors", words.text("index.picture"), words.text("index.axis"))
    ordered = sorted(summary.factors, key=lambda one: -one.total)
    named = [(words.text(f"index.step.{one.factor}"), _estimate(one, summary)) for one in ordered]
    return outcome_spans(titles, named, words, times=PERCENT)


def _estimate(one: IndexFactor, summary: IndexSummary) -> Estimate:
    value, low, high = (Decimal(str(part)) for part in (one.total, *one.total_interval))
    return Estimate(value, low, high, summary.draws, "index")


def _share(figure: float) -> str:
    return format_number(rounded(Decimal(figure), SHARE_PLACES))
