"""Periods in equal steps: years or other whole numbers, months, quarters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from touchstone.base.errors import TouchstoneError

WHOLE = re.compile(r"-?[0-9]{1,9}")
MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
QUARTER = re.compile(r"([0-9]{4})-?[Qq]([1-4])")
IN_A_YEAR = {"whole": 1, "month": 12, "quarter": 4}


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods as whole numbers: `first`, and every `step` from it; months count from year 0."""

    kind: str
    first: int
    step: int
    count: int

    def name(self, place: int) -> str:
        """Write the period at a place, also one after the last.

        >>> Periods("quarter", 8000, 1, 4).name(5)
        '2001-Q2'
        """
        number = self.first + place * self.step
        if self.kind == "whole":
            return str(number)
        year, part = divmod(number, IN_A_YEAR[self.kind])
        return f"{year:04d}-{part + 1:02d}" if self.kind == "month" else f"{year:04d}-Q{part + 1}"

    def until(self, count: int) -> "Periods":
        """Give the first periods only."""
        return Periods(self.kind, self.first, self.step, count)


def read_period(text: str, *, where: str) -> tuple[str, int]:
    """Read a year or whole number, a month `2024-03` or a quarter `2024-Q1`.

    Raises TouchstoneError FORECAST-01.

    >>> read_period("2024-Q2", where="sales.csv")
    ('quarter', 8097)
    """
    if WHOLE.fullmatch(text):
        return "whole", int(text)
    month = MONTH.fullmatch(text)
    if month and 1 <= int(month[2]) <= 12:
        return "month", 12 * int(month[1]) + int(month[2]) - 1
    quarter = QUARTER.fullmatch(text)
    if quarter:
        return "quarter", 4 * int(quarter[1]) + int(quarter[2]) - 1
    raise TouchstoneError(
        "FORECAST-01",
        where=where,
        found=f"the period {text!r}",
        remedy="Write a year such as 2024, a month such as 2024-03, or a quarter such as 2024-Q1.",
    )


def equal_steps(texts: Sequence[str], *, where: str) -> tuple[Periods, list[int]]:
    """Give periods in equal steps, and the place of each text in their order.

    Raises TouchstoneError FORECAST-01 for a text that is no period, FORECAST-02 for a period that
    stands twice, is missing, or is of another kind.

    >>> equal_steps(["2003", "2001", "2002"], where="a.csv")[1]
    [2, 0, 1]
    """
    read = [read_period(text, where=where) for text in texts]
    kinds = sorted({kind for kind, _ in read})
    if len(kinds) != 1:
        raise _uneven(where, f"periods of {len(kinds)} kinds", "Write all periods in one way.")
    numbers = sorted({number for _, number in read})
    if len(numbers) < len(read):
        every = [number for _, number in read]
        double = next(text for text, number in zip(texts, every, strict=True)
                      if every.count(number) > 1)  # fmt: skip
        remedy = "Give each period one row, or take the sum or the mean of its rows."
        raise _uneven(where, f"the period {double} stands twice", remedy)
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    step = min(steps, default=1)
    found = Periods(kinds[0], numbers[0], step, len(numbers))
    for place in range(len(numbers)):
        if numbers[place] != numbers[0] + place * step:
            raise _uneven(where, f"no period {found.name(place)}", "Fill in the missing period.")
    order = {number: place for place, number in enumerate(numbers)}
    return found, [order[number] for _, number in read]


def _uneven(where: str, found: str, remedy: str) -> TouchstoneError:
    return TouchstoneError("FORECAST-02", where=where, found=found, remedy=remedy)
