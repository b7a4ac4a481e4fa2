"""`touchstone effect`: what an action did to its indicator, beyond what comparable units did."""

from pathlib import Path
from typing import Any

import click
import numpy as np
import pyarrow.compute as pc

from touchstone.base.errors import TouchstoneError
from touchstone.cli.coded_columns import read_columns
from touchstone.cli.effect_tables import Differences, effect_record, effect_report
from touchstone.cli.options import column, shown
from touchstone.formats.raw_tables import RawTable
from touchstone.formats.readers import read_table
from touchstone.reports.outcome_tables import json_text
from touchstone.reports.words import Words
from touchstone.stats.effects.differences import difference_in_differences
from touchstone.stats.effects.event_studies import event_study, trends_before
from touchstone.stats.effects.panels import (
    Cells,
    Panel,
    in_order_of_time,
    panel_by_flags,
    panel_by_starts,
)
from touchstone.stats.effects.placebos import DRAWS, placebo_dates, placebo_units
from touchstone.stats.effects.synthetic_controls import SyntheticControl, synthetic_control
from touchstone.stats.effects.verdicts import verdict_of_differences, verdict_of_synthetic
from touchstone.stats.snapshot_columns import levels_of, numbers_of, texts_of

METHODS = ("did", "event", "synthetic")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("data", type=FILE)
@click.option("--unit", required=True, callback=column, metavar="U", help="Names of the units.")
@click.option("--time", required=True, callback=column, metavar="T", help="Periods, in order.")
@click.option("--value", required=True, callback=column, metavar="Y", help="The indicator.")
@click.option(
    "--treated", callback=column, metavar="COL",
    help="1 where the action holds, 0 elsewhere; with --since, 1 for units that have it.",
)  # fmt: skip
@click.option("--since", metavar="PERIOD", help="The first period with the action, for all.")
@click.option(
    "--action-from", type=FILE, metavar="FILE",
    help="A table of units with the action and its first period, under the names U and T.",
)  # fmt: skip
@click.option(
    "--method", type=click.Choice(METHODS), default="did", show_default=True,
    help="did: one figure; event: period by period; synthetic: for a single unit.",
)  # fmt: skip
@click.option("--draws", type=click.IntRange(99, 1_000_000), default=DRAWS, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the placebo units.")
@shown
def effect(
    data: Path,
    method: str,
    draws: int,
    seed: int,
    confidence: float,
    language: str,
    as_json: bool,
    **names: Any,
) -> None:
    """Tell what an action did to its indicator in DATA (CSV, CSV.gz, XLSX or Parquet).

    One row for each unit and period. Units with the action are held against those without, and
    the same is tried at dates and on units without an action, as a check. The sentence at the end
    says whether an effect is shown.
    """
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    panel, words = _read(raw, **names), Words(language)
    found: Differences | SyntheticControl | Any
    if method == "synthetic":
        found = synthetic_control(panel, confidence=confidence)
        verdict = verdict_of_synthetic(found, confidence=confidence)
    else:
        found = _differences(panel, method, confidence, draws=draws, seed=seed)
        verdict = verdict_of_differences(
            found.difference.outcome, found.trend, found.dates, found.units, confidence=confidence
        )
    if as_json:
        click.echo(json_text(effect_record(panel, found, verdict, words)))
    else:
        parts = effect_report(panel, found, verdict, words, confidence=confidence)
        click.echo("\n\n".join(parts))


def _differences(
    panel: Panel, method: str, confidence: float, *, draws: int, seed: int
) -> Differences:
    return Differences(
        difference_in_differences(panel, confidence=confidence),
        event_study(panel, confidence=confidence).steps if method == "event" else (),
        trends_before(panel),
        placebo_dates(panel, confidence=confidence),
        placebo_units(panel, draws=draws, seed=seed),
    )


def _read(
    raw: RawTable,
    *,
    unit: str,
    time: str,
    value: str,
    treated: str | None,
    since: str | None,
    action_from: Path | None,
) -> Panel:
    if (treated is None) == (action_from is None):
        raise click.UsageError("Give --treated or --action-from, one of them.")
    if since is not None and treated is None:
        raise click.UsageError("--since needs --treated.")
    numbers = (value, *([treated] if treated else []))
    snapshot = read_columns(raw, numbers=numbers, texts=(unit, time))
    units, periods = levels_of(snapshot, unit), levels_of(snapshot, time)
    _refuse_empty(raw, unit, time)
    cells = Cells(units, in_order_of_time(periods), numbers_of(snapshot, value))
    if action_from is not None:
        return panel_by_starts(cells, _starts_from(action_from, unit, time))
    flags = numbers_of(snapshot, str(treated))
    _refuse_empty(raw, str(treated))
    _refuse_other_flags(raw, str(treated), flags)
    if since is None:
        return panel_by_flags(cells, flags == 1)
    marked = np.bincount(units.codes, flags == 1, len(units.names)) > 0
    return panel_by_starts(
        cells, {units.names[place]: since for place in np.flatnonzero(marked).tolist()}
    )


def _starts_from(path: Path, unit: str, time: str) -> dict[str, str]:
    """Read which unit has the action from which period on."""
    with path.open("rb") as stream:
        raw = read_table(stream, where=path.name)
    snapshot = read_columns(raw, texts=(unit, time))
    _refuse_empty(raw, unit, time)
    starts: dict[str, str] = {}
    for name, period in zip(texts_of(snapshot, unit), texts_of(snapshot, time), strict=True):
        if name in starts:
            raise TouchstoneError(
                "EFFECT-07",
                where=f"{raw.source}, unit {name!r}",
                found="more than one row",
                remedy="Give each unit with the action one row with its first period.",
            )
        starts[str(name)] = str(period)
    return starts


def _refuse_empty(raw: RawTable, *names: str) -> None:
    """Find an empty cell where there must be none, in the order of the file."""
    blank = raw.empty_rows()
    for name in names:
        empty = pc.and_not(pc.is_null(raw.rows.column(name)), blank)
        place = pc.index(empty, value=True).as_py()
        if place >= 0:
            raise TouchstoneError(
                "EFFECT-07",
                where=raw.place(place, name),
                found="an empty cell",
                remedy="Fill it in, or take the row out.",
            )


def _refuse_other_flags(raw: RawTable, name: str, flags: Any) -> None:
    wrong = flags[~np.isin(flags, (0, 1))]
    if len(wrong):
        raise TouchstoneError(
            "EFFECT-06",
            where=f"{raw.source}, column {name!r}",
            found=f"the number {wrong[0]:g}",
            remedy="Write 1 where the action holds and 0 where it does not.",
        )
