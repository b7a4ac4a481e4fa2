"""`touchstone index`: a composite index with the range of every place under other choices."""

import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import click

from touchstone.base.errors import TouchstoneError
from touchstone.cli.aligned_tables import aligned, written
from touchstone.content.packs import Pack, read_pack
from touchstone.content.schemes import Scheme
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze
from touchstone.loop.index_results import IndexResult, IndexSpread, IndexUnit, summary_of
from touchstone.loop.indices import make_index, measure_for_index
from touchstone.reports.index_pages import show_index
from touchstone.reports.outcome_tables import json_text, number
from touchstone.reports.words import Words, format_number
from touchstone.stats.figures import rounded
from touchstone.tallies.engine import ENGINES, EngineName

SPREAD_KEYS = (
    "low",
    "high",
    "rank_low",
    "rank_median",
    "rank_high",
    "rank_best",
    "rank_worst",
)


@click.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pack", "pack_name", required=True, help="Name of a shipped pack, or a folder.")
@click.option("--scheme", "scheme_name", required=True, help="A scheme of it with [index].")
@click.option(
    "--draws",
    type=click.IntRange(0, 1_000_000),
    metavar="N",
    help="How often the index is drawn anew; 0 for not at all. Without it, as the scheme says.",
)
@click.option("--engine", type=click.Choice(sorted(ENGINES)), default="duckdb", help="What sums.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Language of words.")
@click.option("--json", "as_json", is_flag=True, help="Write all figures as JSON.")
def index(
    data: Path,
    pack_name: str,
    scheme_name: str,
    draws: int | None,
    engine: str,
    language: str,
    as_json: bool,
) -> None:
    """Make the composite index of the units in DATA (CSV, CSV.gz, XLSX or Parquet).

    Steps, weights and scales are those of the scheme. The index is drawn anew many times with
    other choices that could have been made, and within the errors of its figures, so that every
    place stands with its range and every grade with its probability.
    """
    pack = read_pack(pack_name)
    scheme = _scheme_of(pack, scheme_name)
    dataset = pack.datasets[scheme.dataset]
    with data.open("rb") as stream:
        snapshot = freeze(read_table(stream, where=data.name), dataset)
    measures = measure_for_index(
        snapshot,
        scheme,
        dataset=dataset,
        indicators=pack.indicators,
        engine=cast(EngineName, engine),
    )
    started = time.perf_counter()
    result = make_index(measures, scheme, draws=draws)
    seconds = time.perf_counter() - started
    if as_json:
        head = {"pack": pack.name, "scheme": scheme_name, "version": scheme.version}
        click.echo(json_text({**head, **_record(result), "seconds": round(seconds, 3)}))
    else:
        words = Words(language, pack.texts[language])
        click.echo(_report(result, scheme, words))


def _scheme_of(pack: Pack, name: str) -> Scheme:
    found = pack.schemes.get(name)
    if found is None:
        raise TouchstoneError(
            "RESULTS-01",
            where=f"pack {pack.name!r}",
            found=f"no scheme {name!r}",
            remedy=f"Choose one of: {', '.join(pack.schemes)}.",
        )
    return found


def _record(result: IndexResult) -> dict[str, Any]:
    """Give an index as plain data; a figure that does not exist is null."""
    notes = result.notes
    return {
        "steps": dict(result.steps),
        "draws": result.draws,
        "own_draws": result.own_draws,
        "seed": result.seed,
        "confidence": number(result.confidence),
        "varied": {factor: list(methods) for factor, methods in result.varied.items()},
        "units": [_unit_record(unit) for unit in result.units],
        "weights": {name: number(weight) for name, weight in notes.weights.items()},
        "treated": dict(notes.treated),
        "unsettled": list(notes.unsettled),
        "collinear": [list(pair) for pair in notes.collinear],
        "consistency": {name: number(ratio) for name, ratio in notes.consistency.items()},
        "sensitivity": [
            {
                "factor": one.factor,
                "first": number(one.first),
                "first_low": number(one.first_interval[0]),
                "first_high": number(one.first_interval[1]),
                "total": number(one.total),
                "total_low": number(one.total_interval[0]),
                "total_high": number(one.total_interval[1]),
            }
            for one in result.attributions
        ],
    }


