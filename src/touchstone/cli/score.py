"""`touchstone score`: hold kept forecasts against what came."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.cli.aligned_tables import written
from touchstone.cli.coded_columns import read_columns
from touchstone.cli.options import column, shown
from touchstone.formats.raw_tables import RawTable
from touchstone.formats.readers import read_table
from touchstone.reports.folders.results import ANALYSES
from touchstone.reports.outcome_tables import json_text, number, outcome_record, outcome_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.forecasts.records import read_forecasts
from touchstone.stats.forecasts.scores import (
    Score,
    ScoreSummary,
    score_forecasts,
    summarise_scores,
)
from touchstone.stats.snapshot_columns import numbers_of, texts_of

FIGURES = ("ranked_score", "scaled_error", "covered", "brier")
DATA = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("forecasts", type=click.Path(exists=True, path_type=Path))
@click.argument("actuals", type=DATA)
@click.option("--time", "time_column", required=True, callback=column, metavar="T", help="Periods.")
@click.option("--value", required=True, callback=column, metavar="Y", help="What came.")
@click.option(
    "--series", callback=column, metavar="S", help="Names of series; else one for all forecasts."
)
@shown
def score(
    forecasts: Path,
    actuals: Path,
    time_column: str,
    value: str,
    series: str | None,
    confidence: float,
    language: str,
    as_json: bool,
) -> None:
    """Score FORECASTS against ACTUALS, a table of what came.

    FORECASTS is the file of `touchstone forecast --store`, a results folder or its analyses.json,
    or what `touchstone analyse --json` wrote. Forecasts of periods that are not there yet are
    counted and left. One that was changed after it was written is refused.
    """
    words = Words(language)
    source = forecasts / ANALYSES if forecasts.is_dir() else forecasts
    kept = read_forecasts(_content(source), where=str(source.relative_to(forecasts.parent)))
    with actuals.open("rb") as stream:
        raw = read_table(stream, where=actuals.name)
    labels = sorted({one.series for one in kept})
    values = _values(raw, time_column, value, series, labels=labels)
    scores = score_forecasts(kept, values, confidence=confidence)
    summaries = summarise_scores(scores, confidence=confidence)
    if as_json:
        click.echo(json_text(_record(len(kept), scores, summaries)))
    else:
        rows = [
            (
                {
                    "series": one.series,
                    "forecaster": _method(one.method, words),
                    "horizon": format_number(one.horizon),
                    "score": words.text(f"score.{name}"),
                },
                getattr(one, name),
            )
            for one in summaries
            for name in FIGURES
        ]
        click.echo(written([outcome_table(rows, words, confidence=confidence)]))
        left = words.text("score.left", scored=len(scores), waiting=len(kept) - len(scores))
        click.echo(left, err=True)


def _content(source: Path) -> bytes:
    if not source.is_file():
        raise click.UsageError(f"There is no {ANALYSES} in {str(source.parent)!r}.")
    return source.read_bytes()


def _values(
    raw: RawTable, time_column: str, value: str, series: str | None, *, labels: Sequence[str]
) -> dict[tuple[str, str], float]:
    """Give the known values by series and period; without a column of series for all labels."""
    texts = (time_column, *([series] if series else []))
    snapshot = read_columns(raw, numbers=(value,), texts=texts)
    names = texts_of(snapshot, series) if series else None
    found = {}
    values = numbers_of(snapshot, value).tolist()
    for place, period in enumerate(texts_of(snapshot, time_column)):
        if period is None or not np.isfinite(values[place]):
            continue
        for label in labels if names is None else [names[place] or ""]:
            if (label, period) in found:
                raise TouchstoneError(
                    "FORECAST-02",
                    where=raw.source,
                    found=f"the period {period} stands twice",
                    remedy="Give each period one row, or name the column that tells series apart.",
                )
            found[label, period] = values[place]
    return found


def _record(
    kept: int, scores: Sequence[Score], summaries: Sequence[ScoreSummary]
) -> dict[str, Any]:
    return {
        "forecasts": kept,
        "scored": len(scores),
        "scores": [_score_record(one) for one in scores],
        "summaries": [
            {"series": one.series, "method": one.method, "horizon": one.horizon}
            | {name: outcome_record(getattr(one, name)) for name in FIGURES}
            for one in summaries
        ],
    }


def _score_record(score: Score) -> dict[str, Any]:
    forecast = score.forecast
    optional = {"scaled_error": score.scaled_error, "brier": score.brier}
    return {
        "series": forecast.series,
        "method": forecast.method,
        "issued": forecast.issued,
        "target": forecast.target,
        "horizon": forecast.horizon,
        "value": number(score.value),
        "ranked_score": number(score.ranked_score),
        "inside": score.inside,
    } | {name: None if one is None else number(one) for name, one in optional.items()}


def _method(name: str, words: Words) -> str:
    """Give a method's name; forecasts of others may have methods of their own."""
    return words.method(name) if words.knows(f"method.{name}") else name
