"""Every reason that the library can give has its sentence."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from touchstone.content.texts import LANGUAGES, program_texts
from touchstone.loop.reasons import number_text, plain_number
from touchstone.reports.words import Words

SOURCE = Path(__file__).parents[3] / "src" / "touchstone"
GIVEN = re.compile(r"""(?:Withheld|Because|_limited)\(\s*"([a-z_]+)\"""")
RETURNED = re.compile(r"""return "((?:zero|negative)_target|no_distance)\"""")
JOINED = {
    *("meets_target", "below_target", "above_target", "is_yes", "is_no"),
    *("component_saturated", "component_half_saturated", "component_floored"),
    *("total_saturated", "total_half_saturated", "total_floored"),
    *("no_target_meets_target", "no_target_below_target", "no_target_above_target"),
}
FILLING = {
    "smallest": "10",
    "criterion": "c",
    "indicator": "i",
    "limit": "l",
    "grade": "g",
    "measured": "1",
    "target": "2",
    "count": "3",
    "score": "4",
    "low": "5",
    "high": "6",
    "from": "7",
    "below": "8",
    "bound": "9",
    "best": "10",
    "worst": "11",
    "places": "12",
    "n": "13",
    "share": "14",
    "bar": "15",
    "highest": "16",
    "weight": "17",
    "levels": "18",
}


def given_keys() -> set[str]:
    """Find the keys in the source of the loop and the statistics."""
    found: set[str] = set()
    for folder in ("loop", "stats"):
        for path in (SOURCE / folder).glob("*.py"):
            text = path.read_text("utf-8")
            found |= set(GIVEN.findall(text)) | set(RETURNED.findall(text))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_in_the_source_has_a_sentence(language):
    """A key that nobody wrote down would show its name, or nothing, to people."""
    keys = given_keys() | JOINED
    assert {"too_few_raters", "interval_across", "vetoed", "zero_target"} <= keys
    assert keys <= set(program_texts(language))
    words = Words(
        language,
        {"criterion.c": "C", "indicator.i": "I", "limit.l": "L", "grade.g": "G"},
    )
    for key in keys:
        assert "{" not in words.text(key, **FILLING)


@pytest.mark.parametrize(
    ("figure", "bounds", "text"),
    [
        ("3.8000", [], "3.8"),
        ("89.996", ["90"], "89.996"),
        ("90", ["90"], "90"),
        ("89.5", ["90"], "89.5"),
        ("-0.004", ["0"], "-0.004"),
        ("-0.004", [], "0"),
    ],
)
def test_a_figure_in_a_reason_stays_on_its_side_of_the_bound(figure, bounds, text):
    """Rounded like the published figure, unless that would contradict the grade."""
    assert number_text(Decimal(figure), 2, [Decimal(bound) for bound in bounds]) == text
    assert plain_number(Decimal("1E+2")) == "100"
