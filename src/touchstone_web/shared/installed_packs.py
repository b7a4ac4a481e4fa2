"""Packs that this installation has, each read once per process.

A pack whose files were changed is read anew when the process starts again: the texts and rules of
one running server never change under its users.
"""

import logging
from functools import cache

from touchstone.base.errors import TouchstoneError
from touchstone.content.packs import Pack, read_pack, shipped_packs
from touchstone.reports.words import Words
from touchstone_web.shared.languages import words_for

logger = logging.getLogger(__name__)


@cache
def installed_packs() -> dict[str, Pack]:
    """The packs by name; one with faults is left out, and the log says what is wrong with it."""
    found = {}
    for name in shipped_packs():
        try:
            found[name] = read_pack(name)
        except TouchstoneError as fault:
            logger.error("pack %s cannot be used: %s", name, fault)
    return found


def installed_pack(name: str) -> Pack | None:
    """One pack; None when this installation does not have it."""
    return installed_packs().get(name)


def words_of_pack(name: str) -> Words:
    """The current language's words with a pack's own above them; without it where it is gone."""
    return words_for(pack=installed_pack(name))
