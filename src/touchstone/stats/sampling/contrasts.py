"""Differences and other contrasts between domains or waves, with the covariance between them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.sampling.domains import (
    Domains,
    Figure,
    Rule,
    base_of,
    census_of,
    spread_of,
    t_ends,
    told,
)
from touchstone.stats.sampling.sources import ErrorSource, Term
from touchstone.stats.sampling.statistics import Measure, denominator_of, value_of

Label = tuple[str, ...]


class Contrast(NamedTuple):
    """A sum of domains' figures with coefficients: its name, and (coefficient, domain) pairs."""

    name: str
    parts: tuple[tuple[float, Label], ...]


def differences_to(domains: Domains, reference: Label) -> tuple[Contrast, ...]:
    """Contrast each other domain with one; CONTRAST-01 when there is no such domain.

    >>> parts = Domains(("town",), (("A",), ("B",)), (np.array([0]), np.array([1])))
    >>> differences_to(parts, ("A",))[0]
    Contrast(name='B − A', parts=((1.0, ('B',)), (-1.0, ('A',))))
    """
    _refuse_unknown(domains, reference)
    return tuple(_difference(label, reference) for label in domains.labels if label != reference)


def changes_between(domains: Domains, wave: str) -> tuple[Contrast, ...]:
    """Contrast each wave with the one before it, within each domain of the other columns.

    `wave` is one of the columns that make domains; waves follow each other in the order of their
    texts. Waves that asked the same units have a covariance, which the design tells when those
    units are its clusters.
    """
    if wave not in domains.by:
        raise TouchstoneError(
            "CONTRAST-02",
            where=f"column {wave!r}",
            found="it is not among the columns that make domains",
            remedy="Name the column of waves among those that make domains, too.",
        )
    place = domains.by.index(wave)
    last: dict[Label, Label] = {}
    found: list[Contrast] = []
    for label in sorted(domains.labels, key=lambda one: one[place]):
        others = label[:place] + label[place + 1 :]
        if others in last:
            found.append(_difference(label, last[others]))
        last[others] = label
    return tuple(sorted(found, key=lambda one: one.parts[0][1]))


def contrast_figures(
    measures: Sequence[Measure],
    domains: Domains,
    contrasts: Sequence[Contrast],
    source: ErrorSource,
    rule: Rule,
) -> Iterable[Figure]:
    """Estimate each contrast for each measure, with a t interval.

    The variance is that of the sum as a whole, so that domains which share units, such as two
    waves of the same people, have their covariance taken into account. The degrees of freedom
    are those of all rows of the contrast (linearisation, Woodruff 1971). Raises TouchstoneError
    CONTRAST-01 for a domain that does not exist.
    """
    rows_of = dict(zip(domains.labels, domains.rows, strict=True))
    for contrast in contrasts:
        for _, label in contrast.parts:
            _refuse_unknown(domains, label)
        for measure in measures:
            terms = [
                Term(times, measure, base_of(measure, rows_of[label], source.weights))
                for times, label in contrast.parts
            ]
            outcome = combined(terms, source, rule)
            by = (("contrast", contrast.name),)
            yield Figure(by, measure.variable, measure.kind, measure.value, outcome)


def combined(terms: Sequence[Term], source: ErrorSource, rule: Rule) -> Outcome:
    """Estimate the sum of some terms; withheld for the reasons of `domains.outcome_of`."""
    if any(not len(term.rows) for term in terms):
        return Withheld("empty_base")
    value = 0.0
    for times, measure, rows in terms:
        weights = source.weights[rows]
        if measure.kind != "total" and denominator_of(measure, rows, weights) == 0:
            return Withheld("zero_denominator")
        value += times * float(value_of(measure, rows, weights))
    rows = np.unique(np.concatenate([term.rows for term in terms]))
    if source.is_census(rows):
        return census_of(value, len(rows))
    spread = spread_of(source, rows, terms)
    if isinstance(spread, Withheld):
        return spread
    variance, df = spread
    se = variance**0.5
    ends = t_ends(value, se, df, confidence=rule.confidence)
    return told(value, se, ends, n=len(rows), df=df, method=source.method)


def _difference(label: Label, reference: Label) -> Contrast:
    name = f"{' / '.join(label)} − {' / '.join(reference)}"
    return Contrast(name, ((1.0, label), (-1.0, reference)))


def _refuse_unknown(domains: Domains, label: Label) -> None:
    if label not in domains.labels:
        some = ", ".join(" / ".join(one) for one in domains.labels[:10])
        raise TouchstoneError(
            "CONTRAST-01",
            where=f"domain {' / '.join(label)!r}",
            found=f"no such domain; there are {some}",
            remedy="Write the texts of the domain as they stand in the columns that make domains.",
        )
