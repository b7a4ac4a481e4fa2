"""`touchstone reliability`: how reliable the sum of a scale's items is."""

from pathlib import Path

import click
import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.cli.aligned_tables import aligned
from touchstone.cli.coded_columns import numbers_of, read_columns
from touchstone.cli.options import columns, shown
from touchstone.cli.outcome_tables import json_text, number, outcome_record, outcome_table, readable
from touchstone.formats.readers import read_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.reliability.item_tables import sum_items, turn_items
from touchstone.stats.reliability.scales import ScaleReliability, scale_reliability

STATISTICS = ("alpha", "alpha_standardised", "omega_total")
ITEM_FIGURES = ("mean", "deviation", "rest_correlation", "alpha_without", "loading")


@click.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--items", required=True, callback=columns, metavar="A,B[,C…]", help="Columns of the scale."
)
@click.option(
    "--turned", callback=columns, metavar="A[,B…]", help="Items worded the other way round."
)
@click.option(
    "--missing",
    type=click.Choice(["pairwise", "complete"]),
    default="pairwise",
    show_default=True,
    help="Use all answers of each pair of items, or only whole rows.",
)
@shown
def reliability(
    data: Path,
    items: tuple[str, ...],
    turned: tuple[str, ...],
    missing: str,
    confidence: float,
    language: str,
    as_json: bool,
) -> None:
    """Tell how reliable the sum of some columns of DATA (CSV, CSV.gz, XLSX or Parquet) is.

    Gives Cronbach's alpha, that of standardised items, and McDonald's omega total, with
    intervals, and for each item what the scale would be without it. One row is one respondent.
    """
    _refuse_unknown(items, turned)
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    words = Words(language)
    snapshot = read_columns(raw, numbers=items)
    answers = np.column_stack([numbers_of(snapshot, name) for name in items])
    sums = sum_items(answers, items, missing="complete" if missing == "complete" else "pairwise")
    if isinstance(sums, Withheld):
        nothing = ScaleReliability(sums, sums, sums, (), ())
        found = nothing
    else:
        found = scale_reliability(turn_items(sums, turned), confidence=confidence)
    if found.against:
        names = words.enumerate(found.against)
        click.echo(words.text("reliability.note.against", items=names), err=True)
    if as_json:
        click.echo(json_text(_record(found)))
    else:
        click.echo("\n\n".join(_report(found, words, confidence=confidence)))


def _refuse_unknown(items: tuple[str, ...], turned: tuple[str, ...]) -> None:
    unknown = [name for name in turned if name not in items]
    if unknown:
        raise TouchstoneError(
            "AGREE-03",
            where="--turned",
            found=f"{unknown[0]!r}, which is not among --items",
            remedy="Turn only items of the scale.",
        )


def _record(found: ScaleReliability) -> dict[str, object]:
    return {
        "statistics": [
            {"statistic": name, **outcome_record(getattr(found, name))} for name in STATISTICS
        ],
        "items": [
            {"item": item.name, "n": item.n}
            | {
                name: None if getattr(item, name) is None else number(getattr(item, name))
                for name in ITEM_FIGURES
            }
            for item in found.items
        ],
        "against": list(found.against),
    }


def _report(found: ScaleReliability, words: Words, *, confidence: float) -> list[str]:
    rows = [
        ({"statistic": words.text(f"reliability.statistic.{name}")}, getattr(found, name))
        for name in STATISTICS
    ]
    parts = [outcome_table(rows, words, confidence=confidence)]
    if found.items:
        heads = [words.text(f"reliability.head.{name}") for name in ("item", "n", *ITEM_FIGURES)]
        lines = [heads]
        for item in found.items:
            figures = [readable(getattr(item, name), words) for name in ITEM_FIGURES]
            lines.append([item.name, format_number(item.n), *figures])
        parts.append(aligned(lines, right=range(1, len(heads))))
    return parts
