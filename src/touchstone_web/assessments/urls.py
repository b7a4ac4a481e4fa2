from django.urls import path

from touchstone_web.assessments.views import (
    analyses,
    besides,
    computed,
    discriminations,
    lists,
    pictures,
    results,
    units,
)

ONE = "assessments/<public_id:public_id>"

urlpatterns = [
    path("assessments", lists.assessments, name="assessments"),
    path("assessments/new", lists.new_assessment, name="new_assessment"),
    path(ONE, results.assessment, name="assessment"),
    path(f"{ONE}/progress", results.progress, name="assessment_progress"),
    path(f"{ONE}/again", lists.try_again, name="try_assessment_again"),
    path(f"{ONE}/results.<slug:ending>", results.download, name="download_results"),
    path(f"{ONE}/areas", results.areas, name="assessment_areas"),
    path(f"{ONE}/areas/<slug:level>/picture", pictures.areas, name="picture_of_areas"),
    path(f"{ONE}/beside", besides.beside, name="assessment_beside"),
    path(f"{ONE}/beside/picture", besides.picture, name="picture_of_moves"),
    path(f"{ONE}/pictures/<slug:picture>", pictures.of_results, name="picture_of_results"),
    path(f"{ONE}/units/<public_id:unit>", units.unit_result, name="unit_result"),
    path(f"{ONE}/units/<public_id:unit>/peers", pictures.peers, name="picture_of_peers"),
    path("units/<public_id:unit>/results", units.unit_results, name="unit_results"),
    path(f"{ONE}/discrimination", discriminations.discrimination, name="assessment_discrimination"),
    path(f"{ONE}/analyses", analyses.analyses, name="assessment_analyses"),
    path(f"{ONE}/computed", computed.how_computed, name="how_computed"),
    path(f"{ONE}/recompute", computed.recompute, name="recompute"),
    path(f"{ONE}/recompute/progress", computed.recompute_progress, name="recompute_progress"),
    path(f"{ONE}/sign-off", computed.sign_off, name="sign_off"),
    path(f"{ONE}/publish", computed.publish, name="publish"),
    path(f"{ONE}/publish/progress", computed.publish_progress, name="publish_progress"),
    path(f"{ONE}/folder.zip", computed.folder, name="assessment_folder"),
    path("published/<public_id:public_id>.zip", computed.published, name="published_folder"),
]
