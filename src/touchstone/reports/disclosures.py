"""What a publication tells of people, and what it keeps back, as an entry of a ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import msgspec
import numpy as np

from touchstone.content.trees import tree_of
from touchstone.loop.areas import places_of_means
from touchstone.loop.results import UnitResult
from touchstone.reports.bands import band_of
from touchstone.reports.people import prints_by_unit, prints_of
from touchstone.reports.recipes import Computed
from touchstone.stats.disclosure.knowledge import OPEN_SHARE
from touchstone.stats.disclosure.releases import (
    Group,
    Kept,
    Prints,
    Release,
    Scale,
    Told,
    ends_of,
    pack_prints,
)

REGISTER = "register"
HASH_DIGITS = 16
GRADES = "grades"
GRADE_PREFIX = "grade "


@dataclass(frozen=True, slots=True)
class Protection:
    """What is not told of some results, to protect small groups.

    Of `small` and `silent` units nothing is told, of `alike` ones only the grade; `areas` are
    those whose mean is not told, `small_areas` those of them that are to be protected.
    """

    small: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    alike: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    small_areas: frozenset[str] = frozenset()


def record_of(
    computed: Computed, protection: Protection, smallest: int, *, salt: bytes, wave: str
) -> Release:
    """Write down what a publication tells of people and what it keeps back.

    Of organisations: scores of units, and means of areas as sums over their units. Of persons:
    means of areas as sums over their persons, numbers of persons in bands, by area and by grade.
    Figures enter with the ends that their rounding leaves open.
    """
    prints = prints_by_unit(computed, salt=salt, wave=wave)
    parents, scale = parents_of(computed), _scale_of(computed)
    base = Release(
        label=f"{computed.recipe.pack.name} {computed.recipe.scheme_name}",
        wave=wave,
        smallest=smallest,
    )
    if computed.recipe.is_about_persons:
        return _of_persons(base, computed, protection, (prints, parents, scale))
    for unit in computed.assessment.units:
        if unit.method == REGISTER or unit.unit not in prints:
            facts = [f"{REGISTER} {unit.unit} {number}" for number in range(smallest)]
            prints[unit.unit] = prints_of(facts, salt=salt, wave=wave)
    return _of_organisations(base, computed, protection, (prints, parents, scale))


def parents_of(computed: Computed) -> dict[str, str | None]:
    """Give the parent of every unit that has a score, and of everything above such a unit."""
    nodes = tree_of(computed.snapshot, computed.recipe.dataset)
    above = {node.unit: node.parent for node in nodes}
    found: dict[str, str | None] = {}
    for unit in computed.assessment.units:
        name = unit.unit if unit.score is not None else None
        while name is not None and name not in found:
            found[name] = above.get(name)
            name = found[name]
    return found


# Prints by unit, parents by unit or area, and the ends of the scheme's scale.
Grounds = tuple[Mapping[str, Prints], Mapping[str, str | None], tuple[Fraction, Fraction]]


def _of_organisations(
    base: Release, computed: Computed, protection: Protection, grounds: Grounds
) -> Release:
    prints, parents, (low, high) = grounds
    units = [unit for unit in computed.assessment.units if unit.score is not None]
    figure = Scale(name=_name("scores", computed), of="groups", low=str(low), high=str(high))
    lowest = [Group(id=one.unit, prints=pack_prints(prints[one.unit])) for one in units]
    areas = computed.assessment.areas
    above = _sums([one.unit for one in units], [area.unit for area in areas], parents)
    hidden = protection.small | protection.silent
    half = _half(computed.recipe.scheme.places)
    told = [
        _told(figure, one.unit, ends_of(_exact(one.score), half))
        for one in units
        if one.unit not in hidden | protection.alike
    ]
    told += [
        _told(figure, one.unit, _as_texts(_grade_ends(computed, one)))
        for one in units
        if one.unit in protection.alike - hidden
    ]
    told += _told_means(figure, computed, protection, above)
    kept = [
        _kept(figure, one.unit, _least(_exact(one.score), high - low))
        for one in units
        if one.unit in protection.small
    ]
    kept += [
        _kept(figure, one.unit, min(_span(computed, one), high - low) / 2)
        for one in units
        if one.unit in protection.alike - hidden
    ]
    return _filled(base, (figure,), (*lowest, *above), told, kept)


def _of_persons(
    base: Release, computed: Computed, protection: Protection, grounds: Grounds
) -> Release:
    prints, parents, (low, high) = grounds
    persons = [unit for unit in computed.assessment.units if unit.score is not None]
    areas = {area.unit: area for area in computed.assessment.areas}
    sums = Scale(name=_name("sums", computed), of="people", low=str(low), high=str(high))
    heads = Scale(name="people", of="people", low="0", whole=True)
    by_grade_heads = Scale(name=_name("grades", computed), of="people", low="0", whole=True)
    by_area = _gathered([(parents.get(one.unit), one.unit) for one in persons], prints)
    lowest = [Group(id=area, prints=pack_prints(by_area[area])) for area in by_area]
    above = _sums(list(by_area), [area for area in areas if area not in by_area], parents)
    grades = _gathered([(one.grade or one.status, one.unit) for one in persons], prints)
    by_grade = [
        Group(id=f"{GRADE_PREFIX}{grade}", axis=GRADES, prints=pack_prints(grades[grade]))
        for grade in grades
    ]
    shown = [area for area in areas.values() if area.unit not in protection.areas]
    told = _told_means(sums, computed, protection, (*lowest, *above))
    told += [_told(heads, area.unit, _band(area.n)) for area in shown]
    told += [
        _told(by_grade_heads, group.id, _band(len(grades[group.id.removeprefix(GRADE_PREFIX)])))
        for group in by_grade
    ]
    kept = []
    for name in sorted(protection.small_areas):
        area = areas[name]
        value = area.n * _exact(area.census.value)
        kept.append(_kept(sums, name, _least(value, area.n * (high - low))))
        if area.n < base.smallest:
            kept.append(_kept(heads, name, Fraction(base.smallest)))
    groups = (*lowest, *above, *by_grade)
    return _filled(base, (sums, heads, by_grade_heads), groups, told, kept)


def _filled(
    base: Release,
    scales: tuple[Scale, ...],
    groups: Sequence[Group],
    told: Sequence[Told],
    kept: Sequence[Kept],
) -> Release:
    return msgspec.structs.replace(
        base, scales=scales, groups=tuple(groups), told=tuple(told), kept=tuple(kept)
    )


def _told_means(
    figure: Scale, computed: Computed, protection: Protection, groups: Sequence[Group]
) -> list[Told]:
    """Give the told means of areas as the ends of the sums behind them."""
    known = {group.id for group in groups} - protection.areas
    half = _half(places_of_means(computed.recipe.scheme.places))
    return [
        _told(figure, area.unit, ends_of(_exact(area.census.value), half, times=area.n))
        for area in computed.assessment.areas
        if area.unit in known
    ]


def _sums(
    lowest: Sequence[str], areas: Sequence[str], parents: Mapping[str, str | None]
) -> list[Group]:
    """Make the groups of areas as sums of what stands right below them."""
    below: dict[str, list[str]] = {area: [] for area in areas}
    for name in (*lowest, *areas):
        above = parents.get(name)
        if above is not None and above in below:
            below[above].append(name)
    return [Group(id=area, parts=tuple(parts)) for area, parts in below.items() if parts]


def _gathered(
    pairs: Sequence[tuple[str | None, str]], prints: Mapping[str, Prints]
) -> dict[str, Prints]:
    """Join the prints of units by what they are gathered under; units under nothing go."""
    found: dict[str, list[Prints]] = {}
    for above, unit in pairs:
        if above is not None:
            found.setdefault(above, []).append(prints[unit])
    return {above: np.concatenate(these) for above, these in found.items()}


def _told(figure: Scale, group: str, ends: tuple[str, str]) -> Told:
    return Told(figure=figure.name, group=group, low=ends[0], high=ends[1])


def _kept(figure: Scale, group: str, least: Fraction) -> Kept:
    return Kept(figure=figure.name, group=group, least=str(least))


def _band(count: int) -> tuple[str, str]:
    band = band_of(count)
    return str(band.low), str(band.high)


def _least(value: Fraction, span: Fraction) -> Fraction:
    """Give how much of a figure must stay open: 20 % of it, and of all that it could be."""
    return OPEN_SHARE * max(abs(value), span)


def _grade_ends(computed: Computed, unit: UnitResult) -> tuple[Fraction, Fraction]:
    """Give the ends of a unit's grade; of an undecided one the whole scale."""
    low, high = _scale_of(computed)
    for band in computed.recipe.scheme.grades:
        if band.id == unit.grade:
            return _exact(band.start), high if band.below is None else _exact(band.below)
    return low, high


def _span(computed: Computed, unit: UnitResult) -> Fraction:
    low, high = _grade_ends(computed, unit)
    return high - low


def _as_texts(ends: tuple[Fraction, Fraction]) -> tuple[str, str]:
    return str(ends[0]), str(ends[1])


def _scale_of(computed: Computed) -> tuple[Fraction, Fraction]:
    """Give the ends of the scale; a score that lies beyond stretches it."""
    scale = computed.recipe.scheme.scale
    scores = [unit.score for unit in computed.assessment.units if unit.score is not None]
    return _exact(min([scale.low, *scores])), _exact(max([scale.high, *scores]))


def _name(figure: str, computed: Computed) -> str:
    return f"{figure} {computed.recipe.scheme.content_hash[:HASH_DIGITS]}"


def _half(places: int) -> Fraction:
    """Give half a unit of the last place."""
    return Fraction(1, 2 * 10**places)


def _exact(figure: Decimal | None) -> Fraction:
    return Fraction(0 if figure is None else figure)
