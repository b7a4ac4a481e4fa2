"""The catalogues of the pages: three languages, equal keys and gaps, and nothing missing."""

import re
import string
from pathlib import Path

import pytest

from touchstone.content.texts import LANGUAGES, program_texts
from touchstone_web.shared.languages import web_texts

SOURCE = Path(__file__).parents[3] / "src" / "touchstone_web"
OTHERS = [language for language in LANGUAGES if language != "en"]
GAPS_FROM_WORDS = {"unit", "units"}
IN_TEMPLATES = re.compile(r"""{%\s*word\s+["']([\w.-]+)["']""")
IN_SOURCE = re.compile(r"""(?:words_for\(\)|words|self\.words)\.text\(\s*["']([\w.-]+)["']""")
# Sentences that are the same in every language: names, and what only the computer reads.
LONGEST_SAME = 20
# Texts that packs bring.
OF_PACKS = ("pack.", "scheme.", "criterion.", "indicator.", "limit.", "grade.", "level.")


def gaps(template: str) -> set[str]:
    found: set[str] = set()
    for _, gap, ending, _ in string.Formatter().parse(template):
        if gap is not None:
            found |= {gap} | gaps(ending or "")
    return found - GAPS_FROM_WORDS


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_of_the_pages_has_the_keys_and_gaps_of_the_english_one(language):
    """A translation may order gaps anew, but neither loses nor adds a key or a gap."""
    english, other = web_texts("en"), web_texts(language)
    assert set(other) == set(english)
    assert [key for key in english if gaps(english[key]) != gaps(other[key])] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_of_the_pages_is_translated(language):
    """A sentence that equals the English one was forgotten."""
    english, other = web_texts("en"), web_texts(language)
    same = [key for key in english if english[key] == other[key]]
    assert [key for key in same if len(english[key]) > LONGEST_SAME] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_of_the_pages_is_not_empty(language):
    """An empty label is a fault that nobody sees."""
    assert [key for key, text in web_texts(language).items() if not text.strip()] == []


def test_every_key_that_is_asked_for_has_a_text():
    """Keys written in templates and views stand in the catalogues of pages or library."""
    known = set(web_texts("en")) | set(program_texts("en"))
    asked: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.html")):
        asked |= dict.fromkeys(IN_TEMPLATES.findall(path.read_text("utf-8")), path.name)
    for path in sorted(SOURCE.rglob("*.py")):
        asked |= dict.fromkeys(IN_SOURCE.findall(path.read_text("utf-8")), path.name)
    missing = {
        key: where
        for key, where in asked.items()
        if key not in known and not key.startswith(OF_PACKS)
        # A key that ends in a dot goes on with a value that is known at run time.
        if not (key.endswith(".") and any(each.startswith(key) for each in known))
    }
    assert missing == {}
    assert len(asked) > 100
