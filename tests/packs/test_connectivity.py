"""The pack `connectivity` fits the countries that come with it."""

import csv
import gzip
from functools import cache

from touchstone.content.packs import Pack, read_pack
from touchstone.content.schemes import leaves
from touchstone.formats.readers import read_table
from touchstone.loop.assess import assess
from touchstone.loop.freeze import freeze
from touchstone.loop.indices import make_index, measure_for_index
from touchstone.loop.measure import measure


@cache
def pack() -> Pack:
    return read_pack("connectivity")


def snapshot():
    with pack().evidence["countries"].open("rb") as stream:
        return freeze(read_table(stream, where="countries"), pack().datasets["countries"])


def test_the_evidence_is_the_portal_it_says_it_is():
    """51 countries, 49 indicators and four sizes, 64 cells empty."""
    with gzip.open(pack().evidence["countries"], "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    figures = [cell for row in rows for cell in list(row.values())[4:]]
    assert (len(rows), len(figures)) == (51, 51 * 53)
    assert figures.count("") == 64
    assert {row["EurAsia_group"] for row in rows} == {"Asia", "Europe"}


def test_every_indicator_is_in_the_index_once():
    """The four sizes only divide."""
    used = [leaf.indicator for leaf in leaves(pack().schemes["sustainable_connectivity"].criteria)]
    sizes = {"area", "energy", "gdp", "population"}
    assert sorted(used) == sorted(set(pack().indicators) - sizes)
    assert len(used) == 49


def test_the_index_ranks_every_country_with_its_range():
    """Switzerland leads by the portal's own steps; no country is withheld."""
    scheme = pack().schemes["sustainable_connectivity"]
    dataset = pack().datasets["countries"]
    measures = measure_for_index(
        snapshot(), scheme, dataset=dataset, indicators=pack().indicators, engine="kernel"
    )
    found = make_index(measures, scheme, draws=640)
    assert [unit.name for unit in found.units[:3]] == ["Switzerland", "Denmark", "Netherlands"]
    assert all(unit.spread is not None for unit in found.units)
    assert found.notes.unsettled == ()


def test_the_targets_can_be_assessed():
    """The second scheme judges countries one by one, as the pages do."""
    scheme, dataset = pack().schemes["near_targets"], pack().datasets["countries"]
    frozen = snapshot()
    measures = measure(
        frozen, scheme, dataset=dataset, indicators=pack().indicators, engine="kernel"
    )
    found = assess(
        measures,
        scheme,
        pack="connectivity",
        scheme_name="near_targets",
        dataset=dataset,
        snapshot=frozen,
    )
    assert {unit.status for unit in found.units} == {"graded"}
