"""Reading of what all parts share."""

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404

from touchstone_web.shared.models import JobRun
from touchstone_web.shared.viewers import Viewer

ROWS_ON_A_PAGE = 50


def job_started_by(public_id: str, *, seen_by: Viewer) -> JobRun:
    """A run that this person started; 404 for everybody else's."""
    run = JobRun.objects.filter(public_id=public_id, started_by=seen_by.public_id).first()
    if run is None:
        raise Http404("no such job")
    return run


def page_of(rows: QuerySet, number: object, *, size: int = ROWS_ON_A_PAGE) -> Page:
    """One page of some rows for `shared/paging.html`; the nearest there is to any number asked."""
    return Paginator(rows, size).get_page(number)


def touch_database() -> None:
    """Ask the database for nothing; raises when it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
