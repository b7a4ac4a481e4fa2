"""Computing again says "equal", or names the first thing that differs."""

import pytest
from django.urls import reverse
from tests.web.assessments.test_computing import assessed

from touchstone_web.assessments import folders
from touchstone_web.assessments.models import Assessment, UnitResult
from touchstone_web.evidence.files import evidence_file
from touchstone_web.journal.models import Entry


@pytest.fixture
def assessment(cast, some_schools, schools_pack):
    return assessed(cast, some_schools, schools_pack)


def computed_again(client, assessment):
    client.post(reverse("recompute", args=[assessment.public_id]))
    return assessment.recomputations.first()


def test_an_untouched_assessment_comes_out_equal(cast, client_of, assessment):
    """One click computes everything from the frozen rows; the page and the journal say so."""
    client = client_of(cast.erin)
    found = computed_again(client, assessment)
    assert found.is_equal
    page = client.get(reverse("how_computed", args=[assessment.public_id])).content.decode()
    assert "Everything came out equal" in page
    assert Entry.objects.order_by("-height").first().kind == "assessment.recomputed"


@pytest.mark.parametrize(
    ("field", "value"),
    [("score", 99), ("grade", "no"), ("rank_high", 1), ("name", "Other"), ("because", {})],
)
def test_a_changed_row_is_found(cast, client_of, assessment, field, value):
    """Whoever changes a figure in the database is found out, and the unit is named."""
    row = assessment.results.filter(grade="yes").order_by("identifier").last()
    UnitResult.objects.filter(pk=row.pk).update(**{field: value})
    found = computed_again(client_of(cast.alice), assessment)
    assert (found.is_equal, found.difference) == (False, {"what": "row", "name": row.identifier})
    page = client_of(cast.alice).get(reverse("how_computed", args=[assessment.public_id]))
    assert row.identifier in page.content.decode()


def test_a_row_that_is_gone_is_found(cast, client_of, assessment):
    """A result that was taken out of the database is missed."""
    row = assessment.results.first()
    row.delete()
    found = computed_again(client_of(cast.alice), assessment)
    assert found.difference == {"what": "row", "name": row.identifier}


@pytest.mark.parametrize("name", ["results.csv", "snapshot.parquet", "manifest.json"])
def test_a_changed_file_is_found(cast, client_of, assessment, name):
    """One other byte in a file of the folder, and the file is named."""
    path = folders.results_folder(assessment.public_id) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    found = computed_again(client_of(cast.alice), assessment)
    assert found.difference == {"what": "file", "name": name}


def test_changed_evidence_is_found(cast, client_of, assessment):
    """The folder alone would verify; the evidence it came from is looked at too."""
    evidence_file(assessment.snapshot.content_hash).unlink()
    found = computed_again(client_of(cast.alice), assessment)
    assert found.difference == {"what": "evidence", "name": "STORED-01"}


def test_a_folder_of_another_assessment_is_found(
    cast, client_of, assessment, some_schools, schools_pack
):
    """A whole other folder in the place of the right one verifies, and is not it."""
    other = assessed(cast, some_schools, schools_pack, "both")
    files = folders.read_folder(folders.results_folder(other.public_id))
    folders.write_folder(folders.results_folder(assessment.public_id), files)
    found = computed_again(client_of(cast.alice), assessment)
    assert found.difference == {"what": "file", "name": "manifest.json"}
    Assessment.objects.filter(pk=assessment.pk).update(manifest_hash=other.manifest_hash)
    found = computed_again(client_of(cast.alice), assessment)
    assert found.difference == {"what": "results", "name": ""}
