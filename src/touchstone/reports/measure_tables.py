"""A crossed model of ratings as its analyst sees it: a record and tables of every ratee."""

from typing import Any

from touchstone.base.outcomes import Withheld
from touchstone.reports.outcome_tables import figure_record, figure_text, number, readable
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.crossed_effects.models import CrossedModel
from touchstone.stats.crossed_effects.snapshots import FoundRatings

RATEE_COLUMNS = ("n", "mean", "measure", "se", "rank_low", "rank_high")


def measures_record(read: FoundRatings, model: CrossedModel, *, seconds: float) -> dict[str, Any]:
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


def show_measures(read: FoundRatings, model: CrossedModel, words: Words) -> Shown:
    """Give the variances, the fixed effects and the ratees, best measure first, as tables."""
    variances = [
        [name if name != "residual" else words.text("rate.residual"), readable(one, words)]
        for name, one in model.variances.items()
    ]
    fixed = [[name, *(readable(one, words) for one in pair)] for name, pair in model.fixed.items()]
    said = [words.text("rate.note.reliability", reliability=figure_text(model.reliability, words))]
    if model.subsets > 1:
        said.append(words.text("rate.note.subsets", count=model.subsets))
    if isinstance(model.criterion, Withheld):
        said.append(words.withheld(model.criterion))
    else:
        said.append(words.text("rate.note.criterion", criterion=readable(model.criterion, words)))
    parts = (
        shown_table(_heads(words, "variance", "value"), variances, numbers={1}),
        shown_table(_heads(words, "fixed", "value", "se"), fixed, numbers={1, 2}),
        _ratees(read, model, words),
        "\n".join(said),
    )
    return Shown(parts, left_out_notes(read, words))


def left_out_notes(read: FoundRatings, words: Words) -> tuple[str, ...]:
    """Say how many rows were left out, if any."""
    return (words.text("rate.note.left_out", count=read.left_out),) if read.left_out else ()


def _heads(words: Words, *names: str) -> list[str]:
    return [words.text(f"rate.head.{name}") for name in names]


def _ratees(read: FoundRatings, model: CrossedModel, words: Words) -> ShownTable:
    ratee = read.table.ratee
    names = ["ratee", *RATEE_COLUMNS, *(["subset"] if model.subsets > 1 else [])]
    heads = [words.text(f"rate.head.{name}", ratee=ratee.name) for name in names]
    order = (-model.ratees.measure).argsort(kind="stable").tolist()
    lines = [[ratee.levels[place], *_ratee_cells(model, place, words)] for place in order]
    return shown_table(heads, lines, numbers=range(1, len(heads)))


def _ratee_cells(model: CrossedModel, place: int, words: Words) -> list[str]:
    ratees = model.ratees
    cells = [format_number(int(ratees.n[place]))]
    figures = (ratees.mean, ratees.measure, ratees.se)
    cells += [readable(float(column[place]), words) for column in figures]
    cells += [format_number(int(column[place])) for column in (ratees.rank_low, ratees.rank_high)]
    return cells + ([format_number(int(ratees.subset[place]) + 1)] if model.subsets > 1 else [])
