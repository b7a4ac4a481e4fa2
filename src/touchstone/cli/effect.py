"""`touchstone effect`: what an action did to its indicator, beyond what comparable units did."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import pyarrow.compute as pc

from touchstone.base.errors import TouchstoneError
from touchstone.cli.coded_columns import read_columns
from touchstone.cli.findings import tell
from touchstone.cli.options import column, shown
from touchstone.content.analyses.effect import FEWEST_DRAWS, MOST_DRAWS, EffectSpec
from touchstone.formats.raw_tables import RawTable
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.effect import effect_in, panel_of
from touchstone.loop.analyses.evidence import Evidence
from touchstone.reports.analyses.effect import effect_record, show_effect, verdict_sentence
from touchstone.reports.words import Words
from touchstone.stats.effects.choices import DRAWS
from touchstone.stats.snapshot_columns import texts_of

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
@click.option(
    "--draws", type=click.IntRange(FEWEST_DRAWS, MOST_DRAWS), default=DRAWS, show_default=True
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the placebo units.")
@shown
def effect(
    data: Path,
    action_from: Path | None,
    confidence: float,
    language: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Tell what an action did to its indicator in DATA (CSV, CSV.gz, XLSX or Parquet).

    One row for each unit and period. Units with the action are held against those without, and
    the same is tried at dates and on units without an action, as a check. The sentence at the end
    says whether an effect is shown.
    """
    treated = options["treated"]
    if (treated is None) == (action_from is None):
        raise click.UsageError("Give --treated or --action-from, one of them.")
    if options["since"] is not None and treated is None:
        raise click.UsageError("--since needs --treated.")
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    flags = (treated,) if treated else ()
    names = (options["unit"], options["time"])
    snapshot = read_columns(raw, numbers=(options["value"], *flags), texts=names)
    _refuse_empty(raw, *names, *flags)
    starts = _starts_from(action_from, *names) if action_from else {}
    sure = Decimal(str(confidence))
    spec = EffectSpec(**options, starts=starts, confidence=sure, smallest_group=0)
    found = effect_in(panel_of(spec, Evidence(snapshot, raw.source)), spec)
    words = Words(language)
    record = effect_record(spec, found)
    record["verdict"]["sentence"] = verdict_sentence(found, words)
    tell(show_effect(spec, found, words), record, as_json=as_json)


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
