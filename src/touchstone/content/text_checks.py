"""Checks of a pack's texts: every key in every language, with the same gaps, and no other key."""

from collections.abc import Iterator, Mapping, Sequence

from touchstone.base.errors import TouchstoneError
from touchstone.content.criteria import walk_criteria
from touchstone.content.datasets import Dataset
from touchstone.content.names import nearest_name
from touchstone.content.pack_parts import PackParts
from touchstone.content.schemes import Scheme, limits
from touchstone.content.texts import LANGUAGES, gaps_of, program_texts

Texts = Mapping[str, Mapping[str, object]]
FIXED_KEYS = ("pack.title", "pack.about", "word.unit", "word.units")


def needed_keys(parts: PackParts) -> tuple[str, ...]:
    """List the keys of the texts that a pack must have in every language, each once."""
    keys = [*FIXED_KEYS]
    keys += [f"indicator.{name}" for name in parts.indicators]
    for name in parts.analyses:
        keys += [f"analysis.{name}.title", f"analysis.{name}.about"]
    for name, dataset in parts.datasets.items():
        keys.append(f"dataset.{name}")
        keys += [f"level.{level.level}" for level in dataset.levels]
    for name, scheme in parts.schemes.items():
        keys += [f"scheme.{name}.title", f"scheme.{name}.about"]
        keys += _keys_of_scheme(scheme, parts.datasets.get(scheme.dataset))
    return tuple(dict.fromkeys(keys))


def further_keys(parts: PackParts) -> frozenset[str]:
    """Name the keys that a pack may have besides: for every column, and every value it lists."""
    columns = [column for dataset in parts.datasets.values() for column in dataset.columns]
    values = [f"value.{c.name}.{choice}" for c in columns for choice in c.choices]
    return frozenset([*(f"column.{column.name}" for column in columns), *values])


def check_texts(texts: Texts, parts: PackParts) -> Iterator[TouchstoneError]:
    """Find texts that are missing, unknown, no sentence, or have other gaps than in English.

    `texts` has the flat table of each language whose file could be read. A pack may also give its
    own text for a key of the program.
    """
    needed, free = needed_keys(parts), _free_prefixes(parts)
    for language, table in texts.items():
        place = f"{parts.name}/texts/{language}.toml"
        sound = {key: text for key, text in table.items() if _is_sentence(text)}
        for key in table:
            if key not in sound:
                yield TouchstoneError(
                    "PACK-33",
                    where=place,
                    found=f"the text '{key}' is empty, not in quotes, or has a stray brace",
                    remedy='Write it in quotes; a gap is {name}, a brace that is meant is "{{".',
                )
        for key in needed:
            if key not in table:
                yield _missing(key, place)
        if parts.is_whole:
            known = {*needed, *further_keys(parts), *program_texts()}
            unknown = [key for key in table if key not in known and not key.startswith(free)]
            yield from _unknown(unknown, [key for key in needed if key not in table], place)
        yield from _check_gaps(sound, texts.get(LANGUAGES[0], {}), place)


def _keys_of_scheme(scheme: Scheme, dataset: Dataset | None) -> Iterator[str]:
    for _, criterion in walk_criteria(scheme.criteria):
        yield f"criterion.{criterion.id}"
    for adjustment in scheme.bonuses + scheme.deductions:
        yield f"criterion.{adjustment.id}"
    yield from (f"limit.{limiter.id}" for limiter in scheme.limiters)
    yield from (f"limit.{quota.id}" for quota in scheme.quotas)
    for limit in limits(scheme):
        yield f"limit.{limit.id}"
        for column, values in limit.where.items():
            yield f"column.{column}"
            yield from (f"value.{column}.{value}" for value in values)
    for band in scheme.grades:
        yield f"grade.{band.id}"
    if scheme.comparison is not None:
        for name in scheme.comparison.by:
            yield f"column.{name}"
            yield from (f"value.{name}.{value}" for value in _choices(dataset, name))
        if scheme.comparison.quantiles is not None:
            yield f"column.{scheme.comparison.quantiles.of}"


def _choices(dataset: Dataset | None, name: str) -> tuple[str, ...]:
    column = dataset.column(name) if dataset is not None else None
    return column.choices if column is not None else ()


def _free_prefixes(parts: PackParts) -> tuple[str, ...]:
    """Give how keys begin for values that the pack does not list, so that any may have a text."""
    return tuple(
        f"value.{name}."
        for scheme in parts.schemes.values()
        if scheme.comparison is not None
        for name in scheme.comparison.by
        if not _choices(parts.datasets.get(scheme.dataset), name)
    )


def _is_sentence(text: object) -> bool:
    if not isinstance(text, str) or not text.strip():
        return False
    try:
        return all(name.isidentifier() for name in gaps_of(text))
    except ValueError:
        return False


def _missing(key: str, place: str) -> TouchstoneError:
    family, _, rest = key.partition(".")
    return TouchstoneError(
        "PACK-30",
        where=place,
        found=f"there is no text '{key}'",
        remedy=f'Add {rest} = "…" to the table [{family}].',
    )


def _unknown(keys: Sequence[str], absent: Sequence[str], place: str) -> Iterator[TouchstoneError]:
    for key in keys:
        near = nearest_name(key, absent)
        yield TouchstoneError(
            "PACK-31",
            where=place,
            found=f"nothing uses the text '{key}'",
            remedy=f"Write '{near}', or take it out." if near else "Take it out.",
        )


def _check_gaps(
    sound: Mapping[str, object], english: Mapping[str, object], place: str
) -> Iterator[TouchstoneError]:
    """Compare gaps with the English text; for a key of the program, with the program's text.

    Gaps that a word such as `word.units` fills may stand or not, as the grammar asks.
    """
    programs = program_texts()
    words = {key.removeprefix("word.") for key in (*programs, *sound) if key.startswith("word.")}
    for key, text in sound.items():
        model = programs.get(key, english.get(key))
        if not _is_sentence(model):
            continue
        wanted, found = gaps_of(str(model)) - words, gaps_of(str(text)) - words
        if wanted != found:
            yield TouchstoneError(
                "PACK-32",
                where=f"{place}, '{key}'",
                found=f"the gaps are {_listed(found)}, in English {_listed(wanted)}",
                remedy="Use the same gaps in every language.",
            )


def _listed(gaps: frozenset[str]) -> str:
    return ", ".join(f"{{{gap}}}" for gap in sorted(gaps)) or "none"
