"""What a publication keeps back: small groups, and whatever would give them away."""

import csv
import io
import json
from functools import cache

import msgspec
import pyarrow as pa
import pytest
from tests.unit.reports.cases import DATASET, INDICATORS, SCHEME, recipe

from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Criterion
from touchstone.reports.folders import build_folder, publication_of, published_folder
from touchstone.reports.gates import findings_in_words, findings_record, gate
from touchstone.reports.people import alike_units, prints_by_unit
from touchstone.reports.protections import protection_of
from touchstone.reports.recipes import Recipe, compute
from touchstone.reports.releases import release_of
from touchstone.stats.disclosure.ledgers import Ledger
from touchstone.tallies.tables import Column, build_snapshot

EMPTY = Ledger("towns/ratings", bytes(16))
# Raters of each town: one town has fewer than 10, but enough for one of the indicators.
SIZES = {"000": 14, "001": 7, "002": 25, "003": 16, "004": 18, "005": 21}
REGIONS = {"000": "A", "001": "A", "002": "A", "003": "B", "004": "B", "005": "B"}


def made(sizes=SIZES, *, change=None, about="organisations", language="en", regions=REGIONS):
    """Towns rated by people; 5 are enough for a score, but 10 must stand behind what is told."""
    rows = [
        {
            "person": f"p{rater:02}",
            "town": town,
            "label": f"Town {town}",
            "region": regions[town],
            "rating": 20 + (int(town) * 11 + rater * rater * 7) % 61,
            "inspected": 1,
            "official": 0,
        }
        for town, size in sizes.items()
        for rater in range(size)
    ]
    for row in rows:
        if change is not None:
            change(row)
    columns = [
        Column(spec.name, "text" if spec.kind == "text" else "number", places=spec.places)
        for spec in DATASET.columns
    ]
    table = pa.table(
        {one.name: pa.array([row[one.name] for row in rows], one.arrow_type) for one in columns}
    )
    return compute(
        few_recipe(about, language), build_snapshot(columns, table, DATASET.key), engine="kernel"
    )


@cache
def few_recipe(about, language):
    whole = recipe(about=about, language=language)
    fields = {name: getattr(whole, name) for name in whole.__struct_fields__}
    rating = {"dataset": "ratings", "kind": "mean", "column": "rating"}
    indicators = {
        "rating": Indicator(**rating, smallest_group=5),
        "strict": Indicator(**rating, smallest_group=10),
        "inspected": INDICATORS["inspected"],
    }
    kinds = {name: getattr(SCHEME, name) for name in SCHEME.__struct_fields__}
    criteria = (Criterion(id="service", indicator="rating", target=SCHEME.criteria[0].target),)
    scheme = type(SCHEME)(**{**kinds, "criteria": criteria, "vetoes": (), "places": 2})
    return Recipe(**{**fields, "indicators": indicators, "schemes": {"service": scheme}})


def test_a_small_unit_does_not_follow_from_its_area():
    """Another unit of the area is not told either, the one with the fewest people."""
    computed = made()
    found = protection_of(computed, 10)
    assert (found.small, found.silent, found.areas) == ({"001"}, {"000"}, frozenset())


def test_an_area_of_one_large_and_one_small_unit_tells_no_mean_with_that_unit():
    """One of the two is kept back."""
    sizes = {"000": 14, "001": 7, "003": 16, "004": 18}
    found = protection_of(made(sizes), 10)
    assert found.small == {"001"}
    assert found.silent == {"000"} or "region-A" in found.areas


def test_nothing_is_kept_back_where_nothing_is_small():
    """Every result and every mean is told."""
    sizes = {town: 14 + int(town) for town in SIZES}
    found = protection_of(made(sizes), 10)
    assert not found.small | found.silent | found.areas | found.alike


def test_what_is_withheld_looks_the_same_whatever_the_cause():
    """Small, too small to be measured, or silent for another's sake: the same words."""
    released = {one.result.unit: one for one in release_of(made({**SIZES, "005": 3})).units}
    shown = {
        town: (one.result.status, one.result.score, one.n, one.result.because)
        for town, one in released.items()
        if one.result.status == "withheld"
    }
    assert set(shown) >= {"000", "001", "005"}
    assert len(set(shown.values())) == 1


def test_places_are_not_told_where_a_small_unit_has_one():
    """A unit's place among the others would tell where its score lies."""
    for one in release_of(made()).units:
        assert (one.result.rank_low, one.result.rank_high) == (None, None)


def test_of_a_unit_where_all_but_one_answered_alike_only_the_grade_is_told():
    """Its score would tell what each of them said."""

    def alike(row):
        if row["town"] == "005" and row["person"] != "p00":
            row["rating"] = 70

    computed = made(change=alike)
    assert alike_units(computed) == {"005"}
    one = {unit.result.unit: unit for unit in release_of(computed).units}["005"]
    assert (one.result.score, one.result.low, one.n is None) == (None, None, False)
    assert one.result.because.key == "answered_alike"
    assert one.result.grade is not None or one.result.status == "undecided"


