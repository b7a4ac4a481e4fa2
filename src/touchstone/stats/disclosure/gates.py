"""The gate of a release: what all releases so far and the new one together would give away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from touchstone.stats.disclosure.audits import exposures_in
from touchstone.stats.disclosure.differences import Difference, differences_in
from touchstone.stats.disclosure.knowledge import (
    OPEN_SHARE,
    Knowledge,
    Number,
    Secret,
    Statement,
    Unknown,
    adds_up,
)
from touchstone.stats.disclosure.populations import Key, Population, population_of
from touchstone.stats.disclosure.ranges import narrowed
from touchstone.stats.disclosure.releases import Group, Release, Scale, Told, ids_of

PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Exposed:
    """A figure kept back that can be worked out: of which group, and how open it should stay."""

    figure: str
    group: Key
    least: Number


@dataclass(frozen=True, slots=True)
class Findings:
    """What the audit of some releases found; `protected` counts the figures that it attacked."""

    differences: tuple[Difference, ...]
    exposed: tuple[Exposed, ...]
    protected: int

    @property
    def is_safe(self) -> bool:
        """Nothing can be worked out, so the release may go out."""
        return not self.differences and not self.exposed


def audit_releases(releases: Sequence[Release]) -> Findings:
    """Attack all releases of a population together, as somebody would who has kept them all.

    1. Differencing: two groups that tell the same kind of figure and differ by fewer than k people
       are refused at once. A group tells a figure also when it follows from others.
    2. Every figure kept back must range over its least width, given every figure told in any
       release and the ways groups add up (`audits.exposures_in`). So must sums over any fewer
       than k people whom the telling groups set apart: over 20 % of what they can be.
       How many people stand in a group is taken as known to the attacker of sums.

    Raises TouchstoneError DISCLOSURE-01 when figures contradict each other.

    >>> audit_releases([]).is_safe
    True
    """
    population = population_of(releases)
    builder = _Builder(releases, population)
    secrets: dict[str, Exposed] = {}
    for place, release in enumerate(releases):
        scales = {scale.name: scale for scale in release.scales}
        for told in release.told:
            builder.tell(place, told, scales[told.figure])
        for kept in release.kept:
            name = builder.unknown_of(place, kept.group, scales[kept.figure])
            least = _number(kept.least)
            if name not in secrets or secrets[name].least < least:
                secrets[name] = Exposed(kept.figure, (place, kept.group), least)
    smallest = max((release.smallest for release in releases), default=0)
    secrets = {**builder.few_people(smallest), **secrets}
    knowledge = Knowledge(builder.unknowns, list(builder.statements.values()))
    asked = [Secret(name, one.least) for name, one in secrets.items()]
    exposures = exposures_in(knowledge, asked)
    return Findings(
        differences=differences_in(releases, population, builder.worked_out(knowledge)),
        exposed=tuple(secrets[one.name] for one in exposures),
        protected=len(secrets),
    )


@dataclass(eq=False, slots=True)
class _Builder:
    """Unknowns and the ways they add up, made as they are asked for."""

    releases: Sequence[Release]
    population: Population
    unknowns: dict[str, Unknown] = field(default_factory=dict)
    statements: dict[object, Statement] = field(default_factory=dict)
    groups: dict[int, dict[str, Group]] = field(default_factory=dict)
    of_group: dict[str, tuple[Scale, Key, int]] = field(default_factory=dict)
    telling: dict[str, tuple[Scale, list[Key]]] = field(default_factory=dict)

    def tell(self, place: int, told: Told, scale: Scale) -> None:
        """Add what one figure tells."""
        name = self.unknown_of(place, told.group, scale)
        ends = _number(told.low), _number(told.high)
        self.telling.setdefault(scale.name, (scale, []))[1].append((place, told.group))
        self.statements[name, *ends] = Statement(((name, 1),), *ends)

    def few_people(self, smallest: int) -> dict[str, Exposed]:
        """List the sums over few people, told apart from everybody else by the groups that tell.

        People who stand in the same telling groups are one; of those fewer than the smallest
        group the sum must stay open, whatever it was called.
        """
        found: dict[str, Exposed] = {}
        for scale, keys in self.telling.values():
            span = _span(scale)
            if scale.of != PEOPLE or span is None:
                continue
            for elements, key in self._alike_elements(keys):
                weight = int(self.population.sizes[elements].sum())
                if weight >= smallest:
                    continue
                names = [self._element(one, scale) for one in elements]
                name = names[0]
                if len(names) > 1:
                    name = f"{scale.name} of people {elements}"
                    self.unknowns[name] = _unknown(scale, weight)
                    self.statements[name, *names] = adds_up(name, names)
                found[name] = Exposed(scale.name, key, span * weight * OPEN_SHARE)
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

    def worked_out(self, knowledge: Knowledge) -> dict[str, list[Key]]:
        """Name the groups whose figure follows from others to within 20 % of its scale."""
        ranges, _ = narrowed(knowledge)
        found: dict[str, list[Key]] = {}
        for name, (scale, key, weight) in self.of_group.items():
            low, high, _ = ranges[name]
            span = _span(scale)
            if low is None or high is None or span is None:
                continue
            if high - low < span * weight * OPEN_SHARE:
                found.setdefault(scale.name, []).append(key)
        return found

    def unknown_of(self, place: int, identifier: str, scale: Scale) -> str:
        """Name the unknown of a group's figure; of groups with the same members it is the same."""
        groups = self.groups.setdefault(place, ids_of(self.releases[place].groups))
        group, key = groups[identifier], (place, identifier)
        number = int(self.population.alike[self.population.rows[key]])
        lowest = 1 if scale.of == PEOPLE else self._count_lowest(group, groups)
        name = f"{scale.name} of group {number}, {lowest}"
        if name in self.unknowns:
            return name
        weight = self.population.size_of(key) if scale.of == PEOPLE else lowest
        self.unknowns[name] = _unknown(scale, weight)
        self.of_group[name] = (scale, key, weight)
        if group.parts:
            parts = [self.unknown_of(place, part, scale) for part in group.parts]
        elif scale.of == PEOPLE:
            parts = [self._element(one, scale) for one in self.population.elements_of(key)]
        else:
            parts = []
        if parts and parts != [name]:
            self.statements[name, *parts] = adds_up(name, parts)
        return name

    def _element(self, number: int, scale: Scale) -> str:
        name = f"{scale.name} of people {number}"
        weight = int(self.population.sizes[number])
        self.unknowns.setdefault(name, _unknown(scale, weight))
        return name

    def _count_lowest(self, group: Group, groups: dict[str, Group]) -> int:
        if not group.parts:
            return 1
        return sum(self._count_lowest(groups[part], groups) for part in group.parts)


def _unknown(scale: Scale, weight: int) -> Unknown:
    low = None if scale.low is None else _number(scale.low) * weight
    high = None if scale.high is None else _number(scale.high) * weight
    return Unknown(low, high, scale.whole)


def _span(scale: Scale) -> Number | None:
    """Give how far apart the ends of a scale lie; None where it has none."""
    if scale.low is None or scale.high is None:
        return None
    return _number(scale.high) - _number(scale.low)


def _number(text: str) -> Number:
    exact = Fraction(text)
    return int(exact) if exact.denominator == 1 else exact
