"""The texts of a pack: one flat table of keys and sentences for each language."""

import string
from collections.abc import Iterator, Mapping
from typing import Any

LANGUAGES = ("en", "zh-hans", "zh-hant")


def flatten(tables: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Turn nested tables into one whose keys are joined by dots; values stay as they are.

    >>> flatten({"grade": {"yes": "Yes", "no": "No"}})
    {'grade.yes': 'Yes', 'grade.no': 'No'}
    """
    flat: dict[str, Any] = {}
    for key, value in tables.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


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
