"""Planks short of their target, as a record and as readers see them."""

from typing import Any

from touchstone.content.analyses.shortfalls import ShortfallsSpec
from touchstone.loop.analyses.shortfalls import FoundShortfalls
from touchstone.reports.charts import FieldTitles, importance_performance
from touchstone.reports.outcome_tables import number, outcome_record, outcome_table, readable
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.shortfalls.planks import Shortfall
from touchstone.stats.shortfalls.quadrants import Place

PLACES = 3

# Columns before the estimate that hold figures.
FIGURES = ("rank", "adjusted_p")


def shortfalls_record(spec: ShortfallsSpec, found: FoundShortfalls) -> dict[str, Any]:
    """Give each plank's gap, priority, test and field as plain data.

    Planks that are columns have their mean, target and importance beside it.
    """
    records = [
        _record(*pair) for pair in zip(found.shortfalls, found.places, strict=True)
    ]  # fmt: skip
    for place, (plank, mean) in enumerate(zip(spec.planks, found.means, strict=True)):
        records[place] |= {
            "performance": outcome_record(mean),
            "target": number(plank.target),
            "better": plank.better,
            "importance": number(float(found.planks.importance[place])),
            "importance_se": number(float(found.planks.importance_errors[place])),
        }
    return {"planks": records}


def show_shortfalls(spec: ShortfallsSpec, found: FoundShortfalls, words: Words) -> Shown:
    """Give the planks by priority, with gaps and fields, and a picture of the fields."""
    last = len(found.shortfalls) + 1
    order = sorted(
        range(len(found.shortfalls)),
        key=lambda one: (found.shortfalls[one].rank or last, found.shortfalls[one].name),
    )
    names = [_name(spec, one.name, words) for one in found.shortfalls]
    rows = [
        (_of(found.shortfalls[one], names[one], words), found.shortfalls[one].priority)
        for one in order
    ]
    count = sum(one.is_shown for one in found.shortfalls)
    parts: list[ShownTable | str] = [
        outcome_table(rows, words, confidence=float(spec.confidence), figures=FIGURES)
    ]
    if found.means:
        parts.append(_means(spec, found, order, words))
    parts.append(_gaps(found, [(one, names[one]) for one in order], words))
    parts.append(words.text("shortfalls.count", count=count, all=len(found.shortfalls)))
    upward = "mean" if spec.importance_cut is None else "cut"
    axes = (f"fields.along.{_way(spec)}", f"fields.upward.{upward}")
    titles = FieldTitles("fields", *map(words.text, axes))
    chart = importance_performance(titles, list(zip(names, found.places, strict=True)), words)
    return Shown(tuple(parts), charts=(chart,))


def _way(spec: ShortfallsSpec) -> str:
    if spec.planks:
        return "target"
    return "mean" if spec.performance_cut is None else "cut"


def _name(spec: ShortfallsSpec, name: str, words: Words) -> str:
    return words.value(spec.plank, name) if spec.plank else words.column(name)


def _of(found: Shortfall, name: str, words: Words) -> dict[str, str]:
    rank = words.text("sign.none") if found.rank is None else format_number(found.rank)
    return {"rank": rank, "plank": name, "adjusted_p": readable(found.adjusted, words)}


def _means(
    spec: ShortfallsSpec, found: FoundShortfalls, order: list[int], words: Words
) -> ShownTable:
    heads = [
        words.text(f"shortfalls.head.{name}")
        for name in ("plank", "performance", "target", "importance")
    ]
    lines = [
        [
            words.column(spec.planks[one].column),
            words.outcome(found.means[one], PLACES),
            words.text(
                f"shortfalls.target.{spec.planks[one].better}",
                target=format_number(spec.planks[one].target),
            ),
            readable(float(found.planks.importance[one]), words),
        ]
        for one in order
    ]
    return shown_table(heads, lines, numbers=(3,))


def _gaps(found: FoundShortfalls, order: list[tuple[int, str]], words: Words) -> ShownTable:
    lines = [
        [name, words.outcome(found.shortfalls[one].gap, PLACES), _field(found.places[one], words)]
        for one, name in order
    ]
    return shown_table(
        [words.text(f"shortfalls.head.{name}") for name in ("plank", "gap", "field")], lines
    )


def _field(place: Place, words: Words) -> str:
    return words.text(f"shortfalls.field.{place.quadrant}")


def _record(one: Shortfall, place: Place) -> dict[str, Any]:
    return {
        "plank": one.name,
        "gap": outcome_record(one.gap),
        "priority": outcome_record(one.priority),
        "p": None if one.p is None else number(one.p),
        "adjusted_p": None if one.adjusted is None else number(one.adjusted),
        "is_short": one.is_shown,
        "rank": one.rank,
        "importance_above_cut": outcome_record(place.importance),
        "performance_above_cut": outcome_record(place.performance),
        "quadrant": place.quadrant,
    }
