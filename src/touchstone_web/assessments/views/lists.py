"""All assessments, and asking for a new one."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from touchstone.content.packs import Pack
from touchstone.reports.schemes import scheme_in_words
from touchstone.reports.words import Words
from touchstone_web.assessments import commands
from touchstone_web.assessments.forms import RequestForm
from touchstone_web.assessments.models import Assessment
from touchstone_web.assessments.queries import assessments as queries
from touchstone_web.assessments.views.lines import assessment_line
from touchstone_web.assessments.views.looks import day_of, look_at
from touchstone_web.evidence.models import FrozenSnapshot
from touchstone_web.people.queries import require_role
from touchstone_web.shared import clocks
from touchstone_web.shared.installed_packs import installed_pack, words_of_pack
from touchstone_web.shared.languages import current_language
from touchstone_web.shared.queries import page_of
from touchstone_web.shared.roles import SEES_FIGURES, Role

UNPROCESSABLE = 422
ROWS = 20


@dataclass(frozen=True, slots=True)
class SchemeCard:
    """One scheme to choose: its texts, its rules in words, and its newest assessment if any."""

    name: str
    title: str
    about: str
    citation: str
    rules: tuple[str, ...]
    newest: Assessment | None
    day: str


@require_safe
def assessments(request: HttpRequest) -> HttpResponse:
    person, today = request.user, clocks.today()
    require_role(person, SEES_FIGURES, on=today)
    found = queries.assessments_seen_by(person, on=today)
    page = page_of(found.defer("recipe"), request.GET.get("page"), size=ROWS)
    counts = queries.grade_counts(list(page), seen_by=person, on=today)
    lines = [assessment_line(assessment, counts[assessment.pk]) for assessment in page]
    context = {
        "page": page,
        "lines": lines,
        "can_request": queries.snapshots_to_assess(seen_by=person, on=today).exists(),
    }
    return render(request, "assessments/assessments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_assessment(request: HttpRequest) -> HttpResponse:
    """Choose evidence, then a scheme for it; both on one page."""
    person, today = request.user, clocks.today()
    require_role(person, Role.ANALYST, on=today)
    snapshots = queries.snapshots_to_assess(seen_by=person, on=today)
    asked = request.POST.get("snapshot") or request.GET.get("snapshot") or ""
    newest = snapshots.first()
    if newest is None:
        return redirect("import_evidence")
    snapshot = queries.snapshot_to_assess(asked, seen_by=person, on=today) if asked else newest
    pack = installed_pack(snapshot.pack)
    schemes = [] if pack is None else _schemes_for(pack, snapshot)
    form = RequestForm(request.POST or None, schemes=schemes)
    if request.method == "POST" and pack is not None and form.is_valid():
        assessment = commands.request_assessment(
            snapshot=snapshot,
            pack=pack,
            scheme_name=form.cleaned_data["scheme"],
            language=current_language(),
            by=person,
        )
        return redirect("assessment", assessment.public_id)
    words = words_of_pack(snapshot.pack)
    context = {
        "words": words,
        "snapshots": snapshots,
        "snapshot": snapshot,
        "cards": [] if pack is None else _cards(pack, schemes, snapshot, words),
        "form": form,
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "assessments/new.html", context, status=status)


@require_POST
def try_again(request: HttpRequest, public_id: str) -> HttpResponse:
    look = look_at(request, public_id)
    queries.require_right(look.rights, "sign_off")
    commands.try_again(assessment=look.assessment, by=look.person)
    return redirect("assessment", public_id)


def _schemes_for(pack: Pack, snapshot: FrozenSnapshot) -> list[str]:
    """Name the schemes that judge this evidence."""
    return [name for name, scheme in pack.schemes.items() if scheme.dataset == snapshot.dataset]


def _cards(
    pack: Pack, schemes: list[str], snapshot: FrozenSnapshot, words: Words
) -> list[SchemeCard]:
    assessed = queries.schemes_assessed(snapshot)
    return [
        SchemeCard(
            name=name,
            title=words.text(f"scheme.{name}.title"),
            about=words.text(f"scheme.{name}.about"),
            citation=pack.schemes[name].citation,
            rules=tuple(scheme_in_words(pack.schemes[name], pack.indicators, words)),
            newest=assessed.get(name),
            day=day_of(assessed[name].requested_at) if name in assessed else "",
        )
        for name in schemes
    ]
