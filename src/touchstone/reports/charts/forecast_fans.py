"""A series, and what a method says of it ahead: the middle of each forecast on its intervals."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from touchstone.reports.charts.looks import (
    BLUE,
    DARK_GOLD,
    SHADE,
    Chart,
    Spec,
    Values,
    confidence_percent,
    layer,
    name_scale,
    number_scale,
    padded_domain,
    picture,
    places_shown,
    top_title,
)
from touchstone.reports.words import Words

HEIGHT = 260
MOST_PAST = 120
MOST_DOTS = 40
MOST_LABELS = 10
INNER = Decimal("0.5")
MIDDLE_SHADE = "#9fbccd"
HEADS = ("period", "value", "forecast", "inner", "outer")
ENDS = ("inner_low", "inner_high", "outer_low", "outer_high")
LINES: dict[str, Spec] = {
    "known": {"color": BLUE, "strokeWidth": 2},
    "said": {"color": BLUE, "strokeWidth": 2, "strokeDash": [5, 4]},
    "bound": {"color": DARK_GOLD, "strokeWidth": 1.5, "strokeDash": [2, 3]},
}
DOTS: dict[str, Spec] = {
    "known": {"filled": True, "color": BLUE, "size": 45, "opacity": 1},
    "said": {"filled": True, "fill": "white", "stroke": BLUE, "size": 55, "opacity": 1},
}
Ends = tuple[Decimal, Decimal]


class FanTitles(NamedTuple):
    """The name of a picture of forecasts, and what series and method are called."""

    name: str
    series: str
    method: str


class Ahead(NamedTuple):
    """What is said of one period ahead: median, the interval of 50 %, and that of all confidence.

    `chance` is the probability that a bound is reached, None where none was asked for.
    """

    period: str
    median: Decimal
    inner: Ends
    outer: Ends
    chance: Decimal | None = None


def forecast_fan(
    titles: FanTitles,
    past: Sequence[tuple[str, Decimal]],
    ahead: Sequence[Ahead],
    words: Words,
    *,
    confidence: Decimal,
    bound: Decimal | None = None,
) -> Chart:
    """Draw the values so far, and the forecasts of one method with their intervals.

    Values and forecasts stand in order of time; at most the last 120 values are drawn.
    """
    drawn = past[-MOST_PAST:]
    places = places_shown([value for _, value in drawn] + [one.median for one in ahead])
    percents = {"inner": confidence_percent(INNER), "outer": confidence_percent(confidence)}
    notes = [words.text("fan.legend", **percents)]
    if bound is not None:
        notes.append(words.text("fan.bound", bound=bound))
    if len(drawn) < len(past):
        notes.append(words.text("fan.cut", drawn=len(drawn), n=len(past)))
    return Chart(
        name=titles.name,
        title=words.text("fan.title", series=titles.series, method=titles.method),
        spec=_spec(titles, drawn, ahead, bound),
        seen=_seen(titles, past, ahead, words, places=places, bound=bound)
        if ahead
        else words.text("fan.seen_nothing"),
        heads=tuple(words.text(f"fan.head.{head}", **percents) for head in HEADS),
        rows=_rows(drawn, ahead, words, places) if ahead else (),
        notes=tuple(notes) if ahead else (),
    )


def _rows(
    past: Sequence[tuple[str, Decimal]], ahead: Sequence[Ahead], words: Words, places: int
) -> tuple[tuple[str, ...], ...]:
    none = words.text("sign.none")
    known = [(period, words.number(value, places), none, none, none) for period, value in past]
    said = [
        (
            one.period,
            none,
            words.number(one.median, places),
            *(_range(ends, words, places) for ends in (one.inner, one.outer)),
        )
        for one in ahead
    ]
    return (*known, *said)


def _range(ends: Ends, words: Words, places: int) -> str:
    low, high = (words.number(end, places) for end in ends)
    return words.text("sign.range", low=low, high=high)


def _seen(
    titles: FanTitles,
    past: Sequence[tuple[str, Decimal]],
    ahead: Sequence[Ahead],
    words: Words,
    *,
    places: int,
    bound: Decimal | None,
) -> str:
    (first_period, first), (last_period, last) = past[0], past[-1]
    end = ahead[-1]
    told = [
        words.text(
            "fan.seen",
            series=titles.series,
            first=words.number(first, places),
            first_period=first_period,
            last=words.number(last, places),
            last_period=last_period,
            method=titles.method,
            target=end.period,
            median=words.number(end.median, places),
            range=_range(end.outer, words, places),
        )
    ]
    if bound is not None and end.chance is not None:
        chance = words.number(end.chance * 100, 1)
        told.append(words.text("fan.seen_bound", bound=bound, period=end.period, chance=chance))
    return words.sentences(told)


def _spec(
    titles: FanTitles,
    past: Sequence[tuple[str, Decimal]],
    ahead: Sequence[Ahead],
    bound: Decimal | None,
) -> Spec:
    known: Values = [{"period": period, "value": float(value)} for period, value in past]
    said = [_said(one) for one in ahead]
    periods = [value["period"] for value in (*known, *said)]
    along = _along(periods)
    upward = number_scale(
        "value",
        axis={**top_title(titles.series), "tickCount": 5},
        scale={"domain": _domain(known, said, bound), "nice": False, "zero": False},
    )
    fan = [*_start(known), *said]
    layers = [
        *(_band(fan, along, upward, part=part) for part in ("outer", "inner")),
        layer(known, "line", LINES["known"], x=along, y=upward),
        layer(fan, "line", LINES["said"], x=along, y=upward),
    ]
    if bound is not None:
        layers.append(layer([{"value": float(bound)}], "rule", LINES["bound"], y=upward))
    if len(periods) <= MOST_DOTS:
        layers.append(layer(known, "point", DOTS["known"], x=along, y=upward))
        layers.append(layer(said, "point", DOTS["said"], x=along, y=upward))
    return picture(layers, height=HEIGHT)


def _said(one: Ahead) -> dict[str, Any]:
    ends = (*one.inner, *one.outer)
    told = {name: float(end) for name, end in zip(ENDS, ends, strict=True)}
    return {"period": one.period, "value": float(one.median), **told}


def _along(periods: list[str]) -> Spec:
    """Name a period every few places, and on a phone every other of these."""
    step = -(-len(periods) // MOST_LABELS) or 1
    axis = {
        "title": None,
        "labelAngle": 0,
        "labelOverlap": "parity",
        "labelSeparation": 6,
        "grid": False,
        "values": periods[::step],
    }
    return name_scale(
        "period", axis=axis, scale={"domain": periods, "type": "point", "padding": 0.5}
    )


def _start(known: Values) -> Values:
    """Begin fan and dashed line at the last value, which nothing is unsure of."""
    return [{**value, **dict.fromkeys(ENDS, value["value"])} for value in known[-1:]]


def _band(values: Values, along: Spec, upward: Spec, *, part: str) -> Spec:
    look = {"color": MIDDLE_SHADE if part == "inner" else SHADE, "opacity": 1}
    low = {**upward, "field": f"{part}_low"}
    return layer(values, "area", look, x=along, y=low, y2={"field": f"{part}_high"})


def _domain(known: Values, said: Values, bound: Decimal | None) -> list[float]:
    figures = [value["value"] for value in known]
    figures += [value[end] for value in said for end in ("outer_low", "outer_high")]
    figures += [] if bound is None else [float(bound)]
    return padded_domain(min(figures), max(figures)) if figures else [0.0, 1.0]
