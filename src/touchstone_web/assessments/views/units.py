"""One unit's result: score, interval, grade and why; where the points come from; its history."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from touchstone.reports import charts
from touchstone.reports.charts.looks import confidence_percent
from touchstone_web.assessments.models import UnitResult
from touchstone_web.assessments.queries import results
from touchstone_web.assessments.views.grade_bars import probability_bar
from touchstone_web.assessments.views.lines import grade_class, grade_name, result_line, unit_name
from touchstone_web.assessments.views.looks import (
    Look,
    day_of,
    frame_of,
    look_at_results,
    scheme_title,
)
from touchstone_web.people.models import Unit
from touchstone_web.people.queries import unit_seen_by, units_seen_by
from touchstone_web.shared import clocks
from touchstone_web.shared.installed_packs import words_of_pack


@dataclass(frozen=True, slots=True)
class OtherResult:
    """What another assessment says of the same unit."""

    address_id: str
    title: str
    score: str
    interval: str
    grade: str
    grade_class: str
    day: str


@require_safe
def unit_result(request: HttpRequest, public_id: str, unit: str) -> HttpResponse:
    look = look_at_results(request, public_id)
    row = results.result_seen_by(
        look.assessment, unit, seen_by=look.person, on=look.on, rights=look.rights
    )
    result = look.result(row)
    points = [(period, None if value is None else Decimal(value)) for period, value in row.history]
    waterfall = charts.waterfall(result, look.words) if result.parts else None
    context = frame_of(look) | {
        "line": result_line(row, look),
        "above": [
            (unit.public_id, unit_name(unit.name, unit.level, look.words))
            for unit in _units_above(row.unit, look)
        ],
        "method": look.words.method(result.method) if result.method else "",
        "group": look.group_in_words(row.group),
        "confidence": confidence_percent(look.scheme.interval_confidence),
        "probabilities": probability_bar(result, look.words),
        "waterfall": waterfall,
        "criteria": [tuple(zip(waterfall.heads, cells, strict=True)) for cells in waterfall.rows]
        if waterfall
        else [],
        "history": charts.history(result.name, points, look.words) if points else None,
        "others": [_other(other) for other in results.other_results_of(row)],
    }
    return render(request, "assessments/unit.html", context)


@require_safe
def unit_results(request: HttpRequest, unit: str) -> HttpResponse:
    """All that assessments say of one unit; straight to the result where there is one only."""
    today = clocks.today()
    found = unit_seen_by(unit, seen_by=request.user, on=today)
    rows = list(results.results_of_unit(found))
    if len(rows) == 1:
        return redirect("unit_result", rows[0].assessment.public_id, found.public_id)
    return render(
        request,
        "assessments/unit_results.html",
        {"unit": found, "others": [_other(row) for row in rows]},
    )


def _units_above(unit: Unit, look: Look) -> QuerySet[Unit]:
    """The way from the top of the tree to a unit, as far as the remit reaches."""
    ends = [place + 1 for place, sign in enumerate(unit.path) if sign == "/"]
    paths = [unit.path[:end] for end in ends[:-1]]
    seen = units_seen_by(look.person, on=look.on)
    return seen.filter(tree=unit.tree_id, path__in=paths).order_by("path")


def _other(row: UnitResult) -> OtherResult:
    """One line of the list of other results; `row.assessment` is loaded."""
    assessment = row.assessment
    words = words_of_pack(assessment.pack)
    places = assessment.places
    is_graded = row.status == UnitResult.Status.GRADED
    low, high = (None if end is None else round(end, places) for end in (row.low, row.high))
    grades = [band["id"] for band in assessment.scheme["grades"]]
    return OtherResult(
        address_id=assessment.public_id,
        title=scheme_title(assessment, words),
        score=words.number(None if row.score is None else round(row.score, places)),
        interval=words.interval(low, high),
        grade=grade_name(row.grade, words) if is_graded else words.text(f"status.{row.status}"),
        grade_class=grade_class(row.grade, grades),
        day=day_of(assessment.computed_at),
    )
