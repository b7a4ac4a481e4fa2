"""How many of those who were asked answered, and how many could not judge, by domain."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from touchstone.stats.figures import quotient
from touchstone.stats.response_rates import count_dispositions, response_rates

By = tuple[tuple[str, str], ...]
Shares = dict[str, Decimal | None]


class RateRequest(NamedTuple):
    """Which column holds what became of each case, the share e, and what "cannot judge" is."""

    dispositions: str | None = None
    eligible: Fraction | None = None
    cannot_judge: tuple[str, ...] = ()


class Cases(NamedTuple):
    """The texts of some columns, row by row, and the place of each row for errors."""

    texts: Mapping[str, Sequence[str | None]]
    places: Sequence[str]


class Rates(NamedTuple):
    """The rates of domains, and of variables within them; empty when they were not asked for."""

    of_domain: dict[By, Shares]
    of_variable: dict[tuple[By, str], Shares]


def find_rates(
    cases: Cases, request: RateRequest, variables: Sequence[str], *, by: Sequence[str]
) -> Rates:
    """Count each domain's cases by what became of them, and each variable's answers.

    Rates are of rows, not of weights. `cannot_judge` is the share of it among all answers,
    `no_answer` the share of empty cells among all rows. Raises TouchstoneError RESPONSE-01 for an
    unknown disposition.

    >>> cases = Cases({"y": ["4", "?", None, None]}, ["row 2", "row 3", "row 4", "row 5"])
    >>> find_rates(cases, RateRequest(cannot_judge=("?",)), ["y"], by=()).of_variable[(), "y"]
    {'cannot_judge': Decimal('0.5'), 'no_answer': Decimal('0.5')}
    """
    of_domain: dict[By, Shares] = {}
    of_variable: dict[tuple[By, str], Shares] = {}
    for domain, rows in _rows_of_domains(cases, by).items():
        if request.dispositions:
            codes = cases.texts[request.dispositions]
            counts = count_dispositions((codes[row], cases.places[row]) for row in rows)
            of_domain[domain] = response_rates(counts, eligible=request.eligible)
        for name in variables if request.cannot_judge else ():
            texts = [cases.texts[name][row] for row in rows]
            of_variable[domain, name] = _answer_rates(texts, request.cannot_judge)
    return Rates(of_domain, of_variable)


def _rows_of_domains(cases: Cases, by: Sequence[str]) -> dict[By, list[int]]:
    found: dict[By, list[int]] = {}
    for row in range(len(cases.places)):
        texts = [cases.texts[name][row] for name in by]
        if None not in texts:
            domain = tuple(zip(by, (text or "" for text in texts), strict=True))
            found.setdefault(domain, []).append(row)
    return dict(sorted(found.items()))


def _answer_rates(texts: list[str | None], unsure: Sequence[str]) -> Shares:
    answers = [text for text in texts if text is not None]
    unjudged = sum(text in unsure for text in answers)
    return {
        "cannot_judge": quotient(unjudged, len(answers)) if answers else None,
        "no_answer": quotient(len(texts) - len(answers), len(texts)) if texts else None,
    }
