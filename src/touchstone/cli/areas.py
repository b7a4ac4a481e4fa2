"""`touchstone areas`: figures of areas with few answers, with strength borrowed from the others."""

from pathlib import Path
from typing import Any

import click
import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.cli.aligned_tables import aligned, outcome_text
from touchstone.cli.coded_columns import read_columns
from touchstone.cli.options import column, columns, shown
from touchstone.formats.raw_tables import RawTable
from touchstone.formats.readers import read_table
from touchstone.reports.outcome_tables import json_text, number, outcome_record, readable
from touchstone.reports.words import Words
from touchstone.stats.small_areas import AreaFigure, Areas, SmallAreas, estimate_small_areas
from touchstone.stats.snapshot_columns import numbers_of, texts_of


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
    words = Words(language)
    found = estimate_small_areas(
        _read(raw, area, (estimate, se), covariates), confidence=confidence
    )
    if found.model is not None and found.model.at_zero:
        click.echo(words.text("areas.note.at_zero"), err=True)
    if as_json:
        click.echo(json_text(_record(found, covariates)))
    else:
        click.echo("\n\n".join(_report(found, covariates, words, confidence=confidence)))


def _read(raw: RawTable, area: str, figures: tuple[str, str], covariates: tuple[str, ...]) -> Areas:
    snapshot = read_columns(raw, numbers=(*figures, *covariates), texts=(area,))
    names = texts_of(snapshot, area)
    if None in names:
        raise TouchstoneError(
            "AREA-04",
            where=f"{raw.source}, column {area!r}",
            found="a row without the name of an area",
            remedy="Name the area, or take the row out.",
        )
    estimates, errors = (numbers_of(snapshot, name) for name in figures)
    given = [numbers_of(snapshot, name) for name in covariates]
    table = np.column_stack(given) if given else np.zeros((len(names), 0))
    order = sorted(range(len(names)), key=lambda place: names[place] or "")
    labels = tuple(names[place] or "" for place in order)
    return Areas(labels, estimates[order], errors[order], table[order], covariates)


def _record(found: SmallAreas, covariates: tuple[str, ...]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "areas": [_area_record(figure) for figure in found.figures], "model": None, "checks": None,
    }  # fmt: skip
    model, checks = found.model, found.checks
    if model is not None and checks is not None:
        record["model"] = {
            "variance": number(model.variance),
            "variance_se": number(model.variance_error),
            "at_zero": model.at_zero,
            "log_likelihood": number(model.log_likelihood),
            "areas": model.areas,
            "coefficients": {
                name: {"estimate": number(value), "se": number(error)}
                for name, value, error in zip(
                    ("constant", *covariates),
                    model.coefficients.tolist(),
                    model.coefficient_errors.tolist(),
                    strict=True,
                )
            },
        }
        record["checks"] = {
            "normal_p": None if checks.normal is None else number(checks.normal),
            "alike_p": number(checks.alike),
            "beyond_two": number(checks.beyond_two),
        }
    return record


def _area_record(figure: AreaFigure) -> dict[str, Any]:
    figures = {
        "direct": figure.direct,
        "direct_se": figure.direct_error,
        "gamma": figure.gamma,
        "residual": figure.residual,
    }
    plain = {name: None if one is None else number(one) for name, one in figures.items()}
    return {"area": figure.name, **outcome_record(figure.outcome), **plain}


def _report(
    found: SmallAreas, covariates: tuple[str, ...], words: Words, *, confidence: float
) -> list[str]:
    rows = [
        (
            {
                "area": figure.name,
                "direct": readable(figure.direct, words),
                "direct_se": readable(figure.direct_error, words),
                "gamma": readable(figure.gamma, words),
            },
            figure.outcome,
        )
        for figure in found.figures
    ]
    parts = [outcome_text(rows, words, confidence=confidence)]
    model, checks = found.model, found.checks
    if model is None or checks is None:
        return parts
    lines = [[words.text(f"areas.head.{name}") for name in ("part", "value", "se")]]
    lines += [
        [name, readable(value, words), readable(error, words)]
        for name, value, error in zip(
            (words.text("areas.constant"), *covariates),
            model.coefficients.tolist(),
            model.coefficient_errors.tolist(),
            strict=True,
        )
    ]
    variance = (readable(model.variance, words), readable(model.variance_error, words))
    lines.append([words.text("areas.variance"), *variance])
    tests = words.text(
        "areas.checks",
        normal=readable(checks.normal, words),
        alike=readable(checks.alike, words),
        beyond=readable(100 * checks.beyond_two, words),
    )
    return [*parts, aligned(lines, right={1, 2}), tests]
