"""What each person sees of results: their own part, and of others nothing that has a name."""

import pytest
from django.urls import reverse
from tests.support.assessments import an_assessment, riverland
from tests.support.casts import FIRST_DAY, grant

from touchstone_web.assessments.queries.assessments import assessments_seen_by, rights_over
from touchstone_web.people.models import Unit
from touchstone_web.people.paths import step
from touchstone_web.shared.roles import Role

OTHERS = ("Harbour School", "Lower District")


def page(client, name, *arguments, **query):
    return client.get(reverse(name, args=arguments), query)


def test_a_head_sees_the_rows_of_the_subtree_only(cast, client_of):
    """Bob is head of the upper district: its two schools stand in the table, no other name."""
    assessment = riverland(cast)
    body = page(client_of(cast.bob), "assessment", assessment.public_id).content.decode()
    assert "Mill School" in body
    assert "Bridge School" in body
    assert not any(name in body for name in OTHERS)


def test_a_result_outside_the_remit_is_not_there(cast, client_of):
    """The page of a foreign unit, and the picture of its place, are 404."""
    assessment = riverland(cast)
    foreign = cast.units["S3"].public_id
    client = client_of(cast.bob)
    for name in ("unit_result", "picture_of_peers"):
        assert page(client, name, assessment.public_id, foreign).status_code == 404
    assert page(client, "unit_results", foreign).status_code == 404


def test_an_area_outside_the_remit_filters_nothing_out_and_shows_nothing(cast, client_of):
    """To ask for the rows of a foreign area, or of one above one's own, is 404."""
    assessment = riverland(cast)
    for name in ("D2", "C1"):
        area = cast.units[name].public_id
        response = page(client_of(cast.bob), "assessment", assessment.public_id, area=area)
        assert response.status_code == 404


def test_peers_are_shown_without_names(cast, client_of):
    """The picture of the place among peers names the unit itself and nobody else."""
    assessment = riverland(cast)
    own = cast.units["S1"].public_id
    body = page(client_of(cast.bob), "picture_of_peers", assessment.public_id, own)
    assert "Mill School" in body.content.decode()
    assert "Bridge School" not in body.content.decode()
    assert "Harbour School" not in body.content.decode()


def test_a_download_holds_the_rows_that_its_reader_sees(cast, client_of):
    """The file is cut to the remit as the page is."""
    assessment = riverland(cast)
    address = reverse("download_results", args=[assessment.public_id, "csv"])
    own = client_of(cast.bob).get(address).content.decode().splitlines()
    whole = client_of(cast.alice).get(address).content.decode().splitlines()
    assert [line.split(",")[0] for line in own] == ["unit", "S1", "S2"]
    assert [line.split(",")[0] for line in whole] == ["unit", "S1", "S2", "S3"]


def test_a_picture_shows_the_rows_that_its_reader_sees(cast, client_of):
    """A kept picture of the whole is never handed to somebody who sees a part."""
    assessment = riverland(cast)
    whole = page(client_of(cast.alice), "picture_of_results", assessment.public_id, "caterpillar")
    own = page(client_of(cast.bob), "picture_of_results", assessment.public_id, "caterpillar")
    assert "Harbour School" in whole.content.decode()
    assert "Harbour School" not in own.content.decode()


def test_means_of_areas_are_cut_to_the_remit(cast, client_of):
    """Bob sees the mean of his district and neither its neighbour's nor the county's."""
    assessment = riverland(cast)
    body = page(client_of(cast.bob), "assessment_areas", assessment.public_id).content.decode()
    assert "Upper District" in body
    assert "Lower District" not in body
    assert "River County" not in body


def test_an_assessment_without_a_unit_of_the_remit_is_not_there(cast, client_of):
    """An assessment of the other district's school alone is nothing to Bob."""
    assessment = an_assessment(cast.tree, [cast.units["S3"]])
    assert page(client_of(cast.bob), "assessment", assessment.public_id).status_code == 404
    assert assessment not in assessments_seen_by(cast.bob, on=FIRST_DAY)


def test_results_about_persons_stay_within_the_remit(cast, client_of):
    """Results of lecturers are named to those whose remit covers them, and in no picture of all."""
    tree = cast.other_tree
    people = [
        Unit.objects.create(
            tree=tree,
            number=number,
            identifier=str(number),
            name=f"Lecturer {number}",
            level="lecturer",
            parent=cast.other_units["X1"],
            path=cast.other_units["X1"].path + step(number),
        )
        for number in (101, 102)
    ]
    assessment = an_assessment(tree, people, scheme="teaching", pack="lecturers")
    for other in (cast.alice, cast.bob, cast.carol, cast.dan, cast.erin):
        assert page(client_of(other), "assessment", assessment.public_id).status_code == 404
    grant(cast.dan, Role.HEAD, tree=tree, unit=people[0])
    body = page(client_of(cast.dan), "assessment", assessment.public_id).content.decode()
    assert "Lecturer 101" in body
    assert "Lecturer 102" not in body
    whole = page(client_of(cast.frank), "picture_of_results", assessment.public_id, "caterpillar")
    assert "Lecturer 101" not in whole.content.decode()


@pytest.mark.parametrize(
    ("name", "whole", "sign_off"),
    [("alice", True, True), ("bob", False, False), ("carol", False, False), ("erin", True, False)],
)
def test_rights_follow_the_roles(cast, name, whole, sign_off):
    """Analysts decide, auditors check, heads read their part, administrators see no figure."""
    rights = rights_over(cast.tree, seen_by=cast.persons()[name], on=FIRST_DAY)
    assert (rights.whole, rights.recompute, rights.download) == (whole, whole, whole)
    assert (rights.sign_off, rights.publish) == (sign_off, sign_off)


def test_the_right_to_see_ends_with_the_remit(cast, client_of):
    """The day after the last day, the page is not there."""
    assessment = riverland(cast)
    cast.alice.remits.update(ends_on=FIRST_DAY)
    assert page(client_of(cast.alice), "assessment", assessment.public_id).status_code == 404
