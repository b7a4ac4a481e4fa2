"""How many of those who were asked answered: the outcome rates of AAPOR."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from touchstone.base.errors import TouchstoneError
from touchstone.stats.figures import quotient

# Codes of the outcome rate calculator, and the first digits of AAPOR's final disposition codes.
CODES = {
    "I": "complete",
    "P": "partial",
    "R": "refusal",
    "NC": "non_contact",
    "O": "other",
    "UH": "unknown_household",
    "UO": "unknown_other",
    "NE": "not_eligible",
    "1.1": "complete",
    "1.2": "partial",
    "2.1": "refusal",
    "2.2": "non_contact",
    "2.3": "other",
    "3.1": "unknown_household",
    "3": "unknown_other",
    "4": "not_eligible",
}


class Dispositions(NamedTuple):
    """What became of the cases that were drawn, by the final codes of AAPOR, as counts.

    `complete` and `partial` answers (I, P), `refusal` and break-off (R), `non_contact` (NC),
    `other` eligible non-interviews (O), cases of which it is not known whether somebody eligible
    is there (UH, UO), and those known as `not_eligible` (NE), which no rate counts.
    """

    complete: int = 0
    partial: int = 0
    refusal: int = 0
    non_contact: int = 0
    other: int = 0
    unknown_household: int = 0
    unknown_other: int = 0
    not_eligible: int = 0


def count_dispositions(cases: Iterable[tuple[str | None, str]]) -> Dispositions:
    """Count cases by their disposition codes: letters such as I and NC, or AAPOR's numbers.

    `cases` are pairs of a code and the place where it stands, for errors. Raises TouchstoneError
    RESPONSE-01 for a code that is none of them, or an empty cell.

    >>> count_dispositions([("I", "row 2"), ("2.11", "row 3"), ("310", "row 4")]).refusal
    1
    """
    counts = dict.fromkeys(Dispositions._fields, 0)
    for code, where in cases:
        counts[disposition_of(code, where=where)] += 1
    return Dispositions(**counts)


def disposition_of(code: str | None, *, where: str) -> str:
    """Tell what a disposition code means: a field of `Dispositions`.

    >>> disposition_of("2.112", where=""), disposition_of("NC", where="")
    ('refusal', 'non_contact')
    """
    text = (code or "").strip().upper()
    if text in CODES:
        return CODES[text]
    # 110 and 1.10 are the code 1.1; what follows says more of the same.
    digits = text.replace(".", "", 1)
    if digits.isdigit():
        for known in (f"{digits[0]}.{digits[1:2]}", digits[0]):
            if known in CODES:
                return CODES[known]
    raise TouchstoneError(
        "RESPONSE-01",
        where=where,
        found=f"the disposition {code!r}" if code else "a row without disposition",
        remedy="Give each case one of I, P, R, NC, O, UH, UO and NE, or a final disposition code "
        "of AAPOR such as 1.1.",
    )


def response_rates(
    counts: Dispositions, *, eligible: Fraction | None = None
) -> dict[str, Decimal | None]:
    """Give the response, cooperation, refusal and contact rates of AAPOR (2023, tenth edition).

    `eligible` is e, the share of the unknown cases taken as eligible; without it, the share of
    eligible ones among the cases whose eligibility is known. Rates are fractions from 0 to 1,
    None where nobody is there to divide by.

    >>> rates = response_rates(Dispositions(complete=50, refusal=30, unknown_household=20))
    >>> rates["RR1"], rates["RR5"], rates["REF1"]
    (Decimal('0.5'), Decimal('0.625'), Decimal('0.3'))
    """
    e = _eligible_share(counts) if eligible is None else eligible
    complete, answered = counts.complete, counts.complete + counts.partial
    reached = answered + counts.refusal + counts.other
    known = reached + counts.non_contact
    unknown = counts.unknown_household + counts.unknown_other
    bases = (Fraction(known + unknown), known + e * unknown, Fraction(known))
    rates = {
        "RR1": (complete, bases[0]),
        "RR2": (answered, bases[0]),
        "RR3": (complete, bases[1]),
        "RR4": (answered, bases[1]),
        "RR5": (complete, bases[2]),
        "RR6": (answered, bases[2]),
        "COOP1": (complete, Fraction(reached)),
        "COOP2": (answered, Fraction(reached)),
        "COOP3": (complete, Fraction(reached - counts.other)),
        "COOP4": (answered, Fraction(reached - counts.other)),
        "REF1": (counts.refusal, bases[0]),
        "REF2": (counts.refusal, bases[1]),
        "REF3": (counts.refusal, bases[2]),
        "CON1": (reached, bases[0]),
        "CON2": (reached, bases[1]),
        "CON3": (reached, bases[2]),
    }
    return {name: _rate(part, base) for name, (part, base) in rates.items()}


def _eligible_share(counts: Dispositions) -> Fraction:
    """Give the share of eligible cases among those whose eligibility is known; 1 without any."""
    unknown = counts.unknown_household + counts.unknown_other
    known = sum(counts) - unknown
    return Fraction(known - counts.not_eligible, known) if known else Fraction(1)


def _rate(part: int, base: Fraction) -> Decimal | None:
    if not base:
        return None
    rate = Fraction(part) / base
    return quotient(rate.numerator, rate.denominator)