def _unit_record(unit: IndexUnit) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": unit.unit,
        "name": unit.name,
        "score": _figure(unit.score),
        "rank": unit.place,
        **_spread_record(unit.spread),
        "grade": unit.grade,
        "imputed": unit.imputed,
        "criteria": {name: _figure(one) for name, one in (unit.criteria or {}).items()},
    }
    if unit.withheld is not None:
        record["reason"] = unit.withheld.reason
        record["details"] = dict(unit.withheld.details)
    return record


def _spread_record(spread: IndexSpread | None) -> dict[str, Any]:
    if spread is None:
        return {**dict.fromkeys(SPREAD_KEYS), "rank_shares": {}, "grade_shares": {}}
    return {
        "low": _figure(spread.low),
        "high": _figure(spread.high),
        "rank_low": spread.place_low,
        "rank_median": spread.place_median,
        "rank_high": spread.place_high,
        "rank_best": spread.best,
        "rank_worst": spread.worst,
        "rank_shares": {str(place): share for place, share in spread.place_shares.items()},
        "grade_shares": dict(spread.grade_shares),
    }


def _figure(figure: Decimal | None) -> float | None:
    return None if figure is None else number(figure)


def _report(result: IndexResult, scheme: Scheme, words: Words) -> str:
    """Give the table of units, what was done, and what moves the places."""
    told = show_index(summary_of(result), words).parts
    sentences = [part for part in told if isinstance(part, str)]
    tables = [part for part in told if not isinstance(part, str)]
    last = [written([sentences.pop()]) + "\n" + written(tables)] if tables else []
    return "\n\n".join([_unit_table(result, scheme, words), "\n".join(sentences), *last])


def _unit_table(result: IndexResult, scheme: Scheme, words: Words) -> str:
    percent = format_number((100 * result.confidence).normalize())
    names = ["place", "score", "low", "high", "places", "bounds", "grade", "imputed"]
    heads = [words.text(f"index.head.{name}", confidence=percent) for name in names]
    heads[1:1] = [words.text("label.unit"), words.text("label.name")]
    lines = [heads, *(_unit_cells(unit, scheme, words) for unit in result.units)]
    return aligned(lines, right={0, 3, 4, 5, 6, 7, 9})


def _unit_cells(unit: IndexUnit, scheme: Scheme, words: Words) -> list[str]:
    none = words.text("sign.none")
    if unit.withheld is not None:
        told = words.withheld(unit.withheld)
        return [none, unit.unit, unit.name, none, none, none, none, none, told, none]
    spread = unit.spread
    ends = [spread.low, spread.high] if spread else [None, None]
    figures = [_rounded(figure, scheme, words) for figure in (unit.score, *ends)]
    places = words.places_between(spread.place_low, spread.place_high) if spread else none
    bounds = words.places_between(spread.best, spread.worst) if spread else none
    place = format_number(unit.place or 0)
    grade, imputed = _grade(unit, words), format_number(unit.imputed)
    return [place, unit.unit, unit.name, *figures, places, bounds, grade, imputed]


def _grade(unit: IndexUnit, words: Words) -> str:
    """Tell the grade; where it is undecided, how often each one comes out."""
    if unit.grade is not None or unit.spread is None:
        return words.grade(unit.grade)
    shares: Mapping[str, float] = unit.spread.grade_shares
    told = words.enumerate(
        words.text(
            "sign.name_and_value",
            name=words.grade(grade),
            value=words.percent(round(1000 * share), 1000),
        )
        for grade, share in shares.items()
        if share
    )
    return words.text("index.undecided", shares=told)


def _rounded(figure: Decimal | None, scheme: Scheme, words: Words) -> str:
    if figure is None:
        return words.text("sign.none")
    return format_number(rounded(figure, scheme.places))
