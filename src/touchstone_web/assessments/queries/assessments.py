"""Which assessments there are for a person, and what they may do with one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from touchstone_web.assessments.models import Assessment, Recomputation, UnitResult
from touchstone_web.evidence.models import FrozenSnapshot
from touchstone_web.evidence.queries import snapshot_seen_by, snapshots_seen_by
from touchstone_web.people.models import Person, Tree
from touchstone_web.people.queries import units_seen_by
from touchstone_web.shared.jobs import latest_job
from touchstone_web.shared.models import JobRun
from touchstone_web.shared.roles import SEES_FIGURES, Role

PUBLISH = "assessment.publish"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may do with the assessments of one tree.

    `whole` is to see every unit of the tree. All else needs that too; only analysts change
    anything, and auditors may check.
    """

    whole: bool
    recompute: bool
    download: bool
    sign_off: bool
    publish: bool


def rights_over(tree: Tree, *, seen_by: Person, on: date) -> Rights:
    """What a person may do with the assessments of a tree on a day."""
    reach = Q(tree=None) | Q(tree=tree, unit=None)
    held = seen_by.remits_on(on).filter(reach, role__in=SEES_FIGURES)
    roles = set(held.values_list("role", flat=True))
    is_analyst = Role.ANALYST in roles
    return Rights(
        whole=bool(roles),
        recompute=bool(roles),
        download=bool(roles),
        sign_off=is_analyst,
        publish=is_analyst,
    )


def assessments_seen_by(person: Person, *, on: date) -> QuerySet[Assessment]:
    """The assessments a person sees anything of, the newest first.

    Who sees a whole tree sees all of its assessments, also those under way or failed. Who sees
    some units sees the computed ones in which one of these units has a result.
    """
    found = Assessment.objects.select_related("snapshot", "tree", "job", "requested_by")
    trees = person.public_ids_of_trees(*SEES_FIGURES, on=on)
    if trees is None:
        return found
    seen = units_seen_by(person, on=on)
    own = UnitResult.objects.filter(assessment=OuterRef("pk"), unit__in=seen)
    partly = Q(computed_at__isnull=False) & Exists(own)
    return found.filter(Q(tree__public_id__in=trees) | partly)


def assessment_seen_by(public_id: str, *, seen_by: Person, on: date) -> Assessment:
    """One assessment; 404 when there is none or nothing of it lies within the remit."""
    found = assessments_seen_by(seen_by, on=on)
    assessment = found.select_related("signed_off_by", "published_by").filter(public_id=public_id)
    first = assessment.first()
    if first is None:
        raise Http404("no such assessment")
    return first


def require_right(rights: Rights, right: str) -> None:
    """404 unless the right is held: who may not do a thing is not told that it can be done."""
    if not getattr(rights, right):
        raise Http404("nothing here within the remit")


def recomputations_of(assessment: Assessment) -> QuerySet[Recomputation]:
    """How often the assessment was computed again, the newest first."""
    return assessment.recomputations.select_related("job", "requested_by")


def publication_run(assessment: Assessment) -> JobRun | None:
    """The newest job that publishes an assessment; None when nobody asked for it yet."""
    return latest_job(kind=PUBLISH, about=assessment.public_id)


def published_assessments() -> QuerySet[Assessment]:
    """What was published, the newest first; anybody may see these."""
    found = Assessment.objects.filter(published_at__isnull=False).select_related("snapshot")
    return found.order_by("-published_at", "-pk")


def published_assessment(public_id: str) -> Assessment:
    """One published assessment; 404 for any other."""
    assessment = published_assessments().filter(public_id=public_id).first()
    if assessment is None:
        raise Http404("nothing was published here")
    return assessment


def snapshots_to_assess(*, seen_by: Person, on: date) -> QuerySet[FrozenSnapshot]:
    """The evidence that a person may have assessed: that of trees they are analyst of."""
    return snapshots_seen_by(seen_by, on=on, roles=(Role.ANALYST,))


def snapshot_to_assess(public_id: str, *, seen_by: Person, on: date) -> FrozenSnapshot:
    """One snapshot to be assessed; 404 when there is none or this person may not."""
    return snapshot_seen_by(public_id, seen_by=seen_by, on=on, roles=(Role.ANALYST,))


def schemes_assessed(snapshot: FrozenSnapshot) -> dict[str, Assessment]:
    """The newest assessment of a snapshot by each scheme that was used on it."""
    found = Assessment.objects.filter(snapshot=snapshot).order_by("requested_at")
    return {assessment.scheme_name: assessment for assessment in found}


def grade_counts(
    assessments: Collection[Assessment], *, seen_by: Person, on: date
) -> dict[int, dict[str, int]]:
    """How many units got each grade or status, as far as a person sees them.

    Keyed by the assessment's primary key, then by grade, or by status where there is no grade.
    """
    trees = seen_by.public_ids_of_trees(*SEES_FIGURES, on=on)
    counts: dict[int, dict[str, int]] = {}
    partly: list[int] = []
    for assessment in assessments:
        if trees is None or assessment.tree.public_id in trees:
            counts[assessment.pk] = {
                **assessment.grades,
                "undecided": assessment.undecided,
                "withheld": assessment.withheld,
            }
        else:
            counts[assessment.pk] = {}
            partly.append(assessment.pk)
    if partly:
        rows = UnitResult.objects.filter(assessment__in=partly)
        rows = rows.filter(unit__in=units_seen_by(seen_by, on=on)).order_by()
        counted = rows.values_list("assessment", "grade", "status").annotate(units=Count("pk"))
        for assessment_pk, grade, status, units in counted:
            counts[assessment_pk][grade or status] = units
    return counts
