"""A human decision on an assessment: sign it off, publish it."""

from django.db import transaction

from touchstone.base.errors import TouchstoneError
from touchstone.reports.folders import published_folder
from touchstone_web.assessments import folders
from touchstone_web.assessments.models import Assessment
from touchstone_web.assessments.queries.assessments import PUBLISH
from touchstone_web.journal.commands import record
from touchstone_web.people.models import Person
from touchstone_web.shared import clocks
from touchstone_web.shared.jobs import start_job


@transaction.atomic
def sign_off(*, assessment: Assessment, by: Person) -> Assessment:
    """Take responsibility for an assessment by name; a second sign-off changes nothing."""
    locked = _computed(assessment)
    if locked.signed_off_at is not None:
        return locked
    locked.signed_off_at = clocks.now()
    locked.signed_off_by = by
    locked.save(update_fields=["signed_off_at", "signed_off_by"])
    _record("assessment.signed_off", locked, by)
    return locked


@transaction.atomic
def request_publication(*, assessment: Assessment, by: Person) -> None:
    """Ask for the public's part of a signed-off assessment to be published; a job makes it.

    Raises TouchstoneError ASSESSMENT-04 when nobody signed it off.
    """
    locked = _computed(assessment)
    if locked.signed_off_at is None:
        raise TouchstoneError(
            "ASSESSMENT-04",
            where="this assessment",
            found="nobody has signed it off",
            remedy="Sign it off first; what is published needs a name that answers for it.",
        )
    if locked.published_at is None:
        start_job(kind=PUBLISH, about=locked.public_id, by=by.public_id)


def publish(*, assessment: Assessment, by: Person) -> None:
    """Give the public its part of an assessment; a second time changes nothing.

    The library leaves out what may not be seen: the snapshot, units below the smallest group, and
    every row about a person. It computes everything again first, and publishes nothing that
    differs. That takes a while, so the rows are locked only afterwards.
    """
    files = published_folder(folders.read_folder(folders.results_folder(assessment.public_id)))
    with transaction.atomic():
        locked = _computed(assessment)
        if locked.published_at is not None or locked.signed_off_at is None:
            return
        folders.write_folder(folders.published_folder(locked.public_id), files)
        locked.published_at = clocks.now()
        locked.published_by = by
        locked.save(update_fields=["published_at", "published_by"])
        _record("assessment.published", locked, by)


def _computed(assessment: Assessment) -> Assessment:
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if not locked.is_computed:
        raise TouchstoneError(
            "ASSESSMENT-03",
            where="this assessment",
            found="it has no results yet",
            remedy="Wait until it is computed.",
        )
    return locked


def _record(kind: str, assessment: Assessment, by: Person) -> None:
    record(
        kind=kind,
        about=assessment.public_id,
        by=by.public_id,
        at=clocks.now(),
        details={
            "tree": assessment.tree.public_id,
            "results": assessment.results_hash,
            "manifest": assessment.manifest_hash,
        },
    )
