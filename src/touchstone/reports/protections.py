"""What must not be told of some results, so that nothing small can be worked out from the rest."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from touchstone.loop.results import AreaMean, UnitResult
from touchstone.reports.disclosures import REGISTER, Protection, parents_of, record_of
from touchstone.reports.people import alike_units
from touchstone.reports.recipes import Computed
from touchstone.stats.disclosure.gates import audit_releases
from touchstone.stats.disclosure.homogeneity import are_alike
from touchstone.stats.disclosure.suppression import suppress
from touchstone.stats.disclosure.tables import tree_table

# Prints that never leave this module need no secret key.
NO_SALT = b"not kept anywhere"


def protection_of(computed: Computed, smallest: int | None) -> Protection:
    """Choose what is not told of some results; nothing where no figure rests on people.

    1. Primary: units with fewer people than the smallest group; of units where all answered
       alike, or all but one, only the grade is told. Of persons: areas with fewer persons than
       the smallest group, or where all have the same score, or all but one.
    2. Complementary: other units and areas, so that none of these follows from the means of the
       areas above (`stats.disclosure.suppression`), as if numbers of people were known to all.
    3. The figures that are left are audited by linear programming; the means right above an
       exposed one are not told either, until nothing is exposed.
    """
    if smallest is None:
        return Protection()
    choose = _of_persons if computed.recipe.is_about_persons else _of_organisations
    protection = choose(computed, smallest)
    if protection == Protection():
        return protection
    while telling := _telling_areas(computed, protection, smallest):
        protection = replace(protection, areas=protection.areas | telling)
    return protection


def is_small(unit: UnitResult, smallest: int) -> bool:
    """Say whether a unit's result rests on fewer people than the smallest group."""
    return unit.method != REGISTER and (unit.n is None or unit.n < smallest)


def _of_organisations(computed: Computed, smallest: int) -> Protection:
    scored = [unit for unit in computed.assessment.units if unit.score is not None]
    small = {unit.unit for unit in scored if is_small(unit, smallest)}
    alike = {unit.unit for unit in scored if unit.method != REGISTER} & alike_units(computed)
    if not small and not alike:
        return Protection()
    counts = {
        unit.unit: (unit.n or 0) if unit.method != REGISTER else max(unit.n or 0, smallest)
        for unit in scored
    }
    hidden = _hidden(parents_of(computed), counts, smallest, protected=alike)
    areas = frozenset(area.unit for area in computed.assessment.areas)
    return Protection(
        small=frozenset(small),
        silent=hidden - areas - small - alike,
        alike=frozenset(alike - small),
        areas=hidden & areas,
    )


def _of_persons(computed: Computed, smallest: int) -> Protection:
    areas = {area.unit: area for area in computed.assessment.areas}
    alike = _alike_areas(computed)
    small = frozenset(alike | {name for name in areas if areas[name].n < smallest})
    if not small:
        return Protection()
    above = {name: _known(area.parent, areas) for name, area in areas.items()}
    counts = {name: area.n for name, area in areas.items() if name not in above.values()}
    hidden = _hidden(above, counts, smallest, protected=alike)
    return Protection(areas=hidden, small_areas=small)


def _hidden(
    parents: Mapping[str, str | None],
    counts: Mapping[str, int],
    smallest: int,
    *,
    protected: Collection[str],
) -> frozenset[str]:
    """Suppress along the tree; the sum over several top units is never told."""
    table = tree_table(parents, counts)
    place = {label[0]: number for number, label in enumerate(table.labels)}
    found = suppress(
        table,
        smallest,
        protected=[place[name] for name in protected],
        untold=[place[None]] if None in place else [],
    )
    names = (table.labels[number][0] for number in found.hidden)
    return frozenset(name for name in names if name is not None)


def _telling_areas(computed: Computed, protection: Protection, smallest: int) -> frozenset[str]:
    """Name told areas right above a figure that can be worked out, or too close to another one."""
    parents = parents_of(computed)
    findings = audit_releases([record_of(computed, protection, smallest, salt=NO_SALT, wave="")])
    found: set[str | None] = set()
    for exposed in findings.exposed:
        above = (name for name in _upwards(exposed.group[1], parents))
        found.add(next((name for name in above if name not in protection.areas), None))
    for pair in findings.differences:
        first, second = pair.first[1], pair.second[1]
        found.add(second if second in _upwards(first, parents) else first)
    areas = {area.unit for area in computed.assessment.areas}
    return frozenset(name for name in found if name in areas and name not in protection.areas)


def _alike_areas(computed: Computed) -> set[str]:
    """Name the areas where all persons have the same score, or all but one."""
    parents = parents_of(computed)
    counts: dict[str, dict[object, int]] = {}
    for unit in computed.assessment.units:
        if unit.score is not None:
            for area in _upwards(unit.unit, parents):
                of_area = counts.setdefault(area, {})
                of_area[unit.score] = of_area.get(unit.score, 0) + 1
    return {area for area, of_area in counts.items() if are_alike(of_area.values())}


def _upwards(name: str, parents: Mapping[str, str | None]) -> list[str]:
    """List what stands above a unit or an area, the nearest first."""
    found: list[str] = []
    above = parents.get(name)
    while above is not None:
        found.append(above)
        above = parents.get(above)
    return found


def _known(name: str | None, areas: Mapping[str, AreaMean]) -> str | None:
    return name if name in areas else None
