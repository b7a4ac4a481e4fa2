"""`touchstone change`: how a mean changed from wave to wave, when waves share respondents."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from touchstone.cli.coded_columns import read_columns
from touchstone.cli.findings import tell
from touchstone.cli.options import column, columns, shown
from touchstone.content.analyses.change import ChangeSpec
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.change import find_change
from touchstone.loop.analyses.evidence import Evidence
from touchstone.reports.analyses.change import change_record, show_change
from touchstone.reports.words import Words


@click.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--wave", required=True, callback=column, metavar="W", help="Waves, in order.")
@click.option("--value", required=True, callback=column, metavar="Y", help="What was answered.")
@click.option(
    "--respondent", callback=column, metavar="R", help="Who answered, the same in all waves."
)
@click.option("--weight", callback=column, metavar="W", help="Weights of the answers.")
@click.option("--by", callback=columns, metavar="D[,D…]", help="Columns that make domains.")
@click.option("--since", metavar="WAVE", help="Hold all later waves against this one.")
@click.option(
    "--break", "breaks", multiple=True, metavar="WAVE",
    help="From this wave on something else was measured; may stand several times.",
)  # fmt: skip
@shown
def change(data: Path, confidence: float, language: str, as_json: bool, **options: Any) -> None:
    """Tell how the mean of answers in DATA (CSV, CSV.gz, XLSX or Parquet) changed.

    Each wave is held against the one before it. Respondents of both waves make the error of the
    change smaller when they answer alike. There is no change across a break of the series.
    """
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    spec = ChangeSpec(**options, confidence=Decimal(str(confidence)), smallest_group=0)
    numbers = [name for name in (spec.value, spec.weight) if name]
    texts = [name for name in (spec.wave, spec.respondent, *spec.by) if name]
    snapshot = read_columns(raw, numbers=numbers, texts=texts)
    found = find_change(spec, Evidence(snapshot, raw.source))
    tell(show_change(spec, found, Words(language)), change_record(spec, found), as_json=as_json)
