"""Addresses of assessments and results."""

from tests.support.addresses import EVERYONE, Address
from tests.support.assessments import (
    a_snapshot,
    riverland,
    riverland_analysed,
    riverland_beside,
)
from tests.support.casts import LONG_AGO
from tests.support.discriminations import riverland_discriminated

from touchstone_web.assessments import folders
from touchstone_web.assessments.models import Assessment, Recomputation
from touchstone_web.shared.models import JobRun, JobState

WHOLE = "alice erin"
PARTLY = "alice bob erin"


def one(cast):
    return {"public_id": riverland(cast).public_id}


def one_beside_another(cast):
    return {"public_id": riverland_beside(cast).public_id}


def one_that_discriminates(cast):
    return {"public_id": riverland_discriminated(cast).public_id}


def one_with_analyses(cast):
    return {"public_id": riverland_analysed(cast).public_id}


def evidence_of_alice(cast):
    a_snapshot(cast.tree)
    return {}


def a_failed_one(cast):
    assessment = riverland(cast)
    Assessment.objects.filter(pk=assessment.pk).update(computed_at=None)
    return {"public_id": assessment.public_id}


def one_under_way(cast):
    assessment = riverland(cast)
    job = a_run(cast, assessment)
    Assessment.objects.filter(pk=assessment.pk).update(computed_at=None, job=job)
    return {"public_id": assessment.public_id}


def one_computed_again(cast):
    assessment = riverland(cast)
    Recomputation.objects.create(
        assessment=assessment, job=a_run(cast, assessment), requested_at=LONG_AGO
    )
    return {"public_id": assessment.public_id}


def one_being_published(cast):
    assessment = riverland(cast)
    a_run(cast, assessment, kind="assessment.publish")
    return {"public_id": assessment.public_id}


def a_run(cast, assessment, kind="assessment.recompute"):
    return JobRun.objects.create(
        kind=kind,
        about=assessment.public_id,
        state=JobState.RUNNING,
        started_by=cast.alice.public_id,
        created_at=LONG_AGO,
    )


def one_with_files(cast):
    assessment = riverland(cast)
    folders.write_folder(folders.results_folder(assessment.public_id), {"results.csv": b"x"})
    return {"public_id": assessment.public_id}


def a_published_one(cast):
    assessment = riverland(cast)
    Assessment.objects.filter(pk=assessment.pk).update(published_at=LONG_AGO)
    folders.write_folder(folders.published_folder(assessment.public_id), {"published.csv": b"x"})
    return {"public_id": assessment.public_id}


def a_picture(cast):
    return {**one(cast), "picture": "distribution"}


def a_file(cast):
    return {**one(cast), "ending": "csv"}


def school_of_bob(cast):
    return {**one(cast), "unit": cast.units["S1"].public_id}


def foreign_school(cast):
    return {**one(cast), "unit": cast.units["S3"].public_id}


def areas_of(cast):
    return {**one(cast), "level": "district"}


ADDRESSES = [
    Address("assessments", sees="alice bob erin frank"),
    Address("new_assessment", sees="alice frank", make=evidence_of_alice),
    Address("assessment", sees=PARTLY, make=one),
    Address("assessment_progress", sees=WHOLE, make=one_under_way),
    Address("try_assessment_again", sees="alice", make=a_failed_one, method="post"),
    Address("download_results", sees=PARTLY, make=a_file),
    Address("assessment_areas", sees=PARTLY, make=one),
    Address("picture_of_areas", sees=PARTLY, make=areas_of),
    Address("assessment_beside", sees=PARTLY, make=one_beside_another),
    Address("picture_of_moves", sees=PARTLY, make=one_beside_another),
    Address("assessment_analyses", sees=WHOLE, make=one_with_analyses),
    Address("assessment_discrimination", sees=WHOLE, make=one_that_discriminates),
    Address("picture_of_results", sees=PARTLY, make=a_picture),
    Address("unit_result", sees=PARTLY, make=school_of_bob),
    Address("picture_of_peers", sees=PARTLY, make=school_of_bob),
    Address("unit_results", sees=PARTLY, make=lambda cast: {"unit": school_of_bob(cast)["unit"]}),
    Address("how_computed", sees=PARTLY, make=one),
    Address("recompute", sees=WHOLE, make=one, method="post"),
    Address("recompute_progress", sees=WHOLE, make=one_computed_again),
    Address("sign_off", sees="alice", make=one, method="post"),
    Address("publish", sees="alice", make=one, method="post"),
    Address("publish_progress", sees="alice", make=one_being_published),
    Address("assessment_folder", sees=WHOLE, make=one_with_files),
    Address("published_folder", sees=EVERYONE, make=a_published_one, is_public=True),
]
