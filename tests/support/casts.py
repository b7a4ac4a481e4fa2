"""The cast of the web tests: who holds which remit over which part of a small tree.

Tree A, "Riverland":                    Tree B, "Hillland":
    county            C1                    county   X1
      district        D1   D2                 school Y1
        school        S1 S2  S3

- Alice is analyst of tree A. Bob is head of D1. Carol is administrator. Dan has an account and no
  remit: he must see nothing. Erin is auditor of tree A. Frank is analyst of tree B, and so a
  foreigner to all that stands in tree A.
"""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime

from touchstone_web.people.models import Person, Remit, Tree, Unit
from touchstone_web.people.paths import step
from touchstone_web.shared.roles import Role

LONG_AGO = datetime(2026, 1, 2, 8, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 2)
PASSWORD = "correct horse battery staple"
RIVERLAND = (
    ("C1", "River County", None, "county"),
    ("D1", "Upper District", "C1", "district"),
    ("D2", "Lower District", "C1", "district"),
    ("S1", "Mill School", "D1", "school"),
    ("S2", "Bridge School", "D1", "school"),
    ("S3", "Harbour School", "D2", "school"),
)
HILLLAND = (("X1", "Hill County", None, "county"), ("Y1", "Summit School", "X1", "school"))


@dataclass(frozen=True, slots=True)
class Cast:
    """The persons, the two trees, and the units of each by identifier."""

    alice: Person
    bob: Person
    carol: Person
    dan: Person
    erin: Person
    frank: Person
    tree: Tree
    other_tree: Tree
    units: dict[str, Unit]
    other_units: dict[str, Unit]

    def persons(self) -> dict[str, Person]:
        """All of them by name."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in found.items() if isinstance(value, Person)}


def make_cast() -> Cast:
    """Store the whole cast."""
    tree, units = plant("Riverland", RIVERLAND)
    other_tree, other_units = plant("Hillland", HILLLAND)
    persons = {
        name: make_person(name) for name in ("alice", "bob", "carol", "dan", "erin", "frank")
    }
    grant(persons["alice"], Role.ANALYST, tree=tree)
    grant(persons["bob"], Role.HEAD, tree=tree, unit=units["D1"])
    grant(persons["carol"], Role.ADMINISTRATOR)
    grant(persons["erin"], Role.AUDITOR, tree=tree)
    grant(persons["frank"], Role.ANALYST, tree=other_tree)
    return Cast(**persons, tree=tree, other_tree=other_tree, units=units, other_units=other_units)


def make_person(name: str) -> Person:
    """Somebody with an account and no remit."""
    person = Person(email=f"{name}@touchstone.example", name=name.title(), joined_at=LONG_AGO)
    person.set_password(PASSWORD)
    person.save()
    return person


def grant(
    person: Person, role: str, *, tree: Tree | None = None, unit: Unit | None = None
) -> Remit:
    """A remit without an end, as if it had always been there."""
    return Remit.objects.create(
        person=person,
        role=role,
        tree=tree,
        unit=unit,
        begins_on=FIRST_DAY,
        granted_at=LONG_AGO,
    )


def plant(name: str, rows: tuple[tuple[str, str, str | None, str], ...]) -> tuple[Tree, dict]:
    """Store a tree whose rows stand in an order in which each follows its parent."""
    tree = Tree.objects.create(name=name, pack="", created_at=LONG_AGO)
    units: dict[str, Unit] = {}
    for number, (identifier, title, parent, level) in enumerate(rows, start=1):
        above = units[parent] if parent else None
        units[identifier] = Unit.objects.create(
            tree=tree,
            number=number,
            identifier=identifier,
            name=title,
            level=level,
            parent=above,
            path=(above.path if above else tree.path) + step(number),
        )
    return tree, units
