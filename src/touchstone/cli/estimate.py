"""`touchstone estimate`: means, shares and totals of a sample, without a pack."""

import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple, cast

import click

from touchstone.cli.aligned_tables import written
from touchstone.cli.long_numbers import freeze_rounded
from touchstone.cli.options import column, columns
from touchstone.cli.rate_columns import (
    rate_options,
    rates_of,
    take_rates,
    without_answers,
)
from touchstone.cli.sampling_options import sampling_options, take_request
from touchstone.content.texts import LANGUAGES
from touchstone.formats.raw_tables import RawTable, clean_heading
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.sampling import (
    SamplingRequest,
    Wanted,
    columns_of,
    sampling_figures,
)
from touchstone.reports.answer_rates import rate_tables, rates_record
from touchstone.reports.estimate_rows import row_record, rows_table
from touchstone.reports.words import Words
from touchstone.stats.designs import Design
from touchstone.stats.estimates import Estimates, Row
from touchstone.stats.estimates import estimate as estimate_rows
from touchstone.stats.figure_columns import Statistic
from touchstone.stats.sampling.domains import Figure
from touchstone.stats.weights import fit_places, weigh_by_fractions
from touchstone.tallies.engine import ENGINES, EngineName


def _confidence(_context: click.Context, _option: click.Parameter, value: str) -> Decimal:
    """Read a fraction between 0 and 1."""
    try:
        confidence = Decimal(value)
    except InvalidOperation:
        confidence = Decimal("nan")
    if confidence.is_nan() or not 0 < confidence < 1:
        raise click.BadParameter(f"{value!r} is not a number between 0 and 1, such as 0.95.")
    return confidence


class Request(NamedTuple):
    """What is to be estimated: which statistic of which columns, of which value a share; by what.

    `engine` is what sums the rows.
    """

    statistic: Statistic
    variables: tuple[str, ...]
    value: str | None = None
    engine: EngineName = "kernel"


