"""The page of results: sorted, filtered, paged, in three languages, with few questions asked."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.support.assessments import an_assessment, riverland
from tests.support.casts import Cast

from touchstone_web.assessments.models import AreaMean, Assessment
from touchstone_web.people.models import Unit
from touchstone_web.people.paths import step

MOST_QUERIES = 25


def body_of(client, assessment, **query):
    return client.get(reverse("assessment", args=[assessment.public_id]), query).content.decode()


def order_in(body, *names):
    return sorted(names, key=body.index)


def many_schools(cast: Cast, number: int) -> list[Unit]:
    above = cast.units["D1"]
    return Unit.objects.bulk_create(
        Unit(
            tree=cast.tree,
            number=1000 + each,
            identifier=f"N{each:05}",
            name=f"School {each:05}",
            level="school",
            parent=above,
            path=above.path + step(1000 + each),
        )
        for each in range(number)
    )


def test_results_come_by_score_and_the_other_way_round(cast, client_of):
    """Without a wish the highest score stands first; a column's head turns the order."""
    assessment = riverland(cast)
    client = client_of(cast.alice)
    names = ("Mill School", "Bridge School", "Harbour School")
    assert order_in(body_of(client, assessment), *names) == list(names)
    assert order_in(body_of(client, assessment, sort="score"), *names)[0] == "Harbour School"
    assert order_in(body_of(client, assessment, sort="name"), *names)[0] == "Bridge School"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"grade": "no"}, ["Harbour School"]),
        ({"text": "bridge"}, ["Bridge School"]),
        ({"text": "S1"}, ["Mill School"]),
        ({"status": "withheld"}, []),
        ({"grade": "no", "text": "Mill"}, []),
        ({"grade": "nonsense", "sort": "nonsense", "page": "nonsense"}, None),
    ],
)
def test_a_filter_leaves_what_it_names(cast, client_of, query, shown):
    """Grade, status, name and identifier narrow the rows; what cannot be is no filter."""
    assessment = riverland(cast)
    body = body_of(client_of(cast.alice), assessment, **query)
    names = ("Mill School", "Bridge School", "Harbour School")
    assert [name for name in names if name in body] == (list(names) if shown is None else shown)


def test_an_area_leaves_its_subtree(cast, client_of):
    """The rows of an area are those of all units below it, however deep."""
    assessment = riverland(cast)
    area = cast.units["D2"].public_id
    body = body_of(client_of(cast.alice), assessment, area=area)
    assert "Harbour School" in body
    assert "Mill School" not in body


def test_rows_come_in_pages(cast, client_of):
    """Fifty rows a page; the second page goes on where the first ends."""
    assessment = an_assessment(cast.tree, many_schools(cast, 60))
    client = client_of(cast.alice)
    assert body_of(client, assessment).count("<tr>") == 51
    assert body_of(client, assessment, page="2").count("<tr>") == 11


def test_the_number_of_questions_does_not_grow_with_the_units(cast, client_of):
    """Ten units or a thousand: the pages ask the database equally often."""
    asked = {}
    for number in (10, 1_000):
        Unit.objects.filter(identifier__startswith="N").delete()
        assessment = an_assessment(cast.tree, many_schools(cast, number))
        unit = Unit.objects.get(identifier="N00003").public_id
        addresses = [
            reverse("assessment", args=[assessment.public_id]),
            reverse("assessment", args=[assessment.public_id]) + "?grade=yes&sort=-name&page=2",
            reverse("unit_result", args=[assessment.public_id, unit]),
            reverse("picture_of_peers", args=[assessment.public_id, unit]),
            reverse("picture_of_results", args=[assessment.public_id, "caterpillar"]),
            reverse("assessments"),
            reverse("home"),
        ]
        for person in ("alice", "bob"):
            client = client_of(cast.persons()[person])
            for place, address in enumerate(addresses):
                with CaptureQueriesContext(
                    connection,
                ) as queries:
                    assert client.get(address).status_code == 200
                asked.setdefault((person, place), []).append(len(queries))
        Assessment.objects.all().delete()
        assessment.snapshot.delete()
    assert all(few == many for few, many in asked.values()), asked
    assert max(many for _, many in asked.values()) <= MOST_QUERIES, asked


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "How was this computed"),
        ("zh-hans", "这是怎么算出来的"),
        ("zh-hant", "這是怎麼算出來的"),
    ],
)
def test_pages_speak_the_language_of_their_reader(cast, client_of, language, word):
    """The program's words and the pack's come in the same language."""
    assessment = riverland(cast)
    client = client_of(cast.alice)
    cast.alice.language = language
    cast.alice.save()
    assert word in body_of(client, assessment)
    for name in ("how_computed", "assessment_areas"):
        assert client.get(reverse(name, args=[assessment.public_id])).status_code == 200
    for name in ("assessments", "new_assessment", "home"):
        assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_rows_are_downloaded_with_the_filter_of_the_page(cast, client_of, ending):
    """Each format is a file with a name; its rows are those of the filter, all pages of them."""
    assessment = riverland(cast)
    address = reverse("download_results", args=[assessment.public_id, ending])
    response = client_of(cast.alice).get(address, {"grade": "no"})
    assert response.headers["Content-Disposition"].endswith(f'met_target.{ending}"')
    if ending == "csv":
        assert [line[:2] for line in response.content.decode().splitlines()] == ["un", "S3"]


def test_a_name_from_outside_is_only_text(cast, client_of):
    """A unit's name is escaped wherever it stands, also within a picture's specification."""
    Unit.objects.filter(identifier="S1").update(name="</script><b>x</b>")
    cast.units["S1"].refresh_from_db()
    assessment = riverland(cast)
    client = client_of(cast.alice)
    pages = [
        reverse("assessment", args=[assessment.public_id]),
        reverse("picture_of_results", args=[assessment.public_id, "caterpillar"]),
        reverse("unit_result", args=[assessment.public_id, cast.units["S1"].public_id]),
        reverse("picture_of_peers", args=[assessment.public_id, cast.units["S1"].public_id]),
    ]
    for address in pages:
        assert "<b>x" not in client.get(address).content.decode()


def test_means_of_areas_are_told_finer_than_whole_scores(cast, client_of):
    """Scores of met_target are whole; their means have two decimal places."""
    assessment = riverland(cast)
    assert assessment.places == 0
    AreaMean.objects.filter(assessment=assessment).delete()
    figures = {"census": Decimal("66.67"), "low": Decimal("12.05"), "high": Decimal("99.5")}
    AreaMean.objects.create(
        assessment=assessment, unit=cast.units["D1"], level="district", identifier="D1", name="D1",
        n=6, **figures,
    )  # fmt: skip
    address = reverse("assessment_areas", args=[assessment.public_id])
    body = client_of(cast.alice).get(address).content.decode()
    assert "66.67" in body
    assert "12.05 to 99.50" in body
