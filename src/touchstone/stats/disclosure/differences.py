"""Differencing: two groups that tell the same kind of figure, and differ by fewer than k people."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from touchstone.stats.disclosure.populations import Key, Population
from touchstone.stats.disclosure.releases import Release


class Difference(NamedTuple):
    """Two groups whose figures differ by few people: releases by place, and groups by name."""

    figure: str
    first: Key
    second: Key
    people: int
    smallest: int


def differences_in(
    releases: Sequence[Release],
    population: Population,
    worked_out: Mapping[str, Sequence[Key]] | None = None,
) -> tuple[Difference, ...]:
    """List the pairs of told groups A and B with 0 < |B minus A| < k.

    Two groups are compared when they tell the same kind of figure, and one lies within the other,
    or both are the same group in different releases, or both differences are small and k people
    or more stand in both. k is the larger of their releases'. Each pair stands once, with the
    smallest such difference; of groups with the same members only the first of all releases is
    looked at. `worked_out` names, by figure, groups that tell it because it follows from others.

    >>> from touchstone.stats.disclosure.populations import population_of
    >>> from touchstone.stats.disclosure.releases import Group, Told, pack_prints
    >>> told = (Told(figure="score", group="a", low="1", high="2"),)
    >>> first, second = (
    ...     Release(label="r", wave="", smallest=10, told=told, groups=(
    ...         Group(id="a", prints=pack_prints(np.arange(1, last, dtype=np.uint64))),))
    ...     for last in (15, 16))
    >>> differences_in([first, second], population_of([first, second]))
    (Difference(figure='score', first=(0, 'a'), second=(1, 'a'), people=1, smallest=10),)
    """
    found: list[Difference] = []
    figures = dict.fromkeys(told.figure for release in releases for told in release.told)
    for figure in figures:
        keys = _shown(figure, releases, population)
        known = set(keys)
        keys += [key for key in (worked_out or {}).get(figure, ()) if key not in known]
        found += _close_pairs(figure, keys, releases, population)
    return tuple(found)


def _shown(figure: str, releases: Sequence[Release], population: Population) -> list[Key]:
    """Give the groups that tell a figure; of those with the same members and name the first."""
    first: dict[tuple[int, str], Key] = {}
    for place, release in enumerate(releases):
        for told in release.told:
            key = (place, told.group)
            if told.figure == figure:
                first.setdefault((int(population.alike[population.rows[key]]), key[1]), key)
    return list(first.values())


def _close_pairs(
    figure: str, keys: Sequence[Key], releases: Sequence[Release], population: Population
) -> list[Difference]:
    rows = np.array([population.rows[key] for key in keys], np.int64)
    members = population.members[rows]
    sizes = members @ population.sizes
    common = ((members * population.sizes[np.newaxis, :]) @ members.T).tocoo()
    first, second, shared = common.row, common.col, common.data
    left, right = sizes[first] - shared, sizes[second] - shared
    names = np.unique([name for _, name in keys], return_inverse=True)[1]
    smallest = np.array([releases[place].smallest for place, _ in keys])
    limit = np.maximum(smallest[first], smallest[second])
    is_near = (left < limit) & (right < limit) & (shared >= limit)
    is_same = (left == 0) | (right == 0) | (names[first] == names[second]) | is_near
    is_pair = (first < second) & is_same
    few = np.where(left == 0, right, np.where(right == 0, left, np.minimum(left, right)))
    close = np.flatnonzero(is_pair & (few > 0) & (few < limit))
    return [
        Difference(figure, keys[first[at]], keys[second[at]], int(few[at]), int(limit[at]))
        for at in close
    ]