DATA = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("data", type=DATA)
@click.option("--mean", callback=columns, metavar="Y[,Y…]", help="Means of these number columns.")
@click.option("--share", metavar="Y[=VALUE]", help="Share of a value, or of each value, of Y.")
@click.option("--total", callback=columns, metavar="Y[,Y…]", help="Totals of these number columns.")
@click.option("--by", callback=columns, metavar="G[,G…]", help="Columns that make domains.")
@click.option(
    "--weight", callback=column, metavar="W", help="How many of the population a row stands for."
)
@click.option("--strata", callback=columns, metavar="S[,S2]", help="Strata of each stage.")
@click.option("--cluster", callback=columns, metavar="C1[,C2…]", help="Drawn units of each stage.")
@click.option(
    "--fpc",
    callback=columns,
    metavar="F1[,F2…]",
    help="Population size (above 1) or drawn fraction of each stage.",
)
@click.option(
    "--engine",
    type=click.Choice(sorted(ENGINES)),
    default="kernel",
    show_default=True,
    help="What sums the rows of plain means, shares and totals; all give equal figures.",
)
@sampling_options
@rate_options
@click.option("--confidence", callback=_confidence, default="0.95", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Language of words.")
@click.option("--json", "as_json", is_flag=True, help="Write the rows as JSON to standard output.")
def estimate(
    data: Path,
    mean: tuple[str, ...],
    share: str | None,
    total: tuple[str, ...],
    confidence: Decimal,
    engine: str,
    language: str,
    as_json: bool,
    **design: Any,
) -> None:
    """Estimate means, shares, totals, ratios or quantiles from DATA (CSV, CSV.gz, XLSX, Parquet).

    Standard errors follow how the rows were drawn: name weight, strata, clusters and population
    sizes in stage order, clusters nested in strata. Rows without Y leave the domain but stay in
    the design. Figures equal those of the R package survey.
    """
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    asked, rated = take_request(design, raw), take_rates(design)
    given = [option for option in (mean, share, total, asked.ratio, asked.quantile) if option]
    if len(given) != 1:
        raise click.UsageError(
            "Give exactly one of --mean, --share, --total, --ratio and --quantile."
        )
    if share:
        request = _requested_share(share, raw)
    else:
        request = Request("mean" if mean else "total", mean or total)
    request = request._replace(engine=cast(EngineName, engine))
    words = Words(language)
    by = design.pop("by")
    wanted = _wanted(request, asked)
    rates = rates_of(raw, rated, wanted.variables, by=by)
    raw = without_answers(raw, rated, wanted.variables)
    drawn = Design(design["weight"], design["strata"], design["cluster"], design["fpc"])
    tables: list[Sequence[Row | Figure]]
    if not asked.is_plain and request.engine != "kernel":
        raise click.UsageError("--engine serves plain means, shares and totals; leave it out here.")
    if asked.is_plain:
        tables = [_estimate(raw, drawn, request, by=by, confidence=confidence, words=words)]
    else:
        tables = _sampling(raw, drawn, (wanted, asked), by=by, confidence=confidence, words=words)
    if as_json:
        records = [
            row_record(row) | rates_record(rates, row.by, row.variable)
            for rows in tables
            for row in rows
        ]
        click.echo(json.dumps(records, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        parts = [rows_table(rows, words, confidence=confidence) for rows in tables]
        click.echo(written([*parts, *rate_tables(rates, words)]))


def _wanted(request: Request, asked: SamplingRequest) -> Wanted:
    """Tell the statistic and its columns."""
    if asked.ratio:
        return Wanted("ratio", asked.ratio)
    if asked.quantile:
        return Wanted("quantile", asked.quantile)
    return Wanted(request.statistic, request.variables, request.value)


def _sampling(
    raw: RawTable,
    design: Design,
    wants: tuple[Wanted, SamplingRequest],
    *,
    by: tuple[str, ...],
    confidence: Decimal,
    words: Words,
) -> list[Sequence[Row | Figure]]:
    """Freeze what is needed, and give the figures of domains, then those of comparisons."""
    wanted, asked = wants
    numbers = [] if wanted.statistic == "share" else list(wanted.variables)
    numbers += [*([design.weight] if design.weight else []), *design.fpc]
    texts = [*by, *design.strata, *design.clusters]
    texts += wanted.variables if wanted.statistic == "share" else ()
    more_numbers, more_texts = columns_of(asked)
    snapshot, rounded = freeze_rounded(
        raw, numbers=list(dict.fromkeys(numbers + more_numbers)), texts=[*texts, *more_texts]
    )
    for note in rounded:
        _say(words, "rounded", column=note.column, count=note.cells, kept=note.kept)
    weighed = design
    if not asked.errors.pps:
        snapshot, weighed = weigh_by_fractions(snapshot, design)
    if weighed is not design:
        _say(words, "weighted", columns=words.enumerate(design.fpc))
    found = sampling_figures(snapshot, weighed, wanted, asked, by=by, confidence=float(confidence))
    return [rows for rows in found if rows]


def _requested_share(text: str, raw: RawTable) -> Request:
    """Tell the column from the value; a column may have an equals sign in its own name."""
    name, equals, value = text.partition("=")
    if clean_heading(text) in raw.rows.column_names or not equals:
        return Request("share", (clean_heading(text),))
    return Request("share", (clean_heading(name),), clean_heading(value))


def _estimate(
    raw: RawTable,
    design: Design,
    request: Request,
    *,
    by: tuple[str, ...],
    confidence: Decimal,
    words: Words,
) -> Estimates:
    """Freeze what is needed, make room for exact sums, and say what was rounded for that.

    1. Freeze the columns in use; numbers with more decimals than fit are rounded.
    2. Take the weight from the population sizes when none is given.
    3. Round weight and values until all sums are exact.
    """
    summed = () if request.statistic == "share" else request.variables
    numbers = [*summed, *([design.weight] if design.weight else []), *design.fpc]
    texts = [*by, *design.strata, *design.clusters, *request.variables]
    snapshot, rounded = freeze_rounded(raw, numbers=numbers, texts=texts)
    for note in rounded:
        _say(words, "rounded", column=note.column, count=note.cells, kept=note.kept)
    snapshot, weighed = weigh_by_fractions(snapshot, design)
    if weighed is not design:
        _say(words, "weighted", columns=words.enumerate(design.fpc))
    snapshot, shortened = fit_places(snapshot, weight=weighed.weight, values=summed)
    for one in shortened:
        _say(words, "shortened", column=one.column, places=one.places, kept=one.kept)
    return estimate_rows(
        snapshot,
        weighed,
        statistic=request.statistic,
        variables=request.variables,
        by=by,
        confidence=confidence,
        value=request.value,
        engine=request.engine,
    )


def _say(words: Words, key: str, **gaps: object) -> None:
    click.echo(words.text(f"estimate.note.{key}", **gaps), err=True)
