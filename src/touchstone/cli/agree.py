"""`touchstone agree`: how far raters agree, and how many of them are enough."""

from pathlib import Path
from typing import Any, NamedTuple, cast

import click

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.cli.agreement_tables import Figure, Needed, agreement_record, agreement_report
from touchstone.cli.options import column, columns, shown
from touchstone.cli.rated_items import RatedItem, ReadItems, facets_of, read_rated_items
from touchstone.formats.readers import read_table
from touchstone.reports.outcome_tables import json_text
from touchstone.reports.words import Words
from touchstone.stats.agreement.intraclass import FORMS, intraclass_correlations
from touchstone.stats.agreement.kappas import (
    WEIGHTINGS,
    Weighting,
    agreement_weights,
    cohen_kappa,
    fleiss_kappa,
)
from touchstone.stats.agreement.krippendorff import DRAWS, LEVELS, Level, krippendorff_alpha
from touchstone.stats.agreement.ratings import CodedRatings, cross_table
from touchstone.stats.reliability.generalizability import (
    Generalizability,
    coefficient,
    study_facets,
)
from touchstone.stats.reliability.raters_needed import (
    Curve,
    curve_of_single,
    curve_of_study,
    raters_needed,
)

STATISTICS = ("krippendorff", "icc", "kappa", "fleiss", "generalizability")
SINGLE_FORMS = ("icc1", "icc2", "icc3")
DATA = click.Path(exists=True, dir_okay=False, path_type=Path)


class Choices(NamedTuple):
    """What is asked for: statistics, level of measurement, weights of kappa, draws, target."""

    statistics: tuple[str, ...]
    level: Level
    weighting: Weighting
    draws: int
    seed: int
    confidence: float
    target: float | None


