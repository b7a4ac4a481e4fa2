"""Does a scheme discriminate: what brings the differences, and how much of the marks is used."""

from decimal import Decimal

from touchstone.loop.results import Component, Discrimination
from touchstone.reports.charts.looks import (
    BLUE,
    GOLD,
    INK,
    QUIET,
    SHADE,
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
TOP = 95
FULL = 100
HEADS = ("component", "weight", "variance_share")
USE_HEADS = ("component", "full", "near_full", "top", "lowest", "middle", "median")


def differences(found: Discrimination, words: Words) -> Chart:
    """Draw for each component its share of the differences as a bar, and its weight as a sign."""
    known = [one for one in found.components if one.variance_share is not None]
    values: Values = [
        {
            "name": words.text(f"criterion.{one.criterion}"),
            "share": round(float(one.variance_share or 0) * 100, 3),
            "weight": round(float(one.weight), 3),
        }
        for one in known
    ]
    items = words.enumerate(
        words.text("sign.name_and_value", name=name, value=share)
        for name, _, share in _rows(known, words)
    )
    return Chart(
        name="differences",
        title=words.text("differences.title"),
        spec=_differences_spec(values, words),
        seen=words.text("differences.seen", items=items)
        if known
        else words.text("differences.seen_nothing"),
        heads=tuple(words.text(f"discrimination.label.{head}") for head in HEADS),
        rows=tuple(_rows(known, words)),
        notes=(words.text("differences.legend"),) if known else (),
    )


def scale_use(found: Discrimination, words: Words) -> Chart:
    """Draw what part of its marks the middle 80 % of units use, for components and the score."""
    known = [pair for pair in named_components(found, words) if _has_marks(pair[1])]
    values: Values = [
        {
            "name": name,
            "tenth": _of_marks(one, one.tenth),
            "median": _of_marks(one, one.median),
            "ninetieth": _of_marks(one, one.ninetieth),
            "from": TOP,
            "to": FULL,
        }
        for name, one in known
    ]
    items = words.enumerate(
        words.text(
            "sign.name_and_value",
            name=value["name"],
            value=words.text(
                "sign.range",
                low=words.number(Decimal(str(value["tenth"])), 1),
                high=words.number(Decimal(str(value["ninetieth"])), 1),
            ),
        )
        for value in values
    )
    return Chart(
        name="scale_use",
        title=words.text("scale_use.title"),
        spec=_use_spec(values, words),
        seen=words.text("scale_use.seen", items=items)
        if known
        else words.text("scale_use.seen_nothing"),
        heads=tuple(words.text(f"discrimination.label.{head}") for head in USE_HEADS),
        rows=tuple((name, *use_cells(one, words)) for name, one in known),
        notes=(words.text("scale_use.legend"),) if known else (),
    )


def named_components(found: Discrimination, words: Words) -> list[tuple[str, Component]]:
    """Give each component with its name, the score as a whole last."""
    named = [(words.text(f"criterion.{one.criterion}"), one) for one in found.components]
    return [*named, (words.text("discrimination.total"), found.total)]


def share_in_words(share: Decimal | None, words: Words) -> str:
    """Write a share as a percentage with one decimal, or a dash where there is none."""
    if share is None:
        return words.text("sign.none")
    return words.text("sign.percent", share=words.number(share * 100, 1))


def use_cells(component: Component, words: Words) -> tuple[str, ...]:
    """Give the cells that tell how much of its marks a component uses."""
    shares = (component.full, component.near_full, component.top, component.lowest)
    low, high = (
        None if end is None else round(end, 2) for end in (component.tenth, component.ninetieth)
    )
    middle = words.number(component.median, 2)
    return (
        *(share_in_words(share, words) for share in shares),
        words.interval(low, high) if low != high else words.number(low),
        middle,
    )


def _rows(known: list[Component], words: Words) -> list[tuple[str, str, str]]:
    return [
        (
            words.text(f"criterion.{one.criterion}"),
            share_in_words(one.weight / 100, words),
            share_in_words(one.variance_share, words),
        )
        for one in known
    ]


def _has_marks(component: Component) -> bool:
    return None not in (component.tenth, component.low, component.high)


def _of_marks(component: Component, mark: Decimal | None) -> float:
    """Give a mark in percent of the way from the lowest to the highest."""
    if mark is None or component.low is None or component.high is None:
        raise ValueError(f"component must have marks with ends; got {component!r}")
    return round(float(100 * (mark - component.low) / (component.high - component.low)), 3)


def _rows_scale(values: Values) -> Spec:
    scale = {
        "domain": [value["name"] for value in values],
        "paddingInner": 0.55,
        "paddingOuter": 0.5,
    }
    return name_scale("name", axis=None, scale=scale)


def _names(values: Values, rows: Spec) -> Spec:
    """Write names above their bars, so that a long one needs no margin of its own."""
    above = {
        "color": QUIET,
        "limit": NAME_WIDTH,
        "align": "left",
        "baseline": "bottom",
        "dy": -11,
        "fontSize": 11,
    }
    return layer(values, "text", above, x={"value": 4}, y=rows, text={"field": "name"})


def _differences_spec(values: Values, words: Words) -> Spec:
    rows = _rows_scale(values)
    most = max((max(value["share"], value["weight"]) for value in values), default=100.0)
    least = min((min(value["share"], 0.0) for value in values), default=0.0)
    along = number_scale(
        "share",
        axis={"title": words.text("differences.x_axis"), "tickCount": 5},
        scale={"domain": [round(least, 1), round(most * 1.05, 1)], "nice": False},
    )
    sign = {"shape": "diamond", "filled": True, "color": GOLD, "stroke": INK, "size": 90}
    layers = [
        layer(values, "bar", {"color": BLUE}, x=along, y=rows),
        layer(values, "point", {**sign, "opacity": 1}, x={**along, "field": "weight"}, y=rows),
        _names(values, rows),
    ]
    return picture(layers, height={"step": STEP})


def _use_spec(values: Values, words: Words) -> Spec:
    rows = _rows_scale(values)
    least = min((min(value["tenth"], 0.0) for value in values), default=0.0)
    most = max((max(value["ninetieth"], 100.0) for value in values), default=100.0)
    along = number_scale(
        "tenth",
        axis={"title": words.text("scale_use.x_axis"), "tickCount": 5},
        scale={"domain": [round(least, 1), round(most, 1)], "nice": False},
    )
    spans = {"x2": {"field": "ninetieth"}}
    median = {"color": GOLD, "thickness": 4, "size": 24, "opacity": 1}
    layers = [
        layer(
            values[:1],
            "rect",
            {"color": SHADE, "opacity": 0.8},
            x={**along, "field": "from"},
            x2={"field": "to"},
        ),
        layer(values, "bar", {"color": BLUE}, x=along, y=rows, **spans),
        layer(values, "tick", median, x={**along, "field": "median"}, y=rows),
        _names(values, rows),
    ]
    return picture(layers, height={"step": STEP})
