"""Names within a pack: how they are written, and what a misspelt one may have meant."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from touchstone.base.errors import TouchstoneError

MOST_SHOWN = 12
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def name_like(name: str, known: Iterable[str]) -> str:
    """Say what a wrong name should be: the nearest known one, else the list of them.

    >>> name_like("growht", ["growth", "api"])
    "Write 'growth'"
    >>> name_like("zzz", ["growth", "api"])
    'Write one of: api, growth'
    """
    choices = sorted(known)
    near = nearest_name(name, choices)
    if near is not None:
        return f"Write '{near}'"
    shown = [*choices[:MOST_SHOWN], "…"] if len(choices) > MOST_SHOWN else choices
    return f"Write one of: {', '.join(shown) or '(there is none)'}"


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that looks most like a misspelt one, or None when none does.

    >>> nearest_name("growht", ["growth", "api"])
    'growth'
    """
    return next(iter(difflib.get_close_matches(name, list(known), n=1)), None)


def doubled(names: Iterable[str]) -> list[str]:
    """List the names that stand more than once, in the order of their first place.

    >>> doubled(["a", "b", "a"])
    ['a']
    """
    return [name for name, times in Counter(names).items() if times > 1]


def check_name(name: str, *, where: str) -> Iterator[TouchstoneError]:
    """Find out whether a name that a pack gives is written as names are.

    Names become file names, keys of texts and parts of addresses.
    """
    if not NAME.fullmatch(name):
        yield TouchstoneError(
            "PACK-09",
            where=where,
            found=f"the name '{name}' is not written as names are",
            remedy="Use small letters a to z, digits and _, beginning with a letter, at most 60.",
        )
