"""What no pack may ask about: belief, politics, faith, ethnicity, family, health, private life.

A small list of words, in `private_matters.toml`. It catches plain cases and understands nothing;
it takes no reader's place.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from touchstone.base.errors import TouchstoneError
from touchstone.content.analyses.specs import columns_named
from touchstone.content.criteria import walk_criteria
from touchstone.content.pack_parts import PackParts, place_of
from touchstone.content.schemes import Limit, Scheme, limits


@dataclass(frozen=True)
class _Item:
    """Something a pack asks, bars or groups by: its place, names and keys of its texts."""

    where: str
    names: tuple[str, ...]
    keys: tuple[str, ...]
    about_persons: bool


def private_matter(text: str, *, about_persons: bool) -> str | None:
    """Name the private matter that a text tells of by one of the listed words, or None.

    Family and health count only where persons are assessed.

    >>> private_matter("Religious observance", about_persons=False)
    'faith'
    >>> private_matter("家庭情况", about_persons=True), private_matter("家庭", about_persons=False)
    ('family', None)
    """
    plain = _patterns()["harmless"]["harmless"].sub(" ", re.sub(r"[_.\-]+", " ", text.casefold()))
    matters = _patterns()["always"] | (_patterns()["persons"] if about_persons else {})
    return next((matter for matter, words in matters.items() if words.search(plain)), None)


def check_private_matters(
    parts: PackParts, texts: Mapping[str, Mapping[str, object]]
) -> Iterator[TouchstoneError]:
    """Refuse what a pack measures, bars or groups by when it is a private matter.

    Looks at names and at the texts in all languages; each item is told once.
    """
    for item in _items(parts):
        shown = [str(table[key]) for table in texts.values() for key in item.keys if key in table]
        for words in (*item.names, *shown):
            matter = private_matter(words, about_persons=item.about_persons)
            if matter is not None:
                yield TouchstoneError(
                    "PACK-50",
                    where=item.where,
                    found=f"'{words}' tells of {matter}, which no assessment may ask about",
                    remedy="Take it out: assessments concern conduct in office and results.",
                )
                break


def _items(parts: PackParts) -> Iterator[_Item]:
    for name, indicator in parts.indicators.items():
        yield _Item(
            place_of(parts.name, "indicators", name),
            (name, indicator.column),
            (f"indicator.{name}",),
            _is_about_persons(parts, indicator.dataset),
        )
    for name, analysis in parts.analyses.items():
        columns = [column for _, column, _ in columns_named(analysis)]
        keys = [f"analysis.{name}.title", *(f"column.{column}" for column in columns)]
        yield _Item(
            place_of(parts.name, "analyses", name),
            (name, *columns),
            tuple(keys),
            _is_about_persons(parts, analysis.dataset),
        )
    for name, scheme in parts.schemes.items():
        yield from _items_of_scheme(name, scheme, parts)


def _items_of_scheme(name: str, scheme: Scheme, parts: PackParts) -> Iterator[_Item]:
    place = place_of(parts.name, "schemes", name)
    about_persons = _is_about_persons(parts, scheme.dataset)
    for where, criterion in walk_criteria(scheme.criteria, where=place):
        yield _Item(where, (criterion.id,), (f"criterion.{criterion.id}",), about_persons)
    for adjustment in scheme.bonuses + scheme.deductions:
        key = f"criterion.{adjustment.id}"
        yield _Item(f"{place}, '{adjustment.id}'", (adjustment.id,), (key,), about_persons)
    for limit in limits(scheme):
        yield _Item(
            f"{place}, '{limit.id}'", (limit.id, *limit.where), _keys_of_limit(limit), about_persons
        )
    if scheme.comparison is not None:
        quantiles = scheme.comparison.quantiles
        columns = (*scheme.comparison.by, *((quantiles.of,) if quantiles else ()))
        keys = tuple(f"column.{column}" for column in columns)
        yield _Item(f"{place}, 'comparison'", columns, keys, about_persons)


def _keys_of_limit(limit: Limit) -> tuple[str, ...]:
    return (f"limit.{limit.id}", *(f"column.{column}" for column in limit.where))


def _is_about_persons(parts: PackParts, dataset: str) -> bool:
    """Say whether persons are assessed; when the dataset is not known, nothing is allowed."""
    known = parts.datasets.get(dataset)
    return known is None or known.about == "persons"


@cache
def _patterns() -> dict[str, dict[str, re.Pattern[str]]]:
    source = files("touchstone.content").joinpath("private_matters.toml")
    lists = tomllib.loads(source.read_text(encoding="utf-8"))
    families = {"harmless": {"harmless": lists["harmless"]}} | {
        family: lists[family] for family in ("always", "persons")
    }
    return {
        family: {matter: _pattern(words) for matter, words in matters.items()}
        for family, matters in families.items()
    }


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Match English words whole, or by their beginning before a *, and Chinese ones anywhere."""
    parts = []
    for word in words:
        if not word.isascii():
            parts.append(re.escape(word))
        elif word.endswith("*"):
            parts.append(rf"\b{re.escape(word[:-1])}")
        else:
            parts.append(rf"\b{re.escape(word)}\b")
    return re.compile("|".join(parts))
