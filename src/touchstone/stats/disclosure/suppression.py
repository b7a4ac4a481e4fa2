"""Which cells of a table must not be told: the small ones, and others that would give them away."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from touchstone.base.errors import TouchstoneError
from touchstone.stats.disclosure.audits import exposures_in
from touchstone.stats.disclosure.covers import Network, cheapest_cover
from touchstone.stats.disclosure.knowledge import (
    Exposure,
    Knowledge,
    Secret,
    Unknown,
    adds_up,
    equals,
    least_width,
)
from touchstone.stats.disclosure.tables import CountTable

# A range this many times too wide is the last that is tried before the whole table is silent.
WIDEST = 16


@dataclass(frozen=True, slots=True)
class Suppression:
    """The places of cells that are not told: too small, or needed to keep the small ones hidden.

    In what is published both look the same.
    """

    primary: tuple[int, ...]
    complementary: tuple[int, ...]

    @property
    def hidden(self) -> frozenset[int]:
        """All cells that are not told."""
        return frozenset((*self.primary, *self.complementary))


def small_cells(table: CountTable, smallest: int) -> tuple[int, ...]:
    """Give the places of the cells with fewer people than the smallest group, zero included.

    The rule of UK LLC: no count below k, and none of zero.

    >>> from touchstone.stats.disclosure.tables import cross_table
    >>> small_cells(cross_table({("a",): 12, ("b",): 3, ("c",): 0}), 10)
    (1, 2)
    """
    return tuple(place for place, count in enumerate(table.counts) if count < smallest)


def suppress(
    table: CountTable,
    smallest: int,
    *,
    losses: Sequence[int] | None = None,
    protected: Collection[int] = (),
    untold: Collection[int] = (),
) -> Suppression:
    """Choose the cells that are not told, so that no small cell can be worked out.

    1. Primary: every cell below the smallest group k, zero included.
    2. What is left is audited (`audits.exposures_in`): which of these can be worked out?
    3. Complementary: for each of those, the cells are sought whose silence lets it range over
       max(k, 20 % of it) at the least loss of information; cells that are silent already cost
       nothing. That is a linear programme (Kelly, Golden and Assad 1992) on the sums near it.
    4. The audit is repeated. Should a number still be exposed, its programme is solved again with
       a wider range; at last the whole table is silent.

    `losses` are what it costs not to tell each cell; its count when none are given. `protected`
    are places of further cells to be kept hidden, such as those where all answered alike;
    `untold` those of cells that are not told anyway.

    >>> from touchstone.stats.disclosure.tables import cross_table
    >>> table = cross_table({("a",): 40, ("b",): 3, ("c",): 12, ("d",): 20})
    >>> found = suppress(table, 10)
    >>> [table.labels[place] for place in found.primary + found.complementary]
    [('b',), ('c',)]
    """
    if smallest < 1:
        raise ValueError(f"smallest must be at least 1; got {smallest}")
    primary = tuple(sorted({*small_cells(table, smallest), *protected}))
    network = Network.of(table, tuple(losses or table.counts))
    hidden, factor = {*primary, *untold}, 1
    while exposed := exposures_of(table, hidden, smallest, protected=protected):
        for one in exposed:
            hidden |= cheapest_cover(network, int(one.name), one.least * factor, hidden)
        factor *= 2
        if factor > WIDEST:
            hidden = set(range(len(table.counts)))
    return Suppression(primary, tuple(sorted(hidden.difference(primary, untold))))


def exposures_of(
    table: CountTable,
    hidden: Collection[int],
    smallest: int,
    *,
    protected: Collection[int] = (),
) -> tuple[Exposure, ...]:
    """List the small cells of a table that can be worked out too closely from the cells told.

    The cells are named by their places; `protected` are further ones to be kept hidden. Each must
    range over max(k, 20 % of it), and over two whole numbers at least.

    Raises TouchstoneError DISCLOSURE-03 when one of them is told.

    >>> from touchstone.stats.disclosure.tables import cross_table
    >>> table = cross_table({("a",): 40, ("b",): 3, ("c",): 12})
    >>> exposures_of(table, {1}, 10)
    (Exposure(name='1', low=3, high=3, least=10),)
    """
    small = sorted({*small_cells(table, smallest), *protected})
    told = [place for place in small if place not in hidden]
    if told:
        raise TouchstoneError(
            "DISCLOSURE-03",
            where=f"cell {table.labels[told[0]]}",
            found=f"{len(told)} cells with fewer people than {smallest} are told",
            remedy="Hide them first.",
        )
    statements = [adds_up(str(total), [str(part) for part in parts]) for total, parts in table.sums]
    statements += [
        equals([(str(place), 1)], count)
        for place, count in enumerate(table.counts)
        if place not in hidden
    ]
    unknowns = {str(place): Unknown() for place in range(len(table.counts))}
    secrets = [Secret(str(place), least_width(table.counts[place], smallest)) for place in small]
    return exposures_in(Knowledge(unknowns, statements), secrets)
