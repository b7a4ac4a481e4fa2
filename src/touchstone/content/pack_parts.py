"""The parts a pack is made of, before it is known to be without faults."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from touchstone.base.errors import TouchstoneError
from touchstone.content.analyses.kinds import Analysis
from touchstone.content.datasets import Dataset
from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Scheme
from touchstone.content.toml_structs import UNREAD, StructReader

Family = Literal["datasets", "indicators", "analyses", "schemes"]
Table = Mapping[str, Any]
FAMILIES: dict[Family, Any] = {
    "datasets": Dataset,
    "indicators": Indicator,
    "analyses": Analysis,
    "schemes": Scheme,
}


class PackSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `pack.toml` says of the pack as a whole.

    `schemes` gives the order in which the schemes are shown; those it leaves out follow by name.
    `evidence` names the datasets whose file comes with the pack.
    """

    name: str
    version: int = 1
    schemes: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackTables:
    """The tables of a pack's files; None for a file that could not be read.

    A pack need not have analyses; their table is empty then.
    """

    name: str
    spec: Table | None
    datasets: Table | None
    indicators: Table | None
    analyses: Table | None
    schemes: Mapping[str, Table | None]


@dataclass(frozen=True)
class PackParts:
    """What could be read of a pack, and the faults met while reading.

    `broken` names the parts that have faults of their own, `unread` the families whose file could
    not be read at all. Checks look away from what refers to them, so that a fault is told once.
    """

    name: str
    spec: PackSpec | None
    datasets: Mapping[str, Dataset]
    indicators: Mapping[str, Indicator]
    analyses: Mapping[str, Analysis]
    schemes: Mapping[str, Scheme]
    broken: Mapping[Family, frozenset[str]]
    unread: frozenset[Family]
    faults: tuple[TouchstoneError, ...]

    @property
    def is_whole(self) -> bool:
        """Say whether every part could be read."""
        return self.spec is not None and not self.unread and not any(self.broken.values())

    def knows(self, family: Family, name: str) -> bool:
        """Say whether the pack has, or may have, a part of this name, sound or broken."""
        return family in self.unread or name in self.names(family)

    def names(self, family: Family) -> frozenset[str]:
        """Name the parts of one family, sound and broken."""
        return frozenset(getattr(self, family)) | self.broken[family]


def place_of(pack: str, family: Family, name: str) -> str:
    """Say where a part of a pack stands, as faults show it.

    >>> place_of("schools", "datasets", "schools"), place_of("schools", "schemes", "both")
    ("schools/datasets.toml, 'schools'", 'schools/schemes/both.toml')
    """
    return (
        f"{pack}/schemes/{name}.toml" if family == "schemes" else f"{pack}/{family}.toml, '{name}'"
    )


def parts_of(tables: PackTables) -> PackParts:
    """Turn the tables of a pack's files into its parts."""
    reader = StructReader()
    head = UNREAD
    if tables.spec is not None:
        head = reader.read(tables.spec, PackSpec, where=f"{tables.name}/pack.toml")
    families: dict[Family, dict[str, Any]] = {}
    for family, kind in FAMILIES.items():
        families[family] = {
            name: UNREAD if table is None else reader.read(table, kind, where=place)
            for name, table in (getattr(tables, family) or {}).items()
            for place in [place_of(tables.name, family, name)]
        }
    sound = {
        family: {name: part for name, part in parts.items() if part is not UNREAD}
        for family, parts in families.items()
    }
    return PackParts(
        name=tables.name,
        spec=None if head is UNREAD else head,
        datasets=sound["datasets"],
        indicators=sound["indicators"],
        analyses=sound["analyses"],
        schemes=sound["schemes"],
        broken={
            family: frozenset(parts) - frozenset(sound[family])
            for family, parts in families.items()
        },
        unread=frozenset(family for family in FAMILIES if getattr(tables, family) is None),
        faults=tuple(reader.faults),
    )
