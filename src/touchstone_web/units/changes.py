"""What a list of units would change in a tree: added, renamed, moved, reopened, closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from touchstone.content.trees import Node
from touchstone_web.people.models import Unit

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One unit as it is (None where it is new) and as it will be (None where it is closed)."""

    before: Node | None
    after: Node | None

    @property
    def node(self) -> Node:
        """The unit, as it will be where it will be."""
        found = self.after or self.before
        if found is None:
            raise ValueError("UnitChange must have a before or an after; got neither")
        return found


@dataclass(frozen=True, slots=True)
class TreeChanges:
    """All changes by kind; a unit that is renamed and moved stands in both."""

    added: list[UnitChange] = field(default_factory=list)
    renamed: list[UnitChange] = field(default_factory=list)
    moved: list[UnitChange] = field(default_factory=list)
    reopened: list[UnitChange] = field(default_factory=list)
    closed: list[UnitChange] = field(default_factory=list)
    unchanged: int = 0

    def by_kind(self) -> dict[str, list[UnitChange]]:
        """The changes under the names of their kinds, in the order in which they are shown."""
        return {
            "added": self.added,
            "renamed": self.renamed,
            "moved": self.moved,
            "reopened": self.reopened,
            "closed": self.closed,
        }

    def counts(self) -> dict[str, int]:
        """How many changes there are of each kind."""
        return {kind: len(changes) for kind, changes in self.by_kind().items()}

    @property
    def is_empty(self) -> bool:
        """Say whether nothing would change."""
        return not any(self.counts().values())


def changes_between(
    units: Iterable[Unit], nodes: Iterable[Node], *, closes_missing: bool
) -> TreeChanges:
    """Compare the units of a tree with a list of what they should be.

    Units are the same when their identifiers are. A unit the list does not name stays as it is,
    or is closed when `closes_missing`. `units` come with their `parent` loaded.
    """
    existing = {unit.identifier: unit for unit in units}
    wanted = {node.unit: node for node in nodes}
    changes, unchanged = TreeChanges(), 0
    for identifier, node in wanted.items():
        unchanged += not _compare(existing.get(identifier), node, changes)
    if closes_missing:
        changes.closed.extend(_closed(existing, wanted))
    return TreeChanges(**changes.by_kind(), unchanged=unchanged)


def node_of(unit: Unit) -> Node:
    """A stored unit in the form of the library."""
    parent = unit.parent.identifier if unit.parent else None
    return Node(unit.identifier, unit.name, parent, unit.level)


def _compare(unit: Unit | None, node: Node, changes: TreeChanges) -> bool:
    """Enter what differs between a unit and its node; False when nothing does."""
    if unit is None:
        changes.added.append(UnitChange(None, node))
        return True
    change = UnitChange(node_of(unit), node)
    was = change.before
    kinds = {
        "renamed": was is not None and (was.name, was.level) != (node.name, node.level),
        "moved": was is not None and was.parent != node.parent,
        "reopened": unit.closed_on is not None,
    }
    for kind, differs in kinds.items():
        if differs:
            changes.by_kind()[kind].append(change)
    return any(kinds.values())


def _closed(existing: Mapping[str, Unit], wanted: Mapping[str, Node]) -> list[UnitChange]:
    return [
        UnitChange(node_of(unit), None)
        for identifier, unit in existing.items()
        if identifier not in wanted and unit.closed_on is None
    ]
