"""A person signs off, then publishes; the public gets its part and nothing else."""

import csv
import io
import zipfile

import pytest
from django.urls import reverse
from tests.web.assessments.test_computing import assessed

from touchstone.base.errors import TouchstoneError
from touchstone.reports.folders import verify_folder
from touchstone_web.assessments import commands, folders
from touchstone_web.journal.models import Entry


@pytest.fixture
def assessment(cast, some_schools, schools_pack):
    return assessed(cast, some_schools, schools_pack)


def files_of(response):
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


def test_a_sign_off_bears_a_name_and_stands_once(cast, client_of, assessment):
    """Who signs off is shown and journalled; a second time changes nothing."""
    client = client_of(cast.alice)
    for _ in range(2):
        client.post(reverse("sign_off", args=[assessment.public_id]))
    assessment.refresh_from_db()
    assert assessment.signed_off_by == cast.alice
    assert Entry.objects.filter(kind="assessment.signed_off").count() == 1
    page = client.get(reverse("how_computed", args=[assessment.public_id])).content.decode()
    assert "Signed off by Alice" in page


def test_nothing_is_published_without_a_sign_off(cast, client_of, assessment):
    """What is published needs a name that answers for it."""
    with pytest.raises(TouchstoneError) as caught:
        commands.request_publication(assessment=assessment, by=cast.alice)
    assert caught.value.code == "ASSESSMENT-04"
    commands.publish(assessment=assessment, by=cast.alice)
    assessment.refresh_from_db()
    assert assessment.published_at is None
    client_of(cast.alice).post(reverse("publish", args=[assessment.public_id]))
    assert not folders.published_folder(assessment.public_id).exists()


def test_an_assessment_without_results_is_not_signed_off(cast, assessment):
    """There is nothing yet that a person could answer for."""
    assessment.computed_at = None
    assessment.save()
    with pytest.raises(TouchstoneError) as caught:
        commands.sign_off(assessment=assessment, by=cast.alice)
    assert caught.value.code == "ASSESSMENT-03"


def test_the_public_gets_its_part(cast, client_of, assessment):
    """The published files verify, hold no evidence, and need no account."""
    client = client_of(cast.alice)
    address = reverse("published_folder", args=[assessment.public_id])
    assert client_of().get(address).status_code == 404
    client.post(reverse("sign_off", args=[assessment.public_id]))
    client.post(reverse("publish", args=[assessment.public_id]))
    files = files_of(client_of().get(address))
    assert verify_folder(files).is_right
    assert not {"snapshot.parquet", "tallies.parquet", "results.csv"} & files.keys()
    assert Entry.objects.filter(kind="assessment.published").count() == 1
    landing = client_of().get(reverse("home")).content.decode()
    assert address in landing


def test_a_tampered_folder_is_not_published(cast, client_of, assessment):
    """Everything is computed again before it goes out; what differs stays in."""
    client = client_of(cast.alice)
    client.post(reverse("sign_off", args=[assessment.public_id]))
    path = folders.results_folder(assessment.public_id) / "results.csv"
    path.write_bytes(path.read_bytes().replace(b"yes", b"no ", 1))
    client.post(reverse("publish", args=[assessment.public_id]))
    assessment.refresh_from_db()
    assert assessment.published_at is None
    page = client.get(reverse("how_computed", args=[assessment.public_id])).content.decode()
    assert "results.csv: " in page


def test_the_record_is_one_file_that_verifies(cast, client_of, assessment):
    """Unpacked, it is the folder that the command line writes and checks."""
    response = client_of(cast.erin).get(reverse("assessment_folder", args=[assessment.public_id]))
    files = files_of(response)
    assert verify_folder(files).is_right
    rows = list(csv.DictReader(io.StringIO(files["results.csv"].decode())))
    assert len(rows) == 40
