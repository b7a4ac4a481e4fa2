"""`touchstone shortfalls`: the weakest planks, and importance beside performance."""

from pathlib import Path
from typing import Any

import click
import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.cli.aligned_tables import aligned, outcome_text
from touchstone.cli.coded_columns import read_columns
from touchstone.cli.options import column, shown
from touchstone.formats.raw_tables import RawTable
from touchstone.formats.readers import read_table
from touchstone.reports.outcome_tables import json_text, number, outcome_record, readable
from touchstone.reports.words import Words, format_number
from touchstone.stats.shortfalls.false_discoveries import CONTROLS
from touchstone.stats.shortfalls.planks import Planks, Shortfall, shortfalls_of
from touchstone.stats.shortfalls.quadrants import Cuts, Place, quadrants_of
from touchstone.stats.snapshot_columns import Floats, numbers_of, texts_of
from touchstone.tallies.tables import Snapshot

SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)


@click.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--plank", required=True, callback=column, metavar="P", help="Names of the planks.")
@click.option("--performance", required=True, callback=column, metavar="Y", help="Performance.")
@click.option("--se", required=True, callback=column, metavar="S", help="Its standard error.")
@click.option(
    "--target", required=True, callback=column, metavar="T",
    help="What performance should be: a column, or one number for all.",
)  # fmt: skip
@click.option("--importance", required=True, callback=column, metavar="I", help="Importance.")
@click.option("--importance-se", callback=column, metavar="S", help="Standard error of I, if any.")
@click.option("--lower-is-better", is_flag=True, help="Performance should be small.")
@click.option(
    "--importance-cut", type=float, metavar="X", help="Where the fields part; else the mean."
)
@click.option(
    "--performance-cut", type=float, metavar="X", help="Where the fields part; else the mean."
)
@click.option(
    "--control", type=click.Choice(CONTROLS), default=CONTROLS[0], show_default=True,
    help="How false findings are held down.",
)  # fmt: skip
@click.option(
    "--false-rate", type=SHARE, default=0.05, show_default=True,
    help="Share of false findings among the planks shown as short.",
)  # fmt: skip
@shown
def shortfalls(
    data: Path,
    importance_cut: float | None,
    performance_cut: float | None,
    control: Any,
    false_rate: float,
    confidence: float,
    language: str,
    as_json: bool,
    **names: Any,
) -> None:
    """Rank shortfalls in DATA (CSV, CSV.gz, XLSX or Parquet), one row for each plank.

    A plank is short when its gap to the target is shown beyond chance, with all planks tested
    together; the priority is importance times gap. Beside that each plank stands in one of four
    fields by importance and performance, or is undecided.
    """
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    sign = -1 if names.pop("lower_is_better") else 1
    planks = _read(raw, sign, **names)
    found = shortfalls_of(planks, false_rate=false_rate, control=control, confidence=confidence)
    cut = None if performance_cut is None else sign * performance_cut
    places = quadrants_of(planks, Cuts(importance_cut, cut), confidence=confidence)
    if as_json:
        pairs = zip(found, places, strict=True)
        click.echo(json_text({"planks": [_record(*pair) for pair in pairs]}))
    else:
        click.echo("\n\n".join(_report(found, places, Words(language), confidence=confidence)))


def _read(
    raw: RawTable,
    sign: int,
    *,
    plank: str,
    performance: str,
    se: str,
    target: str,
    importance: str,
    importance_se: str | None,
) -> Planks:
    is_column = target in raw.rows.column_names
    numbers = [performance, se, importance, *([importance_se] if importance_se else [])]
    numbers += [target] if is_column else []
    snapshot = read_columns(raw, numbers=tuple(dict.fromkeys(numbers)), texts=(plank,))
    names = texts_of(snapshot, plank)
    if None in names:
        raise TouchstoneError(
            "SHORTFALL-01",
            where=f"{raw.source}, column {plank!r}",
            found="a row without the name of a plank",
            remedy="Name the plank, or take the row out.",
        )
    order = sorted(range(len(names)), key=lambda place: names[place] or "")
    errors = numbers_of(snapshot, importance_se) if importance_se else np.zeros(len(names))
    return Planks(
        tuple(str(names[place]) for place in order),
        sign * numbers_of(snapshot, performance)[order],
        numbers_of(snapshot, se)[order],
        sign * _targets(snapshot, target, is_column=is_column)[order],
        numbers_of(snapshot, importance)[order],
        errors[order],
    )


def _targets(snapshot: Snapshot, target: str, *, is_column: bool) -> Floats:
    if is_column:
        return numbers_of(snapshot, target)
    try:
        value = float(target)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise click.UsageError(f"--target: {target!r} is neither a column nor a number.")
    return np.full(snapshot.rows.num_rows, value)


def _record(one: Shortfall, place: Place) -> dict[str, Any]:
    return {
        "plank": one.name,
        "gap": outcome_record(one.gap),
        "priority": outcome_record(one.priority),
        "p": None if one.p is None else number(one.p),
        "adjusted_p": None if one.adjusted is None else number(one.adjusted),
        "is_short": one.is_shown,
        "rank": one.rank,
        "importance_above_cut": outcome_record(place.importance),
        "performance_above_cut": outcome_record(place.performance),
        "quadrant": place.quadrant,
    }


def _report(
    found: tuple[Shortfall, ...], places: tuple[Place, ...], words: Words, *, confidence: float
) -> list[str]:
    last = len(found) + 1
    order = sorted(range(len(found)), key=lambda one: (found[one].rank or last, found[one].name))
    none = words.text("sign.none")
    rows = [
        (
            {
                "rank": none if found[one].rank is None else format_number(found[one].rank or 0),
                "plank": found[one].name,
                "adjusted_p": readable(found[one].adjusted, words),
            },
            found[one].priority,
        )
        for one in order
    ]
    lines = [[words.text(f"shortfalls.head.{name}") for name in ("plank", "gap", "field")]]
    lines += [
        [found[one].name, words.outcome(found[one].gap, 3),
         words.text(f"shortfalls.field.{places[one].quadrant}")]
        for one in order
    ]  # fmt: skip
    count = sum(one.is_shown for one in found)
    told = words.text("shortfalls.count", count=count, all=len(found))
    return [outcome_text(rows, words, confidence=confidence), aligned(lines, right=()), told]
