"""The page on what else the evidence of an assessment tells."""

import pytest
from django.urls import reverse
from tests.support.assessments import riverland, riverland_analysed

from touchstone.content.texts import LANGUAGES
from touchstone_web.assessments import commands
from touchstone_web.assessments.comparisons import first_difference
from touchstone_web.assessments.folders import read_folder, results_folder


def page_of(client, assessment):
    return client.get(reverse("assessment_analyses", args=[assessment.public_id]))


def test_the_page_shows_pictures_tables_and_sentences(cast, client_of):
    """Under the analysis's title, with what is to be known before."""
    page = page_of(client_of(cast.alice), riverland_analysed(cast)).content.decode()
    for text in ("Size (en)", "How large.", "Three rows.", "No effect is shown.", "One bar."):
        assert text in page
    assert page.count("data-chart") == 1
    assert '<td class="number" data-label="n">3</td>' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_there_in_each_language(cast, client_of, language):
    """What was found is kept in the words of each."""
    client = client_of(cast.alice)
    cast.alice.language = language
    cast.alice.save()
    assert f"Size ({language})" in page_of(client, riverland_analysed(cast)).content.decode()


def test_only_who_sees_the_whole_tree_sees_it(cast, client_of):
    """It tells of all units together; who sees some of them has no tab and no page."""
    assessment = riverland_analysed(cast)
    assert page_of(client_of(cast.bob), assessment).status_code == 404
    assert page_of(client_of(cast.dan), assessment).status_code == 404
    own = client_of(cast.bob).get(reverse("assessment", args=[assessment.public_id]))
    assert "/analyses" not in own.content.decode()


def test_an_assessment_without_analyses_has_no_such_page(cast, client_of):
    """And no tab for it."""
    assessment = riverland(cast)
    assert page_of(client_of(cast.alice), assessment).status_code == 404
    own = client_of(cast.alice).get(reverse("assessment", args=[assessment.public_id]))
    assert "/analyses" not in own.content.decode()


def test_a_computed_assessment_keeps_its_analyses(cast, some_schools, schools_pack):
    """In all languages of the pack; a changed one is found when everything is computed again."""
    assessment = commands.request_assessment(
        snapshot=some_schools,
        pack=schools_pack,
        scheme_name="similar_schools",
        language="zh-hans",
        by=cast.alice,
    )
    assessment.refresh_from_db()
    files = read_folder(results_folder(assessment.public_id))
    assert sorted(assessment.analyses) == sorted(LANGUAGES)
    assert "analyses.json" in files
    assert first_difference(assessment, files) is None
    assessment.analyses["zh-hans"][0]["title"] = "…"
    assert first_difference(assessment, files) == {"what": "results", "name": ""}
