"""`touchstone reliability`: how reliable the sum of a scale's items is."""

from decimal import Decimal
from pathlib import Path
from typing import Literal

import click

from touchstone.base.errors import TouchstoneError
from touchstone.cli.coded_columns import read_columns
from touchstone.cli.findings import tell
from touchstone.cli.options import columns, shown
from touchstone.content.analyses.reliability import ReliabilitySpec
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.reliability import find_reliability
from touchstone.reports.analyses.reliability import reliability_record, show_reliability
from touchstone.reports.words import Words


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
    missing: Literal["pairwise", "complete"],
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
    spec = ReliabilitySpec(
        items=items,
        turned=turned,
        missing=missing,
        confidence=Decimal(str(confidence)),
        smallest_group=0,
    )
    found = find_reliability(spec, Evidence(read_columns(raw, numbers=items), raw.source))
    shown = show_reliability(spec, found, Words(language))
    tell(shown, reliability_record(spec, found), as_json=as_json)


def _refuse_unknown(items: tuple[str, ...], turned: tuple[str, ...]) -> None:
    unknown = [name for name in turned if name not in items]
    if unknown:
        raise TouchstoneError(
            "AGREE-03",
            where="--turned",
            found=f"{unknown[0]!r}, which is not among --items",
            remedy="Turn only items of the scale.",
        )
