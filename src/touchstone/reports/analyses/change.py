"""How a mean changed from wave to wave, as a record and as readers see it."""

from collections.abc import Iterator
from typing import Any

from touchstone.content.analyses.change import ChangeSpec
from touchstone.loop.analyses.change import Changes, Domain, DomainChange
from touchstone.reports.charts import Chart, SpanTitles, wave_means
from touchstone.reports.outcome_tables import number, outcome_record, outcome_table, readable
from touchstone.reports.shown_tables import Shown
from touchstone.reports.words import Words

# Columns before the estimate that hold figures.
FIGURES = ("overlap", "se_apart")


def change_record(spec: ChangeSpec, found: Changes) -> dict[str, Any]:
    """Give the waves, and each change with both means and its overlap, as plain data."""
    changes = [_record(spec, one) for one in found.changes]
    record: dict[str, Any] = {"waves": list(found.waves), "changes": changes}
    if found.outside:
        record["not_in_errors"] = list(found.outside)
    if found.domains_left_out:
        record["domains_left_out"] = found.domains_left_out
    return record


def show_change(spec: ChangeSpec, found: Changes, words: Words) -> Shown:
    """Give each change with its interval, and a picture of the means."""
    notes = tuple(_notes(found, words))
    if not found.changes:
        return Shown(() if found.domains_left_out else (words.text("change.one_wave"),), notes)
    rows = [(_labels(spec, one, words), one.change.outcome) for one in found.changes]
    table = outcome_table(rows, words, confidence=float(spec.confidence), figures=FIGURES)
    charts = (_chart(spec, found, words),) if found.series else ()
    return Shown((table,), notes, charts)


def _notes(found: Changes, words: Words) -> Iterator[str]:
    if found.outside:
        columns = words.enumerate(map(words.column, found.outside))
        yield words.text("change.note.design", columns=columns)
    if found.domains_left_out:
        yield words.text("change.domains_left_out", count=found.domains_left_out)


def _record(spec: ChangeSpec, found: DomainChange) -> dict[str, Any]:
    change = found.change
    figures = {
        name: None if figure is None else number(figure)
        for name, figure in (
            ("mean_before", change.mean_before),
            ("mean_after", change.mean_after),
            ("covariance", change.covariance),
            ("se_apart", change.se_apart),
        )
    }
    of = {
        "by": dict(zip(spec.by, found.domain, strict=True)),
        "before": change.before,
        "after": change.after,
    }
    return of | outcome_record(change.outcome) | {"overlap": change.overlap} | figures


def _labels(spec: ChangeSpec, found: DomainChange, words: Words) -> dict[str, str]:
    change = found.change
    return {
        **({"domain": _domain(spec, found.domain, words)} if spec.by else {}),
        "before": change.before,
        "after": change.after,
        "overlap": words.number(change.overlap),
        "se_apart": readable(change.se_apart, words),
    }


def _domain(spec: ChangeSpec, domain: Domain, words: Words) -> str:
    return " / ".join(
        words.value(name, text) if text else words.text("sign.none")
        for name, text in zip(spec.by, domain, strict=True)
    )


def _chart(spec: ChangeSpec, found: Changes, words: Words) -> Chart:
    axis = words.column(spec.value) if spec.value else words.text("change.axis")
    series = [(_domain(spec, one.domain, words), one.means) for one in found.series]
    titles = SpanTitles("wave-means", words.text("change.picture"), axis)
    return wave_means(titles, series, words, breaks=spec.breaks)
