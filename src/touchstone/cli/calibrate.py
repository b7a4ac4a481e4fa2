"""`touchstone calibrate`: weights that meet known totals."""

from pathlib import Path
from typing import NamedTuple, cast

import click
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.cli.findings import tell
from touchstone.cli.long_numbers import freeze_rounded
from touchstone.cli.margin_tables import margins_option, two_numbers
from touchstone.cli.options import column
from touchstone.content.analyses.calibration import CalibrationSpec
from touchstone.content.texts import LANGUAGES
from touchstone.formats.csv_files import write_csv
from touchstone.formats.parquet_files import write_parquet
from touchstone.formats.raw_tables import RawTable
from touchstone.formats.readers import read_table
from touchstone.reports.analyses.calibration import calibration_record, show_calibration
from touchstone.reports.outcome_tables import number
from touchstone.reports.words import Words
from touchstone.stats.calibration.calibrations import Calibration, calibrate
from touchstone.stats.calibration.choices import METHODS, Method
from touchstone.stats.calibration.distances import Bounds
from touchstone.stats.calibration.target_tables import MarginTargets, join_targets
from touchstone.stats.calibration.trimming import calibrate_within
from touchstone.stats.sampling.samples import Floats
from touchstone.stats.snapshot_columns import numbers_of
from touchstone.tallies.keys import stored_integers
from touchstone.tallies.plans import largest_weight


@click.command("calibrate")
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--weight", callback=column, metavar="W", help="Given weight of a row; without, 1.")
@click.option(
    "--margins",
    callback=margins_option,
    multiple=True,
    required=True,
    metavar="FILE|Y:A=1,…",
    help="Known totals: a table of margin, category and target, or one margin written out.",
)
@click.option(
    "--method", type=click.Choice(METHODS), default="rake", show_default=True,
    help="Raking, linear (GREG), logit, or post-stratification.",
)  # fmt: skip
@click.option(
    "--bounds", callback=two_numbers, metavar="L,U", help="Bounds of new over given weight."
)
@click.option(
    "--trim", callback=two_numbers, metavar="L,U",
    help="Limits of the new weights, as multiples of their mean.",
)  # fmt: skip
@click.option("--name", default="calibrated", show_default=True, help="Name of the new column.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write all columns and the new weight there: .csv or .parquet.",
)  # fmt: skip
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Language of words.")
@click.option("--json", "as_json", is_flag=True, help="Write all figures as JSON.")
def calibrate_command(
    data: Path,
    weight: str | None,
    margins: tuple[MarginTargets, ...],
    method: str,
    bounds: Bounds | None,
    trim: Bounds | None,
    name: str,
    output: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """Calibrate the weights of DATA (CSV, CSV.gz, XLSX or Parquet) to known totals.

    Weights change as little as possible so that each category sums to its target. Targets are
    counts, or shares that sum to 1. Margins of several columns have slashes: sex/age. A margin
    without category is the total of a number column. For errors that follow from it, give the
    same --margins to `touchstone estimate`.
    """
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    if output is not None and output.suffix not in (".csv", ".parquet"):
        raise click.BadParameter(f"{output.name!r} ends in neither .csv nor .parquet.")
    if output is not None and name in raw.rows.column_names:
        raise click.BadParameter(f"{name!r} is a column of the data; give --name another one.")
    made = _calibrated(raw, weight, margins, cast(Method, method), (bounds, trim))
    if output is not None:
        output.write_bytes(_with_weights(raw, name, made.weights, output.suffix))
    spec = CalibrationSpec(margins=(), method=cast(Method, method))
    record = calibration_record(spec, made.found)
    if output is None:
        told = [None if np.isnan(one) else number(one) for one in made.weights.tolist()]
        record["weights"] = told
    tell(show_calibration(spec, made.found, Words(language)), record, as_json=as_json)


class Calibrated(NamedTuple):
    """The calibration of a table, and the new weight of each of its rows, NaN for an empty row."""

    found: Calibration
    weights: Floats


def _calibrated(
    raw: RawTable,
    weight: str | None,
    margins: tuple[MarginTargets, ...],
    method: Method,
    limits: tuple[Bounds | None, Bounds | None],
) -> Calibrated:
    """Freeze what is needed with the number of each row, which freezing puts in another order."""
    numbered, row = _numbered(raw)
    numbers = {name for one in margins if one.is_number for name in one.columns}
    numbers |= {row, *([weight] if weight else [])}
    texts = {name for one in margins if not one.is_number for name in one.columns}
    snapshot, _ = freeze_rounded(numbered, numbers=sorted(numbers), texts=sorted(texts))
    largest_weight(snapshot, weight)
    given = numbers_of(snapshot, weight) if weight else np.ones(snapshot.rows.num_rows)
    joined, totals = join_targets(snapshot, margins)
    bounds, trim = limits
    if trim is None:
        found = calibrate(joined, given, method=method, bounds=bounds, numbers=totals)
    else:
        found = calibrate_within(
            joined, given, limits=trim, method=method, bounds=bounds, numbers=totals
        )
    weights = np.full(raw.rows.num_rows, np.nan)
    weights[stored_integers(snapshot.rows.column(row))[0]] = found.weights
    return Calibrated(found, weights)


def _numbered(raw: RawTable) -> tuple[RawTable, str]:
    """Add a column with the number of each row that is not empty; give also its name."""
    name = "row"
    while name in raw.rows.column_names:
        name += "'"
    places = pa.array(map(str, range(raw.rows.num_rows)), pa.string())
    empty = raw.empty_rows().combine_chunks()
    numbers = pc.if_else(empty, pa.scalar(None, pa.string()), places)
    return RawTable(raw.source, raw.rows.append_column(name, numbers), raw.first_row), name


def _with_weights(raw: RawTable, name: str, weights: Floats, suffix: str) -> bytes:
    column = pa.array(weights, pa.float64(), from_pandas=True)
    table = raw.rows.append_column(name, column)
    return write_csv(table) if suffix == ".csv" else write_parquet(table)
