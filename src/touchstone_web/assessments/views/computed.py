"""How an assessment was computed: rules, fingerprints, computing it again; sign-off, publishing."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from touchstone.base.errors import TouchstoneError
from touchstone.reports.gates import findings_in_words
from touchstone.reports.releases import smallest_group
from touchstone.reports.schemes import scheme_in_words
from touchstone.reports.words import Words
from touchstone_web.assessments import commands, folders
from touchstone_web.assessments.forms import PublishForm
from touchstone_web.assessments.models import Assessment, Recomputation
from touchstone_web.assessments.queries import assessments as queries
from touchstone_web.assessments.views.looks import Look, frame_of, look_at_results, minute_of
from touchstone_web.shared.views import answer_progress

NEWEST = 5
MOST_PLACES_NAMED = 10


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One hash with its name; `key` tells it apart in the page."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class RecomputationLine:
    """What computing again showed, by whom and when."""

    text: str
    moment: str
    by: str
    is_equal: bool
    is_under_way: bool


@require_safe
def how_computed(request: HttpRequest, public_id: str) -> HttpResponse:
    look = look_at_results(request, public_id)
    assessment, words = look.assessment, look.words
    recomputations = list(queries.recomputations_of(assessment)[:NEWEST])
    under_way = [each for each in recomputations if each.is_under_way]
    context = frame_of(look) | {
        "citation": look.scheme.citation,
        "rules": scheme_in_words(look.scheme, look.recipe.indicators, words),
        "fingerprints": _fingerprints(look),
        "unexplained": _unexplained(look),
        "recomputations": [_line(each, words) for each in recomputations],
        "under_way": under_way[0] if under_way else None,
        "details": _details(look),
        "publication": queries.publication_run(assessment),
        "refusal": _refusal(look),
        "rests_on_people": smallest_group(look.recipe) is not None,
        "signed_off_at": minute_of(assessment.signed_off_at),
        "published_at": minute_of(assessment.published_at),
    }
    return render(request, "assessments/computed.html", context)


@require_POST
def recompute(request: HttpRequest, public_id: str) -> HttpResponse:
    look = _allowed(request, public_id, "recompute")
    commands.request_recomputation(assessment=look.assessment, by=look.person)
    return redirect("how_computed", public_id)


@require_safe
def recompute_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    look = _allowed(request, public_id, "recompute")
    newest = queries.recomputations_of(look.assessment).first()
    if newest is None or newest.job is None:
        raise Http404("nothing is computed again")
    return answer_progress(request, newest.job, address=request.path)


@require_safe
def publish_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    look = _allowed(request, public_id, "publish")
    run = queries.publication_run(look.assessment)
    if run is None:
        raise Http404("nothing is being published")
    return answer_progress(request, run, address=request.path)


@require_POST
def sign_off(request: HttpRequest, public_id: str) -> HttpResponse:
    look = _allowed(request, public_id, "sign_off")
    commands.sign_off(assessment=look.assessment, by=look.person)
    messages.success(request, look.words.text("release.signed_off"))
    return redirect("how_computed", public_id)


@require_POST
def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    look = _allowed(request, public_id, "publish")
    form = PublishForm(request.POST)
    wave = form.cleaned_data["wave"] if form.is_valid() else ""
    try:
        commands.request_publication(assessment=look.assessment, by=look.person, wave=wave)
    except TouchstoneError as fault:
        key = f"error.{fault.code}"
        text = look.words.text(key) if look.words.knows(key) else str(fault)
        messages.error(request, text)
    return redirect("how_computed", public_id)


@require_safe
def folder(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole record as one zip, for `touchstone verify`."""
    look = _allowed(request, public_id, "download")
    files = folders.read_folder(folders.results_folder(public_id))
    return _zip(look.assessment, files)


@login_not_required
@require_safe
def published(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was published, for anybody."""
    assessment = queries.published_assessment(public_id)
    files = folders.read_folder(folders.published_folder(public_id))
    return _zip(assessment, files)


def _allowed(request: HttpRequest, public_id: str, right: str) -> Look:
    look = look_at_results(request, public_id)
    queries.require_right(look.rights, right)
    return look


def _zip(assessment: Assessment, files: dict[str, bytes]) -> HttpResponse:
    if not files:
        raise Http404("no files")
    name = f"{assessment.pack}-{assessment.scheme_name}"
    return HttpResponse(
        folders.zip_files(files, name=name),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}.zip"'},
    )


def _fingerprints(look: Look) -> list[Fingerprint]:
    assessment = look.assessment
    hashes = {
        "snapshot_hash": assessment.snapshot.content_hash,
        "scheme_hash": assessment.scheme_hash,
        "tallies_hash": assessment.tallies_hash,
        "results_hash": assessment.results_hash,
        "manifest_hash": assessment.manifest_hash,
    }
    return [
        Fingerprint(key.replace("_", "-"), look.words.text(f"computed.{key}"), value)
        for key, value in hashes.items()
    ]


def _unexplained(look: Look) -> dict[str, object] | None:
    """The units whose official result does not follow; those within the remit by name."""
    found = look.assessment.unexplained
    if found is None:
        return None
    rows = look.rows.filter(identifier__in=found["units"]).select_related("unit")
    rows = list(rows.order_by("name", "identifier"))
    count = len(found["units"]) if look.rights.whole else len(rows)
    return {"column": found["column"], "count": count, "rows": rows}


def _refusal(look: Look) -> dict[str, object] | None:
    """What spoke against publishing, to those who may publish; the first places by name."""
    found = look.assessment.refusal
    if found is None or not look.rights.publish:
        return None
    lines = findings_in_words(found, look.words)
    return {
        "lines": lines[:MOST_PLACES_NAMED],
        "more": max(0, len(lines) - MOST_PLACES_NAMED),
        "smallest": smallest_group(look.recipe),
    }


def _line(recomputation: Recomputation, words: Words) -> RecomputationLine:
    if recomputation.is_under_way:
        text = words.text("computed.under_way")
    elif recomputation.is_failed:
        text = words.text("computed.failed")
    elif recomputation.is_equal:
        text = words.text("computed.equal")
    else:
        found = recomputation.difference
        text = words.text(f"computed.differs.{found['what']}", name=found["name"])
    by = recomputation.requested_by
    return RecomputationLine(
        text=text,
        moment=minute_of(recomputation.finished_at or recomputation.requested_at),
        by="" if by is None else by.name,
        is_equal=recomputation.is_equal is True,
        is_under_way=recomputation.is_under_way,
    )


def _details(look: Look) -> list[tuple[str, str]]:
    assessment, words = look.assessment, look.words
    version = {"pack": assessment.pack, "version": assessment.pack_version}
    asker = assessment.requested_by
    by = words.text("computed.operator") if asker is None else asker.name
    found = [
        (words.text("page.pack"), words.text("computed.pack_version", **version)),
        (words.text("computed.requested_by"), by),
        (words.text("computed.requested_at"), minute_of(assessment.requested_at)),
        (words.text("computed.computed_at"), minute_of(assessment.computed_at)),
        (words.text("computed.engine"), assessment.engine),
    ]
    return [*found, *sorted(assessment.versions.items())]
