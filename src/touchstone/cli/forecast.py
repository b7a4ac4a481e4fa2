"""`touchstone forecast`: say beforehand what will be, and how sure that is."""

from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

import click

from touchstone.cli.coded_columns import read_columns
from touchstone.cli.findings import tell
from touchstone.cli.options import column, shown
from touchstone.content.analyses.forecast import MOST_AHEAD, ForecastSpec
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.forecast import forecast_in, series_of
from touchstone.reports.analyses.forecast import forecast_record, show_forecast
from touchstone.reports.words import Words
from touchstone.stats.forecasts.choices import METHODS
from touchstone.stats.forecasts.records import KeptForecast, read_forecasts, write_forecasts
from touchstone.stats.forecasts.series_forecasts import BEST, kept_forecasts

DATA = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("data", type=DATA)
@click.option(
    "--time", "time_column", required=True, callback=column, metavar="T",
    help="Periods: years, 2024-03 or 2024-Q1.",
)  # fmt: skip
@click.option("--value", required=True, callback=column, metavar="Y", help="Values to forecast.")
@click.option(
    "--by",
    type=click.Choice(["sum", "mean"]),
    help="Where periods have several rows: which figure of them.",
)
@click.option("--horizon", type=click.IntRange(1, MOST_AHEAD), default=1, show_default=True)
@click.option(
    "--method", "methods", multiple=True, type=click.Choice([*METHODS, BEST]),
    help="How to forecast; may stand several times. best: by the tests on the past.",
)  # fmt: skip
@click.option("--driver", callback=column, metavar="X", help="What drives Y, for elasticity.")
@click.option("--at-least", "bound", type=float, metavar="B", help="Ask: will Y be B or more?")
@click.option("--series", metavar="NAME", help="Name of the series; else that of Y.")
@click.option(
    "--store", type=click.Path(dir_okay=False, path_type=Path),
    help="Add the forecasts to this file, for `touchstone score`.",
)  # fmt: skip
@shown
def forecast(
    data: Path,
    time_column: str,
    methods: tuple[Any, ...],
    bound: float | None,
    store: Path | None,
    confidence: float,
    language: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """Forecast a series in DATA (CSV, CSV.gz, XLSX or Parquet), one row for each period.

    Each method is tested on the past: refitted at earlier ends of the series and held against
    what came. naive: no change. ses, holt, damped: exponential smoothing. gm11: grey model.
    elasticity: regression on a driver, in logarithms, whose later values stand in further rows.
    """
    spec = ForecastSpec(
        time=time_column,
        methods=tuple(dict.fromkeys(methods)),
        at_least=None if bound is None else Decimal(str(bound)),
        confidence=Decimal(str(confidence)),
        smallest_group=0,
        **asked,
    )
    if bound is not None and not isfinite(bound):
        raise click.UsageError(f"--at-least {bound} is not a number.")
    if "elasticity" in spec.methods and spec.driver is None:
        raise click.UsageError("The method elasticity needs --driver.")
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    numbers = (spec.value, *([spec.driver] if spec.driver else []))
    snapshot = read_columns(raw, numbers=numbers, texts=(time_column,))
    series = series_of(spec, Evidence(snapshot, raw.source))
    found = forecast_in(series, spec, where=raw.source)
    if store is not None:
        _store(store, kept_forecasts(found, bound=bound))
    tell(show_forecast(spec, found, Words(language)), forecast_record(spec, found), as_json=as_json)


def _store(path: Path, forecasts: list[KeptForecast]) -> None:
    """Add forecasts to a file; those that stand in it already are not added again."""
    old = path.read_bytes() if path.exists() else b""
    there = set(map(str, read_forecasts(old, where=path.name)))
    new = [one for one in forecasts if str(one) not in there]
    with path.open("ab") as stream:
        stream.write(write_forecasts(new))
