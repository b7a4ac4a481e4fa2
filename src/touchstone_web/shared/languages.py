"""Which language a page speaks, and its words."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from touchstone.content.texts import LANGUAGES, read_texts
from touchstone.reports.words import Words

LANGUAGE_NAMES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}


class HasTexts(Protocol):
    """A pack, as far as words need it."""

    texts: Mapping[str, Mapping[str, str]]


@cache
def web_texts(language: str) -> Mapping[str, str]:
    """Read the texts of the pages in one language, all files of the folder together."""
    return read_texts(files("touchstone_web.shared").joinpath("texts", language))


@cache
def _plain_words(language: str) -> Words:
    return Words(language, web_texts(language))


def language_of(request: HttpRequest) -> str:
    """The person's own language, else that of the cookie, else what the browser asks for."""
    own = getattr(getattr(request, "user", None), "language", "")
    if own in LANGUAGES:
        return own
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if kept in LANGUAGES:
        return kept
    asked = translation.get_language_from_request(request)
    return asked if asked in LANGUAGES else settings.LANGUAGE_CODE


def current_language() -> str:
    """The language that the page being made speaks."""
    active = translation.get_language() or settings.LANGUAGE_CODE
    return active if active in LANGUAGES else settings.LANGUAGE_CODE


def words_for(reader: HttpRequest | str | None = None, pack: HasTexts | None = None) -> Words:
    """Give the words of a request's language, or of a named one; None takes the current one.

    With a pack its texts stand above those of the program.
    """
    if reader is None:
        language = current_language()
    else:
        language = reader if isinstance(reader, str) else language_of(reader)
    if pack is None:
        return _plain_words(language)
    return Words(language, {**web_texts(language), **pack.texts.get(language, {})})


def words(request: HttpRequest) -> dict[str, Any]:
    """Give templates `words`, the language and the list of languages (a context processor)."""
    spoken = words_for()
    return {
        "words": spoken,
        "language": spoken.language,
        "html_language": spoken.html_language,
        "language_names": LANGUAGE_NAMES,
    }
