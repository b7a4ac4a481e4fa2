"""Results of one assessment, cut to what a person may see; sorted and filtered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404

from touchstone_web.assessments.models import AreaMean, Assessment, UnitResult
from touchstone_web.assessments.queries.assessments import Rights
from touchstone_web.people.models import Person, Unit
from touchstone_web.people.queries import units_seen_by

# The order in which rows come for each way of sorting; the position breaks ties.
SORTS: dict[str, tuple[str, bool]] = {
    "position": ("position", False),
    "name": ("name", False),
    "-name": ("name", True),
    "unit": ("identifier", False),
    "-unit": ("identifier", True),
    "n": ("n", False),
    "-n": ("n", True),
    "score": ("score", False),
    "-score": ("score", True),
    "places": ("rank_low", False),
    "-places": ("rank_low", True),
    "grade": ("grade_order", False),
    "-grade": ("grade_order", True),
}
MOST_AREAS_OFFERED = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """Which results are asked for, and in which order."""

    text: str = ""
    grade: str = ""
    status: str = ""
    group: str = ""
    area: Unit | None = None
    sort: str = "position"

    @property
    def is_filter(self) -> bool:
        """Something is left out."""
        return bool(self.text or self.grade or self.status or self.group or self.area)


def results_seen_by(
    assessment: Assessment, *, seen_by: Person, on: date, rights: Rights
) -> QuerySet[UnitResult]:
    """The results of an assessment that lie within a person's remit."""
    rows = UnitResult.objects.filter(assessment=assessment)
    return rows if rights.whole else rows.filter(unit__in=units_seen_by(seen_by, on=on))


def chosen(rows: QuerySet[UnitResult], choice: Choice) -> QuerySet[UnitResult]:
    """Of some results those that are asked for, in the order asked for."""
    if choice.text:
        rows = rows.filter(Q(name__icontains=choice.text) | Q(identifier__istartswith=choice.text))
    if choice.grade:
        rows = rows.filter(grade=choice.grade)
    if choice.status:
        rows = rows.filter(status=choice.status)
    if choice.group:
        rows = rows.filter(group_key=choice.group)
    if choice.area is not None:
        rows = rows.filter(unit__path__startswith=choice.area.path)
    field, is_falling = SORTS[choice.sort]
    if field == "position":
        return rows.order_by("position")
    order = F(field).desc(nulls_last=True) if is_falling else F(field).asc(nulls_last=True)
    return rows.order_by(order, "position")


def in_full(keys: Iterable[int]) -> list[UnitResult]:
    """The results with these keys and their units, in the order of the keys.

    So that the database sorts and skips keys alone, not whole rows.
    """
    wanted = list(keys)
    rows = UnitResult.objects.select_related("unit__parent").in_bulk(wanted)
    return [rows[key] for key in wanted]


def result_seen_by(
    assessment: Assessment, unit: str, *, seen_by: Person, on: date, rights: Rights
) -> UnitResult:
    """The result of one unit; 404 when it has none or lies outside the remit."""
    rows = results_seen_by(assessment, seen_by=seen_by, on=on, rights=rights)
    row = rows.select_related("unit__parent").filter(unit__public_id=unit).first()
    if row is None:
        raise Http404("no such result")
    return row


def groups_in(rows: QuerySet[UnitResult]) -> list[list[list[str]]]:
    """The comparison groups among some results, each as pairs of column and value."""
    found = rows.exclude(group_key="").order_by("group_key")
    return [group for _, group in found.values_list("group_key", "group").distinct()]


def scores_in_group(assessment: int, group: str) -> QuerySet[UnitResult, Decimal]:
    """All scores of a comparison group in order of place, without a unit to any of them."""
    found = UnitResult.objects.filter(assessment=assessment, group_key=group, score__isnull=False)
    return found.order_by("position").values_list("score", flat=True)


def results_of_unit(unit: Unit) -> QuerySet[UnitResult]:
    """What assessments say of a unit, the newest first; the unit lies within the remit."""
    found = UnitResult.objects.filter(unit=unit, assessment__computed_at__isnull=False)
    return found.select_related("assessment").order_by("-assessment__computed_at")


def other_results_of(row: UnitResult) -> QuerySet[UnitResult]:
    """What other assessments say of the same unit, the newest first."""
    return results_of_unit(row.unit).exclude(assessment=row.assessment_id)


def areas_seen_by(
    assessment: Assessment, *, seen_by: Person, on: date, rights: Rights
) -> QuerySet[AreaMean]:
    """The means of areas that lie within a person's remit as a whole."""
    rows = AreaMean.objects.filter(assessment=assessment)
    return rows if rights.whole else rows.filter(unit__in=units_seen_by(seen_by, on=on))


def levels_of(areas: QuerySet[AreaMean]) -> list[str]:
    """The levels that have means, the highest level first."""
    found = areas.order_by().values("level").annotate(areas=Count("pk")).order_by("areas")
    return [row["level"] for row in found]


def areas_offered(areas: QuerySet[AreaMean], level: str) -> list[AreaMean]:
    """The areas of a level to choose from, by name; none when they are too many for a list."""
    found = areas.filter(level=level).select_related("unit").order_by("name")
    offered = list(found[: MOST_AREAS_OFFERED + 1])
    return offered if len(offered) <= MOST_AREAS_OFFERED else []


@dataclass(frozen=True, slots=True)
class Counts:
    """How many results there are of each status."""

    units: int
    graded: int
    undecided: int
    withheld: int


def counts_of(rows: QuerySet[UnitResult]) -> Counts:
    """Count some results by status."""
    found = rows.order_by().values_list("status").annotate(count=Count("pk"))
    by_status = dict(found)
    return Counts(
        units=sum(by_status.values()),
        graded=by_status.get("graded", 0),
        undecided=by_status.get("undecided", 0),
        withheld=by_status.get("withheld", 0),
    )
