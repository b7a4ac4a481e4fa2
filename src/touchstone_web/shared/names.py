"""From public identifiers in the journal to names that people can read.

A part whose rows appear in the journal has a module `names.py`:

    @naming
    def name_trees(ids: Collection[str], seen_by: Viewer, on: date) -> dict[str, Named]:
        ...one query, and an address only where `seen_by` may go...

Whoever asks has made sure that the viewer may read what the identifiers stand in.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from touchstone_web.shared.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Named:
    """The name behind an identifier, and the page about it where the viewer may go."""

    text: str
    address: str = ""


Naming = Callable[[Collection[str], Viewer, date], dict[str, Named]]
_namings: list[Naming] = []


def naming(function: Naming) -> Naming:
    """Enter a function that knows the names of one kind of row."""
    if function not in _namings:
        _namings.append(function)
    return function


def names_of(ids: Collection[str], *, seen_by: Viewer, on: date) -> dict[str, Named]:
    """The names of some identifiers; those that nobody knows are left out."""
    found: dict[str, Named] = {}
    wanted = {each for each in ids if each}
    for function in _namings:
        if wanted:
            found |= function(wanted, seen_by, on)
            wanted -= found.keys()
    return found
