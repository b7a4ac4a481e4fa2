"""`touchstone rate`: measures of ratees with the leniency of their raters taken out."""

import time
from pathlib import Path
from typing import Any

import click

from touchstone.base.outcomes import Withheld
from touchstone.cli.aligned_tables import aligned
from touchstone.cli.options import shown
from touchstone.cli.rate_ordinal import fit_ordinal, ordinal_record, ordinal_report
from touchstone.cli.rating_tables import read_ratings
from touchstone.formats.raw_tables import clean_heading
from touchstone.formats.readers import read_table
from touchstone.reports.outcome_tables import (
    figure_record,
    figure_text,
    json_text,
    number,
    readable,
)
from touchstone.reports.words import Words, format_number
from touchstone.stats.crossed_effects.models import CrossedModel, fit_crossed
from touchstone.stats.crossed_effects.snapshots import FoundRatings, RatingColumns

RATEE_COLUMNS = ("n", "mean", "measure", "se", "rank_low", "rank_high")


@click.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rater", required=True, metavar="R", help="Column that names who rated.")
@click.option("--ratee", required=True, metavar="D", help="Column that names who was rated.")
@click.option("--score", required=True, metavar="Y", help="Column of the score, a number.")
@click.option(
    "--group", multiple=True, metavar="G", help="Column of a further random effect, or `one:other`."
)
@click.option("--fixed", multiple=True, metavar="X", help="Column whose effect is estimated.")
@click.option("--item", metavar="I", help="Column that names the item of a form (ordinal model).")
@click.option(
    "--model",
    type=click.Choice(["linear", "ordinal"]),
    default="linear",
    show_default=True,
    help="Scores as numbers, or as ordered categories of a form.",
)
@click.option(
    "--scale",
    type=click.Choice(["common", "item", "rater"]),
    default="common",
    show_default=True,
    help="Whose own the thresholds between categories are (ordinal model).",
)
@click.option("--ml", "criterion", flag_value="ml", help="Maximum likelihood.")
@click.option(
    "--reml", "criterion", flag_value="reml", default="reml", help="Restricted (the default)."
)
@click.option("--within-groups", is_flag=True, help="Leave the groups' effects out of measures.")
@shown
def rate(
    data: Path,
    model: str,
    confidence: float,
    language: str,
    as_json: bool,
    **given: Any,
) -> None:
    """Measure who was rated in DATA (CSV, CSV.gz, XLSX or Parquet) fairly to all raters.

    Some raters are lenient, some severe, and not everybody is rated by the same. A model of
    crossed random effects takes that out: each ratee gets the score that an average rater would
    have given, with its standard error and the range of ranks it may have. Figures equal those
    of the R package lme4.

    With --model ordinal scores are categories of a form of items: a many-facet Rasch model gives
    measures in logits, with the difficulty of items, the severity of raters, and what stands out
    about each rater.
    """
    _refuse_unfit(model, given)
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    read = read_ratings(raw, _columns(given))
    words = Words(language)
    if read.left_out:
        click.echo(words.text("rate.note.left_out", count=read.left_out), err=True)
    started = time.perf_counter()
    if model == "ordinal":
        ordinal = fit_ordinal(read, given["scale"], confidence=confidence)
        record = ordinal_record(read, ordinal, time.perf_counter() - started)
        report = [] if as_json else ordinal_report(ordinal, words)
    else:
        linear = fit_crossed(
            read.table,
            criterion=given["criterion"],
            within_groups=given["within_groups"],
            confidence=confidence,
        )
        record = _record(read, linear, time.perf_counter() - started)
        report = [] if as_json else _report(read, linear, words)
    click.echo(json_text(record) if as_json else "\n\n".join(report))


def _refuse_unfit(model: str, given: dict[str, Any]) -> None:
    """Refuse options that the chosen model does not have."""
    if model == "linear" and given["item"]:
        raise click.UsageError("--item goes with --model ordinal; name it as --group instead.")
    if model == "ordinal" and (given["group"] or given["fixed"] or given["within_groups"]):
        raise click.UsageError("--group, --fixed and --within-groups go with --model linear.")


