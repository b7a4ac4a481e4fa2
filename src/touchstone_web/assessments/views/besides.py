"""Another scheme's results beside those of an assessment: who moves."""

from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from touchstone.reports import charts
from touchstone_web.assessments import models
from touchstone_web.assessments.records import beside_of, rounded
from touchstone_web.assessments.views.lines import unit_name
from touchstone_web.assessments.views.looks import Look, frame_of, look_at_results
from touchstone_web.assessments.views.pictures import answer_picture
from touchstone_web.shared.queries import page_of

SORTS = {
    "rise": F("gained").desc(nulls_last=True),
    "fall": F("gained").asc(nulls_last=True),
}


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One unit by both schemes as a row."""

    address: str
    name: str
    above: str
    score: str
    other_score: str
    order: str
    other_order: str
    places: str
    other_places: str
    moves: str
    kind: str


@require_safe
def beside(request: HttpRequest, public_id: str) -> HttpResponse:
    """Each unit by both schemes, those that rise most first, or those that fall most."""
    look = _look_beside(request, public_id)
    asked = request.GET.get("sort", "")
    sort = asked if asked in SORTS else "rise"
    rows = _rows(look).select_related("unit__parent").order_by(SORTS[sort], "position")
    page = page_of(rows, request.GET.get("page"))
    other = _title_of_other(look)
    context = frame_of(look) | {
        "other": other,
        "sort": sort,
        "sorts": [(key, look.words.text(f"result.sort_{key}")) for key in SORTS],
        "picture": reverse("picture_of_moves", args=[public_id]),
        "page": page,
        "lines": [_line(row, look) for row in page],
    }
    return render(request, "assessments/beside.html", context)


@require_safe
def picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """The scores by both schemes against each other, as far as the remit reaches."""
    look = _look_beside(request, public_id)
    rows = list(_rows(look).order_by("position"))
    chart = charts.moves(
        [look.result(row) for row in rows],
        [beside_of(row, look.assessment.places) for row in rows],
        (look.title, _title_of_other(look)),
        look.words,
        named=not look.assessment.is_about_persons or not look.rights.whole,
    )
    return answer_picture(request, look, chart)


def _look_beside(request: HttpRequest, public_id: str) -> Look:
    look = look_at_results(request, public_id)
    if look.scheme.beside is None:
        raise Http404("no scheme stands beside")
    return look


def _rows(look: Look) -> QuerySet[models.UnitResult]:
    return look.rows.filter(beside__isnull=False)


def _title_of_other(look: Look) -> str:
    key = f"scheme.{look.scheme.beside}.title"
    return look.words.text(key) if look.words.knows(key) else str(look.scheme.beside)


def _line(row: models.UnitResult, look: Look) -> MoveLine:
    words, places = look.words, look.assessment.places
    other, parent = beside_of(row, places), row.unit.parent
    return MoveLine(
        address=reverse("unit_result", args=[look.assessment.public_id, row.unit.public_id]),
        name=unit_name(row.name, row.unit.level, words),
        above="" if parent is None else unit_name(parent.name, parent.level, words),
        score=words.number(rounded(row.score, places)),
        other_score=words.number(other.score),
        order=words.number(other.order_here),
        other_order=words.number(other.order),
        places=words.places_between(row.rank_low, row.rank_high),
        other_places=words.places_between(other.rank_low, other.rank_high),
        moves=words.text(f"moves.{other.moves or 'stays'}"),
        kind=other.moves or "stays",
    )
