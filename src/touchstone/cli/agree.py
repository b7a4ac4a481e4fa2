"""`touchstone agree`: how far raters agree, and how many of them are enough."""

from pathlib import Path
from typing import Any, NamedTuple, cast

import click

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.cli.aligned_tables import aligned
from touchstone.cli.options import column, columns, shown
from touchstone.cli.outcome_tables import json_text, number, outcome_record, outcome_table, readable
from touchstone.cli.rated_items import RatedItem, read_rated_items
from touchstone.formats.readers import read_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.agreement.intraclass import intraclass_correlations
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
    RatersNeeded,
    curve_of_single,
    curve_of_study,
    raters_needed,
    reliability_curve,
)

STATISTICS = ("krippendorff", "icc", "kappa", "fleiss", "generalizability")
SINGLE_FORMS = ("icc1", "icc2", "icc3")
CURVE_RATERS = 20
DATA = click.Path(exists=True, dir_okay=False, path_type=Path)


class Figure(NamedTuple):
    """One statistic of one item, or of all of them together."""

    statistic: str
    item: str | None
    outcome: Outcome


class Needed(NamedTuple):
    """How many raters one statistic asks for; the curve is None where there is no figure."""

    statistic: str
    item: str | None
    found: RatersNeeded | Withheld
    curve: Curve | None = None


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
    words, as_json = Words(options.pop("language")), options.pop("as_json")
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    choices = Choices(options["statistics"], *(options[n] for n in Choices._fields[1:]))
    read = read_rated_items(raw, (rater, ratee), score, item, level=choices.level)
    items, facets, left_out = read
    if not choices.statistics:
        usual = STATISTICS[:2] if len(items) == 1 else (*STATISTICS[:2], STATISTICS[-1])
        choices = choices._replace(statistics=usual)
    if left_out:
        click.echo(words.text("agree.note.left_out", count=left_out), err=True)
    figures = [figure for one in items for figure in _figures(one, choices)]
    study = None
    if "generalizability" in choices.statistics:
        study = study_facets(facets.scores, facets.codes, facets.layout)
        figures += _coefficients(study, choices)
    needed = [] if choices.target is None else _needed(figures, study, choices)
    if as_json:
        click.echo(json_text(_record(items, figures, study, needed)))
    else:
        click.echo("\n\n".join(_report(figures, study, needed, words=words, choices=choices)))


def _figures(one: RatedItem, choices: Choices) -> list[Figure]:
    ratings, confidence = one.ratings, choices.confidence
    found: list[Figure] = []
    for statistic in choices.statistics:
        if statistic == "icc":
            forms = intraclass_correlations(ratings, confidence=confidence).forms
            found += [Figure(form, one.name, outcome) for form, outcome in forms.items()]
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
            found.append(Figure(f"kappa_{choices.weighting}", one.name, _kappa(ratings, choices)))
        elif statistic == "fleiss":
            found.append(Figure("fleiss", one.name, fleiss_kappa(ratings, confidence=confidence)))
    return found


def _kappa(ratings: CodedRatings, choices: Choices) -> Outcome:
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


def _record(
    items: list[RatedItem],
    figures: list[Figure],
    study: Generalizability | Withheld | None,
    needed: list[Needed],
) -> dict[str, Any]:
    record: dict[str, Any] = {
        "ratings": sum(len(one.ratings.values) for one in items),
        "statistics": [
            {"statistic": one.statistic, "item": one.item, **outcome_record(one.outcome)}
            for one in figures
        ],
    }
    if isinstance(study, Generalizability):
        pairs = zip(study.components.effects, study.components.variances.tolist(), strict=True)
        record["layout"] = study.layout
        record["complete"] = study.components.complete
        record["components"] = {" x ".join(effect): number(one) for effect, one in pairs}
    if needed:
        record["raters_needed"] = [
            {"statistic": one.statistic, "item": one.item, **_needed_record(one)} for one in needed
        ]
    return record


def _needed_record(one: Needed) -> dict[str, Any]:
    """Give the numbers of raters, and the reliability of means of 1 to 20 raters."""
    curve = [] if one.curve is None else reliability_curve(one.curve, CURVE_RATERS)
    points = [
        {"raters": raters, "estimate": number(value), "low": number(low), "high": number(high)}
        for raters, value, (low, high) in curve
    ]
    found = one.found
    if isinstance(found, Withheld):
        nothing = dict.fromkeys(("raters", "fewest", "most"))
        return {**nothing, "reason": found.reason, "curve": points}
    return {
        "raters": found.raters, "fewest": found.fewest, "most": found.most, "curve": points,
    }  # fmt: skip


def _report(
    figures: list[Figure],
    study: Generalizability | Withheld | None,
    needed: list[Needed],
    *,
    words: Words,
    choices: Choices,
) -> list[str]:
    rows = []
    for one in figures:
        of = {"statistic": words.text(f"agree.statistic.{one.statistic}")}
        if any(figure.item for figure in figures):
            of["item"] = one.item or words.text("agree.all_items")
        rows.append((of, one.outcome))
    parts = [outcome_table(rows, words, confidence=choices.confidence)]
    if isinstance(study, Generalizability):
        pairs = zip(study.components.effects, study.components.variances.tolist(), strict=True)
        lines = [[words.text("agree.head.effect"), words.text("agree.head.variance")]]
        for effect, variance in pairs:
            facets = [words.text(f"agree.facet.{facet}") for facet in effect]
            lines.append([" × ".join(facets), readable(variance, words)])
        parts.append(aligned(lines, right={1}))
    parts += ["\n".join(_enough(one, words) for one in needed)] if needed else []
    return parts


def _enough(one: Needed, words: Words) -> str:
    name = words.text(f"agree.statistic.{one.statistic}")
    name = name if one.item is None else f"{name}, {one.item}"
    if isinstance(one.found, Withheld):
        return f"{name}: {words.withheld(one.found)}"
    most = words.text("sign.none") if one.found.most is None else format_number(one.found.most)
    return words.text(
        "agree.needed",
        statistic=name,
        target=f"{one.found.target:g}",
        raters=one.found.raters,
        fewest=one.found.fewest,
        most=most,
    )
