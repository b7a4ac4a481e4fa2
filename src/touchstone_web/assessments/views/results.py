"""The results of an assessment: sorted, filtered, paged, drawn and downloaded."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from touchstone.formats.csv_files import write_csv
from touchstone.formats.parquet_files import write_parquet
from touchstone.formats.xlsx_writing import write_xlsx
from touchstone.loop.results import Assessment
from touchstone.reports.charts.looks import confidence_percent
from touchstone.reports.tables import results_table
from touchstone_web.assessments.forms import FilterForm
from touchstone_web.assessments.queries import results
from touchstone_web.assessments.queries.results import Choice
from touchstone_web.assessments.views.lines import area_line, result_line, unit_name
from touchstone_web.assessments.views.looks import Look, frame_of, look_at, look_at_results
from touchstone_web.people.queries import unit_seen_by
from touchstone_web.shared.queries import page_of
from touchstone_web.shared.views import answer_progress

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": XLSX,
    "parquet": "application/vnd.apache.parquet",
}
PICTURES = ("caterpillar", "distribution")
COLUMNS = ("name", "n", "score", "places", "grade")
NUMBERS = {"n", "score", "places"}
# Numbers are first wanted from the top, names and places from the beginning.
FALLS_FIRST = {"n", "score", "grade"}


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """The head of a column: its label, and the order that a click on it asks for."""

    key: str
    label: str
    sort: str
    order: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Download:
    """One format in which the rows of the page can be taken."""

    label: str
    address: str


@require_safe
def assessment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Results, or how far the job is while there are none."""
    look = look_at(request, public_id)
    if not look.assessment.is_computed:
        return render(request, "assessments/progress.html", frame_of(look))
    form, choice = filter_of(request, look)
    keys = results.chosen(look.rows, choice).values_list("pk", flat=True)
    page = page_of(keys, request.GET.get("page"))
    context = frame_of(look) | {
        "form": form,
        "choice": choice,
        "page": page,
        "lines": [result_line(row, look) for row in results.in_full(page)],
        "heads": _heads(look, choice.sort),
        "counts": look.assessment if look.rights.whole else results.counts_of(look.rows),
        "confidence": confidence_percent(look.scheme.interval_confidence),
        "pictures": {name: _address(request, name, look) for name in PICTURES},
        "downloads": [_download(request, ending, look) for ending in CONTENT_TYPES],
    }
    return render(request, "assessments/results.html", context)


@require_safe
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    look = look_at(request, public_id)
    if look.assessment.job is None:
        raise Http404("no job")
    return answer_progress(request, look.assessment.job, address=request.path)


@require_safe
def areas(request: HttpRequest, public_id: str) -> HttpResponse:
    """The means of the areas of one level of the tree."""
    look = look_at_results(request, public_id)
    levels = results.levels_of(look.areas)
    if not levels:
        raise Http404("no areas within the remit")
    asked = request.GET.get("level", "")
    level = asked if asked in levels else levels[0]
    rows = look.areas.filter(level=level).select_related("unit").order_by("-census", "name")
    page = page_of(rows, request.GET.get("page"))
    words = look.words
    named = [(each, words.text(f"level.{each}")) for each in levels]
    context = frame_of(look) | {
        "levels": named,
        "level": level,
        "chart_title": words.text("areas.title", level=dict(named)[level]),
        "picture": reverse("picture_of_areas", args=[public_id, level]),
        "page": page,
        "lines": [area_line(row, look) for row in page],
        "confidence": confidence_percent(look.scheme.interval_confidence),
    }
    return render(request, "assessments/areas.html", context)


@require_safe
def download(request: HttpRequest, public_id: str, ending: str) -> HttpResponse:
    """The rows that the page would show with the same filter, all pages of them."""
    look = look_at_results(request, public_id)
    if ending not in CONTENT_TYPES:
        raise Http404("no such format")
    _, choice = filter_of(request, look)
    units = tuple(look.result(row) for row in results.chosen(look.rows, choice))
    found = Assessment(look.assessment.pack, look.assessment.scheme_name, units)
    grades = [band.id for band in look.scheme.grades]
    table = results_table(found, look.words, grades=grades)
    if ending == "csv":
        content = write_csv(table)
    elif ending == "xlsx":
        content = write_xlsx(table, title=look.title)
    else:
        content = write_parquet(table)
    name = f"{look.assessment.pack}-{look.assessment.scheme_name}.{ending}"
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[ending],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def filter_of(request: HttpRequest, look: Look) -> tuple[FilterForm, Choice]:
    """What the address asks for; 404 when it names an area outside the remit."""
    form = FilterForm(
        request.GET,
        scheme=look.scheme,
        words=look.words,
        groups=look.groups(),
        areas=_areas_offered(look),
    )
    area = form.value("area")
    unit = unit_seen_by(area, seen_by=look.person, on=look.on) if area else None
    if unit is not None:
        form.offer_area(unit.public_id, unit_name(unit.name, unit.level, look.words))
    choice = Choice(
        text=form.value("text"),
        grade=form.value("grade"),
        status=form.value("status"),
        group=form.value("group"),
        area=unit,
        sort=form.value("sort") or "position",
    )
    return form, choice


def _areas_offered(look: Look) -> list[tuple[str, str]]:
    levels = results.levels_of(look.areas)
    rows = results.areas_offered(look.areas, levels[0]) if levels else []
    return [(row.unit.public_id, unit_name(row.name, row.level, look.words)) for row in rows]


def _heads(look: Look, sort: str) -> list[ColumnHead]:
    heads = []
    for key in COLUMNS:
        up, down = key, f"-{key}"
        first, second = (down, up) if key in FALLS_FIRST else (up, down)
        order = {up: "ascending", down: "descending"}.get(sort, "none")
        asked = second if sort == first else first
        label = look.words.text(f"label.{key}")
        heads.append(ColumnHead(key, label, asked, order, is_number=key in NUMBERS))
    return heads


def _address(request: HttpRequest, picture: str, look: Look) -> str:
    """Where the picture of the rows that the page shows stands."""
    address = reverse("picture_of_results", args=[look.assessment.public_id, picture])
    return f"{address}?{request.GET.urlencode()}"


def _download(request: HttpRequest, ending: str, look: Look) -> Download:
    address = reverse("download_results", args=[look.assessment.public_id, ending])
    return Download(ending.upper(), f"{address}?{request.GET.urlencode()}")
