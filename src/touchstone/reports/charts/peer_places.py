"""One unit's place among its peers, who stay without names."""

from collections.abc import Sequence
from decimal import Decimal

from touchstone.loop.results import UnitResult
from touchstone.reports.charts.looks import (
    BLUE,
    GOLD,
    INK,
    QUIET,
    SHADE,
    Chart,
    Spec,
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

HEIGHT = 220


def peers(unit: UnitResult, scores: Sequence[Decimal], words: Words) -> Chart:
    """Draw a unit among its peers: the places it may hold are shaded, other units are dots only.

    `scores` are the scores of all peers that have one, the unit's own among them, in any order.
    """
    ordered = sorted(scores, reverse=True)
    title, heads = words.text("peers.title"), _heads(words)
    if unit.score is None or unit.rank_low is None or unit.rank_high is None or not ordered:
        seen = words.text("peers.seen_nothing", name=unit.name)
        return Chart("peers", title, picture([], height=HEIGHT), seen, heads, ())
    ranks = (unit.rank_low, unit.rank_high)
    return Chart(
        name="peers",
        title=title,
        spec=_spec(unit.score, ranks, ordered, words),
        seen=_seen(unit, ordered, words),
        heads=heads,
        rows=(
            (unit.name, words.number(unit.score), words.places_between(*ranks)),
            (words.text("label.highest"), words.number(ordered[0]), words.text("sign.none")),
            (words.text("label.middle"), words.number(_middle(ordered)), words.text("sign.none")),
            (words.text("label.lowest"), words.number(ordered[-1]), words.text("sign.none")),
        ),
        notes=(words.text("peers.legend", name=unit.name),),
    )


def _heads(words: Words) -> tuple[str, ...]:
    return tuple(words.text(f"label.{head}") for head in ("name", "score", "places"))


def _middle(ordered: Sequence[Decimal]) -> Decimal:
    return ordered[(len(ordered) - 1) // 2]


def _own_place(score: Decimal, ordered: Sequence[Decimal]) -> float:
    """Give where a score stands in the row; the middle of those with the same score."""
    above = sum(other > score for other in ordered)
    ties = max(sum(other == score for other in ordered), 1)
    return above + (ties + 1) / 2


def _spec(score: Decimal, ranks: tuple[int, int], ordered: Sequence[Decimal], words: Words) -> Spec:
    count = len(ordered)
    dots = [{"place": at + 1, "score": plain(ordered[at])} for at in thinned(count)]
    own = [{"place": _own_place(score, ordered), "score": plain(score)}]
    band = [{"place": ranks[0] - 0.5, "end": ranks[1] + 0.5}]
    along = number_scale(
        "place",
        axis=place_axis(count, words.text("peers.x_axis", n=count)),
        scale={"domain": [0.5, count + 0.5], "nice": False, "padding": 8},
    )
    upward = number_scale(
        "score",
        axis={**top_title(words.text("label.score")), "tickCount": 5},
        scale={"domain": padded_domain(float(ordered[-1]), float(ordered[0])), "nice": False},
    )
    diamond = {
        "shape": "diamond",
        "filled": True,
        "fill": GOLD,
        "stroke": INK,
        "strokeWidth": 1.5,
        "size": 190,
        "opacity": 1,
    }
    shade = {"color": SHADE, "stroke": BLUE, "strokeDash": [4, 3], "strokeWidth": 1}
    dot = {"shape": "circle", "filled": True, "color": QUIET, "size": 12, "opacity": 0.7}
    return picture(
        [
            layer(band, "rect", shade, x=along, x2={"field": "end"}),
            layer(dots, "point", dot, x=along, y=upward),
            layer(own, "point", diamond, x=along, y=upward),
        ],
        height=HEIGHT,
    )


def _seen(unit: UnitResult, ordered: Sequence[Decimal], words: Words) -> str:
    key = "peers.seen_exactly" if unit.rank_low == unit.rank_high else "peers.seen"
    return words.text(
        key,
        name=unit.name,
        score=unit.score,
        rank_low=unit.rank_low,
        rank_high=unit.rank_high,
        n=len(ordered),
        highest=ordered[0],
        lowest=ordered[-1],
    )
