"""`touchstone contribution`: which part of growth comes from talent, by stated elasticities."""

from pathlib import Path
from typing import Any

import click
import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Outcome, Withheld
from touchstone.cli.aligned_tables import aligned, outcome_text
from touchstone.cli.coded_columns import read_columns
from touchstone.cli.options import column, shown
from touchstone.formats.raw_tables import RawTable, clean_heading
from touchstone.formats.readers import read_table
from touchstone.reports.outcome_tables import json_text, number, outcome_record, readable
from touchstone.reports.words import Words
from touchstone.stats.forecasts.periods import Periods, equal_steps
from touchstone.stats.growth import (
    Contributions,
    Elasticity,
    Growths,
    contributions,
    growths_of_series,
    stated_growths,
)
from touchstone.stats.snapshot_columns import numbers_of, texts_of

OUTPUT = "output"
RESIDUAL = "residual"
Pair = tuple[str, str]


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
) -> dict[str, Elasticity]:
    """Read NAME=VALUE, NAME=LOW:HIGH or NAME=LOW:VALUE:HIGH."""
    found = {}
    for name, text in _pairs(context, option, values).items():
        figures = _figures(text, most=3)
        if len(figures) == 2:
            figures.insert(1, sum(figures) / 2)
        low, value, high = figures if len(figures) == 3 else figures * 3
        if not low <= value <= high:
            raise click.BadParameter(f"{text!r} does not rise from its low to its high end.")
        found[name] = Elasticity(low, value, high)
    if {OUTPUT, RESIDUAL} & set(found):
        raise click.BadParameter(f"{OUTPUT!r} and {RESIDUAL!r} are no names of factors.")
    return found


def _growths(
    context: click.Context, option: click.Parameter, values: tuple[str, ...]
) -> dict[str, tuple[float, float]]:
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
@click.option("--from", "first", metavar="P", help="First period, the base of growth.")
@click.option("--to", "last", metavar="P", help="Last period.")
@shown
def contribution(
    data: Path | None,
    elasticities: dict[str, Elasticity],
    growths: dict[str, tuple[float, float]],
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
    words = Words(language)
    found: Growths | Withheld
    if data is None:
        span, found = ("", ""), _stated(growths, elasticities)
    else:
        with data.open("rb") as stream:
            raw = read_table(stream, where=data.name)
        span, found = _measured(raw, elasticities, **series)
    parts = found if isinstance(found, Withheld) else contributions(
        found, elasticities, confidence=confidence
    )  # fmt: skip
    if not isinstance(parts, Withheld) and _is_bare(parts, elasticities):
        click.echo(words.text("contribution.bare"), err=True)
    if as_json:
        click.echo(json_text(_record(parts, elasticities, span)))
    else:
        click.echo("\n\n".join(_report(parts, elasticities, words, confidence=confidence)))


def _stated(
    growths: dict[str, tuple[float, float]], elasticities: dict[str, Elasticity]
) -> Growths:
    if set(growths) != {OUTPUT, *elasticities}:
        raise click.UsageError("Give --growth for output and for each --elasticity, no others.")
    return stated_growths({name: growths[name] for name in elasticities}, growths[OUTPUT])


def _measured(
    raw: RawTable,
    elasticities: dict[str, Elasticity],
    *,
    time_column: str | None,
    output: str | None,
    factors: dict[str, str],
    first: str | None,
    last: str | None,
) -> tuple[Pair, Growths | Withheld]:
    if time_column is None or output is None or set(factors) != set(elasticities):
        raise click.UsageError("DATA needs --time, --output, and --factor for each --elasticity.")
    names = (output, *(factors[name] for name in elasticities))
    snapshot = read_columns(raw, numbers=names, texts=(time_column,))
    periods, places = equal_steps(
        [text or "" for text in texts_of(snapshot, time_column)], where=raw.source
    )
    order = np.argsort(places)
    begin, end = _place(periods, first, 0, raw.source), _place(periods, last, -1, raw.source)
    table = np.column_stack([numbers_of(snapshot, name)[order] for name in names])
    table = table[begin : end + 1]
    found = growths_of_series(tuple(elasticities), table[:, 0], table[:, 1:])
    return (periods.name(begin), periods.name(end)), found


def _place(periods: Periods, name: str | None, usual: int, where: str) -> int:
    every = [periods.name(place) for place in range(periods.count)]
    if name is None:
        return range(periods.count)[usual]
    if name not in every:
        raise TouchstoneError(
            "FORECAST-06",
            where=where,
            found=f"no period {name!r}",
            remedy=f"Name one from {every[0]} to {every[-1]}.",
        )
    return every.index(name)


def _is_bare(parts: Contributions, elasticities: dict[str, Elasticity]) -> bool:
    exact = all(one.low == one.high for one in elasticities.values())
    return exact and not parts.growths.covariance.any()


def _outcomes(
    parts: Contributions | Withheld, elasticities: dict[str, Elasticity]
) -> dict[str, Outcome]:
    if isinstance(parts, Withheld):
        return dict.fromkeys([*elasticities, RESIDUAL], parts)
    return {**parts.parts, RESIDUAL: parts.residual}


def _record(
    parts: Contributions | Withheld, elasticities: dict[str, Elasticity], span: Pair
) -> dict[str, Any]:
    record: dict[str, Any] = {
        "from": span[0] or None,
        "to": span[1] or None,
        "elasticities": {
            name: dict(zip(Elasticity._fields, map(number, one), strict=True))
            for name, one in elasticities.items()
        },
        "growths": None,
        "contributions": [
            {"factor": name, **outcome_record(outcome)}
            for name, outcome in _outcomes(parts, elasticities).items()
        ],
    }
    if not isinstance(parts, Withheld):
        rates, errors = parts.growths.rates, np.sqrt(np.diagonal(parts.growths.covariance))
        record["growths"] = {
            name: {"percent": number(100 * float(rate)), "se": number(100 * float(error))}
            for name, rate, error in zip((OUTPUT, *parts.growths.names), rates, errors, strict=True)
        }
        record["sum_of_elasticities"] = number(parts.sum_of_elasticities)
    return record


def _report(
    parts: Contributions | Withheld,
    elasticities: dict[str, Elasticity],
    words: Words,
    *,
    confidence: float,
) -> list[str]:
    rows = []
    for name, outcome in _outcomes(parts, elasticities).items():
        label = words.text("contribution.residual") if name == RESIDUAL else name
        rows.append(({"factor": label}, outcome))
    found = [outcome_text(rows, words, confidence=confidence)]
    if isinstance(parts, Withheld):
        return found
    lines = [[words.text(f"contribution.head.{name}") for name in ("of", "growth", "se", "range")]]
    errors = np.sqrt(np.diagonal(parts.growths.covariance)).tolist()
    names = (OUTPUT, *parts.growths.names)
    for name, rate, error in zip(names, parts.growths.rates.tolist(), errors, strict=True):
        span = words.text("sign.none")
        if name in elasticities:
            one = elasticities[name]
            ends = (f"{one.low:g}", f"{one.high:g}")
            span = ends[0] if one.low == one.high else words.text(
                "sign.range", low=ends[0], high=ends[1]
            )  # fmt: skip
        label = words.text("contribution.output") if name == OUTPUT else name
        lines.append([label, readable(100 * rate, words), readable(100 * error, words), span])
    return [*found, aligned(lines, right={1, 2}), words.text("contribution.note")]
