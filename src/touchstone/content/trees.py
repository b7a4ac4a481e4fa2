"""The tree of units: read from a table or from evidence, and checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.errors import InputErrors, TouchstoneError
from touchstone.content.columns import near_names, normalise_texts
from touchstone.content.datasets import Dataset, LevelSpec
from touchstone.formats.raw_tables import RawTable, shorten
from touchstone.tallies.tables import Snapshot

TREE_COLUMNS = ("unit", "name", "parent", "level")
MOST_LEVELS = 16
LONGEST_CYCLE_SHOWN = 6

Attributes = dict[str, list[str]]

TWO_OF = {
    "TREE-06": ("names", "Write one name for each unit in all its rows."),
    "TREE-07": ("parents", "Put each unit below one parent in all its rows."),
}


@dataclass(frozen=True, slots=True)
class Node:
    """One unit of the tree: its identifier, name, parent's identifier (None at the top), level."""

    unit: str
    name: str
    parent: str | None
    level: str


def check_tree(nodes: Sequence[Node], *, where: str) -> None:
    """Refuse units that form no tree, all faults together.

    Raises InputErrors TREE-01 for an identifier that stands twice, TREE-02 for an unknown parent,
    TREE-03 for a cycle, TREE-04 for more than 16 levels, TREE-05 for an empty identifier, name or
    level.

    >>> check_tree([Node("a", "A", None, "town"), Node("b", "B", "a", "school")], where="tree.csv")
    """
    places = [f"{where}, unit {node.unit!r}" for node in nodes]
    faults = _tree_faults(nodes, places)
    if faults:
        raise InputErrors(faults)


def read_tree(raw: RawTable) -> tuple[Node, ...]:
    """Read a tree from a table with the columns unit, name, parent and level.

    Raises InputErrors TREE-01 to TREE-05 with the rows, TREE-08 for a missing column.
    """
    _check_columns(raw)
    empty = raw.empty_rows().to_pylist()
    columns = [normalise_texts(raw.rows.column(name)).to_pylist() for name in TREE_COLUMNS]
    nodes, places = [], []
    for index, (unit, name, parent, level) in enumerate(zip(*columns, strict=True)):
        if not empty[index]:
            nodes.append(Node(unit or "", name or "", parent, level or ""))
            places.append(raw.place(index))
    faults = _tree_faults(nodes, places)
    if faults:
        raise InputErrors(faults)
    return tuple(nodes)


def tree_of(snapshot: Snapshot, dataset: Dataset) -> tuple[Node, ...]:
    """Give the tree that the rows of some evidence stand in, top level first, then by identifier.

    The lowest level is the assessed unit. A unit without a name is called by its identifier.

    Raises InputErrors TREE-01 to TREE-05, TREE-06 for a unit with two names, TREE-07 for a unit
    with two parents.
    """
    faults: list[TouchstoneError] = []
    nodes: list[Node] = []
    where = dataset.source or "evidence"
    identifiers = [_identifiers(snapshot, level) for level in dataset.levels]
    for position, level in enumerate(dataset.levels):
        units = identifiers[position]
        place = f"{where}, {level.level}"
        names = _common(units, _texts(snapshot, level.name))
        above = _common(units, identifiers[position - 1]) if position else {}
        if not level.allows_spellings:
            faults += _several(names, place, "TREE-06")
        faults += _several(above, place, "TREE-07")
        nodes += [
            Node(unit, names.get(unit, [unit])[0], above.get(unit, [None])[0], level.level)
            for unit in pc.unique(units).sort().to_pylist()
        ]
    faults += _tree_faults(nodes, [f"{where}, unit {node.unit!r}" for node in nodes])
    if faults:
        raise InputErrors(faults)
    return tuple(nodes)


def _check_columns(raw: RawTable) -> None:
    faults = [
        TouchstoneError(
            "TREE-08",
            where=raw.source,
            found=f"no column {name!r}",
            remedy=near_names(name, raw.rows.column_names)
            or "A tree has the columns unit, name, parent and level.",
        )
        for name in TREE_COLUMNS
        if name not in raw.rows.column_names
    ]
    if faults:
        raise InputErrors(faults)


def _tree_faults(nodes: Sequence[Node], places: Sequence[str]) -> list[TouchstoneError]:
    return [
        *_own_faults(nodes, places),
        *_double_faults(nodes, places),
        *_parent_faults(nodes, places),
        *_depth_faults(nodes, places),
    ]


