"""Which address which person of the cast may open: the table behind the role × address test.

Each part lists its own in `tests/web/<part>/addresses.py`:

    ADDRESSES = [
        Address("person", sees="carol", make=lambda cast: {"public_id": cast.bob.public_id}),
        Address("grant", sees="carol", make=..., method="post"),
    ]

`sees` names those who get the page (or, for a post, are let through to its form's check); all
others of the cast get 404. `make` gives the address's arguments; it may store what it needs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver
from tests.support.casts import Cast

FOLDER = Path(__file__).parents[1] / "web"
EVERYONE = "alice bob carol dan erin frank"


@dataclass(frozen=True)
class Address:
    """One named address, and who may open it."""

    name: str
    sees: str
    make: Callable[[Cast], dict[str, object]] = lambda cast: {}
    method: str = "get"
    sent: dict[str, str] = field(default_factory=dict)
    is_public: bool = False

    def may(self, person: str) -> bool:
        """Say whether this person of the cast gets it."""
        return person in self.sees.split()


def listed_addresses() -> list[Address]:
    """The entries of all parts."""
    found: list[Address] = []
    for file in sorted(FOLDER.glob("*/addresses.py")):
        found += import_module(f"tests.web.{file.parent.name}.addresses").ADDRESSES
    return found


def address_names() -> list[str]:
    """The names of all addresses that the server answers; one without a name by its route."""
    return [pattern.name or str(pattern.pattern) for pattern in _patterns(get_resolver())]


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        else:
            yield each
