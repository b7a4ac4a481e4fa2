"""`touchstone rate --model ordinal`: measures by a many-facet model of rating forms."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from touchstone.base.outcomes import Withheld
from touchstone.cli.aligned_tables import aligned
from touchstone.reports.outcome_tables import figure_record, figure_text, number, readable
from touchstone.reports.words import Words, format_number
from touchstone.stats.crossed_effects.snapshots import FoundRatings
from touchstone.stats.crossed_effects.tables import Grouping
from touchstone.stats.item_response.scales import Parameter
from touchstone.stats.many_facets.forms import FormTable, ScaleOf, whole_categories
from touchstone.stats.many_facets.measures import Element, Ratee, RateeMeasure
from touchstone.stats.many_facets.models import FacetModel, fit_many_facets
from touchstone.stats.rater_checks import RaterCheck, check_raters

RATEE_HEADS = ("n", "mean", "measure", "se", "average", "rank_low", "rank_high", "infit")
RATER_HEADS = ("n", "mean", "severity", "se", "infit", "flags")
FLAGS = ("straight_lining", "rates_only_self", "rated_once")


class OrdinalFit(NamedTuple):
    """A many-facet model, the table it was fitted to, and what stands out about its raters."""

    table: FormTable
    model: FacetModel
    checks: tuple[RaterCheck, ...]


def fit_ordinal(read: FoundRatings, scale_of: ScaleOf, *, confidence: float) -> OrdinalFit:
    """Fit a many-facet model to ratings whose items stand as their one group, if they have any."""
    ratings = read.table
    n = len(ratings.scores)
    one_item = Grouping("item", np.zeros(n, np.int32), ("",))
    item = ratings.groups[0] if ratings.groups else one_item
    table = FormTable(whole_categories(ratings.scores), ratings.rater, ratings.ratee, item)
    model = fit_many_facets(table, scale_of=scale_of, confidence=confidence)
    return OrdinalFit(table, model, check_raters(table, model))


def ordinal_record(read: FoundRatings, fit: OrdinalFit, seconds: float) -> dict[str, Any]:
    """Give the model as plain data; what is withheld is null with its reason beside it."""
    model, table = fit.model, fit.table
    return {
        "n": len(table.categories),
        "left_out": read.left_out,
        "log_likelihood": number(model.log_likelihood),
        "criterion": number(-2 * model.log_likelihood),
        "variances": {table.ratee.name: number(model.variance)},
        "fixed": _fixed(fit),
        "reliability": figure_record(model.reliability),
        "separation": figure_record(model.separation),
        "rater_reliability": figure_record(model.rater_reliability),
        "rater_separation": figure_record(model.rater_separation),
        "subsets": model.subsets,
        "without_information": model.left_out,
        "ratees": [
            {"id": name, **_ratee(ratee)}
            for name, ratee in zip(table.ratee.levels, model.ratees, strict=True)
        ],
        "raters": [
            {"id": name, **_element(rater, "severity"), **_check(check)}
            for name, rater, check in zip(table.rater.levels, model.raters, fit.checks, strict=True)
        ],
        "items": [
            {"id": name, **_element(item, "difficulty")}
            for name, item in zip(table.item.levels, model.items, strict=True)
        ],
        "seconds": round(seconds, 3),
    }


def _fixed(fit: OrdinalFit) -> dict[str, Any]:
    """Give difficulties, severities and thresholds by name, those that could be estimated."""
    named: list[tuple[str, Parameter | Withheld]] = []
    for grouping, elements in (
        (fit.table.item, fit.model.items),
        (fit.table.rater, fit.model.raters),
    ):
        for level, element in zip(grouping.levels, elements, strict=True):
            name = f"{grouping.name}[{level}]"
            named.append((name, element.measure))
            named += _thresholds(f"{name} ", element.thresholds, fit.model.lowest)
    named += _thresholds("", fit.model.thresholds, fit.model.lowest)
    return {
        name: {"estimate": number(one.estimate), "se": number(one.se)}
        for name, one in named
        if isinstance(one, Parameter)
    }


def _thresholds(
    before: str, thresholds: Sequence[Parameter | Withheld], lowest: int
) -> list[tuple[str, Parameter | Withheld]]:
    return [
        (f"{before}threshold[{place}]", one) for place, one in enumerate(thresholds, lowest + 1)
    ]


def _ratee(ratee: Ratee) -> dict[str, Any]:
    record: dict[str, Any] = {"n": ratee.n, "mean": number(ratee.mean)}
    found = ratee.measure
    if isinstance(found, Withheld):
        return record | dict.fromkeys(RateeMeasure._fields) | {"reason": found.reason}
    return record | {
        name: value if isinstance(value, int) else number(value)
        for name, value in found._asdict().items()
    }


def _element(element: Element, measure: str) -> dict[str, Any]:
    record: dict[str, Any] = {
        "n": element.n,
        "mean": number(element.mean),
        measure: None,
        "se": None,
        "infit": figure_record(element.infit),
        "outfit": figure_record(element.outfit),
    }
    found = element.measure
    if isinstance(found, Withheld):
        return record | {"reason": found.reason}
    return record | {measure: number(found.estimate), "se": number(found.se)}


def _check(check: RaterCheck) -> dict[str, Any]:
    """Give what stands out about a rater; withheld parts are null."""
    record = {name: _plain(value) for name, value in check._asdict().items()}
    # The severity itself stands beside it.
    record["check_severity"] = record.pop("severity")
    return record


def _plain(value: Any) -> Any:
    if isinstance(value, Withheld):
        return None
    return number(value) if isinstance(value, float) else value


def ordinal_report(fit: OrdinalFit, words: Words) -> list[str]:
    """Give ratees, raters and items as tables, the highest measure first."""
    model, table = fit.model, fit.table
    notes = [
        words.text("rate.note.logits"),
        words.text("rate.note.reliability", reliability=figure_text(model.reliability, words)),
    ]
    if model.subsets > 1:
        notes.append(words.text("rate.note.subsets", count=model.subsets))
    if model.left_out:
        notes.append(words.text("rate.note.mute", count=model.left_out))
    notes.append(
        words.text("rate.note.criterion", criterion=readable(-2 * model.log_likelihood, words))
    )
    heads = [words.text(f"rate.head.{name}") for name in RATEE_HEADS]
    ratees = sorted(zip(table.ratee.levels, model.ratees, strict=True), key=_falling)
    ratee_lines = [
        [table.ratee.name, *heads],
        *([name, *_ratee_cells(one, words)] for name, one in ratees),
    ]
    heads = [words.text(f"rate.head.{name}") for name in RATER_HEADS]
    raters = zip(table.rater.levels, model.raters, fit.checks, strict=True)
    rater_lines = [
        [table.rater.name, *heads],
        *([name, *_element_cells(one, words), _flags(check, words)] for name, one, check in raters),
    ]
    heads = [words.text(f"rate.head.{name}") for name in ("n", "mean", "difficulty", "se", "infit")]
    items = zip(table.item.levels, model.items, strict=True)
    item_lines = [
        [table.item.name, *heads],
        *([name, *_element_cells(one, words)] for name, one in items),
    ]
    return [
        aligned(ratee_lines, right=range(1, len(RATEE_HEADS) + 1)),
        aligned(rater_lines, right=range(1, len(RATER_HEADS))),
        aligned(item_lines, right=range(1, 6)),
        "\n".join(notes),
    ]


def _falling(named: tuple[str, Ratee]) -> tuple[bool, float, str]:
    name, ratee = named
    if isinstance(ratee.measure, Withheld):
        return True, 0.0, name
    return False, -ratee.measure.measure, name


def _ratee_cells(ratee: Ratee, words: Words) -> list[str]:
    cells = [format_number(ratee.n), readable(ratee.mean, words)]
    found = ratee.measure
    if isinstance(found, Withheld):
        return [*cells, *[words.text("sign.none")] * 5, words.withheld(found)]
    figures = [readable(one, words) for one in (found.measure, found.se, found.average)]
    ranks = [format_number(found.rank_low), format_number(found.rank_high)]
    return [*cells, *figures, *ranks, readable(found.infit, words)]


def _element_cells(element: Element, words: Words) -> list[str]:
    cells = [format_number(element.n), readable(element.mean, words)]
    found = element.measure
    if isinstance(found, Withheld):
        return [*cells, *[words.text("sign.none")] * 2, words.withheld(found)]
    infit = (
        words.text("sign.none")
        if isinstance(element.infit, Withheld)
        else readable(element.infit, words)
    )
    return [*cells, readable(found.estimate, words), readable(found.se, words), infit]


def _flags(check: RaterCheck, words: Words) -> str:
    flags = [name for name in FLAGS if getattr(check, name) is True]
    if check.severity in ("severe", "lenient"):
        flags.insert(0, str(check.severity))
    return words.enumerate(words.text(f"rate.flag.{name}") for name in flags) if flags else ""
