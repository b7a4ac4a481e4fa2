"""`touchstone drivers`: how much of an outcome each of several predictors accounts for."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from touchstone.cli.coded_columns import read_columns
from touchstone.cli.findings import tell
from touchstone.cli.options import column, columns, shown
from touchstone.content.analyses.drivers import DriversSpec
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.drivers import find_drivers
from touchstone.loop.analyses.evidence import Evidence
from touchstone.reports.analyses.drivers import drivers_record, show_drivers
from touchstone.reports.words import Words
from touchstone.stats.drivers.drivers import SPLITTINGS


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
    spec = DriversSpec(
        outcome=outcome,
        predictors=predictors,
        method=splitting,
        confidence=Decimal(str(confidence)),
        smallest_group=0,
    )
    snapshot = read_columns(raw, numbers=(outcome, *predictors))
    found = find_drivers(spec, Evidence(snapshot, raw.source))
    tell(show_drivers(spec, found, Words(language)), drivers_record(spec, found), as_json=as_json)