def test_areas_of_persons_do_not_follow_from_each_other():
    """Where several levels are told, a small area does not follow from the ones around it."""
    regions = {f"{town:03}": "A" if town < 4 else "B" for town in range(30)}
    computed = made(dict.fromkeys(regions, 12), about="persons", regions=regions)
    found = protection_of(computed, 10)
    assert found.areas == {"region-A"}
    shown = {area.unit: area.mean for area in release_of(computed).areas}
    assert shown["region-A"] is None
    assert shown["region-B"] is not None


def test_no_channel_holds_what_is_kept_back():
    """JSON, CSV, page and the data of its pictures; what is told stands in all of them."""
    computed = made()
    files = published_folder(build_folder(computed))
    scores = {one.unit: one.score for one in computed.assessment.units}
    hidden = protection_of(computed, 10)
    kept = hidden.small | hidden.silent
    for name, content in files.items():
        for town in kept:
            assert str(scores[town]).encode() not in content, (name, town)
    units = {one["unit"]: one for one in json.loads(files["published.json"])["units"]}
    table = list(csv.DictReader(io.StringIO(files["published.csv"].decode())))
    for town in kept:
        shown = {key: value for key, value in units[town].items() if value is not None}
        assert set(shown) == {"unit", "name", "status", "because"}
    assert {row["unit"] for row in table if not row["score"]} == kept
    for town in set(scores) - kept:
        assert str(scores[town]).encode() in files["published.html"]


def test_what_is_kept_back_does_not_change_what_is_told():
    """Whatever the small unit answered, the published table says the same of it."""

    def worse(row):
        if row["town"] == "001":
            row["rating"] = 20 + int(row["person"][1:])

    told, other = (release_of(one).units for one in (made(), made(change=worse)))
    assert [(one.result, one.n) for one in told] == [(one.result, one.n) for one in other]


def test_the_prints_of_a_town_are_those_of_its_raters():
    """One for each rater; another answer, salt or wave gives another print."""
    computed = made()
    prints = prints_by_unit(computed, salt=bytes(16), wave="")
    assert {town: len(found) for town, found in prints.items()} == SIZES
    again = prints_by_unit(made(), salt=bytes(16), wave="")
    assert all((prints[town] == again[town]).all() for town in prints)
    for salt, wave in ((b"1" * 16, ""), (bytes(16), "2027")):
        other = prints_by_unit(computed, salt=salt, wave=wave)
        assert not set(other["000"]) & set(prints["000"])


def test_a_late_answer_shuts_the_gate():
    """The unit and the area that differ from the release before are named."""
    ledger = released(EMPTY, made())
    late = made({**SIZES, "004": 19})
    passage = gate(late, release_of(late), ledger, wave="")
    assert not passage.is_open
    entries = (*ledger.releases, passage.entry)
    record = findings_record(passage.findings, entries, names={"004": "Town 004"})
    lines = findings_in_words(record, late.recipe.words)
    assert any("Town 004" in line and "fewer than 10" in line for line in lines)
    assert "19" not in "".join(lines).replace("Town 00", "")


@pytest.mark.parametrize("how", ["corrected", "moved"])
def test_a_correction_shuts_the_gate(how):
    """One answer was corrected, or one rater's answer moved to another town."""

    def change(row):
        if (row["town"], row["person"]) == ("004", "p17"):
            if how == "corrected":
                row["rating"] += 3
            else:
                row["town"], row["person"], row["label"] = "003", "p99", "Town 003"

    ledger = released(EMPTY, made())
    computed = made(change=change)
    assert not gate(computed, release_of(computed), ledger, wave="").is_open


def test_enough_late_answers_pass():
    """Ten more in one town, none elsewhere."""
    ledger = released(EMPTY, made())
    computed = made({**SIZES, "004": 28})
    assert gate(computed, release_of(computed), ledger, wave="").is_open


def test_another_scheme_on_the_same_answers_passes():
    """Its grades divide the same people otherwise; nobody's answer follows from that."""
    regions = {f"{town:03}": "AB"[town % 2] for town in range(30)}
    computed = made(dict.fromkeys(regions, 12), about="persons", regions=regions)
    ledger = released(EMPTY, computed)
    fields = {name: getattr(SCHEME, name) for name in SCHEME.__struct_fields__}
    other = type(SCHEME)(**{**fields, "vetoes": ()})
    changed = msgspec.structs.replace(computed.recipe, schemes={"service": other})
    again = compute(changed, computed.snapshot, engine="kernel")
    assert gate(again, release_of(again), ledger, wave="").is_open


def test_another_wave_passes():
    """Its answers are others, even where the same people said the same."""
    ledger = released(EMPTY, made())
    computed = made({**SIZES, "004": 19})
    assert gate(computed, release_of(computed), ledger, wave="2027").is_open


def test_a_shut_gate_gives_no_files():
    """Nothing is published in part."""
    ledger = released(EMPTY, made())
    made_again = publication_of(build_folder(made({**SIZES, "004": 19})), ledger)
    assert made_again.files == {}
    first = publication_of(build_folder(made()), EMPTY)
    assert first.passage.is_open
    assert "all earlier releases" in first.files["published.html"].decode()


def released(ledger, computed):
    passage = gate(computed, release_of(computed), ledger, wave="")
    assert passage.is_open
    return Ledger(ledger.population, ledger.salt, (*ledger.releases, passage.entry))
