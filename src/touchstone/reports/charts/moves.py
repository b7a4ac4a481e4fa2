"""Two schemes beside each other: what each gives every unit, and who moves."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from touchstone.loop.besides import places_gained
from touchstone.loop.results import BesideResult, UnitResult
from touchstone.reports.charts.looks import (
    BLUE,
    DARK_GOLD,
    LINE,
    Chart,
    Spec,
    Values,
    layer,
    number_scale,
    padded_domain,
    picture,
    plain,
    thinned,
    top_title,
    wrapped,
)
from touchstone.reports.words import Words

HEIGHT = 360
MARKS: dict[str, Spec] = {
    "stays": {"shape": "circle", "color": LINE, "size": 14, "filled": True, "opacity": 0.8},
    "up": {"shape": "triangle-up", "color": BLUE, "size": 60, "filled": True, "opacity": 1},
    "down": {
        "shape": "triangle-down",
        "color": DARK_GOLD,
        "size": 60,
        "filled": True,
        "opacity": 1,
    },
}


class _Pair(NamedTuple):
    """A unit that has a score by both schemes."""

    unit: UnitResult
    other: BesideResult
    shift: int


def moves(
    units: Sequence[UnitResult],
    beside: Sequence[BesideResult],
    titles: tuple[str, str],
    words: Words,
    *,
    named: bool = False,
) -> Chart:
    """Draw each unit's score by this scheme against that by the other.

    `titles` are those of this scheme and of the other. At most 400 units that stay are drawn, and
    all that move. With `named` the table names the units; leave it out where persons are assessed.
    """
    pairs = _pairs(units, beside)
    stay = [pair for pair in pairs if pair.other.moves is None]
    moved = [pair for pair in pairs if pair.other.moves is not None]
    drawn = [stay[place] for place in thinned(len(stay))] + moved
    counts = {kind: sum(pair.other.moves == kind for pair in moved) for kind in ("up", "down")}
    gaps = {"other": titles[1], "n": len(pairs), **counts}
    notes = [words.text("moves.legend")]
    if len(drawn) < len(pairs):
        notes.append(words.text("moves.thinned", drawn=len(drawn), n=len(pairs)))
    heads = [*(["label.name"] if named else []), "moves.other", "label.score"]
    heads += ["moves.order", "moves.order_here", "moves.other_places", "label.places"]
    heads.append("moves.moves")
    return Chart(
        name="moves",
        title=words.text("moves.title", other=titles[1]),
        spec=_spec(drawn, titles),
        seen=words.text("moves.seen", **gaps),
        heads=tuple(words.text(head) for head in heads),
        rows=tuple(_row(pair, words, named=named) for pair in sorted(drawn, key=_by_shift)),
        notes=tuple(notes),
    )


def _pairs(units: Sequence[UnitResult], beside: Sequence[BesideResult]) -> list[_Pair]:
    pairs = [
        _Pair(unit, other, places_gained(other) or 0)
        for unit, other in zip(units, beside, strict=True)
        if unit.score is not None and other.score is not None
    ]
    return sorted(pairs, key=_by_shift)


def _by_shift(pair: _Pair) -> tuple[int, str]:
    return -pair.shift, pair.unit.unit


def _row(pair: _Pair, words: Words, *, named: bool) -> tuple[str, ...]:
    unit, other = pair.unit, pair.other
    return (
        *([unit.name] if named else []),
        words.number(other.score),
        words.number(unit.score),
        words.number(other.order),
        words.number(other.order_here),
        words.places_between(other.rank_low, other.rank_high),
        words.places_between(unit.rank_low, unit.rank_high),
        words.text(f"moves.{other.moves or 'stays'}"),
    )


def _spec(pairs: Sequence[_Pair], titles: tuple[str, str]) -> Spec:
    values: Values = [_value(pair) for pair in pairs]
    ends = [value[field] for value in values for field in ("own", "other")]
    domain = padded_domain(min(ends, default=0), max(ends, default=1))
    scale = {"domain": domain, "nice": False}
    along = number_scale("other", axis={"title": wrapped(titles[1]), "tickCount": 6}, scale=scale)
    upward = number_scale("own", axis={**top_title(titles[0]), "tickCount": 6}, scale=scale)
    diagonal = [{"other": end, "own": end} for end in domain]
    layers = [
        layer(diagonal, "line", {"color": LINE, "strokeDash": [5, 4]}, x=along, y=upward),
        *(
            layer(
                [value for value in values if value["moves"] == kind],
                "point",
                look,
                x=along,
                y=upward,
                tooltip=[{"field": field} for field in ("own", "other")],
            )
            for kind, look in MARKS.items()
        ),
    ]
    return picture(layers, height=HEIGHT)


def _value(pair: _Pair) -> dict[str, Any]:
    unit, other = pair.unit, pair.other
    return {
        "own": plain(unit.score),
        "other": plain(other.score),
        "moves": other.moves or "stays",
    }
