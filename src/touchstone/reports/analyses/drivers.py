"""What accounts for an outcome, as a record and as readers see it."""

from typing import Any

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.content.analyses.drivers import DriversSpec
from touchstone.reports.charts import SpanTitles, outcome_spans
from touchstone.reports.outcome_tables import number, outcome_record, outcome_table, readable
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words
from touchstone.stats.drivers.drivers import Driver, Drivers

HEADS = ("predictor", "share", "low", "high", "coefficient", "correlation")


def drivers_record(spec: DriversSpec, found: Drivers | Withheld) -> dict[str, Any]:
    """Give R² and each predictor's part in it as plain data."""
    if isinstance(found, Withheld):
        none = outcome_record(found)
        rows = [{"predictor": one, "contribution": none, "share": none} for one in spec.predictors]
        return {"explained": none, "drivers": rows}
    return {
        "n": found.n,
        "left_out": found.left_out,
        "explained": outcome_record(found.explained),
        "drivers": [
            {
                "predictor": one.name,
                "contribution": outcome_record(one.contribution),
                "share": outcome_record(one.share),
                "coefficient": number(one.coefficient),
                "correlation": number(one.correlation),
            }
            for one in found.drivers
        ],
    }


def show_drivers(spec: DriversSpec, found: Drivers | Withheld, words: Words) -> Shown:
    """Give R² and each predictor's part in it, the largest first."""
    if isinstance(found, Withheld):
        return Shown((words.withheld(found),))
    ordered = sorted(found.drivers, key=lambda one: -_size(one.contribution))
    rows: list[tuple[dict[str, str], Outcome]] = [
        ({"predictor": words.text("drivers.together")}, found.explained)
    ]
    rows += [({"predictor": words.column(one.name)}, one.contribution) for one in ordered]
    parts: list[ShownTable | str] = [
        outcome_table(rows, words, confidence=float(spec.confidence)),
        shown_table(
            [words.text(f"drivers.head.{name}") for name in HEADS],
            [_line(one, words) for one in ordered],
            numbers=range(1, len(HEADS)),
        ),
    ]
    if found.left_out:
        parts.append(words.text("drivers.left_out", count=found.left_out))
    titles = SpanTitles(
        "drivers",
        words.text("drivers.picture", outcome=words.column(spec.outcome)),
        words.text("drivers.axis"),
    )
    shares = [(words.column(one.name), one.share) for one in ordered]
    return Shown(tuple(parts), charts=(outcome_spans(titles, shares, words, times=100),))


def _line(one: Driver, words: Words) -> list[str]:
    share: list[Any] = [None, None, None]
    if isinstance(one.share, Estimate):
        share = [100 * figure for figure in (one.share.value, one.share.low, one.share.high)]
    figures = (*share, one.coefficient, one.correlation)
    return [words.column(one.name), *(readable(figure, words) for figure in figures)]


def _size(outcome: Outcome) -> float:
    return float(outcome.value) if isinstance(outcome, Estimate) else 0.0
