"""Domains of a sample, and the figures of each, by any source of errors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.stats.model_figures import Ends, decimal_of, two_sided_t
from touchstone.stats.sampling.choices import ShareInterval
from touchstone.stats.sampling.samples import Floats
from touchstone.stats.sampling.share_intervals import (
    beta_ends,
    effective_share_size,
    logit_ends_t,
    wilson_ends,
)
from touchstone.stats.sampling.sources import ErrorSource, Term
from touchstone.stats.sampling.statistics import (
    Measure,
    denominator_of,
    linearise,
    simple_variance,
    value_of,
)
from touchstone.tallies.kernel import sort_by_code
from touchstone.tallies.keys import encode_keys
from touchstone.tallies.limbs import Integers
from touchstone.tallies.tables import Snapshot


@dataclass(frozen=True, eq=False, slots=True)
class Domains:
    """The parts of a sample that figures are given for: the columns, and each part's rows."""

    by: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    rows: tuple[Integers, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: of which domain, which variable and value, and what was found."""

    by: tuple[tuple[str, str], ...]
    variable: str
    statistic: str
    value: str | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Rule:
    """How figures are told: how sure intervals are, and of which kind those of shares."""

    confidence: float = 0.95
    share_interval: ShareInterval = "wilson"


def find_domains(snapshot: Snapshot, by: Sequence[str]) -> Domains:
    """Find the domains that some columns make, in the order of their texts.

    Rows with an empty cell there belong to none. Without columns all rows are one domain.
    """
    keys = encode_keys(snapshot, tuple(by), keep_nulls=False)
    order, bounds = sort_by_code(keys.codes, len(keys.labels))
    rows = tuple(order[bounds[k] : bounds[k + 1]] for k in range(len(keys.labels)))
    labels = tuple(tuple(text for text in label if text is not None) for label in keys.labels)
    return Domains(tuple(by), labels, rows)


def figures_of(
    measures: Sequence[Measure], domains: Domains, source: ErrorSource, rule: Rule
) -> Iterable[Figure]:
    """Give the figure of each measure in each domain: domains first, measures within."""
    for label, rows in zip(domains.labels, domains.rows, strict=True):
        by = tuple(zip(domains.by, label, strict=True))
        for measure in measures:
            outcome = outcome_of(measure, rows, source, rule)
            yield Figure(by, measure.variable, measure.kind, measure.value, outcome)


def base_of(measure: Measure, rows: Integers, weights: Floats) -> Integers:
    """Keep the rows that have all the measure needs, and a weight."""
    kept: Integers = rows[measure.present[rows] & (weights[rows] != 0)]
    return kept


def outcome_of(measure: Measure, rows: Integers, source: ErrorSource, rule: Rule) -> Outcome:
    """Estimate one measure of some rows, with the error and interval that the source gives.

    Withheld as `empty_base` where no row has a value, `zero_denominator` where the statistic
    divides by 0, `one_cluster` where nothing tells how far units differ, and as the source says.
    """
    rows = base_of(measure, rows, source.weights)
    weights = source.weights[rows]
    if not len(rows):
        return Withheld("empty_base")
    if measure.kind != "total" and denominator_of(measure, rows, weights) == 0:
        return Withheld("zero_denominator")
    value = float(value_of(measure, rows, weights))
    if source.is_census(rows):
        return census_of(value, len(rows))
    spread = spread_of(source, rows, [Term(1.0, measure, rows)])
    if isinstance(spread, Withheld):
        return spread
    variance, df = spread
    compared = simple_variance(linearise(measure, rows, weights).scores, weights)
    deff = None if compared is None or compared <= 0 else variance / compared
    found = _ends(measure, value, (variance**0.5, deff), (len(rows), df), rule)
    if isinstance(found, Withheld):
        return found
    ends, name = found
    return told(
        value, variance**0.5, ends, n=len(rows), df=df, deff=deff, method=name or source.method
    )


def census_of(value: float, n: int) -> Estimate:
    """Give a figure of all there are, which has no error.

    >>> census_of(2.5, 4).method
    'census'
    """
    exact = decimal_of(value)
    return Estimate(exact, exact, exact, n, "census", decimal_of(0.0))


def spread_of(
    source: ErrorSource, rows: Integers, terms: Sequence[Term]
) -> tuple[float, int] | Withheld:
    """Give the variance of a sum of terms over some rows and its degrees of freedom.

    Withheld as `one_cluster` where nothing tells how far units differ, and as the source says.
    """
    df = source.degrees_of_freedom(rows)
    if df < 1:
        return Withheld("one_cluster")
    variance = source.variance_of(terms)
    return variance if isinstance(variance, Withheld) else (variance, df)


def told(
    value: float,
    se: float,
    ends: Ends,
    *,
    n: int,
    df: int,
    method: str,
    deff: float | None = None,
) -> Estimate:
    """Make an estimate of floating-point figures."""
    low, high = (decimal_of(end) for end in ends)
    effect = None if deff is None else decimal_of(deff)
    return Estimate(decimal_of(value), low, high, n, method, decimal_of(se), df, effect)


def t_ends(value: float, se: float, df: int, *, confidence: float) -> Ends:
    """Give the ends of value ± t·se (Student 1908)."""
    half = two_sided_t(confidence, df) * se
    return value - half, value + half


def _ends(
    measure: Measure,
    value: float,
    error: tuple[float, float | None],
    sizes: tuple[int, int],
    rule: Rule,
) -> tuple[Ends, str] | Withheld:
    """Give the interval and the name of its method; no name: that of the source."""
    se, deff = error
    n, df = sizes
    kind = rule.share_interval if measure.kind == "share" else "t"
    # Rounding may take a share out of 0 to 1.
    share = float(np.clip(value, 0, 1))
    if kind == "wilson":
        size = effective_share_size(share, n, deff)
        return wilson_ends(share, size, confidence=rule.confidence), "wilson"
    if kind == "beta":
        return beta_ends(share, se, sizes, confidence=rule.confidence), "clopper_pearson"
    if kind == "logit":
        ends = logit_ends_t(share, se, df, confidence=rule.confidence)
        return ends if isinstance(ends, Withheld) else (ends, "logit")
    return t_ends(value, se, df, confidence=rule.confidence), ""
