"""The effect of an action period by period, before its start and after."""

from collections.abc import Sequence
from typing import Any

from touchstone.base.outcomes import Estimate, Outcome
from touchstone.reports.charts.looks import (
    BLUE,
    GRID,
    LINE,
    QUIET,
    Chart,
    Spec,
    Values,
    layer,
    number_scale,
    padded_domain,
    picture,
    places_shown,
    top_title,
    wrapped,
)
from touchstone.reports.charts.outcome_spans import SpanTitles
from touchstone.reports.words import Words

HEIGHT = 280
# The last period before the action, which all others are held against.
HELD_AGAINST = -1
# Where the action begins, between the last period before it and the first with it.
START = -0.5
MOST_MARKED = 12
HEADS = ("step", "estimate", "low", "high", "n")
Steps = Sequence[tuple[int, Outcome]]


def event_study(titles: SpanTitles, steps: Steps, words: Words) -> Chart:
    """Draw the effect in each period as a point on its interval, counted from the action's start.

    Periods before the start are hollow points on a shaded ground, where no effect should be; the
    last of them, which the others are held against, is 0 by definition and has no interval.
    Periods whose figure is withheld are left out of the picture, and stand in the table.
    """
    known = [(step, one) for step, one in steps if isinstance(one, Estimate)]
    values: Values = [
        {"step": step}
        | {name: round(float(getattr(one, name)), 6) for name in ("value", "low", "high")}
        for step, one in known
    ]
    places = places_shown([one.value for _, one in known])
    return Chart(
        name=titles.name,
        title=titles.title,
        spec=_spec(values, titles, words),
        seen=_seen(known, words, places) if known else words.text("spans.seen_nothing"),
        heads=tuple(words.text(f"event.head.{head}") for head in HEADS),
        rows=tuple(_row(step, one, words, places) for step, one in steps) if known else (),
        notes=(words.text("event.legend"),) if known else (),
    )


def _row(step: int, one: Outcome, words: Words, places: int) -> tuple[str, ...]:
    none = words.text("sign.none")
    if not isinstance(one, Estimate):
        return words.number(step), words.withheld(one), none, none, none
    figures = (words.number(part, places) for part in (one.value, one.low, one.high))
    return words.number(step), *figures, words.number(one.n)


def _spec(values: Values, titles: SpanTitles, words: Words) -> Spec:
    steps = [*(value["step"] for value in values), HELD_AGAINST, 0]
    first, last = min(steps), max(steps)
    ends = [0.0, *(value[end] for value in values for end in ("low", "high"))]
    domain = padded_domain(min(ends), max(ends))
    # Air for the words that stand above all points.
    domain[1] = round(domain[1] + (domain[1] - domain[0]) * 0.12, 6)
    apart = 1 + (last - first) // MOST_MARKED
    marked = [step for step in range(first, last + 1) if step % apart == 0]
    along = number_scale(
        "step",
        axis={
            "title": wrapped(words.text("event.axis")),
            "values": marked,
            "format": "d",
            "grid": False,
        },
        scale={"domain": [first - 0.5, last + 0.5], "nice": False, "zero": False},
    )
    upward = number_scale(
        "value",
        axis={**top_title(titles.axis), "tickCount": 5},
        scale={"domain": domain, "nice": False},
    )
    axes = {"x": along, "y": upward}
    ground = _ground_layers((first - 0.5, last + 0.5), axes, words)
    return picture([*ground, *_point_layers(values, axes)], height=HEIGHT)


def _ground_layers(ends: tuple[float, float], axes: dict[str, Any], words: Words) -> list[Spec]:
    """Shade what came before the action, and draw the line of no effect."""
    first, last = ends
    along = axes["x"]
    before: Values = [{"step": first, "end": START}]
    start: Values = [{"step": START}]
    marks = [
        ("right", -6, [{"step": START, "text": words.text("event.before")}]),
        ("left", 6, [{"step": START, "text": words.text("event.after")}]),
    ]
    zero: Values = [{"step": first, "end": last, "value": 0}]
    line = {"color": QUIET, "strokeDash": [4, 4]}
    return [
        layer(before, "rect", {"color": GRID, "opacity": 0.7}, x=along, x2={"field": "end"}),
        layer(zero, "rule", {"color": LINE}, x=along, x2={"field": "end"}, y=axes["y"]),
        layer(start, "rule", line, x=along),
        *(
            layer(
                mark,
                "text",
                {"align": align, "dx": apart, "baseline": "top", "color": QUIET, "fontSize": 11},
                x=along,
                y={"value": 4},
                text={"field": "text"},
            )
            for align, apart, mark in marks
        ),
    ]


def _point_layers(values: Values, axes: dict[str, Any]) -> list[Spec]:
    before = [value for value in values if value["step"] < 0]
    after = [value for value in values if value["step"] >= 0]
    against: Values = [{"step": HELD_AGAINST, "value": 0}] if values else []
    ends = {"y": {**axes["y"], "field": "low"}, "y2": {"field": "high"}}
    line = {"color": BLUE, "strokeWidth": 2}
    disc = {"shape": "circle", "color": BLUE, "opacity": 1, "size": 80, "strokeWidth": 2}
    hollow = {**disc, "filled": True, "fill": "white", "stroke": BLUE}
    cross = {"shape": "cross", "filled": True, "color": QUIET, "opacity": 1, "size": 70}
    return [
        layer(values, "rule", line, x=axes["x"], **ends),
        layer(before, "point", hollow, **axes),
        layer(after, "point", {**disc, "filled": True}, **axes),
        layer(against, "point", cross, **axes),
    ]


def _seen(known: Sequence[tuple[int, Estimate]], words: Words, places: int) -> str:
    """Say the effect in the first and the last period, and whether it was 0 before."""
    after = [one for one in known if one[0] >= 0]
    before = [one for step, one in known if step < 0]
    said = []
    for key, (step, one) in zip(
        ("event.seen_first", "event.seen_last"), _ends(after), strict=False
    ):
        said.append(words.text(key, step=step, effect=words.outcome(one, places)))
    if before:
        apart = sum(not one.low <= 0 <= one.high for one in before)
        key = "event.seen_before_apart" if apart else "event.seen_before"
        said.append(words.text(key, n=len(before), apart=apart))
    return words.sentences(said)


def _ends(known: Sequence[tuple[int, Estimate]]) -> Sequence[tuple[int, Estimate]]:
    return known if len(known) <= 1 else (known[0], known[-1])
