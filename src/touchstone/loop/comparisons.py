"""Which units are compared, and the places they may hold among each other."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal

from touchstone.base.outcomes import Withheld
from touchstone.content.schemes import Comparison
from touchstone.loop.measure import Measures
from touchstone.stats.ranks import place_ranges, sidak_confidence
from touchstone.stats.scores import Span

Group = tuple[tuple[str, str], ...]
Spans = Sequence[Span | Withheld]
Groups = Sequence[Group | None]
NO_GROUP = Withheld("no_comparison_group")
ALONE = Withheld("alone_in_group")


def groups_of(comparison: Comparison | None, measures: Measures) -> Groups:
    """Give each unit's comparison group: pairs of a column and the value or part it has there.

    Units are compared when they have equal texts in all columns `by`, and then lie in the same
    part by the number of `quantiles`. The parts are taken among the units with equal texts: a
    unit with m smaller ones among N lies in part 1 + ⌊parts · m / N⌋. So equal numbers are always
    in the same part, the first part holds the smallest numbers, and parts can differ in size
    where numbers are equal. Withheld units count, as the group is known before the result.

    None for a unit that lacks one of the texts or the number. Without a comparison all units are
    one group, `()`.
    """
    columns = [] if comparison is None else [measures.texts[name] for name in comparison.by]
    names = () if comparison is None else comparison.by
    groups: list[Group | None] = []
    for place in range(len(measures.units)):
        texts = [column[place] for column in columns]
        pairs = [(name, text) for name, text in zip(names, texts, strict=True) if text is not None]
        groups.append(tuple(pairs) if len(pairs) == len(names) else None)
    if comparison is None or comparison.quantiles is None:
        return groups
    of = comparison.quantiles.of
    numbers = measures.figures[of]
    groups = [
        None if number is None else group for group, number in zip(groups, numbers, strict=True)
    ]
    parts: list[Group | None] = [None] * len(groups)
    for group, places in members(groups):
        known = [numbers[place] or Decimal(0) for place in places]
        ordered = sorted(known)
        for place, number in zip(places, known, strict=True):
            part = 1 + comparison.quantiles.parts * bisect_left(ordered, number) // len(ordered)
            parts[place] = (*group, (of, str(part)))
    return parts


def members(groups: Groups, spans: Spans | None = None) -> Iterator[tuple[Group, list[int]]]:
    """Give each group with the positions of its units; with `spans`, of those with a figure."""
    found: dict[Group, list[int]] = {}
    for place, group in enumerate(groups):
        if group is not None and (spans is None or isinstance(spans[place], Span)):
            found.setdefault(group, []).append(place)
    yield from found.items()


def joint_confidences(groups: Groups, spans: Spans, confidence: Decimal) -> list[Decimal]:
    """Give each unit the confidence that makes all intervals of its group hold together (Šidák)."""
    confidences = [confidence] * len(groups)
    for _, places in members(groups, spans):
        each = sidak_confidence(confidence, len(places))
        for place in places:
            confidences[place] = each
    return confidences


def ranges_of(groups: Groups, spans: Spans, wide: Spans) -> list[tuple[int, int] | None]:
    """Give each unit with a figure the places it may hold in its group.

    `wide` are the figures with intervals that hold together; where a rule cannot map so wide an
    interval, the unit may hold every place.
    """
    ranges: list[tuple[int, int] | None] = [None] * len(groups)
    for _, places in members(groups, spans):
        ends = [_ends(wide[place]) for place in places]
        for place, found in zip(places, place_ranges(ends), strict=True):
            ranges[place] = found
    return ranges


def _ends(span: Span | Withheld) -> tuple[Decimal, Decimal]:
    if isinstance(span, Span):
        return span.low, span.high
    return Decimal("-Infinity"), Decimal("Infinity")


def standings(groups: Groups, spans: Spans, wide: Spans) -> list[Span | Withheld]:
    """Turn scores into places within the comparison group, from 0 (lowest) to 100 (highest).

    With N units in the group, a unit above m of them and equal to e others stands at
    100·(m + e/2)/(N − 1). Its interval follows from the places it may hold by intervals that
    hold together. Exact facts have exact standings. Withheld without a group, or alone in it.
    """
    found: list[Span | Withheld] = [NO_GROUP if isinstance(span, Span) else span for span in spans]
    ranges = ranges_of(groups, spans, wide)
    for _, places in members(groups, spans):
        own = [span for span in (spans[place] for place in places) if isinstance(span, Span)]
        values = sorted(span.value for span in own)
        others = len(own) - 1
        exact = all(span.is_exact for span in own)
        for place, span in zip(places, own, strict=True):
            if not others:
                found[place] = ALONE
                continue
            twice = bisect_left(values, span.value) + bisect_right(values, span.value) - 1
            value = Decimal(50 * twice) / others
            best, worst = ranges[place] or (1, others + 1)
            low, high = (Decimal(100 * (others + 1 - end)) / others for end in (worst, best))
            found[place] = Span(value, value, value) if exact else Span(value, low, high)
    return found
