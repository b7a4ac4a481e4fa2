"""`touchstone forecast`: say beforehand what will be, and how sure that is."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import click
import numpy as np

from touchstone.base.canonical import content_hash
from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.cli.coded_columns import read_columns
from touchstone.cli.forecast_tables import Said, Timed, forecast_record, forecast_report
from touchstone.cli.options import column, shown
from touchstone.formats.raw_tables import RawTable
from touchstone.formats.readers import read_table
from touchstone.reports.outcome_tables import json_text
from touchstone.reports.words import Words
from touchstone.stats.forecasts.backtests import (
    BackTest,
    back_test,
    best_method,
    common_first,
    naive_scale,
)
from touchstone.stats.forecasts.methods import FEWEST, METHODS, Method, Series, forecast_series
from touchstone.stats.forecasts.periods import equal_steps
from touchstone.stats.forecasts.predictions import Prediction
from touchstone.stats.forecasts.records import KeptForecast, read_forecasts, write_forecasts
from touchstone.stats.snapshot_columns import numbers_of, texts_of

BEST = "best"
ENDS = 2
DATA = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("data", type=DATA)
@click.option(
    "--time", "time_column", required=True, callback=column, metavar="T",
    help="Periods: years, 2024-03 or 2024-Q1.",
)  # fmt: skip
@click.option("--value", required=True, callback=column, metavar="Y", help="Values to forecast.")
@click.option("--horizon", type=click.IntRange(1, 200), default=1, show_default=True)
@click.option(
    "--method", "methods", multiple=True, type=click.Choice([*METHODS, BEST]),
    help="How to forecast; may stand several times. best: by the tests on the past.",
)  # fmt: skip
@click.option("--driver", callback=column, metavar="X", help="What drives Y, for elasticity.")
@click.option("--at-least", "bound", type=float, metavar="B", help="Ask: will Y be B or more?")
@click.option("--series", "label", metavar="NAME", help="Name of the series; else that of Y.")
@click.option(
    "--store", type=click.Path(dir_okay=False, path_type=Path),
    help="Add the forecasts to this file, for `touchstone score`.",
)  # fmt: skip
@shown
def forecast(
    data: Path,
    horizon: int,
    methods: tuple[str, ...],
    bound: float | None,
    store: Path | None,
    confidence: float,
    language: str,
    as_json: bool,
    **names: Any,
) -> None:
    """Forecast a series in DATA (CSV, CSV.gz, XLSX or Parquet), one row for each period.

    Each method is tested on the past: refitted at earlier ends of the series and held against
    what came. naive: no change. ses, holt, damped: exponential smoothing. gm11: grey model.
    elasticity: regression on a driver, in logarithms, whose later values stand in further rows.
    """
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    words = Words(language)
    timed = _read(raw, **names)
    chosen = _methods(methods, timed.series)
    tested = [name for name in chosen if FEWEST[name] < timed.periods.count]
    first = common_first(tested) if tested else None
    tests = {
        method: back_test(timed.series, method, horizon=horizon, first=first, confidence=confidence)
        for method in chosen
    }
    wanted = _wanted(methods, tests)
    said = [one for method in wanted for one in _say(timed, method, horizon)]
    if store is not None:
        _store(store, said, timed, bound)
    if as_json:
        click.echo(
            json_text(forecast_record(timed, said, tests, bound=bound, confidence=confidence))
        )
    else:
        found = forecast_report(timed, said, tests, words=words, bound=bound, confidence=confidence)
        click.echo("\n\n".join(found))


def _read(
    raw: RawTable, *, time_column: str, value: str, driver: str | None, label: str | None
) -> Timed:
    """Put rows in order of time; only rows at the end may be without a value."""
    numbers = (value, *([driver] if driver else []))
    snapshot = read_columns(raw, numbers=numbers, texts=(time_column,))
    texts = [text or "" for text in texts_of(snapshot, time_column)]
    periods, places = equal_steps(texts, where=raw.source)
    order = np.argsort(places)
    values = numbers_of(snapshot, value)[order]
    known = np.flatnonzero(np.isfinite(values))
    count = int(known[-1]) + 1 if len(known) else 0
    if len(known) < count or not count:
        gap = int(np.argmin(np.isfinite(values)))
        raise TouchstoneError(
            "FORECAST-05",
            where=f"{raw.source}, column {value!r}",
            found=f"no value for {periods.name(gap)}" if count else "no value at all",
            remedy="Fill it in; only the last rows may be without a value.",
        )
    drives = numbers_of(snapshot, driver)[order] if driver else None
    return Timed(label or value, periods.until(count), Series(values[:count], drives))


def _methods(methods: tuple[str, ...], series: Series) -> tuple[Method, ...]:
    """Name the methods to test: those asked for, and the naive one beside them.

    The best is looked for among those that leave two ends of the series for tests.
    """
    if "elasticity" in methods and series.driver is None:
        raise click.UsageError("The method elasticity needs --driver.")
    usable = [name for name in METHODS if name != "elasticity" or series.driver is not None]
    if not methods or BEST in methods:
        room = len(series.values) - ENDS
        usable = [name for name in usable if name in methods or FEWEST[name] <= room]
        return tuple(usable) or ("naive",)
    return tuple(name for name in METHODS if name in methods or name == "naive")


def _wanted(
    methods: tuple[str, ...], tests: Mapping[Method, BackTest | Withheld]
) -> tuple[Method, ...]:
    if methods and BEST not in methods:
        return cast(tuple[Method, ...], tuple(dict.fromkeys(methods)))
    best = best_method(list(tests.values()))
    return (best or "naive",)


def _say(timed: Timed, method: Method, horizon: int) -> list[Said]:
    found = forecast_series(timed.series, method, horizon)
    count = timed.periods.count
    targets = [timed.periods.name(count + step) for step in range(horizon)]
    if isinstance(found, Withheld):
        return [Said(method, target, step + 1, found) for step, target in enumerate(targets)]
    pairs = zip(targets, found, strict=True)
    return [Said(method, target, step + 1, one) for step, (target, one) in enumerate(pairs)]


def _kept(said: Sequence[Said], timed: Timed, bound: float | None) -> list[KeptForecast]:
    periods, values = timed.periods, timed.series.values
    known = [[periods.name(place), value] for place, value in enumerate(values.tolist())]
    evidence = content_hash({"series": timed.label, "values": known})
    return [
        KeptForecast(
            timed.label,
            one.method,
            periods.name(periods.count - 1),
            one.target,
            one.step,
            one.prediction,
            naive_scale(values),
            evidence,
            bound,
            None if bound is None else one.prediction.probability_at_least(bound),
        )
        for one in said
        if isinstance(one.prediction, Prediction)
    ]


def _store(path: Path, said: Sequence[Said], timed: Timed, bound: float | None) -> None:
    """Add forecasts to a file; those that stand in it already are not added again."""
    old = path.read_bytes() if path.exists() else b""
    there = set(map(str, read_forecasts(old, where=path.name)))
    new = [one for one in _kept(said, timed, bound) if str(one) not in there]
    with path.open("ab") as stream:
        stream.write(write_forecasts(new))
