"""One unit's values over time."""

from collections.abc import Sequence
from decimal import Decimal

from touchstone.reports.charts.looks import (
    BLUE,
    Chart,
    Spec,
    Values,
    haloed,
    layer,
    name_scale,
    number_scale,
    padded_domain,
    picture,
    plain,
    top_title,
    wrapped,
)
from touchstone.reports.words import Words

HEIGHT = 220
Point = tuple[str, Decimal | None]


def history(name: str, points: Sequence[Point], words: Words) -> Chart:
    """Draw a unit's value in each period, in the order given; a period without one is a gap."""
    known = [(period, value) for period, value in points if value is not None]
    return Chart(
        name="history",
        title=words.text("history.title"),
        spec=_spec(points, words),
        seen=_seen(name, known, words),
        heads=(words.text("label.period"), words.text("label.value")),
        rows=tuple((period, words.number(value)) for period, value in points) if known else (),
    )


def _spec(points: Sequence[Point], words: Words) -> Spec:
    values: Values = [
        {"period": period, "value": plain(value), "text": words.number(value)}
        for period, value in points
    ]
    known = [value["value"] for value in values if value["value"] is not None]
    domain = padded_domain(min(known), max(known)) if known else [0.0, 1.0]
    # Air for the figures that stand above their points.
    domain[1] = round(domain[1] + (domain[1] - domain[0]) * 0.18, 6)
    along = name_scale(
        "period",
        axis={"title": wrapped(words.text("history.x_axis")), "labelAngle": 0, "grid": False},
        scale={"domain": [value["period"] for value in values], "type": "point", "padding": 0.5},
    )
    upward = number_scale(
        "value",
        axis={**top_title(words.text("label.value")), "tickCount": 5},
        scale={"domain": domain, "nice": False, "zero": False},
    )
    disc = {"shape": "circle", "filled": True, "color": BLUE, "size": 70, "opacity": 1}
    line = {"color": BLUE, "strokeWidth": 2, "invalid": "break-paths-show-domains"}
    above = {"dy": -14, "fontWeight": "bold"}
    figures = [value for value in values if value["value"] is not None]
    return picture(
        [
            layer(values, "line", line, x=along, y=upward),
            layer(figures, "point", disc, x=along, y=upward),
            *haloed(figures, above, x=along, y=upward, text={"field": "text"}),
        ],
        height=HEIGHT,
    )


def _seen(name: str, known: Sequence[tuple[str, Decimal]], words: Words) -> str:
    if not known:
        return words.text("history.seen_nothing", name=name)
    (first_period, first), (last_period, last) = known[0], known[-1]
    if len(known) == 1:
        return words.text("history.seen_once", name=name, first=first, first_period=first_period)
    return words.text(
        "history.seen",
        name=name,
        first=first,
        first_period=first_period,
        last=last,
        last_period=last_period,
        change=last - first,
    )
