"""Pages of the journal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from touchstone_web.journal import queries
from touchstone_web.shared import clocks
from touchstone_web.shared.queries import page_of


@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    today = clocks.today()
    found = queries.entries(seen_by=request.user, on=today)
    chosen = {"kind": request.GET.get("kind", ""), "text": request.GET.get("text", "").strip()}
    frontier = queries.current_frontier()
    page = page_of(queries.filtered(found, **chosen), request.GET.get("page"))
    context = {
        "page": page,
        "names": queries.names_in(page, seen_by=request.user, on=today),
        "kinds": [{"kind": kind, "key": f"event.{kind}"} for kind in queries.kinds_of(found)],
        "size": frontier.size,
        "root": frontier.root().hex(),
        **chosen,
    }
    return render(request, "journal/journal.html", context)


@require_safe
def entry(request: HttpRequest, height: int) -> HttpResponse:
    today = clocks.today()
    found = queries.entry_at(height, seen_by=request.user, on=today)
    context = {
        "entry": found,
        "proof": queries.proof_of(found),
        "names": queries.names_in([found], seen_by=request.user, on=today),
    }
    return render(request, "journal/entry.html", context)
