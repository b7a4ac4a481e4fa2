"""Sentences in the reader's language, made from keys, gaps and numbers.

A catalogue holds `key = "sentence with {gaps}"`. A gap may say how it is filled:
`{n:count}` a whole number with thousands marks, `{score:number}` a number, `{grade:grade}` the
text of the key `grade.<value>`, `{n:school|schools}` one of two words by whether it is 1.
A gap that nobody fills takes the text of `word.<gap>`, so that a pack can say "school" for "unit".
"""

import string
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Outcome, Withheld
from touchstone.content.texts import flatten_tables, program_texts
from touchstone.loop.results import Because

HTML_LANGUAGES = {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
MINUS = "−"


def format_number(value: Decimal | int, places: int | None = None) -> str:
    """Write a number with thousands marks and a real minus sign, rounded half-even to `places`.

    Without `places` all its decimal places stay.

    >>> format_number(Decimal("-1234.50")), format_number(Decimal("0.125"), 2)
    ('−1,234.50', '0.12')
    """
    exact = Decimal(value)
    if places is not None:
        exact = round(exact, places)
    return f"{exact:,f}".replace("-", MINUS)


class Words:
    """Texts of one language: the program's own, and above them those of a pack.

    `pack_texts` is the pack's table for the same language, nested or with keys joined by dots.

    >>> Words("en").text("page.units_in_all", n=1128)
    '1,128 units'
    >>> Words("en", {"word": {"unit": "school", "units": "schools"}}).text(
    ...     "page.units_in_all", n=1)
    '1 school'
    """

    def __init__(self, language: str, pack_texts: Mapping[str, Any] | None = None) -> None:
        self.language = language
        self.html_language = HTML_LANGUAGES.get(language, language)
        self._texts = {**program_texts(language), **flatten_tables(pack_texts or {})}
        self._filler = _GapFiller(self)
        # Thousands of units share a few reasons.
        self._said: dict[Because, str] = {}

    def knows(self, key: str) -> bool:
        """Say whether there is a text for the key."""
        return key in self._texts

    def text(self, key: str, /, **gaps: object) -> str:
        """Give the sentence of a key with its gaps filled; never silently another text.

        An unknown key is TEXT-01, a gap that nothing fills is TEXT-02.
        """
        template = self._texts.get(key)
        if template is None:
            raise TouchstoneError(
                "TEXT-01",
                where=f"texts in {self.language}",
                found=f"no text has the key '{key}'",
                remedy=f"Add '{key}' to the texts of the pack in every language.",
            )
        try:
            return self._filler.vformat(template, (), gaps)
        except KeyError as missing:
            raise TouchstoneError(
                "TEXT-02",
                where=f"texts in {self.language}, key '{key}'",
                found=f"nothing fills the gap {{{missing.args[0]}}}",
                remedy="Fill the gap where the reason is given, or take it out of the text.",
            ) from missing

    def because(self, because: Because) -> str:
        """Give the sentence for a unit's reason."""
        said = self._said.get(because)
        if said is None:
            said = self._said[because] = self.text(because.key, **dict(because.details))
        return said

    def withheld(self, withheld: Withheld) -> str:
        """Give the sentence for why there is no figure."""
        return self.text(withheld.reason, **dict(withheld.details))

    def method(self, method: str) -> str:
        """Give a method's name."""
        return self.text(f"method.{method}")

    def grade(self, grade: str | None) -> str:
        """Give a grade's name, or a dash where there is none."""
        return self.text("sign.none") if grade is None else self.text(f"grade.{grade}")

    def column(self, name: str) -> str:
        """Give a column's name in the pack's words, or as it stands in the file."""
        key = f"column.{name}"
        return self.text(key) if self.knows(key) else name

    def value(self, column: str, text: str) -> str:
        """Give a value of a text column in the pack's words, or as it stands in the file."""
        key = f"value.{column}.{text}"
        return self.text(key) if self.knows(key) else text

    def number(self, value: Decimal | int | None, places: int | None = None) -> str:
        """Write a number, or a dash where there is none."""
        return self.text("sign.none") if value is None else format_number(value, places)

    def percent(self, part: int, whole: int) -> str:
        """Write part ÷ whole in percent with one decimal; a dash when the whole is 0."""
        if whole == 0:
            return self.text("sign.none")
        share = format_number(Decimal(100) * part / whole, 1)
        return self.text("sign.percent", share=share)

    def interval(self, low: Decimal | None, high: Decimal | None) -> str:
        """Write an interval as "low to high"; a dash where there is none or it has no width."""
        if low is None or high is None or low == high:
            return self.text("sign.none")
        return self.text("sign.range", low=format_number(low), high=format_number(high))

    def places_between(self, rank_low: int | None, rank_high: int | None) -> str:
        """Write a rank range: "12", or "12 to 40" when the evidence cannot tell closer."""
        if rank_low is None or rank_high is None:
            return self.text("sign.none")
        low, high = format_number(rank_low), format_number(rank_high)
        return low if rank_low == rank_high else self.text("sign.range", low=low, high=high)

    def outcome(self, outcome: Outcome, places: int | None = None) -> str:
        """Write an estimate with its interval, or say why it is withheld."""
        if isinstance(outcome, Withheld):
            return self.withheld(outcome)
        value = format_number(outcome.value, places)
        if outcome.low == outcome.high:
            return value
        low, high = format_number(outcome.low, places), format_number(outcome.high, places)
        return self.text("sign.value_with_range", value=value, low=low, high=high)

    def enumerate(self, items: Iterable[str]) -> str:
        """Join some texts as a list within a sentence."""
        return self.text("sign.list").join(items)

    def sentences(self, items: Iterable[str]) -> str:
        """Put sentences one after the other, with a space between where the language has one."""
        return ("" if self.language.startswith("zh") else " ").join(items)


class _GapFiller(string.Formatter):
    """Fills the gaps of one sentence as their endings ask."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def get_value(
        self,
        key: int | str,
        args: Sequence[Any],  # noqa: ARG002
        kwargs: Mapping[str, Any],
    ) -> Any:
        """Take the given value, else the pack's or program's word of that name."""
        if key in kwargs:
            return kwargs[str(key)]
        if self._words.knows(f"word.{key}"):
            return self._words.text(f"word.{key}")
        raise KeyError(key)

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write one value: plain, as a number, as one of two words, or as a named text."""
        if not format_spec:
            return str(value)
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return one if str(value) == "1" else many
        if format_spec in {"count", "number"}:
            return _write_number(value)
        return self._words.text(f"{format_spec}.{value}")


def _write_number(value: Any) -> str:
    try:
        return format_number(Decimal(str(value)))
    except InvalidOperation:
        # A reason may hold a sign such as "–" where a figure must not be told.
        return str(value)
