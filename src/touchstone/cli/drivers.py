"""`touchstone drivers`: how much of an outcome each of several predictors accounts for."""

from pathlib import Path
from typing import Any

import click
import numpy as np

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.cli.aligned_tables import aligned
from touchstone.cli.coded_columns import numbers_of, read_columns
from touchstone.cli.options import column, columns, shown
from touchstone.cli.outcome_tables import json_text, number, outcome_record, outcome_table, readable
from touchstone.formats.readers import read_table
from touchstone.reports.words import Words
from touchstone.stats.drivers.drivers import SPLITTINGS, Driver, Drivers, drivers_of


@click.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--outcome", required=True, callback=column, metavar="Y", help="What is driven.")
@click.option(
    "--predictors", required=True, callback=columns, metavar="A,B[,…]", help="What may drive it."
)
@click.option(
    "--method", "splitting", type=click.Choice(list(SPLITTINGS)), default="relative",
    show_default=True, help="How to split R²: relative weights, or Shapley values (LMG).",
)  # fmt: skip
@shown
def drivers(
    data: Path,
    outcome: str,
    predictors: tuple[str, ...],
    splitting: Any,
    confidence: float,
    language: str,
    as_json: bool,
) -> None:
    """Tell what accounts for an outcome in DATA (CSV, CSV.gz, XLSX or Parquet).

    The explained variance of a linear regression is split among the predictors, with intervals.
    A driver is what goes together with the outcome; whether moving it moves the outcome is for
    `touchstone effect` to tell.
    """
    if outcome in predictors:
        raise click.UsageError(f"{outcome!r} is the outcome and a predictor.")
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    snapshot = read_columns(raw, numbers=(outcome, *predictors))
    table = np.column_stack([numbers_of(snapshot, name) for name in predictors])
    found = drivers_of(
        numbers_of(snapshot, outcome), table, predictors, splitting=splitting, confidence=confidence
    )
    words = Words(language)
    if as_json:
        click.echo(json_text(_record(found, predictors)))
    else:
        click.echo("\n\n".join(_report(found, words, confidence=confidence)))


def _record(found: Drivers | Withheld, predictors: tuple[str, ...]) -> dict[str, Any]:
    if isinstance(found, Withheld):
        none = outcome_record(found)
        rows = [{"predictor": name, "contribution": none, "share": none} for name in predictors]
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


def _report(found: Drivers | Withheld, words: Words, *, confidence: float) -> list[str]:
    if isinstance(found, Withheld):
        return [words.withheld(found)]
    ordered = sorted(found.drivers, key=lambda one: -_size(one.contribution))
    rows: list[tuple[dict[str, str], Outcome]] = [
        ({"predictor": words.text("drivers.together")}, found.explained)
    ]
    rows += [({"predictor": one.name}, one.contribution) for one in ordered]
    heads = ("predictor", "share", "low", "high", "coefficient", "correlation")
    lines = [
        [words.text(f"drivers.head.{name}") for name in heads],
        *(_line(one, words) for one in ordered),
    ]
    parts = [outcome_table(rows, words, confidence=confidence), aligned(lines, right=range(1, 6))]
    if found.left_out:
        parts.append(words.text("drivers.left_out", count=found.left_out))
    return parts


def _line(one: Driver, words: Words) -> list[str]:
    share: list[Any] = [None, None, None]
    if isinstance(one.share, Estimate):
        share = [100 * figure for figure in (one.share.value, one.share.low, one.share.high)]
    figures = (*share, one.coefficient, one.correlation)
    return [one.name, *(readable(figure, words) for figure in figures)]


def _size(outcome: Outcome) -> float:
    return float(outcome.value) if isinstance(outcome, Estimate) else 0.0