def _own_faults(nodes: Sequence[Node], places: Sequence[str]) -> Iterable[TouchstoneError]:
    for node, place in zip(nodes, places, strict=True):
        for column, text in (("unit", node.unit), ("name", node.name), ("level", node.level)):
            if not text:
                yield TouchstoneError(
                    "TREE-05",
                    where=f"{place}, column {column!r}",
                    found="an empty cell",
                    remedy="Give each unit an identifier, a name and a level.",
                )


def _double_faults(nodes: Sequence[Node], places: Sequence[str]) -> Iterable[TouchstoneError]:
    first: dict[str, int] = {}
    for index, node in enumerate(nodes):
        before = first.setdefault(node.unit, index)
        if node.unit and before != index:
            yield TouchstoneError(
                "TREE-01",
                where=places[index],
                found=f"the identifier {shorten(node.unit)} ({node.level}) stands already for "
                f"{shorten(nodes[before].name)} ({nodes[before].level})",
                remedy="Give each unit an identifier of its own.",
            )


def _parent_faults(nodes: Sequence[Node], places: Sequence[str]) -> Iterable[TouchstoneError]:
    units = {node.unit for node in nodes}
    for node, place in zip(nodes, places, strict=True):
        if node.parent is not None and node.parent not in units:
            yield TouchstoneError(
                "TREE-02",
                where=place,
                found=f"the parent {shorten(node.parent)}, which is not a unit of the tree",
                remedy="Add the parent as a unit, or correct its identifier.",
            )


def _depth_faults(nodes: Sequence[Node], places: Sequence[str]) -> Iterable[TouchstoneError]:
    """Find cycles and units too far down, each unit looked at once."""
    parents = {node.unit: node.parent for node in nodes}
    depths: dict[str, int] = {}
    for node, place in zip(nodes, places, strict=True):
        path: list[str] = []
        unit: str | None = node.unit
        on_path: set[str] = set()
        while unit is not None and unit in parents and unit not in depths and unit not in on_path:
            path.append(unit)
            on_path.add(unit)
            unit = parents[unit]
        if unit in on_path:
            yield _cycle(place, path[path.index(unit) :])
        above = depths.get(unit, 0) if unit is not None else 0
        for step, passed in enumerate(reversed(path), start=1):
            depths[passed] = above + step
        if path and depths[node.unit] > MOST_LEVELS and unit not in on_path:
            yield TouchstoneError(
                "TREE-04",
                where=place,
                found=f"a unit {depths[node.unit]} levels down, at most {MOST_LEVELS} are allowed",
                remedy="Leave out levels that stand for no real unit.",
            )


def _cycle(place: str, cycle: list[str]) -> TouchstoneError:
    shown = cycle[:LONGEST_CYCLE_SHOWN]
    rest = ["…"] if len(cycle) > len(shown) else []
    return TouchstoneError(
        "TREE-03",
        where=place,
        found=f"a cycle: {' → '.join([*map(shorten, shown), *rest, shorten(cycle[0])])}",
        remedy="Correct the parents, so that each unit leads to the top.",
    )


def _identifiers(snapshot: Snapshot, level: LevelSpec) -> pa.ChunkedArray:
    texts = pc.fill_null(_texts(snapshot, level.column), "")
    if level.first is not None:
        texts = pc.utf8_slice_codeunits(texts, 0, level.first)
    known = pc.binary_join_element_wise(level.prefix, texts, "")
    return pc.if_else(pc.equal(texts, ""), "", known)


def _texts(snapshot: Snapshot, name: str) -> pa.ChunkedArray:
    values = snapshot.rows.column(name)
    if snapshot.column(name).kind == "text":
        return values
    distinct = pc.unique(values.drop_null())
    written = [format(snapshot.decimal(name, stored), "f") for stored in distinct.to_pylist()]
    return pa.array(written, pa.string()).take(pc.index_in(values, distinct))


def _common(units: pa.ChunkedArray, attributes: pa.ChunkedArray) -> Attributes:
    """Give each unit's names, or parents, the one that stands in most rows first."""
    pairs = pa.table({"unit": units, "attribute": attributes}).drop_null()
    counted = pairs.group_by(["unit", "attribute"]).aggregate([([], "count_all")])
    order = [("unit", "ascending"), ("count_all", "descending"), ("attribute", "ascending")]
    common: Attributes = {}
    for pair in counted.sort_by(order).to_pylist():
        common.setdefault(pair["unit"], []).append(pair["attribute"])
    return common


def _several(common: Attributes, place: str, code: str) -> Iterable[TouchstoneError]:
    what, remedy = TWO_OF[code]
    for unit, attributes in common.items():
        if len(attributes) > 1:
            yield TouchstoneError(
                code,
                where=f"{place} {unit!r}",
                found=f"{len(attributes)} {what}: {', '.join(map(shorten, attributes[:3]))}",
                remedy=remedy,
            )
