"""Which of the results may be told to everyone, and with which precision of n."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count as count_up

from touchstone.loop.results import AreaMean, Because, UnitResult
from touchstone.reports.recipes import Computed, Recipe
from touchstone.reports.tables import in_order

SMALLEST_PUBLISHED = 10
REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Band:
    """A number of people as two bounds, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ReleasedUnit:
    """A unit's result as it may be told; `n` is a band, or None where it must not be told."""

    result: UnitResult
    n: Band | None


@dataclass(frozen=True, slots=True)
class ReleasedArea:
    """An area's mean as it may be told; `mean` is None when too few stand behind it."""

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
    and withheld, how many units.
    """

    smallest: int | None
    units: tuple[ReleasedUnit, ...]
    counts: tuple[tuple[str, Band], ...]
    areas: tuple[ReleasedArea, ...]


def band_of(count: int) -> Band:
    """Tell a count of people only by its band: 0–9, 10–19, 20–49, 50–99, 100–199, 200–499, ….

    >>> band_of(7), band_of(250)
    (Band(low=0, high=9), Band(low=200, high=499))
    """
    edges = (first * 10**zeros for zeros in count_up(1) for first in (1, 2, 5))
    low = 0
    for edge in edges:
        if count < edge:
            return Band(low, edge - 1)
        low = edge
    raise AssertionError("edges never end")


def release_of(computed: Computed) -> Release:
    """Choose what may be told to everyone of some results (primary suppression).

    About organisations: every result, but none that rests on fewer people than the smallest
    group; numbers of people in bands, numbers of facts as they are. About persons: never a
    person's result; only how many got each grade, in bands, and the means of areas with at least
    10 persons.

    Differences between several releases are not looked at.
    """
    recipe, assessment = computed.recipe, computed.assessment
    smallest = smallest_group(recipe)
    if recipe.is_about_persons:
        counts = tuple((key, band_of(count)) for key, count in _counts(assessment.units, recipe))
        areas = tuple(_area_of_persons(area) for area in assessment.areas)
        return Release(smallest, (), counts, areas)
    units = tuple(_released(unit, smallest) for unit in in_order(assessment.units))
    told = [unit.result for unit in units]
    counts = tuple((key, Band(count, count)) for key, count in _counts(told, recipe))
    areas = tuple(_area_of_organisations(area) for area in assessment.areas)
    return Release(smallest, units, counts, areas)


def smallest_group(recipe: Recipe) -> int | None:
    """Give the smallest group of people of a recipe, None when no figure rests on people."""
    asked = [one.smallest_group for one in recipe.indicators.values() if one.kind != "fact"]
    if recipe.is_about_persons:
        asked.append(SMALLEST_PUBLISHED)
    return max(asked, default=None)


def _released(unit: UnitResult, smallest: int | None) -> ReleasedUnit:
    if unit.method == REGISTER or smallest is None:
        return ReleasedUnit(unit, None if unit.n is None else Band(unit.n, unit.n))
    if unit.n is not None and unit.n >= smallest:
        return ReleasedUnit(unit, band_of(unit.n))
    if unit.status == "withheld":
        return ReleasedUnit(replace(unit, n=None), None)
    withheld = replace(
        unit,
        n=None,
        score=None,
        low=None,
        high=None,
        rank_low=None,
        rank_high=None,
        grade=None,
        status="withheld",
        because=Because("too_few_raters", (("smallest", str(smallest)),)),
        parts=(),
    )
    return ReleasedUnit(withheld, None)


def _counts(units: Sequence[UnitResult], recipe: Recipe) -> list[tuple[str, int]]:
    """Count units by grade, the best first, then those undecided and withheld."""
    counts = Counter(unit.grade or unit.status for unit in units)
    grades = [band.id for band in reversed(recipe.scheme.grades)]
    return [(key, counts[key]) for key in (*grades, "undecided", "withheld")]


def _area_of_persons(area: AreaMean) -> ReleasedArea:
    is_large = area.n >= SMALLEST_PUBLISHED
    band = band_of(area.n) if is_large else None
    return ReleasedArea(area.level, area.unit, area.name, band, area if is_large else None)


def _area_of_organisations(area: AreaMean) -> ReleasedArea:
    return ReleasedArea(area.level, area.unit, area.name, Band(area.n, area.n), area)
