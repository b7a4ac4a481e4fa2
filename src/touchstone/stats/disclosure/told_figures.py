"""What several releases tell of groups of people, as unknowns and statements about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

import numpy as np

from touchstone.stats.disclosure.knowledge import OPEN_SHARE, Number, Statement, Unknown, adds_up
from touchstone.stats.disclosure.populations import Key, Population
from touchstone.stats.disclosure.releases import Group, Release, Scale, Told, ids_of

PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Exposed:
    """A figure to be kept back: of which group, and how open it should stay, in steps."""

    figure: str
    group: Key
    least: Number


@dataclass(frozen=True, slots=True)
class Gauge:
    """A kind of figure whose values are counted in steps, `per_one` of which make 1."""

    name: str
    of: str
    low: int | None
    high: int | None
    whole: bool
    per_one: int

    @property
    def span(self) -> int | None:
        """How far apart the ends of one value lie; None where it has none."""
        return None if self.low is None or self.high is None else self.high - self.low

    def steps(self, text: str) -> int:
        """Give a figure in steps."""
        return int(Fraction(text) * self.per_one)

    def unknown(self, weight: int) -> Unknown:
        """Make the unknown of a sum of so many values."""
        low = None if self.low is None else self.low * weight
        high = None if self.high is None else self.high * weight
        return Unknown(low, high, self.whole)


def gauges_of(releases: Sequence[Release]) -> dict[str, Gauge]:
    """Give for each kind of figure its gauge, fine enough for all that was told or kept back.

    >>> from touchstone.stats.disclosure.releases import Told
    >>> scale = Scale(name="score", of="groups", low="0", high="1")
    >>> told = (Told(figure="score", group="a", low="1/4", high="1/2"),)
    >>> release = Release(label="r", wave="", smallest=10, scales=(scale,), told=told)
    >>> gauges_of([release])["score"].high
    4
    """
    texts: dict[str, set[str]] = {}
    scales: dict[str, Scale] = {}
    for release in releases:
        for scale in release.scales:
            scales.setdefault(scale.name, scale)
            _note(texts, scale.name, (scale.low, scale.high))
        for told in release.told:
            _note(texts, told.figure, (told.low, told.high))
        for kept in release.kept:
            _note(texts, kept.figure, (kept.least,))
    found = {}
    for name, scale in scales.items():
        per_one = 1 if scale.whole else lcm(*(Fraction(text).denominator for text in texts[name]))
        low, high = (
            None if end is None else int(Fraction(end) * per_one) for end in (scale.low, scale.high)
        )
        found[name] = Gauge(name, scale.of, low, high, scale.whole, per_one)
    return found


def _note(texts: dict[str, set[str]], name: str, figures: Iterable[str | None]) -> None:
    texts.setdefault(name, set()).update(text for text in figures if text is not None)


@dataclass(eq=False, slots=True)
class ToldFigures:
    """What several releases tell: unknowns and the ways they add up, made as they are asked for.

    Figures of one kind are counted in whole steps of the smallest fraction that any of them has,
    so that all reckoning is with whole numbers. `is_joined` says that a figure of the same people
    is the same in all releases; else each release has figures of its own.
    """

    releases: Sequence[Release]
    population: Population
    is_joined: bool = True
    unknowns: dict[str, Unknown] = field(default_factory=dict)
    statements: dict[object, Statement] = field(default_factory=dict)
    groups: dict[int, dict[str, Group]] = field(default_factory=dict)
    of_group: dict[str, tuple[Gauge, Key, int]] = field(default_factory=dict)
    telling: dict[str, tuple[Gauge, list[Key]]] = field(default_factory=dict)

    def tell(self, place: int, told: Told, gauge: Gauge) -> None:
        """Add what one figure tells."""
        name = self.unknown_of(place, told.group, gauge)
        ends = gauge.steps(told.low), gauge.steps(told.high)
        version = self._version(gauge, place)
        self.telling.setdefault(version, (gauge, []))[1].append((place, told.group))
        self.statements[name, *ends] = Statement(((name, 1),), *ends)

    def few_people(self, smallest: int) -> dict[str, Exposed]:
        """List the sums over few people, told apart from everybody else by the groups that tell.

        People who stand in the same telling groups are one; of those fewer than the smallest
        group the sum must stay open, whatever it was called.
        """
        found: dict[str, Exposed] = {}
        for gauge, keys in self.telling.values():
            if gauge.of != PEOPLE or gauge.span is None:
                continue
            for elements, key in self._alike_elements(keys):
                weight = int(self.population.sizes[elements].sum())
                if weight >= smallest:
                    continue
                names = [self._element(one, gauge, key[0]) for one in elements]
                name = names[0]
                if len(names) > 1:
                    name = f"{self._version(gauge, key[0])} of people {elements}"
                    self.unknowns[name] = gauge.unknown(weight)
                    self.statements[name, *names] = adds_up(name, names)
                found[name] = Exposed(gauge.name, key, gauge.span * weight * OPEN_SHARE)
        return found

    def _alike_elements(self, keys: Sequence[Key]) -> list[tuple[list[int], Key]]:
        """Join the elementary groups that stand in the same groups, with one of those."""
        rows = [self.population.rows[key] for key in keys]
        columns = self.population.members[rows].tocsc()
        joined: dict[bytes, tuple[list[int], Key]] = {}
        for element in range(columns.shape[1]):
            inside = columns.indices[columns.indptr[element] : columns.indptr[element + 1]]
            if len(inside):
                kept = joined.setdefault(np.sort(inside).tobytes(), ([], keys[inside[0]]))
                kept[0].append(element)
        return list(joined.values())

    def worked_out(self, ranges: Mapping[str, Unknown]) -> dict[str, list[Key]]:
        """Name the groups whose figure follows from others to within 20 % of its scale."""
        found: dict[str, list[Key]] = {}
        for name, (gauge, key, weight) in self.of_group.items():
            low, high, _ = ranges[name]
            if low is None or high is None or gauge.span is None:
                continue
            if high - low < gauge.span * weight * OPEN_SHARE:
                found.setdefault(gauge.name, []).append(key)
        return found

    def unknown_of(self, place: int, identifier: str, gauge: Gauge) -> str:
        """Name the unknown of a group's figure; of groups with the same members it is the same."""
        groups = self.groups.get(place)
        if groups is None:
            groups = self.groups[place] = ids_of(self.releases[place].groups)
        group, key = groups[identifier], (place, identifier)
        number = int(self.population.alike[self.population.rows[key]])
        lowest = 1 if gauge.of == PEOPLE else self._count_lowest(group, groups)
        name = f"{self._version(gauge, place)} of group {number}, {lowest}"
        if name in self.unknowns:
            return name
        weight = self.population.size_of(key) if gauge.of == PEOPLE else lowest
        self.unknowns[name] = gauge.unknown(weight)
        self.of_group[name] = (gauge, key, weight)
        if group.parts:
            parts = [self.unknown_of(place, part, gauge) for part in group.parts]
        elif gauge.of == PEOPLE:
            parts = [self._element(one, gauge, place) for one in self.population.elements_of(key)]
        else:
            parts = []
        if parts and parts != [name]:
            self.statements[name, *parts] = adds_up(name, parts)
        return name

    def _version(self, gauge: Gauge, place: int) -> str:
        return gauge.name if self.is_joined else f"{gauge.name} in release {place}"

    def _element(self, number: int, gauge: Gauge, place: int) -> str:
        name = f"{self._version(gauge, place)} of people {number}"
        weight = int(self.population.sizes[number])
        self.unknowns.setdefault(name, gauge.unknown(weight))
        return name

    def _count_lowest(self, group: Group, groups: dict[str, Group]) -> int:
        if not group.parts:
            return 1
        return sum(self._count_lowest(groups[part], groups) for part in group.parts)
