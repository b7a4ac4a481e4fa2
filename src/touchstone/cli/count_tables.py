"""Counts of people out of a file: crossed by breakdowns, or along a tree of units."""

from collections import Counter
from collections.abc import Iterable, Sequence

from touchstone.base.errors import InputErrors, TouchstoneError
from touchstone.cli.coded_columns import read_columns
from touchstone.content.trees import Node, check_tree
from touchstone.formats.raw_tables import RawTable, shorten
from touchstone.stats.disclosure.tables import CountTable, Label, cross_table, tree_table
from touchstone.stats.snapshot_columns import texts_of
from touchstone.tallies.tables import Snapshot


def read_cross_table(raw: RawTable, by: Sequence[str], count: str) -> CountTable:
    """Read one row for each combination of values, and add all totals.

    Raises InputErrors DISCLOSURE-04 for what is no count, DISCLOSURE-05 for a combination that
    stands twice or has an empty value.
    """
    snapshot = read_columns(raw, numbers=(count,), texts=tuple(by))
    labels = list(zip(*(texts_of(snapshot, name) for name in by), strict=True))
    rows = Counter(labels)
    _refuse(
        TouchstoneError(
            "DISCLOSURE-05",
            where=_place(raw, label),
            found="an empty value" if None in label else f"{number} rows with these values",
            remedy="Give each combination one row, and each row all its values.",
        )
        for label, number in rows.items()
        if None in label or number > 1
    )
    counts = _counts_of(raw, snapshot, labels, count)
    _refuse(_no_count(raw, label) for label, n in counts.items() if n is None)
    return cross_table({tuple(map(str, label)): n or 0 for label, n in counts.items()})


def read_tree_table(raw: RawTable, unit: str, parent: str, count: str) -> CountTable:
    """Read one row for each unit of a tree; units with others below them need no count.

    Raises InputErrors TREE-01 to TREE-05 for units that form no tree, DISCLOSURE-04 for what is
    no count, DISCLOSURE-06 for a count that is not the sum of those below.
    """
    snapshot = read_columns(raw, numbers=(count,), texts=(unit, parent))
    units = [name or "" for name in texts_of(snapshot, unit)]
    parents = texts_of(snapshot, parent)
    nodes = [Node(name, name, above, "unit") for name, above in zip(units, parents, strict=True)]
    check_tree(nodes, where=raw.source)
    counts = _counts_of(raw, snapshot, [(name,) for name in units], count)
    given = {str(label[0]): n for label, n in counts.items()}
    inner = set(parents)
    lowest = [name for name in units if name not in inner]
    _refuse(_no_count(raw, (name,)) for name in lowest if given[name] is None)
    table = tree_table(
        dict(sorted(zip(units, parents, strict=True))),
        {name: given[name] or 0 for name in lowest},
    )
    _refuse(
        TouchstoneError(
            "DISCLOSURE-06",
            where=_place(raw, label),
            found=f"the count {given[str(label[0])]}, but those below sum to {total}",
            remedy="Correct it, or leave it empty.",
        )
        for label, total in zip(table.labels, table.counts, strict=True)
        if label[0] is not None and given[label[0]] not in (None, total)
    )
    return table


def _counts_of(
    raw: RawTable, snapshot: Snapshot, labels: Sequence[Label], name: str
) -> dict[Label, int | None]:
    """Read a count for each row; refuse what is no whole number, or below 0."""
    one = 10 ** snapshot.column(name).places
    cells = dict(zip(labels, snapshot.rows.column(name).to_pylist(), strict=True))
    _refuse(
        _no_count(raw, label)
        for label, cell in cells.items()
        if cell is not None and (cell < 0 or cell % one)
    )
    return {label: None if cell is None else cell // one for label, cell in cells.items()}


def _no_count(raw: RawTable, label: Label) -> TouchstoneError:
    return TouchstoneError(
        "DISCLOSURE-04",
        where=_place(raw, label),
        found="no whole number of people",
        remedy="Write how many people stand behind the cell.",
    )


def _place(raw: RawTable, label: Label) -> str:
    values = ", ".join("(empty)" if value is None else shorten(value) for value in label)
    return f"{raw.source}, the row of {values}"


def _refuse(faults: Iterable[TouchstoneError]) -> None:
    found = list(faults)
    if found:
        raise InputErrors(found)
