"""Looking through the tree, within the remit and no further."""

import pytest

from touchstone_web.people.models import Unit
from touchstone_web.shared import clocks
from touchstone_web.shared.installed_packs import installed_packs

LANGUAGES = ["en", "zh-hans", "zh-hant"]


def names_on(response):
    return [unit.name for unit in response.context["page"].object_list]


def test_an_analyst_begins_at_the_top(cast, client_of):
    """The roots, each with its number of children."""
    page = client_of(cast.alice).get(f"/units/trees/{cast.tree.public_id}")
    (root,) = page.context["page"].object_list
    assert (root.name, root.open_children) == ("River County", 2)
    assert {count.level: count.units for count in page.context["counts"]} == {
        "county": 1,
        "district": 2,
        "school": 3,
    }


def test_a_head_begins_at_the_unit_of_the_remit(cast, client_of):
    """What stands above and beside it is not there."""
    bob = client_of(cast.bob)
    page = bob.get(f"/units/trees/{cast.tree.public_id}")
    assert names_on(page) == ["Upper District"]
    text = page.content.decode()
    assert "River County" not in text
    assert "Lower District" not in text
    assert bob.get(f"/units/{cast.units['D2'].public_id}").status_code == 404
    assert bob.get(f"/units/{cast.units['C1'].public_id}").status_code == 404


def test_a_search_finds_only_what_is_in_the_remit(cast, client_of):
    """By a part of the name or of the identifier, in any case of letters."""
    address = f"/units/trees/{cast.tree.public_id}"
    alice, bob = client_of(cast.alice), client_of(cast.bob)
    assert names_on(alice.get(address, {"q": "harbour"})) == ["Harbour School"]
    assert names_on(alice.get(address, {"q": "s3"})) == ["Harbour School"]
    assert names_on(bob.get(address, {"q": "harbour"})) == []
    assert "Lower District" not in bob.get(address, {"q": "school"}).content.decode()


def test_a_search_does_not_show_the_name_of_a_parent_outside_the_remit(cast, client_of):
    """The top unit of a remit belongs to a unit that the head does not see."""
    page = client_of(cast.bob).get(f"/units/trees/{cast.tree.public_id}", {"q": "upper"})
    assert names_on(page) == ["Upper District"]
    assert "River County" not in page.content.decode()


def test_the_way_to_a_unit_stands_on_its_page(cast, client_of):
    """From the top down, each step a link; for a head from the top of the remit."""
    address = f"/units/{cast.units['S1'].public_id}"
    above = client_of(cast.alice).get(address).context["above"]
    assert [unit.name for unit in above] == ["River County", "Upper District"]
    above = client_of(cast.bob).get(address).context["above"]
    assert [unit.name for unit in above] == ["Upper District"]


def test_a_closed_unit_is_shown_as_closed_and_not_counted(cast, client_of):
    """It stands last among its sisters."""
    Unit.objects.filter(pk=cast.units["S1"].pk).update(closed_on=clocks.today())
    page = client_of(cast.alice).get(f"/units/{cast.units['D1'].public_id}")
    assert names_on(page) == ["Bridge School", "Mill School"]
    assert [count.units for count in page.context["counts"]] == [1]


def test_results_are_offered_only_to_those_who_see_figures(cast, client_of):
    """An administrator knows units by name and sees no figure."""
    address = f"/units/{cast.units['D1'].public_id}"
    assert client_of(cast.bob).get(address).context["results"]
    assert client_of(cast.carol).get(address).context["results"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_levels_are_told_in_the_words_of_the_pack(language, cast, client_of):
    """A tree of the schools pack calls its levels as that pack does."""
    cast.tree.pack = "schools"
    cast.tree.save(update_fields=["pack"])
    client = client_of(cast.alice)
    client.cookies["touchstone-language"] = language
    text = client.get(f"/units/trees/{cast.tree.public_id}").content.decode()
    assert installed_packs()["schools"].texts[language]["level.county"] in text


def test_a_page_takes_a_constant_number_of_queries(cast, client_of, django_assert_max_num_queries):
    """Fifty children cost what one costs."""
    parent = cast.units["D1"]
    Unit.objects.bulk_create(
        Unit(
            tree=cast.tree,
            number=100 + number,
            identifier=f"N{number}",
            name=f"School {number}",
            level="school",
            parent=parent,
            path=f"{parent.path}{100 + number:x}/",
        )
        for number in range(60)
    )
    client = client_of(cast.alice)
    with django_assert_max_num_queries(20):
        assert len(names_on(client.get(f"/units/{parent.public_id}"))) == 50


def test_an_administrator_of_an_empty_installation_is_told_what_to_do(client_of, cast):
    """The first page is not a dead end."""
    Unit.objects.filter(tree=cast.other_tree).update(parent=None)
    page = client_of(cast.carol).get("/units")
    assert page.status_code == 200
    assert page.context["may_import"]
