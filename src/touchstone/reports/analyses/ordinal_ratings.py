"""What a many-facet model says of rating forms, as a record and as readers see it."""

from collections.abc import Sequence
from typing import Any

from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.ordinal_ratings import OrdinalRatingsSpec
from touchstone.loop.analyses.ordinal_ratings import OrdinalRatings
from touchstone.reports.analyses.rated import (
    model_sentences,
    rated_notes,
    rated_parts,
    rated_record,
    reasons_of,
)
from touchstone.reports.outcome_tables import figure_record, figure_text, number, readable
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.item_response.scales import Parameter
from touchstone.stats.many_facets.measures import Element

OF_MODEL = ("reliability", "separation", "rater_reliability", "rater_separation")
ITEM_HEADS = ("n", "mean", "difficulty", "se", "infit", "outfit")
Thresholds = Sequence[Parameter | Withheld]


def ordinal_ratings_record(spec: OrdinalRatingsSpec, found: OrdinalRatings) -> dict[str, Any]:
    """Give what the model says of all forms together as plain data; nobody is in it."""
    model = found.model
    return rated_record(found.rated) | {
        "log_likelihood": number(model.log_likelihood),
        "criterion": number(-2 * model.log_likelihood),
        "variances": {spec.ratee: number(model.variance)},
        "thresholds": _threshold_records(model.thresholds, model.lowest),
        "items": [{"id": name, **_item_record(one, model.lowest)} for name, one in found.items],
        "items_left_out": found.items_left_out,
        **{name: figure_record(getattr(model, name)) for name in OF_MODEL},
        "withheld": reasons_of(model, *OF_MODEL),
        "subsets": model.subsets,
        "without_information": found.mute,
    }


def _threshold_records(thresholds: Thresholds, lowest: int) -> list[dict[str, Any]]:
    """Give the thresholds by the category that they lead to."""
    records = []
    for category, one in enumerate(thresholds, lowest + 1):
        told = (
            {"estimate": None, "se": None, "reason": one.reason}
            if isinstance(one, Withheld)
            else {"estimate": number(one.estimate), "se": number(one.se)}
        )
        records.append({"category": category, **told})
    return records


def _item_record(item: Element, lowest: int) -> dict[str, Any]:
    record: dict[str, Any] = {"n": item.n, "mean": number(item.mean)}
    measure = item.measure
    if isinstance(measure, Withheld):
        record |= {"difficulty": None, "se": None, "reason": measure.reason}
    else:
        record |= {"difficulty": number(measure.estimate), "se": number(measure.se)}
    record |= {"infit": figure_record(item.infit), "outfit": figure_record(item.outfit)}
    if item.thresholds:
        record["thresholds"] = _threshold_records(item.thresholds, lowest)
    return record


def show_ordinal_ratings(spec: OrdinalRatingsSpec, found: OrdinalRatings, words: Words) -> Shown:
    """Give the items, the thresholds, raters who stand out, and how reliable measures are."""
    model = found.model
    parts: list[ShownTable | str] = []
    if found.items:
        parts.append(_items(spec, found, words))
    thresholds = list(_threshold_lines(spec, found, words))
    if thresholds:
        heads = [words.text(f"rate.head.{name}") for name in ("threshold", "value", "se")]
        parts.append(shown_table(heads, thresholds, numbers={1, 2}))
    parts += rated_parts(spec, found.rated, words)
    said = [words.text("rate.note.in_logits"), *model_sentences(model, words)]
    reliability = figure_text(model.rater_reliability, words)
    said.append(words.text("rate.note.rater_reliability", reliability=reliability))
    if found.mute:
        said.append(words.text("rate.note.mute", count=found.mute))
    if found.items_left_out:
        said.append(words.text("agree.note.items_left_out", count=found.items_left_out))
    criterion = readable(-2 * model.log_likelihood, words)
    said.append(words.text("rate.note.criterion", criterion=criterion))
    return Shown((*parts, "\n".join(said)), rated_notes(found.rated, words))


def _items(spec: OrdinalRatingsSpec, found: OrdinalRatings, words: Words) -> ShownTable:
    column = str(spec.item)
    heads = [words.column(column), *(words.text(f"rate.head.{name}") for name in ITEM_HEADS)]
    lines = [[words.value(column, name), *_item_cells(one, words)] for name, one in found.items]
    return shown_table(heads, lines, numbers=range(1, len(heads)))


def _item_cells(item: Element, words: Words) -> list[str]:
    none = words.text("sign.none")
    cells = [format_number(item.n), readable(item.mean, words)]
    measure = item.measure
    if isinstance(measure, Withheld):
        cells += [words.withheld(measure), none]
    else:
        cells += [readable(measure.estimate, words), readable(measure.se, words)]
    fits = (item.infit, item.outfit)
    return cells + [none if isinstance(one, Withheld) else readable(one, words) for one in fits]


def _threshold_lines(
    spec: OrdinalRatingsSpec, found: OrdinalRatings, words: Words
) -> list[list[str]]:
    """Write the thresholds of the common scale, or of each item that has its own."""
    own = [(words.value(str(spec.item), name), one.thresholds) for name, one in found.items]
    none, lines = words.text("sign.none"), []
    for name, thresholds in (("", found.model.thresholds), *own):
        for category, one in enumerate(thresholds, found.model.lowest + 1):
            step = words.text("rate.threshold", below=category - 1, category=category)
            figures = (
                [words.withheld(one), none]
                if isinstance(one, Withheld)
                else [readable(one.estimate, words), readable(one.se, words)]
            )
            lines.append([f"{name}: {step}" if name else step, *figures])
    return lines
