"""The three catalogues say the same things with the same gaps."""

import string

import pytest

from touchstone.content.texts import LANGUAGES, program_texts

OTHERS = [language for language in LANGUAGES if language != "en"]
GAPS_FROM_WORDS = {"unit", "units"}


def _gaps(template: str) -> set[str]:
    """List the gaps of a sentence, those within the ending of another gap included."""
    found: set[str] = set()
    for _, gap, ending, _ in string.Formatter().parse(template):
        if gap is not None:
            found |= {gap} | _gaps(ending or "")
    return found - GAPS_FROM_WORDS


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_the_keys_of_the_english_one(language):
    """Every label exists in every language."""
    assert set(program_texts(language)) == set(program_texts("en"))


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_the_gaps_of_the_english_one(language):
    """A translation may order gaps anew, but neither loses nor adds one."""
    english, other = program_texts("en"), program_texts(language)
    different = [key for key in english if _gaps(english[key]) != _gaps(other[key])]
    assert different == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_translated_when_its_text_is_a_sentence(language):
    """A sentence that equals the English one was forgotten."""
    english, other = program_texts("en"), program_texts(language)
    same = [key for key in english if english[key] == other[key] and len(english[key]) > 20]
    assert same == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_neither_empty_nor_padded(language):
    """A text is shown as it stands; only the sign between the items of a list has a space."""
    padded = [key for key, text in program_texts(language).items() if text != text.strip()]
    assert set(padded) <= {"sign.list"}
    assert all(program_texts(language).values())
