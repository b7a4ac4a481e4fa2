"""The texts of the pages say the same in three languages, with the same gaps."""

import string

import pytest

from touchstone.content.texts import LANGUAGES
from touchstone_web.shared.languages import web_texts

OTHERS = [language for language in LANGUAGES if language != "en"]
GAPS_FROM_WORDS = {"unit", "units"}


def gaps(template: str) -> set[str]:
    found: set[str] = set()
    for _, gap, ending, _ in string.Formatter().parse(template):
        if gap is not None:
            found |= {gap} | gaps(ending or "")
    return found - GAPS_FROM_WORDS


@pytest.mark.parametrize("language", OTHERS)
def test_texts_have_the_keys_of_the_english_ones(language):
    """Every sentence exists in every language."""
    assert set(web_texts(language)) == set(web_texts("en"))


@pytest.mark.parametrize("language", OTHERS)
def test_texts_have_the_gaps_of_the_english_ones(language):
    """A translation may order gaps anew, but neither loses nor adds one."""
    english, other = web_texts("en"), web_texts(language)
    assert [key for key in english if gaps(english[key]) != gaps(other[key])] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_is_translated_when_it_is_a_sentence(language):
    """A sentence that equals the English one was forgotten."""
    english, other = web_texts("en"), web_texts(language)
    same = [key for key in english if english[key] == other[key] and len(english[key]) > 20]
    assert same == []
