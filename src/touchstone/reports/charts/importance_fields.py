"""Importance beside performance: planks in four fields, with the intervals that decide."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from touchstone.base.outcomes import Estimate
from touchstone.reports.charts.looks import (
    BLUE,
    DARK_GOLD,
    LINE,
    QUIET,
    Chart,
    Spec,
    Values,
    haloed,
    layer,
    number_scale,
    padded_domain,
    picture,
    places_shown,
    top_title,
    wrapped,
)
from touchstone.reports.charts.placed_names import BESIDE, HEIGHT, LINE_HEIGHT, set_apart
from touchstone.reports.words import Words
from touchstone.stats.shortfalls.quadrants import QUADRANTS, UNDECIDED, Place

HEADS = ("plank", "importance", "performance", "field")
LOOKS: dict[str, Spec] = {
    "concentrate_here": {"shape": "triangle-up", "color": DARK_GOLD, "size": 110, "filled": True},
    "decided": {"shape": "circle", "color": BLUE, "size": 70, "filled": True},
    UNDECIDED: {"shape": "circle", "color": QUIET, "size": 70, "filled": True, "fill": "white"},
}


class FieldTitles(NamedTuple):
    """The name of a picture of fields, and what its axes of performance and importance count."""

    name: str
    along: str
    upward: str


def importance_performance(
    titles: FieldTitles, planks: Sequence[tuple[str, Place]], words: Words
) -> Chart:
    """Draw planks by how far importance and performance lie above their cuts.

    A plank whose interval reaches across a cut is undecided: a hollow grey mark. Planks without
    a figure are in the table only.
    """
    known = [
        (name, place)
        for name, place in planks
        if isinstance(place.importance, Estimate) and isinstance(place.performance, Estimate)
    ]
    rows = tuple(_row(name, place, planks, words) for name, place in planks) if known else ()
    return Chart(
        name=titles.name,
        title=words.text("fields.title"),
        spec=_spec([_value(*one) for one in known], titles, words),
        seen=_seen(known, words),
        heads=tuple(words.text(f"fields.head.{head}") for head in HEADS),
        rows=rows,
        notes=(words.text("fields.legend"),) if known else (),
    )


def _seen(known: Sequence[tuple[str, Place]], words: Words) -> str:
    """Name the planks of each field that has any."""
    if not known:
        return words.text("spans.seen_nothing")
    said = []
    for field in (*QUADRANTS.values(), UNDECIDED):
        names = [name for name, place in known if place.quadrant == field]
        if names:
            said.append(words.text(f"fields.seen.{field}", planks=words.enumerate(names)))
    return words.sentences(said)


def _row(
    name: str, place: Place, planks: Sequence[tuple[str, Place]], words: Words
) -> tuple[str, ...]:
    """Write one line of the table; each column has as many decimals as its largest figure asks."""
    cells = []
    for axis in ("importance", "performance"):
        outcomes = [getattr(one, axis) for _, one in planks]
        known = [one.value for one in outcomes if isinstance(one, Estimate)]
        cells.append(words.outcome(getattr(place, axis), places_shown(known)))
    return name, *cells, words.text(f"shortfalls.field.{place.quadrant}")


def _value(name: str, place: Place) -> dict[str, Any]:
    value: dict[str, Any] = {"name": name, "field": place.quadrant}
    for axis, outcome in (("importance", place.importance), ("performance", place.performance)):
        if isinstance(outcome, Estimate):
            figures = (outcome.value, outcome.low, outcome.high)
            for part, figure in zip((axis, f"{axis}_low", f"{axis}_high"), figures, strict=True):
                value[part] = round(float(figure), 9)
    return value


def _spec(values: Values, titles: FieldTitles, words: Words) -> Spec:
    wide = _domain(values, "performance")
    # Above and below is room for the names of the fields.
    high = padded_domain(*_domain(values, "importance"))
    axis = {"tickCount": 5, "grid": False}
    along = number_scale(
        "performance",
        axis={"title": wrapped(titles.along), **axis},
        scale={"domain": wide, "nice": False},
    )
    upward = number_scale(
        "importance",
        axis={**top_title(titles.upward), **axis},
        scale={"domain": high, "nice": False},
    )
    cut = {"color": LINE, "strokeDash": [5, 4], "strokeWidth": 1.5}
    layers = [
        layer([{"performance": 0}], "rule", cut, x=along),
        layer([{"importance": 0}], "rule", cut, y=upward),
        *_corners(words),
        *_spans(values, along, upward),
        *_names(values, wide, high, along=along, upward=upward),
        *_marks(values, along, upward),
    ]
    return picture(layers, height=HEIGHT)


def _domain(values: Values, axis: str) -> list[float]:
    ends = [value[f"{axis}_{end}"] for value in values for end in ("low", "high")]
    return padded_domain(min([0.0, *ends]), max([0.0, *ends]))


def _corners(words: Words) -> Iterator[Spec]:
    """Write the fields' names into the corners of the picture."""
    for (is_important, is_good), field in QUADRANTS.items():
        look = {
            "color": QUIET,
            "fontStyle": "italic",
            "align": "right" if is_good else "left",
            "baseline": "top" if is_important else "bottom",
            "dx": -4 if is_good else 4,
        }
        named = [{"name": words.text(f"shortfalls.field.{field}")}]
        yield layer(
            named,
            "text",
            look,
            x={"value": "width" if is_good else 0},
            y={"value": 0 if is_important else "height"},
            text={"field": "name"},
        )


def _spans(values: Values, along: Spec, upward: Spec) -> Iterator[Spec]:
    """Draw the intervals of both figures as a cross."""
    for is_decided in (False, True):
        some = [value for value in values if (value["field"] != UNDECIDED) == is_decided]
        look = {"color": BLUE if is_decided else LINE, "strokeWidth": 1.5, "opacity": 0.7}
        level = {"x": {**along, "field": "performance_low"}, "x2": {"field": "performance_high"}}
        tall = {"y": {**upward, "field": "importance_low"}, "y2": {"field": "importance_high"}}
        yield layer(some, "rule", look, **level, y=upward)
        yield layer(some, "rule", look, **tall, x=along)


def _marks(values: Values, along: Spec, upward: Spec) -> Iterator[Spec]:
    for kind, look in LOOKS.items():
        some = [value for value in values if _kind(value["field"]) == kind]
        outline = {"stroke": look["color"], "strokeWidth": 1.5, "opacity": 1}
        yield layer(some, "point", {**look, **outline}, x=along, y=upward)


def _kind(field: str) -> str:
    return field if field in LOOKS else "decided"


def _names(
    values: Values, wide: list[float], high: list[float], *, along: Spec, upward: Spec
) -> Iterator[Spec]:
    """Write each plank's name beside its mark, towards the middle, none upon another."""
    named = set_apart(values, wide, high)
    for is_right in (False, True):
        look = {
            "fontSize": 11,
            "lineHeight": LINE_HEIGHT,
            "align": "right" if is_right else "left",
            "baseline": "bottom",
            "dx": -BESIDE if is_right else BESIDE,
        }
        yield from haloed(
            [value for value in named if value["is_right"] == is_right], look,
            x=along, y={**upward, "field": "at"}, text={"field": "lines"},
        )  # fmt: skip
