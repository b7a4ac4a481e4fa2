"""From a request to results: the job, what it writes, and what becomes of faults."""

import pytest
from django.urls import reverse
from tests.support.casts import Cast

from touchstone.base.errors import TouchstoneError
from touchstone.reports.folders import verify_folder
from touchstone_web.assessments import commands, folders, jobs
from touchstone_web.assessments.models import Assessment, UnitResult
from touchstone_web.evidence.files import evidence_file
from touchstone_web.journal.models import Entry
from touchstone_web.people.models import Unit
from touchstone_web.shared.jobs import Progress, work_on
from touchstone_web.shared.models import JobRun, JobState


def assessed(cast: Cast, snapshot, pack, scheme="met_target") -> Assessment:
    """Ask for an assessment; in tests the job runs at once."""
    assessment = commands.request_assessment(
        snapshot=snapshot, pack=pack, scheme_name=scheme, language="en", by=cast.alice
    )
    assessment.refresh_from_db()
    return assessment


def test_an_assessment_is_asked_for_and_computed(cast, client_of, some_schools, schools_pack):
    """Choosing evidence and scheme leads to results; the folder verifies; the journal knows."""
    response = client_of(cast.alice).post(
        reverse("new_assessment"), {"snapshot": some_schools.public_id, "scheme": "met_target"}
    )
    assessment = Assessment.objects.get()
    assert response.url == reverse("assessment", args=[assessment.public_id])
    assert assessment.is_computed
    assert (assessment.units, assessment.graded) == (40, 40)
    assert assessment.results.count() == 40
    found = verify_folder(folders.read_folder(folders.results_folder(assessment.public_id)))
    assert found.is_right
    assert found.manifest.hashes.results == assessment.results_hash
    kinds = list(Entry.objects.order_by("height").values_list("kind", flat=True))
    assert kinds[-2:] == ["assessment.requested", "assessment.computed"]


def test_rows_say_what_the_results_say(cast, some_schools, schools_pack):
    """The rows behind the pages are those of results.csv, figure by figure."""
    assessment = assessed(cast, some_schools, schools_pack, "similar_schools")
    files = folders.read_folder(folders.results_folder(assessment.public_id))
    found = verify_folder(files).computed.assessment
    rows = {row.identifier: row for row in assessment.results.all()}
    for result in found.units:
        row = rows[result.unit]
        kept = (row.score, row.low, row.high, row.rank_low, row.rank_high, row.grade or None)
        told = (result.score, result.low, result.high, result.rank_low, result.rank_high)
        assert kept == (*told, result.grade)
    positions = assessment.results.filter(score__isnull=False).order_by("position")
    scores = list(positions.values_list("score", flat=True))
    assert scores == sorted(scores, reverse=True)


def test_a_register_gives_units_their_history(cast, some_schools, schools_pack):
    """The dataset names two periods; each unit has its values in them."""
    assessment = assessed(cast, some_schools, schools_pack)
    row = assessment.results.get(identifier="01611190130229")
    assert row.history == [["1999", "693"], ["2000", "731"]]


def test_a_job_that_runs_twice_changes_nothing(cast, some_schools, schools_pack):
    """A worker that fell after its work is done again by another, to no effect."""
    assessment = assessed(cast, some_schools, schools_pack)
    before = (Entry.objects.count(), list(UnitResult.objects.values_list("pk", flat=True)))
    jobs.compute_assessment(Progress(assessment.job))
    after = (Entry.objects.count(), list(UnitResult.objects.values_list("pk", flat=True)))
    assert before == after


def test_changed_evidence_gives_a_fault_and_no_results(cast, client_of, some_schools, schools_pack):
    """The page says what is wrong; once it is mended the same assessment can be tried again."""
    file = evidence_file(some_schools.content_hash)
    content = file.read_bytes()
    file.write_bytes(content[:-9])
    assessment = assessed(cast, some_schools, schools_pack)
    assert assessment.is_failed
    assert "STORED-02" in assessment.job.fault
    assert not UnitResult.objects.exists()
    client = client_of(cast.alice)
    page = client.get(reverse("assessment", args=[assessment.public_id])).content.decode()
    assert "STORED-02" in page
    file.write_bytes(content)
    client.post(reverse("try_assessment_again", args=[assessment.public_id]))
    assessment.refresh_from_db()
    assert assessment.is_computed


def test_a_unit_that_left_the_tree_is_named(cast, some_schools, schools_pack):
    """Nothing is stored when one of the units is not in the tree any more."""
    Unit.objects.filter(identifier="01611190130229").delete()
    assessment = assessed(cast, some_schools, schools_pack)
    assert "ASSESSMENT-02" in assessment.job.fault
    assert "01611190130229" in assessment.job.fault
    assert not UnitResult.objects.exists()


def test_a_scheme_of_other_evidence_is_refused(cast, some_schools, schools_pack):
    """A scheme judges the dataset it was written for."""
    with pytest.raises(TouchstoneError) as caught:
        assessed(cast, some_schools, schools_pack, "no_such_scheme")
    assert caught.value.code == "ASSESSMENT-01"
    assert not Assessment.objects.exists()


def test_an_assessment_outlives_its_pack(cast, client_of, some_schools, schools_pack, monkeypatch):
    """What decided the results was kept, so the pages can be read when the pack is gone."""
    assessment = assessed(cast, some_schools, schools_pack)
    monkeypatch.setattr("touchstone_web.assessments.views.looks.installed_pack", lambda name: None)
    monkeypatch.setattr("touchstone_web.shared.installed_packs.installed_pack", lambda name: None)
    client = client_of(cast.alice)
    unit = assessment.results.first().unit.public_id
    for address in (
        reverse("assessment", args=[assessment.public_id]),
        reverse("how_computed", args=[assessment.public_id]),
        reverse("unit_result", args=[assessment.public_id, unit]),
        reverse("assessments"),
        reverse("home"),
    ):
        assert client.get(address).status_code == 200


def test_a_run_that_was_lost_is_shown_as_failed(cast, client_of, some_schools, schools_pack):
    """When no worker came back the assessment is failed, and not under way for ever."""
    assessment = assessed(cast, some_schools, schools_pack)
    JobRun.objects.update(state=JobState.FAILED, fault="lost")
    Assessment.objects.update(computed_at=None)
    page = client_of(cast.alice).get(reverse("assessment", args=[assessment.public_id]))
    assert reverse("try_assessment_again", args=[assessment.public_id]) in page.content.decode()
    work_on.call(assessment.job.public_id)
    assessment.refresh_from_db()
    assert not assessment.is_computed
