"""Where one unit's score comes from: the points of each criterion, up to their sum."""

from decimal import Decimal
from typing import Any

from touchstone.loop.results import Part, UnitResult
from touchstone.reports.charts.looks import (
    BLUE,
    DARK_GOLD,
    INK,
    LINE,
    QUIET,
    Chart,
    Spec,
    Values,
    layer,
    name_scale,
    number_scale,
    picture,
    plain,
)
from touchstone.reports.words import Words

STEP = 38
NAME_WIDTH = 320
LOOKS: dict[str, dict[str, Any]] = {
    "gain": {"color": BLUE},
    "loss": {"fill": "#fbf3e1", "stroke": DARK_GOLD, "strokeDash": [4, 3], "strokeWidth": 1.2},
    "total": {"color": INK},
}


def waterfall(unit: UnitResult, words: Words) -> Chart:
    """Draw what each criterion adds to a unit's score; the last bar is the score itself.

    A criterion that takes points off is dashed; one without a figure has a word and no bar.
    """
    steps = _steps(unit, words)
    heads = ("criterion", "weight", "measured", "criterion_score", "points")
    return Chart(
        name="waterfall",
        title=words.text("waterfall.title"),
        spec=_spec(steps, words),
        seen=_seen(unit, words),
        heads=tuple(words.text(f"label.{head}") for head in heads),
        rows=tuple(_row(part, words) for part in unit.parts),
    )


def _steps(unit: UnitResult, words: Words) -> Values:
    """Stack the parts on each other, each from where the one before it ended."""
    steps: Values = []
    reached = Decimal(0)
    for part in unit.parts:
        points = part.points or Decimal(0)
        steps.append(
            {
                "name": words.text(f"criterion.{part.criterion}"),
                "from": plain(reached),
                "to": plain(reached + points),
                "kind": "loss" if points < 0 else "gain",
                "text": _points(part.points, words),
            }
        )
        reached += points
    if unit.score is not None:
        score = {"from": 0.0, "to": plain(unit.score), "text": words.number(unit.score)}
        steps.append({"name": words.text("label.total"), "kind": "total", **score})
    for place, step in enumerate(steps):
        step["end"] = max(step["from"], step["to"])
        step["row"] = str(place)
    return steps


def _points(points: Decimal | None, words: Words) -> str:
    if points is None:
        return words.text("waterfall.withheld")
    return ("+" if points > 0 else "") + words.number(points)


def _row(part: Part, words: Words) -> tuple[str, ...]:
    return (
        words.text(f"criterion.{part.criterion}"),
        words.number(part.weight),
        words.outcome(part.measured),
        words.number(part.score),
        _points(part.points, words),
    )


def _spec(steps: Values, words: Words) -> Spec:
    """Names stand above their bars, so that a long criterion needs no margin of its own."""
    rows = name_scale(
        "row",
        axis=None,
        scale={
            "domain": [step["row"] for step in steps],
            "paddingInner": 0.55,
            "paddingOuter": 0.5,
        },
    )
    ends = [step[end] for step in steps for end in ("from", "to")] or [0.0]
    lowest, highest = min(*ends, 0.0), max(*ends, 0.0) or 1.0
    domain = [lowest, round(highest + (highest - lowest) * 0.18, 4)]
    axis = {"title": words.text("waterfall.x_axis"), "tickCount": 5}
    along = number_scale("from", axis=axis, scale={"domain": domain, "nice": False})
    bars = [
        layer(
            [step for step in steps if step["kind"] == kind],
            "bar",
            look,
            x=along,
            x2={"field": "to"},
            y=rows,
        )
        for kind, look in LOOKS.items()
        if any(step["kind"] == kind for step in steps)
    ]
    beside = {"align": "left", "baseline": "middle", "dx": 6, "fontWeight": "bold"}
    above = {
        "color": QUIET,
        "limit": NAME_WIDTH,
        "align": "left",
        "baseline": "bottom",
        "dy": -11,
        "fontSize": 11,
    }
    texts = [
        layer(steps, "text", beside, x={**along, "field": "end"}, y=rows, text={"field": "text"}),
        layer(steps, "text", above, x={"value": 4}, y=rows, text={"field": "name"}),
    ]
    zero = layer([{"zero": 0}], "rule", {"color": LINE}, x=number_scale("zero"))
    return picture([zero, *bars, *texts], height={"step": STEP})


def _seen(unit: UnitResult, words: Words) -> str:
    if unit.score is None:
        because = words.because(unit.because)
        return words.text("waterfall.seen_nothing", name=unit.name, because=because)
    items = words.enumerate(
        words.text(
            "sign.name_and_value",
            name=words.text(f"criterion.{part.criterion}"),
            value=_points(part.points, words),
        )
        for part in unit.parts
    )
    return words.text("waterfall.seen", name=unit.name, score=unit.score, items=items)
