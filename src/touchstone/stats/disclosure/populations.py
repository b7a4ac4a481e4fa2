"""The people behind several releases: which groups share members, and what that lets one work out.

Groups of different releases are split into elementary groups, whose members stand in the same
groups of all releases. A late answer, a moved person, a corrected answer are such groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from touchstone.stats.disclosure.releases import Group, Release, unpack_prints

Key = tuple[int, str]


@dataclass(frozen=True, eq=False, slots=True)
class Population:
    """Elementary groups of all people: their sizes, and which of them make up each group.

    `rows` gives each group's row in `members` by the place of its release and its identifier;
    `alike` numbers the rows so that groups with the same members have the same number.
    """

    sizes: npt.NDArray[np.int64]
    members: sparse.csr_array
    rows: dict[Key, int]
    alike: npt.NDArray[np.int64]

    def size_of(self, key: Key) -> int:
        """Count the people of a group."""
        return int(self.sizes[self._inside(key)].sum())

    def elements_of(self, key: Key) -> list[int]:
        """Number the elementary groups that make up a group."""
        found: list[int] = sorted(self._inside(key).tolist())
        return found

    def _inside(self, key: Key) -> npt.NDArray[np.int64]:
        row = self.rows[key]
        found: npt.NDArray[np.int64] = self.members.indices[
            self.members.indptr[row] : self.members.indptr[row + 1]
        ]
        return found


def population_of(releases: Sequence[Release]) -> Population:
    """Split the people of all releases into elementary groups.

    >>> from touchstone.stats.disclosure.releases import pack_prints
    >>> early, late = (np.arange(1, last, dtype=np.uint64) for last in (15, 16))
    >>> first, second = (
    ...     Release(label="r", wave="", smallest=10, groups=(Group(id="a", prints=pack_prints(p)),))
    ...     for p in (early, late))
    >>> sorted(population_of([first, second]).sizes.tolist())
    [1, 14]
    """
    lowest = [
        (place, group)
        for place, release in enumerate(releases)
        for group in release.groups
        if not group.parts
    ]
    elements, sizes = _elements(lowest)
    rows: dict[Key, int] = {}
    own: list[npt.NDArray[np.int64]] = []
    for (place, group), found in zip(lowest, elements, strict=True):
        rows[place, group.id] = len(own)
        own.append(found)
    for place, release in enumerate(releases):
        for group in _parts_first(release.groups):
            stacked = [own[rows[place, part]] for part in group.parts]
            rows[place, group.id] = len(own)
            own.append(np.unique(np.concatenate(stacked)))
    columns = np.concatenate(own) if own else np.zeros(0, np.int64)
    starts = np.cumsum([0, *map(len, own)])
    members = sparse.csr_array(
        (np.ones(len(columns), np.int64), columns, starts), shape=(len(own), len(sizes))
    )
    numbers: dict[bytes, int] = {}
    alike = [numbers.setdefault(found.tobytes(), len(numbers)) for found in own]
    return Population(sizes, members, rows, np.array(alike, np.int64))


def _elements(
    lowest: Sequence[tuple[int, Group]],
) -> tuple[list[npt.NDArray[np.int64]], npt.NDArray[np.int64]]:
    """Give the elementary groups of each lowest group, and the size of every elementary group."""
    prints = [unpack_prints(group.prints) for _, group in lowest]
    everybody = np.unique(np.concatenate(prints)) if prints else np.zeros(0, np.uint64)
    codes = np.zeros(len(everybody), np.int64)
    places = [np.searchsorted(everybody, found) for found in prints]
    for axis in dict.fromkeys((place, group.axis) for place, group in lowest):
        of_axis = [at for at, (place, group) in enumerate(lowest) if (place, group.axis) == axis]
        inside = np.zeros(len(everybody), np.int64)
        for number, at in enumerate(of_axis, start=1):
            inside[places[at]] = number
        _, codes = np.unique(codes * (len(of_axis) + 1) + inside, return_inverse=True)
    sizes = np.bincount(codes) if len(codes) else np.zeros(0, np.int64)
    return [np.unique(codes[found]) for found in places], sizes


def _parts_first(groups: Sequence[Group]) -> list[Group]:
    """Order the groups with parts so that each follows its parts."""
    waiting = {group.id: group for group in groups if group.parts}
    depths: dict[str, int] = {}

    def depth_of(identifier: str) -> int:
        if identifier not in waiting:
            return 0
        if identifier not in depths:
            depths[identifier] = 1 + max(map(depth_of, waiting[identifier].parts))
        return depths[identifier]

    return sorted(waiting.values(), key=lambda group: depth_of(group.id))
