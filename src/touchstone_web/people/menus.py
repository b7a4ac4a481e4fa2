"""The menu: what the signed-in person may use, and nothing else."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from touchstone_web.people.models import Person
from touchstone_web.people.queries import roles_of
from touchstone_web.shared import clocks
from touchstone_web.shared.roles import ALL_ROLES, READS_JOURNAL, SEES_FIGURES, Role

EVERYONE: tuple[str, ...] = ()
# A head sees results, never the evidence of a whole tree.
SEES_EVIDENCE = (Role.ADMINISTRATOR, Role.ANALYST, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the menu; `is_current` where the reader is."""

    key: str
    icon: str
    address: str
    is_current: bool

    @property
    def text_key(self) -> str:
        return f"menu.{self.key}"


# key, icon, name of the address, roles that see it (none: everybody who is signed in)
ITEMS = (
    ("home", "home", "home", EVERYONE),
    ("units", "sitemap", "units", ALL_ROLES),
    ("packs", "package", "packs", ALL_ROLES),
    ("evidence", "database", "evidence", SEES_EVIDENCE),
    ("assessments", "scale", "assessments", SEES_FIGURES),
    ("people", "users", "people", (Role.ADMINISTRATOR,)),
    ("journal", "book", "journal", READS_JOURNAL),
)


def menu(request: HttpRequest) -> dict[str, object]:
    """Give templates `menu` (a context processor); empty for whoever is not signed in."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return {"menu": (), "roles": frozenset()}
    roles = roles_of(person, on=clocks.today())
    lines = [
        _item(request, key, icon=icon, name=name)
        for key, icon, name, needed in ITEMS
        if not needed or roles & set(needed)
    ]
    return {"menu": tuple(line for line in lines if line is not None), "roles": roles}


def _item(request: HttpRequest, key: str, *, icon: str, name: str) -> MenuItem | None:
    try:
        address = reverse(name)
    except NoReverseMatch:
        # A part that is not installed has no line in the menu.
        return None
    here = request.path
    is_current = here == address if address == "/" else here.startswith(address)
    return MenuItem(key, icon, address, is_current)
