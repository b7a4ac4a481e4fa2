"""Computing assessments in the background, and computing them again."""

from touchstone.reports.folders import build_folder
from touchstone.reports.recipes import compute, read_recipe
from touchstone_web.assessments import folders
from touchstone_web.assessments.commands.recomputations import RECOMPUTE, finish_recomputation
from touchstone_web.assessments.commands.releases import PUBLISH, publish
from touchstone_web.assessments.commands.requests import COMPUTE
from touchstone_web.assessments.commands.results import Outcome, store_results
from touchstone_web.assessments.comparisons import first_difference
from touchstone_web.assessments.histories import histories_of
from touchstone_web.assessments.models import Assessment, Recomputation
from touchstone_web.evidence.files import read_snapshot
from touchstone_web.people.models import Person
from touchstone_web.shared.jobs import Progress, job

STEPS = ("read", "compute", "pictures", "write")


@job(COMPUTE)
def compute_assessment(progress: Progress) -> None:
    """Compute an assessment; nothing is to be done when it has results already.

    1. Read the frozen rows, and see that they are those that were frozen.
    2. Measure and assess by the recipe that was kept when the assessment was asked for.
    3. Draw the pictures, and build the folder that `touchstone verify` checks.
    4. Write the folder, then the rows with the journal's entry.
    """
    found = Assessment.objects.select_related("snapshot", "tree")
    assessment = found.get(public_id=progress.about)
    if assessment.is_computed:
        return
    _tell(progress, "read")
    recipe = read_recipe(assessment.recipe)
    snapshot = read_snapshot(assessment.snapshot)
    _tell(progress, "compute")
    computed = compute(recipe, snapshot, engine=assessment.engine)
    _tell(progress, "pictures")
    files = build_folder(computed)
    _tell(progress, "write")
    folders.write_folder(folders.results_folder(assessment.public_id), files)
    outcome = Outcome(computed, files, histories_of(snapshot, recipe.dataset))
    store_results(assessment=assessment, outcome=outcome, by=progress.started_by)


@job(RECOMPUTE)
def recompute_assessment(progress: Progress) -> None:
    """Compute an assessment again from its frozen rows, and say where it first differs."""
    found = Recomputation.objects.select_related("assessment__snapshot", "assessment__tree")
    recomputation = found.filter(assessment__public_id=progress.about, finished_at=None).first()
    if recomputation is None:
        return
    progress.tell(step="compute")
    assessment = recomputation.assessment
    files = folders.read_folder(folders.results_folder(assessment.public_id))
    difference = first_difference(assessment, files)
    finish_recomputation(recomputation=recomputation, difference=difference, by=progress.started_by)


@job(PUBLISH)
def publish_assessment(progress: Progress) -> None:
    """Compute an assessment once more, and publish the public's part of it."""
    progress.tell(step="compute")
    found = Assessment.objects.select_related("snapshot", "tree")
    publish(
        assessment=found.get(public_id=progress.about),
        by=Person.objects.get(public_id=progress.started_by),
    )


def _tell(progress: Progress, step: str) -> None:
    progress.tell(step=step, done=STEPS.index(step), of=len(STEPS))
