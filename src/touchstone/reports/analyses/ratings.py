"""Where differences between ratings come from, as a record and as readers see it."""

from typing import Any

from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.ratings import RatingsSpec
from touchstone.loop.analyses.ratings import Ratings
from touchstone.reports.analyses.rated import (
    model_sentences,
    rated_notes,
    rated_parts,
    rated_record,
    reasons_of,
)
from touchstone.reports.outcome_tables import figure_record, number, readable
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words
from touchstone.stats.crossed_effects.groups import BESIDE
from touchstone.stats.crossed_effects.models import CONSTANT, RESIDUAL

PERCENT = 100


def ratings_record(_spec: RatingsSpec, found: Ratings) -> dict[str, Any]:
    """Give what the model says of all ratings together as plain data; nobody is in it."""
    model, whole = found.model, sum(found.model.variances.values())
    criterion = model.criterion
    return rated_record(found.rated) | {
        "log_likelihood": None if isinstance(criterion, Withheld) else number(-criterion / 2),
        "criterion": figure_record(criterion),
        "variances": {name: number(one) for name, one in model.variances.items()},
        "shares": {name: number(one / whole) for name, one in model.variances.items()},
        "fixed": {
            name: {"estimate": number(one.estimate), "se": number(one.se)}
            for name, one in found.fixed.items()
        },
        "fixed_left_out": found.fixed_left_out,
        "reliability": figure_record(model.reliability),
        "separation": figure_record(model.separation),
        "withheld": reasons_of(model, "criterion", "reliability", "separation"),
        "subsets": model.subsets,
    }


def show_ratings(spec: RatingsSpec, found: Ratings, words: Words) -> Shown:
    """Give the variances with their shares, the fixed effects, and raters who stand out."""
    model = found.model
    said = model_sentences(model, words)
    if isinstance(model.criterion, Withheld):
        said.append(words.withheld(model.criterion))
    else:
        said.append(words.text("rate.note.criterion", criterion=readable(model.criterion, words)))
    if found.fixed_left_out:
        said.append(words.text("rate.note.fixed_left_out", count=found.fixed_left_out))
    parts: list[ShownTable | str] = [_variances(found, words)]
    if found.fixed:
        parts.append(_fixed(spec, found, words))
    parts += [*rated_parts(spec, found.rated, words), "\n".join(said)]
    return Shown(tuple(parts), rated_notes(found.rated, words))


def _variances(found: Ratings, words: Words) -> ShownTable:
    variances = found.model.variances
    whole = sum(variances.values())
    heads = [words.text(f"rate.head.{name}") for name in ("variance", "value", "share")]
    lines = [
        [_group(name, words), readable(one, words), readable(PERCENT * one / whole, words)]
        for name, one in variances.items()
    ]
    return shown_table(heads, lines, numbers={1, 2})


def _group(name: str, words: Words) -> str:
    if name == RESIDUAL:
        return words.text("rate.residual")
    return " × ".join(map(words.column, name.split(BESIDE)))


def _fixed(spec: RatingsSpec, found: Ratings, words: Words) -> ShownTable:
    heads = [words.text(f"rate.head.{name}") for name in ("fixed", "value", "se")]
    lines = [
        [_effect(spec, name, words), *(readable(one, words) for one in pair)]
        for name, pair in found.fixed.items()
    ]
    return shown_table(heads, lines, numbers={1, 2})


def _effect(spec: RatingsSpec, name: str, words: Words) -> str:
    """Name a fixed effect: the constant, a column, or a level of a column of texts."""
    if name == CONSTANT:
        return words.text("rate.constant")
    for column in spec.fixed:
        if name.startswith(f"{column}["):
            level = words.value(column, name[len(column) + 1 : -1])
            return f"{words.column(column)}: {level}"
    return words.column(name)
