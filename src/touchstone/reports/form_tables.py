"""A many-facet model of rating forms as its analyst sees it: a record, and tables of everybody."""

from collections.abc import Sequence
from typing import Any

from touchstone.base.outcomes import Withheld
from touchstone.loop.analyses.ordinal_ratings import OrdinalFit
from touchstone.reports.measure_tables import left_out_notes
from touchstone.reports.outcome_tables import figure_record, figure_text, number, readable
from touchstone.reports.shown_tables import Shown, shown_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.crossed_effects.snapshots import FoundRatings
from touchstone.stats.item_response.scales import Parameter
from touchstone.stats.many_facets.measures import Element, Ratee, RateeMeasure
from touchstone.stats.rater_checks import RaterCheck

RATEE_HEADS = ("n", "mean", "measure", "se", "average", "rank_low", "rank_high", "infit")
RATER_HEADS = ("n", "mean", "severity", "se", "infit", "flags")
ITEM_HEADS = ("n", "mean", "difficulty", "se", "infit")
FLAGS = ("straight_lining", "rates_only_self", "rated_once")


def forms_record(read: FoundRatings, fit: OrdinalFit, *, seconds: float) -> dict[str, Any]:
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


def show_forms(read: FoundRatings, fit: OrdinalFit, words: Words) -> Shown:
    """Give ratees, raters and items as tables, the highest measure first."""
    model, table = fit.model, fit.table
    ratees = sorted(zip(table.ratee.levels, model.ratees, strict=True), key=_falling)
    ratee_lines = [[name, *_ratee_cells(one, words)] for name, one in ratees]
    raters = zip(table.rater.levels, model.raters, fit.checks, strict=True)
    rater_lines = [
        [name, *_element_cells(one, words), _flags(check, words)] for name, one, check in raters
    ]
    items = zip(table.item.levels, model.items, strict=True)
    item_lines = [[name, *_element_cells(one, words)] for name, one in items]
    tables = [
        shown_table(_heads(table.ratee.name, RATEE_HEADS, words), ratee_lines, numbers=range(1, 9)),
        shown_table(_heads(table.rater.name, RATER_HEADS, words), rater_lines, numbers=range(1, 6)),
        shown_table(_heads(table.item.name, ITEM_HEADS, words), item_lines, numbers=range(1, 6)),
    ]
    return Shown((*tables, "\n".join(_said(fit, words))), left_out_notes(read, words))


def _heads(name: str, heads: Sequence[str], words: Words) -> list[str]:
    return [name, *(words.text(f"rate.head.{head}") for head in heads)]


def _said(fit: OrdinalFit, words: Words) -> list[str]:
    model = fit.model
    said = [
        words.text("rate.note.logits"),
        words.text("rate.note.reliability", reliability=figure_text(model.reliability, words)),
    ]
    if model.subsets > 1:
        said.append(words.text("rate.note.subsets", count=model.subsets))
    if model.left_out:
        said.append(words.text("rate.note.mute", count=model.left_out))
    criterion = readable(-2 * model.log_likelihood, words)
    return [*said, words.text("rate.note.criterion", criterion=criterion)]


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
