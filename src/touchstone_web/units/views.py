"""Pages of the organisation tree: browse, search, import."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from touchstone.base.errors import TouchstoneError
from touchstone_web.people.models import Tree
from touchstone_web.shared import clocks
from touchstone_web.shared.faults import fault_row, fault_text
from touchstone_web.shared.installed_packs import words_of_pack
from touchstone_web.shared.languages import words_for
from touchstone_web.shared.queries import page_of
from touchstone_web.shared.uploads import MEBIBYTE, most_bytes, takes_file
from touchstone_web.shared.views import answer_progress
from touchstone_web.units import commands, queries
from touchstone_web.units.changes import MOST_SHOWN, TreeChanges
from touchstone_web.units.forms import TreeFileForm
from touchstone_web.units.models import TreeUpload

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
UNPROCESSABLE = 422
TOO_LARGE = 413


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    today = clocks.today()
    trees = queries.trees(seen_by=request.user, on=today)
    may_import = queries.trees_to_import(seen_by=request.user, on=today).exists()
    may_open = queries.may_import(request.user, on=today)
    if not trees and not may_open:
        raise Http404("no remit reaches into a tree")
    context = {"trees": trees, "may_import": may_import or may_open}
    return render(request, "units/units.html", context)


@require_safe
def tree(request: HttpRequest, public_id: str) -> HttpResponse:
    today = clocks.today()
    found = queries.tree(public_id, seen_by=request.user, on=today)
    text = request.GET.get("q", "").strip()
    if text:
        rows = queries.search_units(found, text, seen_by=request.user, on=today)
    else:
        rows = queries.top_units(found, seen_by=request.user, on=today)
    context = _tree_context(request, found) | {
        "text": text,
        "page": page_of(rows, request.GET.get("page")),
    }
    return render(request, "units/tree.html", context)


@require_safe
def unit(request: HttpRequest, public_id: str) -> HttpResponse:
    today = clocks.today()
    found = queries.unit(public_id, seen_by=request.user, on=today)
    below = queries.units_below(found, seen_by=request.user, on=today)
    context = _tree_context(request, found.tree) | {
        "unit": found,
        "above": queries.units_above(found, seen_by=request.user, on=today),
        "counts": queries.counts_by_level(found.tree, seen_by=request.user, on=today, below=found),
        "page": page_of(below, request.GET.get("page")),
        "results": queries.address_of_results(found, seen_by=request.user, on=today),
    }
    return render(request, "units/unit.html", context)


def refuse_large_file(request: HttpRequest) -> HttpResponse:
    context = {"most": most_bytes() // MEBIBYTE}
    return render(request, "shared/too_large.html", context, status=TOO_LARGE)


@GET_OR_POST
@takes_file(refuse_large_file)
def import_units(request: HttpRequest) -> HttpResponse:
    today = clocks.today()
    trees = queries.trees_to_import(seen_by=request.user, on=today)
    may_open = queries.may_import(request.user, on=today)
    if not trees and not may_open:
        raise Http404("nothing here within the remit")
    options = {"trees": trees, "may_open": may_open, "chosen": request.GET.get("tree", "")}
    form = TreeFileForm(request.POST or None, request.FILES or None, **options)
    if request.method == "POST" and form.is_valid():
        upload = commands.receive_tree_file(by=request.user, **form.cleaned_data)
        return redirect("tree_upload", upload.public_id)
    status = UNPROCESSABLE if form.errors else 200
    context = {"form": form, "most": most_bytes() // MEBIBYTE}
    return render(request, "units/import.html", context, status=status)


@require_safe
def tree_upload(request: HttpRequest, public_id: str) -> HttpResponse:
    """What became of a file: still being read, refused with its faults, or ready to import."""
    upload = queries.tree_upload(public_id, seen_by=request.user, on=clocks.today())
    if upload.state == TreeUpload.State.IMPORTED and upload.tree:
        return redirect("tree", upload.tree.public_id)
    words = words_of_pack(upload.pack)
    context: dict[str, Any] = {"upload": upload, "words": words}
    if upload.state == TreeUpload.State.CHECKING:
        context["run"] = queries.check_run(upload)
        return render(request, "units/checking.html", context)
    if upload.state == TreeUpload.State.REFUSED:
        context["faults"] = [fault_row(fault, words) for fault in upload.findings["faults"]]
        context["total"] = upload.findings["total"]
        return render(request, "units/refused.html", context)
    try:
        context |= changes_context(queries.changes_of(upload))
    except TouchstoneError as fault:
        messages.error(request, fault_text(fault, words_for()))
        return redirect("import_units")
    return render(request, "units/preview.html", context)


@require_safe
def tree_upload_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    upload = queries.tree_upload(public_id, seen_by=request.user, on=clocks.today())
    run = queries.check_run(upload)
    if run is None:
        raise Http404("no such job")
    return answer_progress(request, run, address=request.path)


@require_POST
def accept(request: HttpRequest, public_id: str) -> HttpResponse:
    upload = queries.tree_upload(public_id, seen_by=request.user, on=clocks.today())
    try:
        tree = commands.import_tree_file(upload=upload, by=request.user)
    except TouchstoneError as fault:
        messages.error(request, fault_text(fault, words_for()))
        return redirect("tree_upload", public_id)
    messages.success(request, words_for().text("units.imported"))
    return redirect("tree", tree.public_id)


@require_POST
def drop(request: HttpRequest, public_id: str) -> HttpResponse:
    upload = queries.tree_upload(public_id, seen_by=request.user, on=clocks.today())
    commands.drop_tree_file(upload=upload, by=request.user)
    messages.success(request, words_for().text("upload.dropped"))
    return redirect("import_units")


def _tree_context(request: HttpRequest, tree: Tree) -> dict[str, Any]:
    today = clocks.today()
    return {
        "tree": tree,
        "words": words_of_pack(tree.pack),
        "counts": queries.counts_by_level(tree, seen_by=request.user, on=today),
        "may_import": queries.may_import(request.user, on=today, tree=tree),
    }


def changes_context(changes: TreeChanges) -> dict[str, Any]:
    kinds = changes.by_kind().items()
    return {
        "changes": changes,
        "kinds": [
            {"kind": kind, "number": len(rows), "rows": rows[:MOST_SHOWN]}
            for kind, rows in kinds
            if rows
        ],
    }
