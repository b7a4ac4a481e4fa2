"""Where a growth comes from: the part of each factor, and of all else, with their intervals."""

from collections.abc import Sequence

from touchstone.base.outcomes import Estimate, Outcome
from touchstone.reports.charts.looks import (
    BLUE,
    INK,
    LINE,
    QUIET,
    Chart,
    Spec,
    Values,
    haloed,
    layer,
    name_scale,
    number_scale,
    padded_domain,
    picture,
)
from touchstone.reports.words import Words

STEP = 46
BAR = 16
CAP = 10
NAME_WIDTH = 320
PLACES = 1
HEADS = ("factor", "part", "low", "high")
ALL_ELSE = {"fill": "white", "stroke": QUIET, "strokeDash": [4, 3], "strokeWidth": 1.2}


def growth_parts(factors: Sequence[tuple[str, Outcome]], rest: Outcome, words: Words) -> Chart:
    """Draw what each factor contributed to the growth of output, in percent of it.

    `rest` is what is left over: a dashed bar. Those withheld are left out.
    """
    every = [(name, one, "factor") for name, one in factors]
    every.append((words.text("contribution.residual"), rest, "rest"))
    known = [(name, one, kind) for name, one, kind in every if isinstance(one, Estimate)]
    values: Values = [
        {
            "row": str(place),
            "name": words.text("growth.label", name=name, part=words.number(one.value, PLACES)),
            "kind": kind,
            "zero": 0.0,
            "value": float(one.value),
            "low": float(one.low),
            "high": float(one.high),
        }
        for place, (name, one, kind) in enumerate(known)
    ]
    rows = tuple(
        (name, *(words.number(part, PLACES) for part in (one.value, one.low, one.high)))
        for name, one, _ in known
    )
    return Chart(
        name="growth",
        title=words.text("growth.title"),
        spec=_spec(values, words.text("growth.axis")),
        seen=_seen(known, words) if rows else words.text("growth.seen_nothing"),
        heads=tuple(words.text(f"growth.head.{head}") for head in HEADS),
        rows=rows,
        notes=(words.text("growth.legend"),) if rows else (),
    )


def _seen(known: Sequence[tuple[str, Estimate, str]], words: Words) -> str:
    items = [
        words.text("growth.item", name=name, range=words.outcome(one, PLACES))
        for name, one, _ in known
    ]
    return words.text("growth.seen", items=words.enumerate(items))


def _spec(values: Values, axis: str) -> Spec:
    rows = name_scale("row", axis=None, scale={"domain": [one["row"] for one in values]})
    ends = [value[end] for value in values for end in ("zero", "value", "low", "high")]
    domain = padded_domain(min(ends, default=0.0), max(ends, default=1.0))
    along = number_scale(
        "zero", axis={"title": axis, "tickCount": 5}, scale={"domain": domain, "nice": False}
    )
    looks = {"factor": {"color": BLUE, "opacity": 0.55}, "rest": ALL_ELSE}
    bars = [
        layer(
            [value for value in values if value["kind"] == kind],
            "bar",
            {**look, "height": BAR},
            x=along,
            x2={"field": "value"},
            y=rows,
        )
        for kind, look in looks.items()
    ]
    line = {"color": INK, "strokeWidth": 1.5}
    cap = {"color": INK, "thickness": 1.5, "size": CAP, "orient": "vertical"}
    above = {
        "color": QUIET,
        "limit": NAME_WIDTH,
        "align": "left",
        "baseline": "bottom",
        "dy": -11,
        "fontSize": 11,
    }
    zero = layer([{"zero": 0}], "rule", {"color": LINE}, x=along)
    span = layer(values, "rule", line, x={**along, "field": "low"}, x2={"field": "high"}, y=rows)
    caps = [
        layer(values, "tick", cap, x={**along, "field": end}, y=rows) for end in ("low", "high")
    ]
    names = haloed(values, above, x={"value": 4}, y=rows, text={"field": "name"})
    return picture([zero, *bars, span, *caps, *names], height={"step": STEP})
