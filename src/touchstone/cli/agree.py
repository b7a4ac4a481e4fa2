"""`touchstone agree`: how far raters agree, and how many of them are enough."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from touchstone.cli.coded_columns import holds_numbers, read_columns
from touchstone.cli.findings import tell
from touchstone.cli.options import column, columns, shown
from touchstone.content.analyses.agreement import (
    FEWEST_DRAWS,
    MOST_DRAWS,
    AgreementSpec,
)
from touchstone.formats.raw_tables import RawTable
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.agreement import find_agreement
from touchstone.loop.analyses.evidence import Evidence
from touchstone.reports.analyses.agreement import agreement_record, show_agreement
from touchstone.reports.words import Words
from touchstone.stats.agreement.choices import DRAWS, LEVELS, WEIGHTINGS
from touchstone.tallies.tables import Snapshot

STATISTICS = ("krippendorff", "icc", "kappa", "fleiss", "generalizability")
DATA = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("data", type=DATA)
@click.option("--rater", required=True, callback=column, metavar="R", help="Who rated.")
@click.option("--ratee", required=True, callback=column, metavar="D", help="Who was rated.")
@click.option(
    "--score",
    "scores",
    required=True,
    callback=columns,
    metavar="Y[,Y…]",
    help="The score; each of several columns is an item.",
)
@click.option("--item", callback=column, metavar="I", help="What was rated, one row for each.")
@click.option(
    "--statistic",
    "statistics",
    multiple=True,
    type=click.Choice(STATISTICS),
    help="What to give; may stand several times.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="ordinal",
    show_default=True,
    help="What differences of scores mean to Krippendorff's alpha.",
)
@click.option(
    "--weights",
    type=click.Choice(WEIGHTINGS),
    default="quadratic",
    show_default=True,
    help="How far Cohen's kappa takes near scores as agreement.",
)
@click.option(
    "--target",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Reliability to reach: tells how many raters are enough.",
)
@click.option(
    "--draws", type=click.IntRange(FEWEST_DRAWS, MOST_DRAWS), default=DRAWS, show_default=True
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the bootstrap.")
@shown
def agree(
    data: Path,
    target: float | None,
    confidence: float,
    language: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Tell how far raters agree on who was rated in DATA (CSV, CSV.gz, XLSX or Parquet).

    Krippendorff's alpha and intraclass correlations are given when no --statistic is named, for
    several items generalizability coefficients too. Ratings may be missing. With --target the
    smallest number of raters is told whose mean is as reliable.
    """
    if options["item"] is not None and len(options["scores"]) > 1:
        raise click.UsageError("Give several columns of scores, or --item, not both.")
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    spec = AgreementSpec(
        **options,
        target=None if target is None else Decimal(str(target)),
        confidence=Decimal(str(confidence)),
        smallest_group=0,
    )
    found = find_agreement(spec, Evidence(_snapshot(raw, spec), raw.source))
    words = Words(language)
    tell(show_agreement(spec, found, words), agreement_record(spec, found), as_json=as_json)


def _snapshot(raw: RawTable, spec: AgreementSpec) -> Snapshot:
    """Freeze the columns; scores that are words stay words, at the level that takes them."""
    worded = spec.level == "nominal" and not all(holds_numbers(raw, name) for name in spec.scores)
    who = (spec.rater, spec.ratee, *([spec.item] if spec.item else []))
    if worded:
        return read_columns(raw, texts=(*who, *spec.scores))
    return read_columns(raw, numbers=spec.scores, texts=who)
