"""The caterpillar: every score with its interval, from the highest to the lowest."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from touchstone.content.schemes import Scheme
from touchstone.loop.results import UnitResult
from touchstone.reports.charts.looks import (
    BLUE,
    DARK_GOLD,
    GOLD,
    LINE,
    QUIET,
    Chart,
    Spec,
    Values,
    confidence_percent,
    haloed,
    layer,
    number_scale,
    padded_domain,
    picture,
    place_axis,
    plain,
    thinned,
    top_title,
)
from touchstone.reports.words import Words

HEIGHT = 320
BOUND_LINE = {"color": LINE, "strokeDash": [5, 4], "strokeWidth": 1}
Scored = tuple[UnitResult, Decimal]


def caterpillar(
    units: Sequence[UnitResult], scheme: Scheme, words: Words, *, named: bool = False
) -> Chart:
    """Draw all scores with their intervals in falling order, at most 400 of them.

    Dashed lines are the bounds between grades. With `named` the table and the page's tooltips
    name the units; leave it out where persons are assessed.
    """
    scored = _in_falling_order(units)
    drawn = [(place + 1, scored[place]) for place in thinned(len(scored))]
    values = [_value(place, pair, named=named) for place, pair in drawn]
    notes = []
    if any(unit.status == "undecided" for unit, _ in scored):
        notes.append(words.text("caterpillar.legend"))
    if len(drawn) < len(scored):
        notes.append(words.text("caterpillar.thinned", drawn=len(drawn), n=len(scored)))
    heads = ["label.order", "label.name", "label.score", "label.interval", "label.status"]
    confidence = confidence_percent(scheme.interval_confidence)
    return Chart(
        name="caterpillar",
        title=words.text("caterpillar.title"),
        spec=_spec(scored, values, scheme, words),
        seen=_seen(scored, words),
        heads=tuple(
            words.text(head, confidence=confidence)
            for head in heads
            if named or head != "label.name"
        ),
        rows=tuple(_row(place, pair[0], words, named=named) for place, pair in drawn),
        notes=tuple(notes),
    )


def _in_falling_order(units: Sequence[UnitResult]) -> list[Scored]:
    scored = [(unit, unit.score) for unit in units if unit.score is not None]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0].unit))


def _value(place: int, pair: Scored, *, named: bool) -> dict[str, Any]:
    unit, score = pair
    value: dict[str, Any] = {
        "place": place,
        "score": plain(score),
        "low": plain(unit.low),
        "high": plain(unit.high),
        "undecided": unit.status == "undecided",
    }
    return {**value, "name": unit.name} if named else value


def _row(place: int, unit: UnitResult, words: Words, *, named: bool) -> tuple[str, ...]:
    return (
        words.number(place),
        *([unit.name] if named else []),
        words.number(unit.score),
        words.interval(unit.low, unit.high),
        words.text(f"status.{unit.status}"),
    )


def _has_intervals(scored: Sequence[Scored]) -> bool:
    return any(unit.low != unit.high for unit, _ in scored)


def _spec(scored: Sequence[Scored], values: Values, scheme: Scheme, words: Words) -> Spec:
    along = number_scale(
        "place",
        axis=place_axis(len(scored), words.text("caterpillar.x_axis", n=len(scored))),
        scale={"nice": False, "padding": 8, "domain": [1, max(len(scored), 2)]},
    )
    domain = _score_domain(scored, scheme)
    confidence = confidence_percent(scheme.interval_confidence)
    title = "caterpillar.y_axis" if _has_intervals(scored) else "caterpillar.y_axis_facts"
    axis = {
        **top_title(words.text(title, confidence=confidence)),
        "tickCount": 6,
    }
    upward = number_scale("score", axis=axis, scale={"domain": domain, "nice": False})
    bounds = _bounds(scored, scheme, domain, words)
    layers = [layer(bounds, "rule", BOUND_LINE, y={**upward, "field": "bound"})]
    for undecided in (False, True):
        kind = [value for value in values if value["undecided"] is undecided]
        layers += _unit_layers(kind, along, upward, undecided=undecided)
    layers += _bound_names(bounds, upward)
    return picture(layers, height=HEIGHT)


def _score_domain(scored: Sequence[Scored], scheme: Scheme) -> list[float]:
    ends = [float(end) for unit, _ in scored for end in (unit.low, unit.high) if end is not None]
    if not ends:
        ends = [float(scheme.scale.low), float(scheme.scale.high)]
    return padded_domain(min(ends), max(ends))


def _unit_layers(values: Values, along: Spec, upward: Spec, *, undecided: bool) -> list[Spec]:
    colour = DARK_GOLD if undecided else BLUE
    point = (
        {"shape": "circle", "filled": True, "fill": "white", "stroke": GOLD, "size": 16}
        if undecided
        else {"shape": "circle", "filled": True, "color": BLUE, "size": 14}
    )
    wide = [value for value in values if value["low"] != value["high"]]
    intervals = layer(
        wide,
        "rule",
        {"color": colour, "opacity": 0.45, "strokeWidth": 1},
        x=along,
        y={**upward, "field": "low"},
        y2={"field": "high"},
    )
    fields = ["name"] if values and "name" in values[0] else []
    tooltip = [{"field": field} for field in (*fields, "score", "low", "high")]
    points = layer(values, "point", {**point, "opacity": 1}, x=along, y=upward, tooltip=tooltip)
    return [intervals, points] if wide else [points]


def _bounds(scored: Sequence[Scored], scheme: Scheme, domain: list[float], words: Words) -> Values:
    """Give the bounds between grades, and where their names have room beside the falling scores."""
    room = (domain[1] - domain[0]) * 16 / HEIGHT
    middle = float(_median(scored)) if scored else 0.0
    values: Values = []
    last = domain[0] - room
    for band in scheme.grades[1:]:
        start = float(band.start)
        if not domain[0] < start < domain[1]:
            continue
        text = words.text("sign.at_least", grade=words.grade(band.id), bar=words.number(band.start))
        fits = start - last >= room
        values.append(
            {
                "bound": start,
                "text": text if fits else "",
                "align": "left" if start < middle else "right",
                "baseline": "bottom" if domain[1] - start >= room else "top",
            }
        )
        last = start if fits else last
    return values


def _bound_names(bounds: Values, upward: Spec) -> list[Spec]:
    layers: list[Spec] = []
    for align in ("left", "right"):
        for baseline in ("bottom", "top"):
            named = [
                bound
                for bound in bounds
                if bound["align"] == align and bound["baseline"] == baseline and bound["text"]
            ]
            look = {"align": align, "baseline": baseline, "fontSize": 11, "color": QUIET}
            look["dy"] = -3 if baseline == "bottom" else 3
            at = {"value": 4} if align == "left" else {"value": "width"}
            across = {**upward, "field": "bound"}
            if named:
                layers += haloed(named, look, y=across, x=at, text={"field": "text"})
    return layers


def _median(scored: Sequence[Scored]) -> Decimal:
    return scored[(len(scored) - 1) // 2][1]


def _seen(scored: Sequence[Scored], words: Words) -> str:
    if not scored:
        return words.text("caterpillar.seen_nothing")
    median = _median(scored)
    seen = words.text(
        "caterpillar.seen",
        n=len(scored),
        highest=scored[0][1],
        lowest=scored[-1][1],
        median=median,
    )
    if not _has_intervals(scored):
        return words.sentences([seen, words.text("caterpillar.seen_facts")])
    overlapping = sum(
        unit.low is not None and unit.high is not None and unit.low <= median <= unit.high
        for unit, _ in scored
    )
    share = words.percent(overlapping, len(scored))
    overlap = words.text("caterpillar.seen_overlap", overlapping=overlapping, share=share)
    return words.sentences([seen, overlap])
