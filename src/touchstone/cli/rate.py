"""`touchstone rate`: measures of ratees with the leniency of their raters taken out."""

import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from touchstone.cli.findings import tell
from touchstone.cli.options import shown
from touchstone.cli.rating_tables import read_ratings
from touchstone.content.analyses.ordinal_ratings import OrdinalRatingsSpec
from touchstone.content.analyses.ratings import RatingsSpec
from touchstone.formats.raw_tables import RawTable, clean_heading
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.ordinal_ratings import fit_forms, form_columns_of
from touchstone.loop.analyses.ratings import columns_of, fit_ratings
from touchstone.reports.form_tables import forms_record, show_forms
from touchstone.reports.measure_tables import measures_record, show_measures
from touchstone.reports.shown_tables import Shown
from touchstone.reports.words import Words

Options = dict[str, Any]
Found = tuple[Shown, dict[str, Any]]


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
    fields: dict[str, Any] = {
        name: clean_heading(given[name]) for name in ("rater", "ratee", "score")
    }
    fields |= {"confidence": Decimal(str(confidence)), "smallest_group": 0}
    found = _ordinal if model == "ordinal" else _linear
    tell(*found(raw, fields, given, Words(language)), as_json=as_json)


def _linear(raw: RawTable, fields: Options, given: Options, words: Words) -> Found:
    groups, fixed = (tuple(map(clean_heading, given[name])) for name in ("group", "fixed"))
    spec = RatingsSpec(**fields, groups=groups, fixed=fixed, criterion=given["criterion"])
    read = read_ratings(raw, columns_of(spec))
    started = time.perf_counter()
    model = fit_ratings(spec, read, within_groups=given["within_groups"])
    record = measures_record(read, model, seconds=time.perf_counter() - started)
    return show_measures(read, model, words), record


def _ordinal(raw: RawTable, fields: Options, given: Options, words: Words) -> Found:
    """Fit a many-facet model; the items of a form are read as its one group."""
    item = clean_heading(given["item"]) if given["item"] else None
    spec = OrdinalRatingsSpec(**fields, item=item, scale=given["scale"])
    read = read_ratings(raw, form_columns_of(spec))
    started = time.perf_counter()
    fit = fit_forms(spec, read)
    record = forms_record(read, fit, seconds=time.perf_counter() - started)
    return show_forms(read, fit, words), record


def _refuse_unfit(model: str, given: dict[str, Any]) -> None:
    """Refuse options that the chosen model does not have."""
    if model == "linear" and given["item"]:
        raise click.UsageError("--item goes with --model ordinal; name it as --group instead.")
    if model == "ordinal" and (given["group"] or given["fixed"] or given["within_groups"]):
        raise click.UsageError("--group, --fixed and --within-groups go with --model linear.")
