"""Another scheme's results beside those of an assessment, cut to the remit."""

import pytest
from django.urls import reverse
from tests.support.assessments import riverland, riverland_beside


def lines_of(client, assessment, **asked) -> list[str]:
    """Give the names of the rows of the page, in their order."""
    address = reverse("assessment_beside", args=[assessment.public_id])
    response = client.get(address, asked)
    assert response.status_code == 200
    return [line.name for line in response.context["lines"]]


@pytest.mark.parametrize("asked", [{}, {"sort": "rise"}, {"sort": "nonsense"}])
def test_who_rises_most_comes_first(cast, client_of, asked):
    """Without a wish, or with one that is none, those that rise stand on top."""
    assessment = riverland_beside(cast)
    names = lines_of(client_of(cast.alice), assessment, **asked)
    assert len(names) == 3
    assert names == lines_of(client_of(cast.alice), assessment, sort="fall")[::-1]


def test_rows_and_picture_are_cut_to_the_remit(cast, client_of):
    """Bob sees the schools of his district, in the table and in the picture."""
    assessment = riverland_beside(cast)
    seen = lines_of(client_of(cast.bob), assessment)
    assert sorted(seen) == sorted(cast.units[name].name for name in ("S1", "S2"))
    address = reverse("picture_of_moves", args=[assessment.public_id])
    own = client_of(cast.bob).get(address).content.decode()
    whole = client_of(cast.alice).get(address).content.decode()
    assert cast.units["S3"].name in whole
    assert cast.units["S3"].name not in own


def test_a_page_says_who_moves_in_words_and_signs(cast, client_of):
    """Nothing is told by colour alone."""
    assessment = riverland_beside(cast)
    address = reverse("assessment_beside", args=[assessment.public_id])
    body = client_of(cast.alice).get(address).content.decode()
    assert "▲ up" in body
    assert "▼ down" in body


def test_without_a_scheme_beside_there_is_no_page(cast, client_of):
    """Neither page nor picture nor tab."""
    assessment = riverland(cast)
    client = client_of(cast.alice)
    for name in ("assessment_beside", "picture_of_moves"):
        assert client.get(reverse(name, args=[assessment.public_id])).status_code == 404
    body = client.get(reverse("assessment", args=[assessment.public_id])).content.decode()
    assert reverse("assessment_beside", args=[assessment.public_id]) not in body
