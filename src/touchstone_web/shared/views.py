"""Progress of jobs, and the pages that say what went wrong."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from touchstone_web.shared import queries
from touchstone_web.shared.languages import words_for
from touchstone_web.shared.models import JobRun


@require_safe
def job_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    run = queries.job_started_by(public_id, seen_by=request.user)
    return answer_progress(request, run, address=request.path)


def answer_progress(request: HttpRequest, run: JobRun, *, address: str) -> HttpResponse:
    """The fragment with the bar; once the job is finished the page around it is loaded anew."""
    response = render(request, "shared/progress.html", {"run": run, "address": address})
    if run.is_finished:
        response.headers["HX-Refresh"] = "true"
    return response


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """For whatever watches the server: it answers, and so does its database."""
    queries.touch_database()
    return HttpResponse("alive\n", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _fault(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _fault(request, 403)


def forgery_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _fault(request, 403, key="forgery")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _fault(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Made without request, person or database: any of them may be what is broken."""
    words = words_for(None)
    context = {"words": words, "html_language": words.html_language, "key": "500"}
    return HttpResponse(render_to_string("shared/fault.html", context), status=500)


def _fault(request: HttpRequest, status: int, *, key: str = "") -> HttpResponse:
    words = words_for(request)
    context = {"key": key or str(status), "words": words, "html_language": words.html_language}
    return render(request, "shared/fault.html", context, status=status)
