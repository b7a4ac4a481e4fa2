"""Pictures of results, each with its sentence and the table behind it.

A page asks for them one by one after it is shown, so that no page waits for a picture. Results
never change, so what was drawn of a whole assessment is kept for the next who looks.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from touchstone.loop import results as library
from touchstone.reports import charts
from touchstone.reports.charts import Chart
from touchstone_web.assessments.queries import results
from touchstone_web.assessments.queries.results import Choice
from touchstone_web.assessments.records import area_of, rounded
from touchstone_web.assessments.views.looks import Look, frame_of, look_at_results
from touchstone_web.assessments.views.results import filter_of

Draw = Callable[[Look, list[library.UnitResult]], Chart]
KEPT = 64
AS_SPECIFICATION = "specification"

_kept_charts: dict[tuple[str, str, str], Chart] = {}


def _caterpillar(look: Look, units: list[library.UnitResult]) -> Chart:
    named = not look.assessment.is_about_persons or not look.rights.whole
    return charts.caterpillar(units, look.scheme, look.words, named=named)


def _distribution(look: Look, units: list[library.UnitResult]) -> Chart:
    return charts.distribution(units, look.scheme, look.words)


PICTURES: dict[str, Draw] = {"caterpillar": _caterpillar, "distribution": _distribution}


@require_safe
def of_results(request: HttpRequest, public_id: str, picture: str) -> HttpResponse:
    """A picture of the rows that the page shows with the same filter."""
    look = look_at_results(request, public_id)
    if picture not in PICTURES:
        raise Http404("no such picture")
    _, choice = filter_of(request, look)
    is_whole = look.rights.whole and not choice.is_filter
    key = (public_id, picture, look.words.language)
    chart = _kept_charts.get(key) if is_whole else None
    if chart is None:
        chart = PICTURES[picture](look, _plain_results(look, choice))
        if is_whole:
            _keep(key, chart)
    return answer_picture(request, look, chart)


@require_safe
def areas(request: HttpRequest, public_id: str, level: str) -> HttpResponse:
    """The means of the areas of one level."""
    look = look_at_results(request, public_id)
    rows = look.areas.filter(level=level)
    means = [area_of(row, look.assessment.places) for row in rows]
    if not means:
        raise Http404("no areas of this level within the remit")
    chart = charts.areas(means, look.words, confidence=look.scheme.confidence)
    return answer_picture(request, look, chart)


@require_safe
def peers(request: HttpRequest, public_id: str, unit: str) -> HttpResponse:
    """A unit among all those it is compared with, who stay without names."""
    look = look_at_results(request, public_id)
    row = results.result_seen_by(
        look.assessment, unit, seen_by=look.person, on=look.on, rights=look.rights
    )
    scores = _scores_of_peers(public_id, look.assessment.pk, row.group_key, look.assessment.places)
    return answer_picture(request, look, charts.peers(look.result(row), scores, look.words))


def answer_picture(request: HttpRequest, look: Look, chart: Chart) -> HttpResponse:
    """The figure for the page that asked, or a page around it for whoever comes without script.

    A figure that is put into a page later cannot hold its specification, as htmx leaves all
    scripts out; it asks for it at the same address.
    """
    if AS_SPECIFICATION in request.GET:
        return JsonResponse(chart.spec)
    if request.headers.get("HX-Request") != "true":
        return render(request, "assessments/picture_page.html", {**frame_of(look), "chart": chart})
    asked = request.GET.copy()
    asked[AS_SPECIFICATION] = "1"
    source = f"{request.path}?{asked.urlencode()}"
    context = {"words": look.words, "chart": chart, "source": source}
    return render(request, "assessments/picture.html", context)


def _plain_results(look: Look, choice: Choice) -> list[library.UnitResult]:
    """The results that pictures need, without parts and reasons, which cost the most to read."""
    fields = ("identifier", "name", "score", "low", "high", "grade", "status")
    rows = results.chosen(look.rows, choice).order_by().values_list(*fields)
    places = look.assessment.places
    nothing = library.Because("")
    return [
        library.UnitResult(
            unit=identifier,
            name=name,
            n=None,
            score=rounded(score, places),
            low=rounded(low, places),
            high=rounded(high, places),
            rank_low=None,
            rank_high=None,
            grade=grade or None,
            status=status,
            because=nothing,
            method="",
        )
        for identifier, name, score, low, high, grade, status in rows
    ]


@lru_cache(maxsize=KEPT)
def _scores_of_peers(
    public_id: str, assessment: int, group: str, places: int
) -> tuple[Decimal, ...]:
    """All scores of a comparison group; `public_id` makes the key one that is never used again."""
    return tuple(round(score, places) for score in results.scores_in_group(assessment, group))


def _keep(key: tuple[str, str, str], chart: Chart) -> None:
    for oldest in list(_kept_charts)[: max(len(_kept_charts) - KEPT + 1, 0)]:
        _kept_charts.pop(oldest, None)
    _kept_charts[key] = chart
