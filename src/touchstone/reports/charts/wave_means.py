"""Means from wave to wave, with their intervals, and gaps where a series breaks."""

from collections.abc import Collection, Sequence
from typing import Any

from touchstone.base.outcomes import Estimate, Outcome
from touchstone.reports.charts.looks import (
    BLUE,
    DARK_GOLD,
    QUIET,
    Chart,
    Spec,
    Values,
    layer,
    name_scale,
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
# A line of each series has a sign, a colour and a dash of its own.
LOOKS: tuple[tuple[str, str, str, list[int]], ...] = (
    ("●", "circle", BLUE, [1, 0]),
    ("■", "square", DARK_GOLD, [6, 3]),
    ("▲", "triangle-up", QUIET, [2, 2]),
    ("◆", "diamond", BLUE, [8, 3, 2, 3]),
    ("▼", "triangle-down", DARK_GOLD, [1, 3]),
    ("✚", "cross", QUIET, [10, 4]),
)
HEADS = ("series", "wave", "mean", "low", "high", "n")
Means = Sequence[tuple[str, Outcome]]


def wave_means(
    titles: SpanTitles,
    series: Sequence[tuple[str, Means]],
    words: Words,
    *,
    breaks: Collection[str] = (),
) -> Chart:
    """Draw the mean of each wave as a point on its interval, waves of one series joined by a line.

    `series` pairs a name, which may be empty where there is one, with the means of all waves in
    order of time; at most 6. `breaks` names waves from which on something else was measured: no
    line leads to them from the wave before. A wave without a mean is a gap as well.
    """
    if len(series) > len(LOOKS):
        raise ValueError(f"series must be at most {len(LOOKS)}; got {len(series)}")
    values = [_values(means, breaks) for _, means in series]
    places = _places(series)
    rows = tuple(
        (name, wave, *_cells(one, words, places)) for name, means in series for wave, one in means
    )
    is_drawn = any(values)
    named = len(series) > 1
    return Chart(
        name=titles.name,
        title=titles.title,
        spec=_spec(titles, series, values, breaks=breaks, words=words),
        seen=_seen(series, words, places) if is_drawn else words.text("spans.seen_nothing"),
        heads=tuple(words.text(f"waves.head.{head}") for head in HEADS[not named :]),
        rows=tuple(row[not named :] for row in rows) if is_drawn else (),
        notes=_notes(series, breaks, words) if is_drawn else (),
    )


def _values(means: Means, breaks: Collection[str]) -> Values:
    """Give each known mean with the number of the unbroken line that it stands on."""
    values: Values = []
    line = 0
    for wave, one in means:
        if wave in breaks or not isinstance(one, Estimate):
            line += 1
        if isinstance(one, Estimate):
            figures = {"mean": one.value, "low": one.low, "high": one.high}
            told = {name: round(float(figure), 6) for name, figure in figures.items()}
            values.append({"wave": wave, "line": line, **told})
    return values


def _places(series: Sequence[tuple[str, Means]]) -> int:
    known = [one.value for _, means in series for _, one in means if isinstance(one, Estimate)]
    return places_shown(known)


def _cells(one: Outcome, words: Words, places: int) -> tuple[str, ...]:
    none = words.text("sign.none")
    if not isinstance(one, Estimate):
        return words.withheld(one), none, none, none
    figures = (words.number(part, places) for part in (one.value, one.low, one.high))
    return *figures, words.number(one.n)


def _spec(
    titles: SpanTitles,
    series: Sequence[tuple[str, Means]],
    values: Sequence[Values],
    *,
    breaks: Collection[str],
    words: Words,
) -> Spec:
    waves = [wave for wave, _ in series[0][1]] if series else []
    ends = [value[end] for line in values for value in line for end in ("low", "high")]
    domain = padded_domain(min(ends), max(ends)) if ends else [0.0, 1.0]
    broken = [wave for wave in waves[1:] if wave in breaks]
    if broken:
        # Air for the word that stands above all points.
        domain[1] = round(domain[1] + (domain[1] - domain[0]) * 0.1, 6)
    along = name_scale(
        "wave",
        axis={
            "title": wrapped(words.text("waves.axis")),
            "labelAngle": 0,
            "labelOverlap": True,
            "grid": False,
        },
        scale={"domain": waves, "type": "band", "paddingInner": 0.5, "paddingOuter": 0.25},
    )
    upward = number_scale(
        "mean",
        axis={**top_title(titles.axis), "tickCount": 5},
        scale={"domain": domain, "nice": False, "zero": False},
    )
    axes = {"x": along, "y": upward}
    layers = _break_layers(broken, along, words)
    for place, line in enumerate(values):
        layers += _series_layers(line, axes, (place, len(values)))
    return picture(layers, height=HEIGHT)


def _break_layers(waves: Sequence[str], along: Spec, words: Words) -> list[Spec]:
    """Draw a dashed line before each wave at which the series breaks."""
    if not waves:
        return []
    marks: Values = [{"wave": wave, "text": words.text("waves.break")} for wave in waves]
    before = {**along, "bandPosition": -0.5}
    look = {"color": QUIET, "strokeDash": [4, 4]}
    text = {"align": "left", "baseline": "top", "dx": 5, "dy": 2, "color": QUIET, "fontSize": 11}
    return [
        layer(marks, "rule", look, x=before),
        layer(marks, "text", text, x=before, y={"value": 0}, text={"field": "text"}),
    ]


def _series_layers(values: Values, axes: dict[str, Any], place: tuple[int, int]) -> list[Spec]:
    """Draw one series beside the others, so that their intervals stay apart."""
    own, count = place
    _, shape, color, dash = LOOKS[own]
    position = (own + 1) / (count + 1)
    along = {"x": {**axes["x"], "bandPosition": position}}
    upward = axes["y"]
    line = {"color": color, "strokeWidth": 1.5, "strokeDash": dash, "opacity": 0.8}
    point = {"shape": shape, "filled": True, "color": color, "size": 80, "opacity": 1}
    ends = {"y": {**upward, "field": "low"}, "y2": {"field": "high"}}
    return [
        layer(values, "line", line, **along, y=upward, detail={"field": "line"}),
        layer(values, "rule", {"color": color, "strokeWidth": 2}, **along, **ends),
        layer(values, "point", point, **along, y=upward),
    ]


def _seen(series: Sequence[tuple[str, Means]], words: Words, places: int) -> str:
    """Say of each series how its first and its last known mean stand to each other."""
    said = []
    for name, means in series:
        known = [(wave, one) for wave, one in means if isinstance(one, Estimate)]
        if not known:
            continue
        (first_wave, first), (last_wave, last) = known[0], known[-1]
        figures = {
            "first_wave": first_wave,
            "first": words.number(first.value, places),
            "last_wave": last_wave,
            "last": words.number(last.value, places),
        }
        key = "waves.seen" if len(known) > 1 else "waves.seen_once"
        key += "_named" if len(series) > 1 else ""
        said.append(words.text(key, name=name, **figures))
    return words.sentences(said)


def _notes(
    series: Sequence[tuple[str, Means]], breaks: Collection[str], words: Words
) -> tuple[str, ...]:
    notes = [words.text("waves.legend")]
    if len(series) > 1:
        signs = [f"{look[0]} {name}" for look, (name, _) in zip(LOOKS, series, strict=False)]
        notes.insert(0, words.enumerate(signs))
    if breaks:
        notes.append(words.text("waves.legend_break"))
    return tuple(notes)
