"""`touchstone contribution`: which part of growth comes from talent, by stated elasticities."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import numpy as np

from touchstone.cli.coded_columns import read_columns
from touchstone.cli.findings import tell
from touchstone.cli.options import column, shown
from touchstone.content.analyses.contribution import (
    MOST_FIGURES,
    OUTPUT,
    RESIDUAL,
    ContributionSpec,
    FactorSpec,
)
from touchstone.formats.raw_tables import clean_heading
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.contribution import (
    Accounting,
    account,
    elasticity_of,
    find_contribution,
)
from touchstone.loop.analyses.evidence import Evidence
from touchstone.reports.analyses.contribution import contribution_record, show_contribution
from touchstone.reports.words import Words
from touchstone.stats.growth import stated_growths

Elasticities = dict[str, tuple[Decimal, ...]]
Rates = dict[str, tuple[float, float]]


def _pairs(
    _context: click.Context, _option: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    """Read NAME=TEXT, each name once."""
    found: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        name = clean_heading(name)
        if not (equals and name and text.strip()) or name in found:
            raise click.BadParameter(f"{value!r} is not NAME=… with a name of its own.")
        found[name] = clean_heading(text)
    return found


def _elasticities(
    context: click.Context, option: click.Parameter, values: tuple[str, ...]
) -> Elasticities:
    """Read NAME=VALUE, NAME=LOW:HIGH or NAME=LOW:VALUE:HIGH."""
    found = {}
    for name, text in _pairs(context, option, values).items():
        figures = _figures(text, most=MOST_FIGURES)
        if figures != sorted(figures):
            raise click.BadParameter(f"{text!r} does not rise from its low to its high end.")
        found[name] = tuple(Decimal(str(figure)) for figure in figures)
    if {OUTPUT, RESIDUAL} & set(found):
        raise click.BadParameter(f"{OUTPUT!r} and {RESIDUAL!r} are no names of factors.")
    return found


def _growths(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Rates:
    """Read NAME=PERCENT or NAME=PERCENT:ERROR as fractions."""
    found = {}
    for name, text in _pairs(context, option, values).items():
        figures = _figures(text, most=2)
        error = figures[1] if len(figures) == 2 else 0.0
        if error < 0:
            raise click.BadParameter(f"{text!r} has an error below 0.")
        found[name] = (figures[0] / 100, error / 100)
    return found


def _figures(text: str, *, most: int) -> list[float]:
    try:
        figures = [float(part) for part in text.split(":")]
    except ValueError:
        figures = []
    if not 1 <= len(figures) <= most or not np.isfinite(figures).all():
        raise click.BadParameter(f"{text!r} is not a number, or numbers with colons between.")
    return figures


@click.command()
@click.argument(
    "data", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--time", "time_column", callback=column, metavar="T", help="Periods of DATA.")
@click.option("--output", callback=column, metavar="Y", help="What grew, such as the product.")
@click.option(
    "--factor", "factors", multiple=True, callback=_pairs, metavar="NAME=X",
    help="A factor and its column: talent=ht.",
)  # fmt: skip
@click.option(
    "--elasticity", "elasticities", multiple=True, required=True, callback=_elasticities,
    metavar="NAME=E", help="Stated elasticity of a factor; a range as low:high or low:value:high.",
)  # fmt: skip
@click.option(
    "--growth", "growths", multiple=True, callback=_growths, metavar="NAME=G",
    help="Without DATA: growth in percent a period, with error as 8:0.5; output=… too.",
)  # fmt: skip
@click.option(
    "--by", type=click.Choice(["sum", "mean"]),
    help="Where periods have several rows: which figure of them.",
)  # fmt: skip
@click.option("--from", "first", metavar="P", help="First period, the base of growth.")
@click.option("--to", "last", metavar="P", help="Last period.")
@shown
def contribution(
    data: Path | None,
    elasticities: Elasticities,
    growths: Rates,
    confidence: float,
    language: str,
    as_json: bool,
    **series: Any,
) -> None:
    """Tell which part of the growth of output comes from each factor, such as talent.

    Growth accounting: elasticity times growth of the factor over growth of output. The interval
    spans the stated range of the elasticity and the doubt about both growth rates. DATA (CSV,
    CSV.gz, XLSX or Parquet) has a row for each period; without it growth rates are stated.
    """
    if (data is None) == (not growths):
        raise click.UsageError("Give either DATA or --growth.")
    if data is None:
        spec, found = _stated(elasticities, growths, confidence=confidence)
    else:
        spec, found = _measured(data, elasticities, confidence=confidence, **series)
    shown = show_contribution(spec, found, Words(language))
    tell(shown, contribution_record(spec, found), as_json=as_json)


def _stated(
    elasticities: Elasticities, growths: Rates, *, confidence: float
) -> tuple[ContributionSpec, Accounting]:
    """Account for growth rates that others have published, which stand in no column."""
    if set(growths) != {OUTPUT, *elasticities}:
        raise click.UsageError("Give --growth for output and for each --elasticity, no others.")
    factors = _factors(elasticities, dict.fromkeys(elasticities, ""))
    spec = ContributionSpec(
        time="", output="", factors=factors, confidence=Decimal(str(confidence)), smallest_group=0
    )
    rates = stated_growths({name: growths[name] for name in elasticities}, growths[OUTPUT])
    stated = {one.name: elasticity_of(one) for one in factors}
    return spec, account(rates, stated, confidence=confidence)


def _measured(
    data: Path,
    elasticities: Elasticities,
    *,
    time_column: str | None,
    output: str | None,
    factors: dict[str, str],
    confidence: float,
    **asked: Any,
) -> tuple[ContributionSpec, Accounting]:
    """Account for the growth of columns of a table."""
    if time_column is None or output is None or set(factors) != set(elasticities):
        raise click.UsageError("DATA needs --time, --output, and --factor for each --elasticity.")
    spec = ContributionSpec(
        time=time_column,
        output=output,
        factors=_factors(elasticities, factors),
        confidence=Decimal(str(confidence)),
        smallest_group=0,
        **asked,
    )
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    numbers = (output, *(one.column for one in spec.factors))
    snapshot = read_columns(raw, numbers=numbers, texts=(time_column,))
    return spec, find_contribution(spec, Evidence(snapshot, raw.source))


def _factors(elasticities: Elasticities, columns: dict[str, str]) -> tuple[FactorSpec, ...]:
    return tuple(
        FactorSpec(name=name, column=columns[name], elasticity=figures)
        for name, figures in elasticities.items()
    )