@click.command()
@click.argument("data", type=DATA)
@click.option("--rater", required=True, callback=column, metavar="R", help="Who rated.")
@click.option("--ratee", required=True, callback=column, metavar="D", help="Who was rated.")
@click.option(
    "--score",
    required=True,
    callback=columns,
    metavar="Y[,Y…]",
    help="The score; each of several columns is an item.",
)
@click.option("--item", callback=column, metavar="I", help="What was rated, one row for each.")
@click.option(
    "--statistic",
    "statistics",
    multiple=True,
    type=click.Choice(STATISTICS),
    help="What to give; may stand several times.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="ordinal",
    show_default=True,
    help="What differences of scores mean to Krippendorff's alpha.",
)
@click.option(
    "--weights",
    "weighting",
    type=click.Choice(WEIGHTINGS),
    default="quadratic",
    show_default=True,
    help="How far Cohen's kappa takes near scores as agreement.",
)
@click.option(
    "--target",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Reliability to reach: tells how many raters are enough.",
)
@click.option("--draws", type=click.IntRange(100, 100_000), default=DRAWS, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the bootstrap.")
@shown
def agree(
    data: Path,
    rater: str,
    ratee: str,
    score: tuple[str, ...],
    item: str | None,
    **options: Any,
) -> None:
    """Tell how far raters agree on who was rated in DATA (CSV, CSV.gz, XLSX or Parquet).

    Krippendorff's alpha and intraclass correlations are given when no --statistic is named, for
    several items generalizability coefficients too. Ratings may be missing. With --target the
    smallest number of raters is told whose mean is as reliable.
    """
    if item is not None and len(score) > 1:
        raise click.UsageError("Give several columns of scores, or --item, not both.")
    words, as_json = Words(options.pop("language")), options.pop("as_json")
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    choices = Choices(options["statistics"], *(options[n] for n in Choices._fields[1:]))
    read = read_rated_items(raw, (rater, ratee), score, item, level=choices.level)
    if not choices.statistics:
        choices = choices._replace(statistics=_usual(read))
    if read.left_out:
        click.echo(words.text("agree.note.left_out", count=read.left_out), err=True)
    figures = [figure for one in read.items for figure in _figures(one, choices, read.are_words)]
    study = None
    if "generalizability" in choices.statistics:
        study = _study(read)
        figures += _coefficients(study, choices)
    needed = [] if choices.target is None else _needed(figures, study, choices)
    if as_json:
        click.echo(json_text(agreement_record(read.items, figures, study, needed)))
    else:
        parts = agreement_report(figures, study, needed, words=words, confidence=choices.confidence)
        click.echo("\n\n".join(parts))


def _usual(read: ReadItems) -> tuple[str, ...]:
    """Name the statistics that are given when none is asked for."""
    if read.are_words:
        return ("krippendorff", "fleiss")
    more = ("generalizability",) if len(read.items) > 1 else ()
    return ("krippendorff", "icc", *more)


def _study(read: ReadItems) -> Generalizability | Withheld:
    if read.are_words:
        return Withheld("scores_are_words")
    facets = facets_of(read)
    return study_facets(facets.scores, facets.codes, facets.layout)


def _figures(one: RatedItem, choices: Choices, are_words: bool) -> list[Figure]:
    ratings, confidence = one.ratings, choices.confidence
    found: list[Figure] = []
    for statistic in choices.statistics:
        if statistic == "icc":
            found += [Figure(*pair) for pair in _forms(one, confidence, are_words)]
        elif statistic == "krippendorff":
            outcome = krippendorff_alpha(
                ratings,
                choices.level,
                confidence=confidence,
                draws=choices.draws,
                seed=choices.seed,
            )
            found.append(Figure(f"alpha_{choices.level}", one.name, outcome))
        elif statistic == "kappa":
            found.append(
                Figure(f"kappa_{choices.weighting}", one.name, _kappa(ratings, choices, are_words))
            )
        elif statistic == "fleiss":
            found.append(Figure("fleiss", one.name, fleiss_kappa(ratings, confidence=confidence)))
    return found


def _forms(
    one: RatedItem, confidence: float, are_words: bool
) -> list[tuple[str, str | None, Outcome]]:
    if are_words:
        return [(form, one.name, Withheld("scores_are_words")) for form in FORMS]
    found = intraclass_correlations(one.ratings, confidence=confidence).forms
    return [(form, one.name, outcome) for form, outcome in found.items()]


def _kappa(ratings: CodedRatings, choices: Choices, are_words: bool) -> Outcome:
    if are_words and choices.weighting != "none":
        return Withheld("scores_are_words")
    if not len(ratings.values):
        return Withheld("nothing_rated_twice")
    if len(ratings.rater_names) != 2:
        return Withheld("not_two_raters", (("count", str(len(ratings.rater_names))),))
    weights = agreement_weights(ratings.scale, choices.weighting)
    return cohen_kappa(cross_table(ratings), weights, confidence=choices.confidence)


def _coefficients(study: Generalizability | Withheld, choices: Choices) -> list[Figure]:
    if isinstance(study, Withheld):
        return [Figure("relative", None, study), Figure("absolute", None, study)]
    return [
        Figure(name, None, coefficient(study, name, confidence=choices.confidence))
        for name in ("relative", "absolute")
    ]  # fmt: skip


def _needed(
    figures: list[Figure], study: Generalizability | Withheld | None, choices: Choices
) -> list[Needed]:
    target = cast(float, choices.target)
    found = []
    for figure in figures:
        if figure.statistic in SINGLE_FORMS:
            outcome, of = figure.outcome, (figure.statistic, figure.item)
            if isinstance(outcome, Withheld):
                found.append(Needed(*of, outcome))
            else:
                curve = curve_of_single(outcome)
                found.append(Needed(*of, raters_needed(curve, target), curve))
    if study is not None:
        for decision in ("relative", "absolute"):
            if isinstance(study, Withheld):
                found.append(Needed(decision, None, study))
            else:
                curve = _curve(study, decision, choices.confidence)
                found.append(Needed(decision, None, raters_needed(curve, target), curve))
    return found


def _curve(study: Generalizability, decision: Any, confidence: float) -> Curve:
    return curve_of_study(
        lambda raters: coefficient(study, decision, {"rater": raters}, confidence=confidence)
    )
