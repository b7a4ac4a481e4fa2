"""Figures of agreement as plain records, and as tables for the terminal."""

from typing import Any, NamedTuple

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.cli.aligned_tables import aligned, outcome_text
from touchstone.cli.rated_items import RatedItem
from touchstone.reports.outcome_tables import number, outcome_record, readable
from touchstone.reports.words import Words, format_number
from touchstone.stats.reliability.generalizability import Generalizability
from touchstone.stats.reliability.raters_needed import Curve, RatersNeeded, reliability_curve

CURVE_RATERS = 20


class Figure(NamedTuple):
    """One statistic of one item, or of all of them together."""

    statistic: str
    item: str | None
    outcome: Outcome


class Needed(NamedTuple):
    """How many raters one statistic asks for; the curve is None where there is no figure."""

    statistic: str
    item: str | None
    found: RatersNeeded | Withheld
    curve: Curve | None = None


def agreement_record(
    items: list[RatedItem],
    figures: list[Figure],
    study: Generalizability | Withheld | None,
    needed: list[Needed],
) -> dict[str, Any]:
    """Give the figures, their components and how many raters are enough as plain data."""
    record: dict[str, Any] = {
        "ratings": sum(len(one.ratings.values) for one in items),
        "statistics": [
            {"statistic": one.statistic, "item": one.item, **outcome_record(one.outcome)}
            for one in figures
        ],
    }
    if isinstance(study, Generalizability):
        pairs = zip(study.components.effects, study.components.variances.tolist(), strict=True)
        record["layout"] = study.layout
        record["complete"] = study.components.complete
        record["components"] = {" x ".join(effect): number(one) for effect, one in pairs}
    if needed:
        record["raters_needed"] = [
            {"statistic": one.statistic, "item": one.item, **_needed_record(one)} for one in needed
        ]
    return record


def _needed_record(one: Needed) -> dict[str, Any]:
    """Give the numbers of raters, and the reliability of means of 1 to 20 raters."""
    curve = [] if one.curve is None else reliability_curve(one.curve, CURVE_RATERS)
    points = [
        {"raters": raters, "estimate": number(value), "low": number(low), "high": number(high)}
        for raters, value, (low, high) in curve
    ]
    found = one.found
    if isinstance(found, Withheld):
        nothing = dict.fromkeys(("raters", "fewest", "most"))
        return {**nothing, "reason": found.reason, "curve": points}
    return {
        "raters": found.raters, "fewest": found.fewest, "most": found.most, "curve": points,
    }  # fmt: skip


def agreement_report(
    figures: list[Figure],
    study: Generalizability | Withheld | None,
    needed: list[Needed],
    *,
    words: Words,
    confidence: float,
) -> list[str]:
    """Give the figures, their components and how many raters are enough as tables."""
    rows = []
    for one in figures:
        of = {"statistic": words.text(f"agree.statistic.{one.statistic}")}
        if any(figure.item for figure in figures):
            of["item"] = one.item or words.text("agree.all_items")
        rows.append((of, one.outcome))
    parts = [outcome_text(rows, words, confidence=confidence)]
    if isinstance(study, Generalizability):
        pairs = zip(study.components.effects, study.components.variances.tolist(), strict=True)
        lines = [[words.text("agree.head.effect"), words.text("agree.head.variance")]]
        for effect, variance in pairs:
            facets = [words.text(f"agree.facet.{facet}") for facet in effect]
            lines.append([" × ".join(facets), readable(variance, words)])
        parts.append(aligned(lines, right={1}))
    parts += ["\n".join(_enough(one, words) for one in needed)] if needed else []
    return parts


def _enough(one: Needed, words: Words) -> str:
    name = words.text(f"agree.statistic.{one.statistic}")
    name = name if one.item is None else f"{name}, {one.item}"
    if isinstance(one.found, Withheld):
        return f"{name}: {words.withheld(one.found)}"
    most = words.text("sign.none") if one.found.most is None else format_number(one.found.most)
    return words.text(
        "agree.needed",
        statistic=name,
        target=f"{one.found.target:g}",
        raters=one.found.raters,
        fewest=one.found.fewest,
        most=most,
    )
