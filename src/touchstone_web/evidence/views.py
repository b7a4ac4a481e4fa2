"""Pages of evidence: import with preview, freeze, list, look, take."""

from typing import Any

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from touchstone.base.errors import TouchstoneError
from touchstone_web.evidence import commands, queries
from touchstone_web.evidence.downloads import KINDS, endings_for, file_pieces
from touchstone_web.evidence.files import read_snapshot
from touchstone_web.evidence.forms import EvidenceForm
from touchstone_web.evidence.models import Upload
from touchstone_web.packs.queries import dataset_choices
from touchstone_web.shared import clocks
from touchstone_web.shared.faults import fault_row, fault_text
from touchstone_web.shared.installed_packs import words_of_pack
from touchstone_web.shared.languages import words_for
from touchstone_web.shared.queries import page_of
from touchstone_web.shared.roles import READS_JOURNAL
from touchstone_web.shared.uploads import MEBIBYTE, most_bytes, takes_file
from touchstone_web.shared.views import answer_progress
from touchstone_web.units.changes import TreeChanges
from touchstone_web.units.views import changes_context, refuse_large_file

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
UNPROCESSABLE = 422


@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    today = clocks.today()
    if not queries.may_see_evidence(request.user, on=today):
        raise Http404("nothing here within the remit")
    snapshots = queries.snapshots_seen_by(request.user, on=today)
    context = {
        "page": page_of(snapshots, request.GET.get("page")),
        "may_import": _may_import_any(request),
        "uploads": queries.open_uploads(seen_by=request.user),
    }
    return render(request, "evidence/evidence.html", context)


@GET_OR_POST
@takes_file(refuse_large_file)
def import_evidence(request: HttpRequest) -> HttpResponse:
    today = clocks.today()
    if not _may_import_any(request):
        raise Http404("nothing here within the remit")
    form = EvidenceForm(
        request.POST or None,
        request.FILES or None,
        datasets=dataset_choices(seen_by=request.user),
        trees=queries.trees_for_import(seen_by=request.user, on=today),
        may_open=queries.may_import(request.user, on=today),
    )
    if request.method == "POST" and form.is_valid():
        upload = commands.receive_evidence(by=request.user, **form.cleaned_data)
        return redirect("upload", upload.public_id)
    status = UNPROCESSABLE if form.errors else 200
    context = {"form": form, "most": most_bytes() // MEBIBYTE}
    return render(request, "evidence/import.html", context, status=status)


@require_safe
def upload(request: HttpRequest, public_id: str) -> HttpResponse:
    """What became of a file: still being read, refused with its faults, or ready to freeze."""
    found = queries.upload_seen_by(public_id, seen_by=request.user, on=clocks.today())
    if found.snapshot:
        return redirect("snapshot", found.snapshot.public_id)
    words = words_of_pack(found.pack)
    context: dict[str, Any] = {"upload": found, "words": words}
    if found.state == Upload.State.CHECKING:
        context["run"] = queries.check_run(found)
        return render(request, "evidence/checking.html", context)
    if found.state == Upload.State.REFUSED:
        context["faults"] = [fault_row(fault, words) for fault in found.findings["faults"]]
        context["total"] = found.findings["total"]
        return render(request, "evidence/refused.html", context)
    try:
        changes = queries.changes_of(found)
    except TouchstoneError as fault:
        messages.error(request, fault_text(fault, words_for()))
        return redirect("import_evidence")
    return render(request, "evidence/preview.html", context | _preview_context(found, changes))


@require_safe
def upload_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    found = queries.upload_seen_by(public_id, seen_by=request.user, on=clocks.today())
    run = queries.check_run(found)
    if run is None:
        raise Http404("no such job")
    return answer_progress(request, run, address=request.path)


@require_POST
def freeze(request: HttpRequest, public_id: str) -> HttpResponse:
    found = queries.upload_seen_by(public_id, seen_by=request.user, on=clocks.today())
    try:
        frozen = commands.freeze_upload(upload=found, by=request.user)
    except TouchstoneError as fault:
        messages.error(request, fault_text(fault, words_for()))
        return redirect("upload", public_id)
    key = "evidence.frozen_now" if frozen.is_new else "evidence.frozen_before"
    messages.success(request, words_for().text(key))
    return redirect("snapshot", frozen.snapshot.public_id)


@require_POST
def drop(request: HttpRequest, public_id: str) -> HttpResponse:
    found = queries.upload_seen_by(public_id, seen_by=request.user, on=clocks.today())
    commands.drop_upload(upload=found, by=request.user)
    messages.success(request, words_for().text("upload.dropped"))
    return redirect("import_evidence")


@require_safe
def snapshot(request: HttpRequest, public_id: str) -> HttpResponse:
    today = clocks.today()
    found = queries.snapshot_seen_by(public_id, seen_by=request.user, on=today)
    may_take = queries.may_take_rows(request.user, found, on=today)
    context = {
        "snapshot": found,
        "words": words_of_pack(found.pack),
        "entry": queries.entry_of_freezing(found),
        "may_read_journal": request.user.holds(*READS_JOURNAL, on=today),
        "endings": endings_for(found.rows) if may_take else [],
        "assessing": queries.address_of_assessing(found, seen_by=request.user, on=today),
    }
    return render(request, "evidence/snapshot.html", context)


@require_safe
def download(request: HttpRequest, public_id: str, ending: str) -> HttpResponseBase:
    """All rows, in a file that is made while it is sent."""
    found = queries.snapshot_seen_by(
        public_id, seen_by=request.user, on=clocks.today(), roles=queries.TAKES_EVIDENCE
    )
    if ending not in endings_for(found.rows):
        raise Http404("no such kind of file")
    try:
        rows = read_snapshot(found)
    except TouchstoneError as fault:
        messages.error(request, fault_text(fault, words_for()))
        return redirect("snapshot", public_id)
    response = StreamingHttpResponse(
        file_pieces(rows, ending, title=found.title), content_type=KINDS[ending]
    )
    name = f"{found.dataset}-{found.content_hash[:12]}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _may_import_any(request: HttpRequest) -> bool:
    today = clocks.today()
    return (
        queries.may_import(request.user, on=today)
        or queries.trees_for_import(seen_by=request.user, on=today).exists()
    )


def _preview_context(upload: Upload, changes: TreeChanges) -> dict[str, Any]:
    found = upload.findings
    kinds = [column["kind"] for column in found["columns"]]
    first = [
        [{"text": text, "kind": kind} for text, kind in zip(row, kinds, strict=True)]
        for row in found["first"]
    ]
    return {
        "found": found,
        "first": first,
        "same": queries.same_content(upload),
        "takes_units": upload.units_from == Upload.UnitsFrom.FILE,
        **changes_context(changes),
    }
