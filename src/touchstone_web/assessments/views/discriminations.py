"""Does the scheme of an assessment discriminate? For those who see the whole tree."""

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from touchstone.loop.results import Discrimination, QuotaUse
from touchstone.reports.discrimination_pages import (
    discrimination_charts,
    discrimination_in_words,
    quotas_in_words,
)
from touchstone_web.assessments.queries.assessments import require_right
from touchstone_web.assessments.views.cells import labelled
from touchstone_web.assessments.views.looks import Look, frame_of, look_at_results


@require_safe
def discrimination(request: HttpRequest, public_id: str) -> HttpResponse:
    """What brings the differences, what saturates, what is error, and how quotas were used."""
    look = look_at_results(request, public_id)
    require_right(look.rights, "whole")
    found = _kept(look)
    told = discrimination_in_words(found, look.words)
    quotas = quotas_in_words(_quotas(look), look.words)
    context = frame_of(look) | {
        "told": told,
        "rows": labelled(told.heads, told.rows) if told else [],
        "pictures": discrimination_charts(found, look.words),
        "quotas": quotas,
        "quota_rows": labelled(quotas.heads, quotas.rows) if quotas else [],
    }
    return render(request, "assessments/discrimination.html", context)


def _kept(look: Look) -> Discrimination:
    """The report as it is kept; 404 for an assessment from before there was one."""
    record = look.assessment.discrimination
    if record is None:
        raise Http404("no report on discrimination")
    return msgspec.convert(record, Discrimination)


def _quotas(look: Look) -> tuple[QuotaUse, ...]:
    return msgspec.convert(look.assessment.quotas, tuple[QuotaUse, ...])
