"""How far raters agree, as a record and as readers see it."""

from typing import Any

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.content.analyses.agreement import AgreementSpec
from touchstone.loop.analyses.agreement import Agreement, Figure, Needed
from touchstone.reports.charts import Chart, SpanTitles, outcome_spans
from touchstone.reports.outcome_tables import number, outcome_record, outcome_table, readable
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.reliability.generalizability import Generalizability
from touchstone.stats.reliability.raters_needed import reliability_curve

CURVE_RATERS = 20


def agreement_record(_spec: AgreementSpec, found: Agreement) -> dict[str, Any]:
    """Give the figures, their components and how many raters are enough as plain data."""
    record: dict[str, Any] = {
        "ratings": found.ratings,
        "statistics": [
            {"statistic": one.statistic, "item": one.item, **outcome_record(one.outcome)}
            for one in found.figures
        ],
    }
    if isinstance(found.study, Generalizability):
        components = found.study.components
        pairs = zip(components.effects, components.variances.tolist(), strict=True)
        record["layout"] = found.study.layout
        record["complete"] = components.complete
        record["components"] = {" x ".join(effect): number(one) for effect, one in pairs}
    if found.needed:
        record["raters_needed"] = [
            {"statistic": one.statistic, "item": one.item, **_needed_record(one)}
            for one in found.needed
        ]
    return record | ({"items_left_out": found.items_left_out} if found.items_left_out else {})


def show_agreement(spec: AgreementSpec, found: Agreement, words: Words) -> Shown:
    """Give the figures, their components and how many raters are enough; with a picture."""
    rows: list[tuple[dict[str, str], Outcome]] = []
    for one in found.figures:
        of = {"statistic": words.text(f"agree.statistic.{one.statistic}")}
        if any(figure.item for figure in found.figures):
            of["item"] = _item(spec, one.item, words) or words.text("agree.all_items")
        rows.append((of, one.outcome))
    parts: list[ShownTable | str] = [outcome_table(rows, words, confidence=float(spec.confidence))]
    if isinstance(found.study, Generalizability):
        parts.append(_components(found.study, words))
    if found.needed:
        parts.append("\n".join(_enough(spec, one, words) for one in found.needed))
    notes = [
        words.text(f"agree.note.{name}", count=count)
        for name, count in (
            ("left_out", found.left_out),
            ("items_left_out", found.items_left_out),
        )
        if count
    ]
    charts = (_chart(spec, found.figures, words),) if len(found.figures) > 1 else ()
    return Shown(tuple(parts), tuple(notes), charts)


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


def _item(spec: AgreementSpec, name: str | None, words: Words) -> str | None:
    """Name an item: a column of scores, or a value of the column of items."""
    if name is None:
        return None
    return words.value(spec.item, name) if spec.item else words.column(name)


def _components(study: Generalizability, words: Words) -> ShownTable:
    pairs = zip(study.components.effects, study.components.variances.tolist(), strict=True)
    heads = [words.text("agree.head.effect"), words.text("agree.head.variance")]
    lines = []
    for effect, variance in pairs:
        facets = [words.text(f"agree.facet.{facet}") for facet in effect]
        lines.append([" × ".join(facets), readable(variance, words)])
    return shown_table(heads, lines, numbers={1})


def _enough(spec: AgreementSpec, one: Needed, words: Words) -> str:
    name = _name(spec, one.statistic, one.item, words)
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


def _name(spec: AgreementSpec, statistic: str, item: str | None, words: Words) -> str:
    name = words.text(f"agree.statistic.{statistic}")
    own = _item(spec, item, words)
    return name if own is None else f"{name}, {own}"


def _chart(spec: AgreementSpec, figures: tuple[Figure, ...], words: Words) -> Chart:
    named = [(_name(spec, one.statistic, one.item, words), one.outcome) for one in figures]
    titles = SpanTitles("agreement", words.text("agree.picture"), words.text("agree.axis"))
    return outcome_spans(titles, named, words)
