"""Mean scores of areas: what they are, and how far chance alone could move them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from touchstone.base.outcomes import Estimate
from touchstone.loop.results import AreaMean
from touchstone.reports.charts.looks import (
    BLUE,
    DARK_GOLD,
    MOST_DRAWN,
    Chart,
    Spec,
    Values,
    confidence_percent,
    layer,
    name_scale,
    number_scale,
    padded_domain,
    picture,
    place_axis,
    plain,
    thinned,
    top_title,
    wrapped,
)
from touchstone.reports.words import Words

MOST_NAMED = 60
STEP = 20
HEIGHT = 320
ZERO_WIDTH_SPACE = "\u200b"


@dataclass(frozen=True, slots=True)
class _Axes:
    """How scores and areas lie in the picture: names below each other, or places in a row."""

    score: str
    area: str
    scales: Spec


def areas(means: Sequence[AreaMean], words: Words, *, confidence: Decimal) -> Chart:
    """Draw the mean of each area of one level, highest first, with its superpopulation interval.

    Up to 60 areas stand below each other with their names, more of them in a row by place.
    An area with too few units has its census mean only, as an open square.
    """
    level = means[0].level if means else ""
    ordered = sorted(means, key=lambda mean: (-mean.census.value, mean.name, mean.unit))
    percent = confidence_percent(confidence)
    heads = ("area", "n", "census", "superpopulation")
    return Chart(
        name=f"areas-{level}",
        title=words.text("areas.title", level=words.text(f"level.{level}") if level else ""),
        spec=_spec(ordered, words, percent),
        seen=_seen(ordered, words),
        heads=tuple(words.text(f"label.{head}") for head in heads),
        rows=tuple(_row(mean, words) for mean in ordered),
        notes=_notes(ordered, words),
    )


def _notes(ordered: Sequence[AreaMean], words: Words) -> tuple[str, ...]:
    notes: list[str] = []
    if any(not isinstance(mean.superpopulation, Estimate) for mean in ordered):
        notes.append(words.text("areas.legend"))
    if len(ordered) > MOST_DRAWN:
        notes.append(words.text("areas.thinned", drawn=MOST_DRAWN, n=len(ordered)))
    return tuple(notes)


def _row(mean: AreaMean, words: Words) -> tuple[str, ...]:
    return (
        mean.name,
        words.number(mean.n),
        words.number(mean.census.value),
        words.outcome(mean.superpopulation),
    )


def _spec(ordered: Sequence[AreaMean], words: Words, percent: str) -> Spec:
    values = _values(ordered)
    is_named = len(ordered) <= MOST_NAMED
    title = words.text("areas.x_axis", confidence=percent)
    ends = [value[end] for value in values for end in ("low", "high", "mean") if end in value]
    domain = padded_domain(min(ends), max(ends)) if ends else [0.0, 1.0]
    scale = {"domain": domain, "nice": False}
    if not is_named:
        along = number_scale(
            "place",
            axis=place_axis(len(ordered), words.text("areas.place_axis")),
            scale={"nice": False, "padding": 8, "domain": [1, len(ordered)]},
        )
        upward = number_scale("mean", axis={**top_title(title), "tickCount": 6}, scale=scale)
        axes = _Axes("y", "x", {"x": along, "y": upward})
        return picture(_layers(values, axes, size=14), height=HEIGHT)
    rows = name_scale(
        "name",
        axis={
            "title": None,
            "labelColor": "#22313c",
            "ticks": False,
            "labelPadding": 6,
            "labelLimit": 140,
        },
        scale={"domain": [value["name"] for value in values]},
    )
    axis = {"title": wrapped(title), "tickCount": 5}
    axes = _Axes("x", "y", {"y": rows, "x": number_scale("mean", axis=axis, scale=scale)})
    return picture(_layers(values, axes, size=40), height={"step": STEP})


def _values(ordered: Sequence[AreaMean]) -> Values:
    values: Values = []
    seen_names: dict[str, int] = {}
    for place in thinned(len(ordered), MOST_DRAWN):
        mean = ordered[place]
        # Two areas of one name would share a row: unseen signs keep them apart.
        twins = seen_names.get(mean.name, 0)
        seen_names[mean.name] = twins + 1
        name = mean.name + ZERO_WIDTH_SPACE * twins
        value = {"place": place + 1, "name": name, "mean": plain(mean.census.value)}
        if isinstance(mean.superpopulation, Estimate):
            value |= {
                "low": plain(mean.superpopulation.low),
                "high": plain(mean.superpopulation.high),
            }
        values.append(value)
    return values


def _layers(values: Values, axes: _Axes, *, size: int) -> list[Spec]:
    whole = [value for value in values if "low" in value]
    withheld = [value for value in values if "low" not in value]
    score = axes.scales[axes.score]
    ends = {axes.score: {**score, "field": "low"}, f"{axes.score}2": {"field": "high"}}
    along = {axes.area: axes.scales[axes.area]}
    line = {"color": BLUE, "opacity": 0.5, "strokeWidth": 1 if size < 20 else 2}
    disc = {"shape": "circle", "filled": True, "color": BLUE, "size": size, "opacity": 1}
    square = {
        "shape": "square",
        "filled": True,
        "fill": "white",
        "stroke": DARK_GOLD,
        "strokeWidth": 1.2,
        "size": size,
        "opacity": 1,
    }
    layers = [
        layer(whole, "rule", line, **along, **ends),
        layer(whole, "point", disc, **axes.scales, tooltip=_tooltip()),
    ]
    if withheld:
        layers.append(layer(withheld, "point", square, **axes.scales, tooltip=_tooltip()))
    return layers


def _tooltip() -> list[Spec]:
    return [{"field": field} for field in ("name", "mean", "low", "high")]


def _seen(ordered: Sequence[AreaMean], words: Words) -> str:
    if not ordered:
        return words.text("areas.seen_nothing")
    first, last = ordered[0], ordered[-1]
    seen = words.text(
        "areas.seen",
        n=len(ordered),
        highest=first.census.value,
        highest_name=first.name,
        lowest=last.census.value,
        lowest_name=last.name,
    )
    withheld = sum(not isinstance(mean.superpopulation, Estimate) for mean in ordered)
    if not withheld:
        return seen
    return words.sentences([seen, words.text("areas.seen_withheld", withheld=withheld)])
