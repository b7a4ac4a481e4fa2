"""Which of the results may be told to everyone, and with which precision of n."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from touchstone.loop.results import AreaMean, Because, Status, UnitResult
from touchstone.reports.bands import Band, band_of
from touchstone.reports.disclosures import REGISTER, Protection
from touchstone.reports.protections import is_small, protection_of
from touchstone.reports.recipes import Computed, Recipe
from touchstone.reports.tables import in_order

SMALLEST_PUBLISHED = 10
PROTECTED = Because("protected")
ALIKE = Because("answered_alike")
# Reasons that tell how many answered, or that all said the same.
TELLING = ("too_few_raters", "all_answers_equal", "raters_alike")
Group = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReleasedUnit:
    """A unit's result as it may be told; `n` is a band, or None where it must not be told."""

    result: UnitResult
    n: Band | None


@dataclass(frozen=True, slots=True)
class ReleasedArea:
    """An area's mean as it may be told; `mean` is None where it must not be."""

    level: str
    unit: str
    name: str
    n: Band | None
    mean: AreaMean | None


@dataclass(frozen=True, slots=True)
class Release:
    """What may be told of an assessment.

    `smallest` is the smallest group of people about which figures are told, None when no figure
    rests on people. Of persons `units` is empty. `counts` gives for each grade, and for undecided
    and withheld, how many units. `protection` says what is not told and why; it is not published.
    """

    smallest: int | None
    units: tuple[ReleasedUnit, ...]
    counts: tuple[tuple[str, Band], ...]
    areas: tuple[ReleasedArea, ...]
    protection: Protection = field(default_factory=Protection)


def release_of(computed: Computed) -> Release:
    """Choose what may be told to everyone of some results.

    About organisations: every result, but none that rests on fewer people than the smallest
    group, and none from which such a one could be worked out (`protections.protection_of`); of
    a unit where all answered alike only the grade; numbers of people in bands, numbers of facts
    as they are. About persons: never a person's result; only how many got each grade, in bands,
    and the means of areas with at least 10 persons. What is withheld looks the same whatever the
    cause.

    What earlier releases tell is looked at by `gates.gate`.
    """
    recipe, assessment = computed.recipe, computed.assessment
    smallest = smallest_group(recipe)
    protection = protection_of(computed, smallest)
    if recipe.is_about_persons:
        counts = tuple((key, band_of(count)) for key, count in _counts(assessment.units, recipe))
        areas = tuple(_area_of_persons(area, protection) for area in assessment.areas)
        return Release(smallest, (), counts, areas, protection)
    without_places = _groups_of(assessment.units, protection.small)
    units = tuple(
        _released(unit, smallest, protection, without_places) for unit in in_order(assessment.units)
    )
    told = [unit.result for unit in units]
    counts = tuple((key, Band(count, count)) for key, count in _counts(told, recipe))
    areas = tuple(_area_of_organisations(area, protection) for area in assessment.areas)
    return Release(smallest, units, counts, areas, protection)


def smallest_group(recipe: Recipe) -> int | None:
    """Give the smallest group of people of a recipe, None when no figure rests on people."""
    asked = [one.smallest_group for one in recipe.indicators.values() if one.kind != "fact"]
    if recipe.is_about_persons:
        asked.append(SMALLEST_PUBLISHED)
    return max(asked, default=None)


def _released(
    unit: UnitResult,
    smallest: int | None,
    protection: Protection,
    without_places: frozenset[Group],
) -> ReleasedUnit:
    if smallest is None:
        return ReleasedUnit(unit, None if unit.n is None else Band(unit.n, unit.n))
    is_hidden = unit.unit in protection.silent or is_small(unit, smallest)
    if unit.status == "withheld":
        because = PROTECTED if unit.because.key in TELLING else unit.because
        return ReleasedUnit(_without_figures(unit, because, status="withheld"), None)
    if is_hidden:
        return ReleasedUnit(_without_figures(unit, PROTECTED, status="withheld"), None)
    told = replace(unit, rank_low=None, rank_high=None) if unit.group in without_places else unit
    if unit.method == REGISTER:
        return ReleasedUnit(told, None if unit.n is None else Band(unit.n, unit.n))
    if unit.unit in protection.alike:
        told = replace(_without_figures(unit, ALIKE, status=unit.status), grade=unit.grade)
    return ReleasedUnit(told, band_of(unit.n or 0))


def _without_figures(unit: UnitResult, because: Because, *, status: Status) -> UnitResult:
    """Keep of a unit only who it is; made anew, so that no figure is carried along."""
    return UnitResult(
        unit=unit.unit,
        name=unit.name,
        n=None,
        score=None,
        low=None,
        high=None,
        rank_low=None,
        rank_high=None,
        grade=None,
        status=status,
        because=because,
        method=unit.method,
        group=unit.group,
    )


def _groups_of(units: Sequence[UnitResult], names: frozenset[str]) -> frozenset[Group]:
    """Give the comparison groups in which a hidden unit has a place, so that places tell of it."""
    return frozenset(unit.group for unit in units if unit.unit in names)


def _counts(units: Sequence[UnitResult], recipe: Recipe) -> list[tuple[str, int]]:
    """Count units by grade, the best first, then those undecided and withheld."""
    counts = Counter(unit.grade or unit.status for unit in units)
    grades = [band.id for band in reversed(recipe.scheme.grades)]
    return [(key, counts[key]) for key in (*grades, "undecided", "withheld")]


def _area_of_persons(area: AreaMean, protection: Protection) -> ReleasedArea:
    if area.unit in protection.areas:
        return ReleasedArea(area.level, area.unit, area.name, None, None)
    return ReleasedArea(area.level, area.unit, area.name, band_of(area.n), area)


def _area_of_organisations(area: AreaMean, protection: Protection) -> ReleasedArea:
    is_told = area.unit not in protection.areas
    n = Band(area.n, area.n)
    return ReleasedArea(area.level, area.unit, area.name, n, area if is_told else None)
