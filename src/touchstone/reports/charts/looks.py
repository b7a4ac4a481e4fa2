"""What all pictures share: what a chart is, its colours, and the building of specifications.

Specifications are Vega-Lite 6 as plain dicts. No colour stands alone: a shape, a dash or a word
always says the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count as count_up
from typing import Any

Spec = dict[str, Any]
Values = list[dict[str, Any]]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
MOST_DRAWN = 400
LABEL_LINE = 50
LONGEST_SLACK = 8
DIGITS = 4
MOST_PLACES = 6
CHINESE_FROM = "\u2e7f"
NEVER_FIRST = "，。；：、）」” "

INK = "#22313c"
QUIET = "#55646e"
BLUE = "#1f5673"
GOLD = "#d9a441"
DARK_GOLD = "#8f6414"
LINE = "#aab5bc"
GRID = "#e6eaec"
SHADE = "#d3e0e8"

AXIS = {
    "domainColor": LINE,
    "tickColor": LINE,
    "gridColor": GRID,
    "labelColor": QUIET,
    "labelFontSize": 12,
    "titleColor": QUIET,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "titlePadding": 8,
}
CONFIG = {
    "aria": False,
    "background": "white",
    "view": {"stroke": None},
    "axis": AXIS,
    "text": {"fontSize": 12, "color": INK},
    "point": {"size": 50, "strokeWidth": 1.5},
    "rule": {"color": LINE},
}


@dataclass(frozen=True, eq=False, slots=True)
class Chart:
    """A picture with what it shows.

    `spec` draws it in a page as wide as its place; `drawings.draw_svg` draws it as a file.
    `seen` says in words what is to be seen, `notes` explain its signs. `heads` and `rows` are the
    table behind it; without rows there is nothing to draw.
    """

    name: str
    title: str
    spec: Spec
    seen: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def picture(layers: Sequence[Spec], *, height: int | Spec) -> Spec:
    """Put layers together to a whole specification that takes the width of its place."""
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": CONFIG,
        "layer": list(layers),
    }


def layer(values: Values, mark: str, look: Mapping[str, Any], **encoding: Any) -> Spec:
    """Draw one mark for each value; `encoding` says which field goes where."""
    return {"data": {"values": values}, "mark": {"type": mark, **look}, "encoding": encoding}


def number_scale(field: str, **properties: Any) -> Spec:
    """Encode a field of numbers along an axis."""
    return {"field": field, "type": "quantitative", **properties}


def name_scale(field: str, **properties: Any) -> Spec:
    """Encode a field of names along an axis, in the order of the values."""
    return {"field": field, "type": "nominal", "sort": None, **properties}


def top_title(text: str) -> Spec:
    """Write the title of an upright axis level, above it, where it can be read."""
    lines = wrapped(text)
    more_lines = 0 if isinstance(lines, str) else len(lines) - 1
    return {
        "title": lines,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleBaseline": "bottom",
        "titleX": -24,
        "titleY": -10 - 14 * more_lines,
    }


def wrapped(text: str, line: int = LABEL_LINE) -> str | list[str]:
    """Break a text into lines of about `line` Latin letters; a Chinese sign counts as two.

    >>> wrapped("Order of score among all schools", 20)
    ['Order of score among', 'all schools']
    """
    pieces = _breakable(text)
    lines = _filled(pieces, line)
    if len(lines) == 1:
        return lines[0]
    # As many lines as it takes, of about equal length, so that no word stands alone.
    even = sum(map(_width, pieces)) // len(lines) + LONGEST_SLACK
    balanced = _filled(pieces, min(line, even))
    return balanced if len(balanced) == len(lines) else lines


def _filled(pieces: list[str], line: int) -> list[str]:
    lines, current = [""], 0
    for piece in pieces:
        if current and current + _width(piece.rstrip()) > line:
            lines.append("")
            current = 0
        lines[-1] += piece
        current += _width(piece)
    return [line.strip() for line in lines]


def _width(text: str) -> int:
    return sum(2 if sign > CHINESE_FROM else 1 for sign in text)


def _breakable(text: str) -> list[str]:
    """Cut a text where a line may end: after a space, and beside a Chinese sign."""
    pieces: list[str] = []
    for sign in text:
        before = pieces[-1][-1] if pieces else " "
        beside_chinese = sign > CHINESE_FROM or before > CHINESE_FROM
        if before == " " or (beside_chinese and sign not in NEVER_FIRST):
            pieces.append(sign)
        else:
            pieces[-1] += sign
    return pieces


def thinned(count: int, most: int = MOST_DRAWN) -> list[int]:
    """Choose at most `most` evenly spaced places out of `count`; first and last are among them.

    >>> thinned(7, 3)
    [0, 3, 6]
    """
    if count <= most:
        return list(range(count))
    return [place * (count - 1) // (most - 1) for place in range(most)]


def place_axis(count: int, title: str) -> Spec:
    """Write places along an axis: 1, and about five round numbers up to the last.

    >>> place_axis(1128, "Place")["values"]
    [1, 200, 400, 600, 800, 1000]
    """
    step = next(step for step in _round_steps() if step * 6 > count)
    values = [1, *range(step, count + 1, step)] if step > 1 else list(range(1, count + 1))
    return {"grid": False, "format": ",d", "title": wrapped(title), "values": values}


def _round_steps() -> Iterator[int]:
    return (first * 10**zeros for zeros in count_up() for first in (1, 2, 5))


def haloed(values: Values, look: Mapping[str, Any], **encoding: Any) -> list[Spec]:
    """Write texts that stay readable where they cross lines: first a white shade, then the text."""
    shade = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round", "opacity": 0.9}
    return [
        layer(values, "text", {**look, **shade}, **encoding),
        layer(values, "text", look, **encoding),
    ]


def padded_domain(lowest: float, highest: float) -> list[float]:
    """Give the ends of an axis with a little air beyond the outermost figures."""
    air = (highest - lowest) * 0.04 or abs(highest) * 0.05 or 1.0
    return [round(lowest - air, 6), round(highest + air, 6)]


def plain(value: Decimal | None) -> float | None:
    """Turn an exact figure into the number a picture can draw."""
    return None if value is None else float(value)


def places_shown(figures: Iterable[Decimal]) -> int:
    """Say with how many decimals figures are told so that the largest has four digits or more.

    >>> places_shown([Decimal("631.9"), Decimal("1.2")]), places_shown([Decimal("0.034")])
    (1, 5)
    """
    largest = max(map(abs, figures), default=Decimal(0))
    return min(max(0, DIGITS - 1 - largest.adjusted()), MOST_PLACES) if largest else 0


def confidence_percent(confidence: Decimal) -> str:
    """Write a confidence such as 0.95 as 95.

    >>> confidence_percent(Decimal("0.95")), confidence_percent(Decimal("0.999"))
    ('95', '99.9')
    """
    return f"{(confidence * 100).normalize():f}"