def _columns(given: dict[str, Any]) -> RatingColumns:
    """Name the columns; the items of a form are read as its one group."""
    groups = (*given["group"], *([given["item"]] if given["item"] else []))
    return RatingColumns(
        rater=clean_heading(given["rater"]),
        ratee=clean_heading(given["ratee"]),
        score=clean_heading(given["score"]),
        groups=tuple(clean_heading(name) for name in groups),
        fixed=tuple(clean_heading(name) for name in given["fixed"]),
    )


def _record(read: FoundRatings, model: CrossedModel, seconds: float) -> dict[str, Any]:
    """Give the model as plain data; a figure that is withheld is null, its reason beside it."""
    criterion = model.criterion
    withheld = {
        name: found.reason
        for name in ("criterion", "reliability", "separation")
        if isinstance(found := getattr(model, name), Withheld)
    }
    return {
        "n": len(read.table.scores),
        "left_out": read.left_out,
        "log_likelihood": None if isinstance(criterion, Withheld) else number(-criterion / 2),
        "criterion": figure_record(criterion),
        "variances": {name: number(one) for name, one in model.variances.items()},
        "fixed": {
            name: {"estimate": number(one.estimate), "se": number(one.se)}
            for name, one in model.fixed.items()
        },
        "reliability": figure_record(model.reliability),
        "separation": figure_record(model.separation),
        "withheld": withheld,
        "subsets": model.subsets,
        "ratees": _rows(read.table.ratee.levels, model.ratees),
        "raters": _rows(read.table.rater.levels, model.raters),
        "seconds": round(seconds, 3),
    }


def _rows(levels: Any, columns: Any) -> list[dict[str, Any]]:
    lists = [column.tolist() for column in columns]
    names = ("id", *type(columns)._fields)
    return [dict(zip(names, row, strict=True)) for row in zip(levels, *lists, strict=True)]


def _report(read: FoundRatings, model: CrossedModel, words: Words) -> list[str]:
    """Give the variances, the fixed effects and the ratees, best measure first, as tables."""
    table = read.table
    variances = [
        [words.text("rate.head.variance"), words.text("rate.head.value")],
        *(
            [name if name != "residual" else words.text("rate.residual"), readable(one, words)]
            for name, one in model.variances.items()
        ),
    ]
    fixed = [
        [words.text(f"rate.head.{name}") for name in ("fixed", "value", "se")],
        *([name, *(readable(one, words) for one in pair)] for name, pair in model.fixed.items()),
    ]
    heads = ["ratee", *RATEE_COLUMNS, *(["subset"] if model.subsets > 1 else [])]
    lines = [[words.text(f"rate.head.{name}", ratee=table.ratee.name) for name in heads]]
    order = (-model.ratees.measure).argsort(kind="stable").tolist()
    lines += [[table.ratee.levels[place], *_ratee_cells(model, place, words)] for place in order]
    notes = [words.text("rate.note.reliability", reliability=figure_text(model.reliability, words))]
    if model.subsets > 1:
        notes.append(words.text("rate.note.subsets", count=model.subsets))
    if isinstance(model.criterion, Withheld):
        notes.append(words.withheld(model.criterion))
    else:
        notes.append(words.text("rate.note.criterion", criterion=readable(model.criterion, words)))
    return [
        aligned(variances, right=range(1, 2)),
        aligned(fixed, right=range(1, 3)),
        aligned(lines, right=range(1, len(heads))),
        "\n".join(notes),
    ]


def _ratee_cells(model: CrossedModel, place: int, words: Words) -> list[str]:
    ratees = model.ratees
    cells = [format_number(int(ratees.n[place]))]
    figures = (ratees.mean, ratees.measure, ratees.se)
    cells += [readable(float(column[place]), words) for column in figures]
    cells += [format_number(int(column[place])) for column in (ratees.rank_low, ratees.rank_high)]
    return cells + ([format_number(int(ratees.subset[place]) + 1)] if model.subsets > 1 else [])
