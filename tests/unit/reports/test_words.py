"""Words: sentences with their gaps filled, never silently another text."""

from decimal import Decimal

import pytest

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Withheld
from touchstone.content.texts import LANGUAGES, flatten_tables
from touchstone.loop.results import Because
from touchstone.reports.words import Words, format_number

SCHOOLS = {"word": {"unit": "school", "units": "schools"}, "grade": {"yes": "Yes"}}


def test_a_gap_counts_in_one_or_many():
    """`{n:school|schools}` takes the first word for 1 alone."""
    words = Words("en", SCHOOLS)
    assert words.text("page.units_in_all", n=1) == "1 school"
    assert words.text("page.units_in_all", n=6194) == "6,194 schools"


def test_a_gap_with_a_family_takes_the_named_text():
    """`{grade:grade}` shows the grade's name and not its id."""
    words = Words("en", {**SCHOOLS, "passed": "{grade:grade} from {bar:number}"})
    because = Because("passed", (("grade", "yes"), ("bar", "1234.5")))
    assert words.because(because) == "Yes from 1,234.5"


def test_a_gap_keeps_its_text_when_it_is_not_a_number():
    """A sign in the place of a figure is shown as it is."""
    assert Words("en", {"seen": "n is {n:count}"}).text("seen", n="–") == "n is –"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_refused_when_its_key_is_unknown(language):
    """There is no fallback to another language or to the key itself."""
    with pytest.raises(TouchstoneError) as fault:
        Words(language).text("no.such.key")
    assert fault.value.code == "TEXT-01"


def test_a_text_is_refused_when_a_gap_stays_empty():
    """A sentence with a hole is never shown."""
    with pytest.raises(TouchstoneError) as fault:
        Words("en").withheld(Withheld("too_few_raters"))
    assert fault.value.code == "TEXT-02"


def test_a_language_is_refused_when_there_are_no_texts_in_it():
    """Asking for a language without catalogue is a programmer's mistake."""
    with pytest.raises(ValueError, match="language must be one of en, zh-hans, zh-hant"):
        Words("fr")


def test_a_reason_in_curly_brackets_is_not_taken_for_a_gap():
    """What fills a gap is never read as a sentence itself."""
    words = Words("en", {"seen": "{name} stands"})
    assert words.text("seen", name="{score} {0}") == "{score} {0} stands"


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (Decimal("0.125"), 2, "0.12"),
        (Decimal("0.135"), 2, "0.14"),
        (Decimal("-3"), None, "−3"),
        (Decimal("1E+3"), None, "1,000"),
        (6194, None, "6,194"),
    ],
)
def test_a_number_is_rounded_half_to_even(value, places, written):
    """Thousands marks, a real minus sign, and no exponent."""
    assert format_number(value, places) == written


def test_an_outcome_shows_its_interval_or_its_reason():
    """No figure without its interval, no gap without its reason."""
    words = Words("en")
    estimate = Estimate(Decimal("3.1"), Decimal("2.9"), Decimal("3.3"), 20, "t")
    assert words.outcome(estimate) == "3.1 (2.9 to 3.3)"
    withheld = Withheld("too_few_raters", (("smallest", "10"),))
    assert words.outcome(withheld) == "Fewer than 10 people answered."


def test_a_range_shows_one_figure_when_it_has_no_width():
    """A register fact has no interval, and a certain place is one number."""
    words = Words("zh-hans")
    assert words.interval(Decimal(1), Decimal(1)) == "–"
    assert words.interval(Decimal(1), Decimal(2)) == "1 至 2"
    assert words.places_between(4, 4) == "4"
    assert words.places_between(4, 1200) == "4 至 1,200"
    assert words.places_between(None, None) == "–"


def test_a_share_of_nothing_is_a_dash():
    """A division by an empty base gives no figure, and never 0."""
    assert Words("en").percent(0, 0) == "–"
    assert Words("en").percent(1, 3) == "33.3 %"


def test_pack_texts_may_be_nested_or_joined_by_dots():
    """Both ways of writing a key in TOML mean the same."""
    assert flatten_tables({"grade": {"yes": "Y"}}) == flatten_tables({"grade.yes": "Y"})
