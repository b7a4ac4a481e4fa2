"""Contributions to growth, as a record and as readers see them."""

from typing import Any

import numpy as np

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.content.analyses.contribution import OUTPUT, RESIDUAL, ContributionSpec
from touchstone.loop.analyses.contribution import Accounting
from touchstone.reports.charts import growth_parts
from touchstone.reports.outcome_tables import number, outcome_record, outcome_table, readable
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words
from touchstone.stats.growth import Contributions, Elasticity

HEADS = ("of", "growth", "se", "range")


def contribution_record(_spec: ContributionSpec, found: Accounting) -> dict[str, Any]:
    """Give elasticities as stated, growth rates, and each factor's part, as plain data."""
    parts = found.parts
    record: dict[str, Any] = {
        "from": found.span[0],
        "to": found.span[1],
        "elasticities": {
            name: dict(zip(Elasticity._fields, map(number, one), strict=True))
            for name, one in found.elasticities.items()
        },
        "growths": None,
        "contributions": [
            {"factor": name, **outcome_record(outcome)}
            for name, outcome in _outcomes(found).items()
        ],
    }
    if not isinstance(parts, Withheld):
        record["growths"] = {
            name: {"percent": number(100 * rate), "se": number(100 * error)}
            for name, rate, error in _growths(parts)
        }
        record["sum_of_elasticities"] = number(parts.sum_of_elasticities)
    return record


def show_contribution(spec: ContributionSpec, found: Accounting, words: Words) -> Shown:
    """Give each factor's part, the growths behind it, and what they rest on."""
    outcomes = _outcomes(found)
    rest = outcomes.pop(RESIDUAL)
    labels = _labels(spec, found, words)
    rows = [({"factor": labels[name]}, outcome) for name, outcome in outcomes.items()]
    rows.append(({"factor": words.text("contribution.residual")}, rest))
    parts: list[ShownTable | str] = [outcome_table(rows, words, confidence=float(spec.confidence))]
    if isinstance(found.parts, Withheld):
        return Shown(tuple(parts))
    parts += [_growth_table(found.parts, found, labels, words), words.text("contribution.note")]
    notes = (words.text("contribution.bare"),) if found.has_no_range else ()
    named = [(labels[name], outcome) for name, outcome in outcomes.items()]
    charts = (growth_parts(named, rest, words),)
    return Shown(tuple(parts), notes, charts)


def _labels(spec: ContributionSpec, found: Accounting, words: Words) -> dict[str, str]:
    """Call each factor what the pack calls its column, or else by its own name."""
    columns = {one.name: f"column.{one.column}" for one in spec.factors}
    keys = {name: columns.get(name, "") for name in found.elasticities}
    return {name: words.text(key) if words.knows(key) else name for name, key in keys.items()}


def _outcomes(found: Accounting) -> dict[str, Outcome]:
    if isinstance(found.parts, Withheld):
        return dict.fromkeys([*found.elasticities, RESIDUAL], found.parts)
    return {**found.parts.parts, RESIDUAL: found.parts.residual}


def _growths(parts: Contributions) -> list[tuple[str, float, float]]:
    """List output and factors with their growth and its error, as fractions."""
    errors = np.sqrt(np.diagonal(parts.growths.covariance)).tolist()
    names = (OUTPUT, *parts.growths.names)
    return list(zip(names, parts.growths.rates.tolist(), errors, strict=True))


def _growth_table(
    parts: Contributions, found: Accounting, labels: dict[str, str], words: Words
) -> ShownTable:
    lines = []
    for name, rate, error in _growths(parts):
        label = words.text("contribution.output") if name == OUTPUT else labels[name]
        span = _span(found.elasticities.get(name), words)
        lines.append([label, readable(100 * rate, words), readable(100 * error, words), span])
    heads = [words.text(f"contribution.head.{name}") for name in HEADS]
    return shown_table(heads, lines, numbers=(1, 2))


def _span(elasticity: Elasticity | None, words: Words) -> str:
    if elasticity is None:
        return words.text("sign.none")
    low, high = f"{elasticity.low:g}", f"{elasticity.high:g}"
    return low if low == high else words.text("sign.range", low=low, high=high)
