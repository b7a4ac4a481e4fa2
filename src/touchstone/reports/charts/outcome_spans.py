"""Several figures below each other, each a point on its interval."""

from collections.abc import Sequence
from typing import NamedTuple

from touchstone.base.outcomes import Estimate, Outcome
from touchstone.reports.charts.looks import (
    BLUE,
    QUIET,
    Chart,
    Spec,
    Values,
    layer,
    name_scale,
    number_scale,
    picture,
)
from touchstone.reports.words import Words

STEP = 38
NAME_WIDTH = 320
PLACES = 3
PLACES_OF_PERCENT = 1
HEADS = ("what", "estimate", "low", "high", "n")


class SpanTitles(NamedTuple):
    """The name of a picture of figures, its title, and what its axis counts."""

    name: str
    title: str
    axis: str


def outcome_spans(
    titles: SpanTitles, named: Sequence[tuple[str, Outcome]], words: Words, *, times: int = 1
) -> Chart:
    """Draw each figure as a point with its interval; those withheld are left out.

    `times` multiplies all figures, 100 where they are shares told in percent.
    """
    known = [(name, one) for name, one in named if isinstance(one, Estimate)]
    values: Values = [
        {
            "name": name,
            "value": round(float(one.value) * times, 6),
            "low": round(float(one.low) * times, 6),
            "high": round(float(one.high) * times, 6),
        }
        for name, one in known
    ]
    places = PLACES if times == 1 else PLACES_OF_PERCENT
    rows = tuple(
        (
            name,
            *(words.number(part * times, places) for part in (one.value, one.low, one.high)),
            words.number(one.n),
        )
        for name, one in known
    )
    items = (words.text("sign.name_and_value", name=row[0], value=row[1]) for row in rows)
    return Chart(
        name=titles.name,
        title=titles.title,
        spec=_spec(values, titles.axis),
        seen=words.text("spans.seen", items=words.enumerate(items))
        if rows
        else words.text("spans.seen_nothing"),
        heads=tuple(words.text(f"spans.head.{head}") for head in HEADS),
        rows=rows,
        notes=(words.text("spans.legend"),) if rows else (),
    )


def _spec(values: Values, axis: str) -> Spec:
    scale = {"domain": [value["name"] for value in values], "padding": 0.5}
    rows = name_scale("name", axis=None, scale={**scale, "type": "point"})
    along = number_scale("value", axis={"title": axis, "tickCount": 5}, scale={"nice": True})
    above = {
        "color": QUIET,
        "limit": NAME_WIDTH,
        "align": "left",
        "baseline": "bottom",
        "dy": -8,
        "fontSize": 11,
    }
    line = {"color": BLUE, "strokeWidth": 2}
    point = {"filled": True, "color": BLUE, "opacity": 1, "size": 70}
    layers = [
        layer(values, "rule", line, x={**along, "field": "low"}, x2={"field": "high"}, y=rows),
        layer(values, "point", point, x=along, y=rows),
        layer(values, "text", above, x={"value": 4}, y=rows, text={"field": "name"}),
    ]
    return picture(layers, height={"step": STEP})
