"""The page on discrimination, quotas and probabilities of grades."""

import csv
import io

import pytest
from django.urls import reverse
from tests.support.assessments import riverland
from tests.support.discriminations import riverland_discriminated

from touchstone_web.assessments import commands
from touchstone_web.assessments.comparisons import first_difference
from touchstone_web.assessments.folders import read_folder, results_folder
from touchstone_web.assessments.models import Assessment
from touchstone_web.assessments.records import probabilities_of, probabilities_record


def page_of(client, assessment):
    address = reverse("assessment_discrimination", args=[assessment.public_id])
    return client.get(address)


def test_the_page_says_what_saturates_and_what_is_error(cast, client_of):
    """Verdicts, two pictures with their tables, figures, methods, and the use of quotas."""
    page = page_of(client_of(cast.alice), riverland_discriminated(cast)).content.decode()
    assert "does not tell schools apart: 100 % of schools have 95 or more of 100 points." in page
    assert "The scores saturate" in page
    assert "50 % of the differences between schools are sampling error" in page
    assert page.count("data-chart") == 2
    assert "Rank correlation with a repeat" in page
    assert "How the quotas were used" in page


@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "能否拉开差距"), ("zh-hant", "能否拉開差距")]
)
def test_the_page_is_there_in_chinese(cast, client_of, language, word):
    """As every page."""
    client = client_of(cast.alice)
    cast.alice.language = language
    cast.alice.save()
    page = page_of(client, riverland_discriminated(cast)).content.decode()
    assert word in page


def test_only_who_sees_the_whole_tree_sees_it(cast, client_of):
    """It tells of all units together; who sees some of them has no tab and no page."""
    assessment = riverland_discriminated(cast)
    assert page_of(client_of(cast.bob), assessment).status_code == 404
    own = client_of(cast.bob).get(reverse("assessment", args=[assessment.public_id]))
    assert "discrimination" not in own.content.decode()


def test_an_assessment_from_before_has_no_such_page(cast, client_of):
    """Nothing is made up afterwards."""
    assert page_of(client_of(cast.alice), riverland(cast)).status_code == 404


def test_a_unit_shows_how_probable_each_grade_is(cast, client_of):
    """As a bar with the same in words, the best grade first, and how it was found."""
    assessment = riverland_discriminated(cast)
    address = reverse("unit_result", args=[assessment.public_id, cast.units["S1"].public_id])
    page = client_of(cast.bob).get(address).content.decode()
    assert "How probable each grade is" in page
    assert "75.0 %" in page
    assert page.index("75.0 %") < page.index("25.0 %")
    assert "with every rule of the scheme applied to each" in page


def test_a_download_has_the_probabilities_behind_the_results(cast, client_of):
    """One column for each grade."""
    assessment = riverland_discriminated(cast)
    address = reverse("download_results", args=[assessment.public_id, "csv"])
    rows = list(csv.DictReader(io.StringIO(client_of(cast.alice).get(address).content.decode())))
    assert {row["probability_yes"] for row in rows} == {"0.750000"}


def test_a_computed_assessment_keeps_what_its_folder_says(cast, some_schools, schools_pack):
    """Report and probabilities; a changed one is found when everything is computed again."""
    assessment = commands.request_assessment(
        snapshot=some_schools,
        pack=schools_pack,
        scheme_name="similar_schools",
        language="en",
        by=cast.alice,
    )
    assessment.refresh_from_db()
    files = read_folder(results_folder(assessment.public_id))
    assert 0 < assessment.discrimination["n"] <= 40
    assert first_difference(assessment, files) is None
    row = assessment.results.first()
    kept = probabilities_of(row.probabilities)
    assert kept.method == "certain"
    assert probabilities_record(kept) == row.probabilities
    row.probabilities["grades"][0][1] = "0.5"
    row.save(update_fields=["probabilities"])
    assert first_difference(assessment, files) == {"what": "row", "name": row.identifier}
    Assessment.objects.filter(pk=assessment.pk).update(discrimination=None)
    assessment.refresh_from_db()
    assert first_difference(assessment, files) == {"what": "results", "name": ""}
