"""Computing an assessment again, to see whether the same comes out."""

from collections.abc import Mapping

from django.db import transaction

from touchstone_web.assessments.models import Assessment, Recomputation
from touchstone_web.journal.commands import record
from touchstone_web.people.models import Actor
from touchstone_web.shared import clocks
from touchstone_web.shared.jobs import start_job

RECOMPUTE = "assessment.recompute"


@transaction.atomic
def request_recomputation(*, assessment: Assessment, by: Actor) -> Recomputation:
    """Ask for an assessment to be computed again; the one under way when there is one."""
    # Whoever asks at the same time waits here.
    Assessment.objects.select_for_update().get(pk=assessment.pk)
    newest = assessment.recomputations.select_related("job").first()
    if newest is not None and newest.is_under_way:
        return newest
    asked = Recomputation.objects.create(
        assessment=assessment, requested_by_id=by.pk, requested_at=clocks.now()
    )
    run = start_job(kind=RECOMPUTE, about=assessment.public_id, by=by.public_id)
    Recomputation.objects.filter(pk=asked.pk).update(job=run)
    return asked


@transaction.atomic
def finish_recomputation(
    *, recomputation: Recomputation, difference: Mapping[str, str] | None, by: str
) -> None:
    """Write down what computing again showed; None says that everything was equal."""
    moment = clocks.now()
    recomputation.finished_at = moment
    recomputation.is_equal = difference is None
    recomputation.difference = dict(difference or {})
    recomputation.save(update_fields=["finished_at", "is_equal", "difference"])
    assessment = recomputation.assessment
    record(
        kind="assessment.recomputed",
        about=assessment.public_id,
        by=by,
        at=moment,
        details={
            "tree": assessment.tree.public_id,
            "results": assessment.results_hash,
            "outcome": "equal" if difference is None else "different",
        },
    )
