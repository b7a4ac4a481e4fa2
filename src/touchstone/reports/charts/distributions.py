"""How many units got each grade."""

from collections import Counter
from collections.abc import Sequence

from touchstone.content.schemes import Scheme
from touchstone.loop.results import UnitResult
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
    picture,
    wrapped,
)
from touchstone.reports.words import Words

STEP = 34
LOOKS: dict[str, Spec] = {
    "graded": {"color": BLUE},
    "undecided": {"fill": "#fbf3e1", "stroke": DARK_GOLD, "strokeDash": [4, 3]},
    "withheld": {"fill": "white", "stroke": QUIET, "strokeDash": [1, 3]},
}


def distribution(units: Sequence[UnitResult], scheme: Scheme, words: Words) -> Chart:
    """Draw one bar for each grade, the best on top, then those undecided and withheld."""
    counts = Counter(unit.grade or unit.status for unit in units)
    bars = [(band.id, words.grade(band.id), "graded") for band in reversed(scheme.grades)]
    bars += [
        (status, words.text(f"status.{status}"), status)
        for status in ("undecided", "withheld")
        if counts[status]
    ]
    total = len(units)
    values: Values = [
        {
            "name": name,
            "count": counts[key],
            "look": look,
            "text": words.text(
                "sign.count_and_share",
                count=words.number(counts[key]),
                share=words.percent(counts[key], total),
            ),
        }
        for key, name, look in bars
    ]
    items = words.enumerate(
        words.text("sign.name_and_value", name=value["name"], value=value["text"])
        for value in values
    )
    return Chart(
        name="distribution",
        title=words.text("distribution.title"),
        spec=_spec(values, words),
        seen=words.text("distribution.seen", n=total, items=items),
        heads=tuple(words.text(f"label.{head}") for head in ("grade", "count", "share")),
        rows=tuple(
            (name, words.number(counts[key]), words.percent(counts[key], total))
            for key, name, _ in bars
        )
        if units
        else (),
    )


def _spec(values: Values, words: Words) -> Spec:
    names = [value["name"] for value in values]
    largest = max((value["count"] for value in values), default=0) or 1
    rows = name_scale(
        "name",
        axis={
            "title": None,
            "labelColor": "#22313c",
            "ticks": False,
            "labelPadding": 6,
            "labelLimit": 150,
        },
        scale={"domain": names, "paddingInner": 0.35, "paddingOuter": 0.2},
    )
    # Room at the right end for the count beside the longest bar, also on a phone.
    along = number_scale(
        "count",
        axis={
            "title": wrapped(words.text("distribution.x_axis")),
            "tickMinStep": 1,
            "tickCount": 4,
            "format": ",d",
        },
        scale={"domain": [0, round(largest * 1.6, 2)], "nice": False},
    )
    bars = [
        layer(
            [value for value in values if value["look"] == kind],
            "bar",
            {"strokeWidth": 1.2, **look},
            x=along,
            y=rows,
        )
        for kind, look in LOOKS.items()
        if any(value["look"] == kind for value in values)
    ]
    text = {"align": "left", "baseline": "middle", "dx": 6}
    labels = layer(values, "text", text, x=along, y=rows, text={"field": "text"})
    return picture([*bars, labels], height={"step": STEP})
