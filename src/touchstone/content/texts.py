"""Texts as they stand in TOML files: flat tables of keys and sentences, one for each language."""

import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

LANGUAGES = ("en", "zh-hans", "zh-hant")


def flatten_tables(tables: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Turn nested tables into one whose keys are joined by dots; values stay as they are.

    >>> flatten_tables({"grade": {"yes": "Yes", "no": "No"}})
    {'grade.yes': 'Yes', 'grade.no': 'No'}
    """
    flat: dict[str, Any] = {}
    for key, value in tables.items():
        if isinstance(value, Mapping):
            flat |= flatten_tables(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def read_texts(folder: Traversable) -> dict[str, str]:
    """Read all TOML files of a folder as one table of keys and sentences."""
    texts: dict[str, str] = {}
    for source in sorted(folder.iterdir(), key=lambda entry: entry.name):
        texts |= flatten_tables(tomllib.loads(source.read_text(encoding="utf-8")))
    return texts


@cache
def program_texts(language: str = LANGUAGES[0]) -> Mapping[str, str]:
    """Read the program's own texts in one language; ValueError when it has none.

    A pack may give any of their keys a text of its own.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}; got {language!r}")
    return read_texts(files("touchstone.texts").joinpath(language))


def gaps_of(text: str) -> frozenset[str]:
    """Name the gaps of a sentence, also those within another gap's ending.

    A sentence whose braces do not match is a ValueError.

    >>> sorted(gaps_of("{n:count} {n:{unit}|{units}}"))
    ['n', 'unit', 'units']
    """
    return frozenset(_walk_gaps(text))


def _walk_gaps(text: str) -> Iterator[str]:
    for _, name, ending, _ in string.Formatter().parse(text):
        if name is not None:
            yield name
            yield from _walk_gaps(ending or "")
