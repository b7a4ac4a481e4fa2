"""What else the evidence of an assessment tells, for those who see the whole tree."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from touchstone.reports.shown_tables import ShownTable
from touchstone_web.assessments.analyses import analyses_kept
from touchstone_web.assessments.queries.assessments import require_right
from touchstone_web.assessments.views.cells import labelled
from touchstone_web.assessments.views.looks import frame_of, look_at_results


@require_safe
def analyses(request: HttpRequest, public_id: str) -> HttpResponse:
    """Each analysis with its pictures, tables and sentences."""
    look = look_at_results(request, public_id)
    require_right(look.rights, "whole")
    found = analyses_kept(look.assessment, look.words.language)
    if not found:
        raise Http404("no analyses")
    shown = [(one, [_part(part) for part in one.shown.parts]) for one in found]
    return render(request, "assessments/analyses.html", frame_of(look) | {"analyses": shown})


def _part(part: ShownTable | str) -> dict[str, object]:
    """A table with labelled cells, or a sentence."""
    if isinstance(part, str):
        return {"sentence": part}
    rows = labelled(part.heads, part.rows)
    return {"heads": part.heads, "rows": rows, "numbers": part.numbers}
