"""What is published: never a person, never a small group, never an exact number of people."""

import csv
import io
import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.reports.cases import computed, facts_recipe, folder, recipe, snapshot, unit

from touchstone.base.errors import TouchstoneError
from touchstone.content.texts import LANGUAGES
from touchstone.reports.bands import Band, band_of
from touchstone.reports.folders import build_folder, published_folder, verify_folder
from touchstone.reports.folders.manifests import MANIFEST
from touchstone.reports.recipes import Computed, compute
from touchstone.reports.releases import release_of, smallest_group


@cache
def published(about="organisations", language="en"):
    return published_folder(folder(about=about, language=language))


def test_a_published_folder_holds_neither_evidence_nor_tallies():
    """Only what may be told to everyone, and the manifest of it."""
    names = ["manifest.json", "manifest.sha256", "published.csv", "published.html"]
    assert sorted(published()) == [*names, "published.json"]


def test_a_published_folder_verifies_by_its_bytes():
    """Without evidence its files are checked by their hashes only."""
    found = verify_folder(published())
    assert found.is_right
    assert {one.state for one in found.checked} == {"hash", "exact"}
    changed = {**published(), "published.csv": published()["published.csv"] + b" "}
    assert verify_folder(changed).wrong.name == "published.csv"
    assert verify_folder({**published(), "charts/": b""}).wrong.reason == "extra"


def test_publishing_again_gives_the_same_bytes():
    """Who has the folder can check what was published from it."""
    assert published() == published_folder(folder(), verification=verify_folder(folder()))


def test_a_number_of_people_is_published_as_a_band():
    """14 raters are told as 10 to 19; a unit with 4 is withheld without any number."""
    units = {one["unit"]: one for one in json.loads(published()["published.json"])["units"]}
    assert (units["000"]["n_from"], units["000"]["n_to"]) == (10, 19)
    few = units["005"]
    assert few["status"] == "withheld"
    empty = ("n_from", "n_to", "score", "low", "high", "rank_low", "rank_high", "grade")
    assert [few[name] for name in empty] == [None] * 8


def test_a_published_table_says_the_same_as_its_json():
    """CSV and JSON have the same columns and values."""
    units = json.loads(published()["published.json"], parse_float=str)["units"]
    rows = list(csv.DictReader(io.StringIO(published()["published.csv"].decode())))
    assert rows == [
        {name: "" if value is None else str(value) for name, value in one.items()} for one in units
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_person_is_published(language):
    """Neither identifier nor name, score or reason of a person stands in any file."""
    files = published("persons", language)
    read = json.loads(files["published.json"])
    assert "units" not in read
    for content in files.values():
        for one in computed(about="persons").assessment.units:
            assert one.name.encode() not in content
            assert one.name.replace("<", "&lt;").encode() not in content
            assert f'"{one.unit}"'.encode() not in content


def test_counts_of_persons_are_published_as_bands():
    """How many persons got a grade is told only roughly."""
    counts = json.loads(published("persons")["published.json"])["distribution"]
    assert {(one["count_from"], one["count_to"]) for one in counts} <= {
        (0, 9),
        (10, 19),
        (20, 49),
    }


def test_means_of_areas_with_few_persons_are_not_published():
    """At least 10 persons stand behind a published mean."""
    areas = json.loads(published("persons")["published.json"])["areas"]
    shown = {one["unit"]: one["mean"] for one in areas}
    assert shown["region-B"] is not None
    assert shown["region-A"] is None
    assert [one["n_from"] for one in areas if one["mean"] is None] == [None, None]


def test_hashes_of_answers_are_not_published():
    """Who knows nearly all answers could try guesses of the rest until a hash fits."""
    files = published()
    assert json.loads(files[MANIFEST])["source"] is None
    secrets = [computed().snapshot.content_hash, computed().results_hash]
    secrets.append(json.loads(folder()[MANIFEST])["hashes"]["tallies"])
    for content in files.values():
        assert not any(secret.encode() in content for secret in secrets)


def test_register_facts_are_published_as_they_are_with_their_source():
    """No answers of people stand behind them."""
    whole = compute(facts_recipe(), snapshot(), engine="kernel")
    assert smallest_group(whole.recipe) is None
    files = published_folder(build_folder(whole))
    manifest = json.loads(files[MANIFEST])
    assert manifest["source"]["snapshot"] == whole.snapshot.content_hash
    first = json.loads(files["published.json"])["units"][0]
    assert (first["n_from"], first["n_to"], first["score"]) == (1, 1, 100.0)


def test_a_result_on_fewer_people_than_the_smallest_group_is_withheld():
    """Whatever the measure allowed, the publication looks again."""
    made = computed()
    units = (unit("a", "50", n=9), unit("b", "50", n=10), unit("c", None, n=3))
    changed = Computed(
        made.recipe, made.snapshot, made.measures, _with_units(made.assessment, units)
    )
    few, enough, withheld = release_of(changed).units
    assert (few.result.status, few.result.score, few.n) == ("withheld", None, None)
    assert few.result.because.key == "protected"
    assert (enough.result.status, enough.n) == ("graded", Band(10, 19))
    assert (withheld.result.n, withheld.n) == (None, None)


def test_a_folder_that_is_not_right_is_not_published():
    """What does not verify never reaches the public."""
    with pytest.raises(TouchstoneError) as fault:
        published_folder({**folder(), "results.csv": b""})
    assert fault.value.code == "RESULTS-05"
    assert fault.value.where == "results.csv"


def test_a_published_folder_is_not_published_again():
    """It has nothing more to take out."""
    with pytest.raises(TouchstoneError) as fault:
        published_folder(published())
    assert fault.value.code == "RESULTS-06"


def test_the_smallest_group_of_persons_is_at_least_ten():
    """Also where every figure is a fact about a person."""
    assert smallest_group(recipe(about="persons")) == 10


@given(st.integers(0, 10**7))
def test_a_band_holds_its_number(count):
    """Bands have no gaps, and none is narrower than ten."""
    band = band_of(count)
    assert band.low <= count <= band.high
    assert band.high - band.low >= 9
    assert band_of(band.low) == band_of(band.high) == band


def _with_units(assessment, units):
    return type(assessment)(assessment.pack, assessment.scheme, units, assessment.areas)
