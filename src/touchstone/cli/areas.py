"""`touchstone areas`: figures of areas with few answers, with strength borrowed from the others."""

from decimal import Decimal
from pathlib import Path

import click

from touchstone.cli.coded_columns import read_columns
from touchstone.cli.findings import tell
from touchstone.cli.options import column, columns, shown
from touchstone.content.analyses.small_areas import SmallAreasSpec
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.small_areas import find_small_areas
from touchstone.reports.analyses.small_areas import show_small_areas, small_areas_record
from touchstone.reports.words import Words


@click.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--area", required=True, callback=column, metavar="A", help="Names of the areas.")
@click.option(
    "--estimate", required=True, callback=column, metavar="Y", help="Direct estimate, or empty."
)
@click.option(
    "--se", required=True, callback=column, metavar="S", help="Its standard error; 0 for a census."
)
@click.option(
    "--covariates", callback=columns, metavar="X[,X…]", help="What is known of all areas."
)
@shown
def areas(
    data: Path,
    area: str,
    estimate: str,
    se: str,
    covariates: tuple[str, ...],
    confidence: float,
    language: str,
    as_json: bool,
) -> None:
    """Estimate areas of few answers in DATA (CSV, CSV.gz, XLSX or Parquet), one row for each.

    Each direct estimate is drawn towards what the covariates tell, the more so the larger its
    error is (Fay and Herriot). Areas without an estimate get a synthetic one, under that name.
    """
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    spec = SmallAreasSpec(
        area=area,
        estimate=estimate,
        se=se,
        covariates=covariates,
        confidence=Decimal(str(confidence)),
        smallest_group=0,
    )
    snapshot = read_columns(raw, numbers=(estimate, se, *covariates), texts=(area,))
    found = find_small_areas(spec, Evidence(snapshot, raw.source))
    record = small_areas_record(spec, found)
    tell(show_small_areas(spec, found, Words(language)), record, as_json=as_json)
