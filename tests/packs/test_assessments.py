"""The shipped packs on their real evidence: official results reproduced, words for every reason."""

from collections import Counter
from functools import cache

import pytest

from touchstone.content.packs import Pack, read_pack
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.loop.assess import assess
from touchstone.loop.freeze import freeze
from touchstone.loop.measure import measure
from touchstone.loop.results import Assessment
from touchstone.reports.words import Words
from touchstone.tallies.tables import Snapshot


@cache
def pack_of(name: str) -> Pack:
    """Read a shipped pack once."""
    return read_pack(name)


@cache
def evidence_of(name: str, dataset: str) -> Snapshot:
    """Freeze a pack's shipped evidence once."""
    pack = pack_of(name)
    with pack.evidence[dataset].open("rb") as stream:
        return freeze(read_table(stream, where=dataset), pack.datasets[dataset])


@cache
def assessed(name: str, scheme_name: str, engine: str = "kernel") -> Assessment:
    """Assess a pack's evidence by one of its schemes, once."""
    pack = pack_of(name)
    scheme = pack.schemes[scheme_name]
    dataset = pack.datasets[scheme.dataset]
    snapshot = evidence_of(name, scheme.dataset)
    measures = measure(
        snapshot,
        scheme,
        dataset=dataset,
        indicators=pack.indicators,
        schemes=pack.schemes,
        engine=engine,
    )
    return assess(
        measures,
        scheme,
        pack=name,
        scheme_name=scheme_name,
        dataset=dataset,
        snapshot=snapshot,
        schemes=pack.schemes,
    )


@pytest.mark.parametrize(
    ("scheme", "yes", "unexplained"),
    [("met_target", 5122, 0), ("both", 4405, 0), ("awards", 4232, 65)],
)
def test_the_official_results_of_the_schools_are_reproduced(scheme, yes, unexplained):
    """All 6,194 schools, except 65 that met the rule of awards and officially got none."""
    found = assessed("schools", scheme)
    assert Counter(one.grade for one in found.units) == {"yes": yes, "no": 6194 - yes}
    assert len(found.unexplained.units) == unexplained
    grades = {one.unit: one.grade for one in found.units}
    assert {grades[unit] for unit in found.unexplained.units} <= {"yes"}
    assert list(found.unexplained.units) == sorted(found.unexplained.units)


def test_a_school_with_an_unknown_share_of_pupils_tested_is_vetoed():
    """An empty cell is no evidence that enough pupils were tested."""
    outcomes = {one.unit: one.because.key for one in assessed("schools", "awards").units}
    rows = evidence_of("schools", "schools").rows.select(["cds", "pcttest"]).to_pylist()
    empty = [row["cds"] for row in rows if row["pcttest"] is None]
    assert len(empty) == 37
    assert {outcomes[unit] for unit in empty} == {"vetoed"}


def test_similar_schools_are_compared_in_groups_of_like_size():
    """Three types of school in fifths, each with a standing of 50 on average."""
    groups = Counter(one.group for one in assessed("schools", "similar_schools").units)
    assert len(groups) == 15
    sizes = {kind: [n for g, n in groups.items() if g[0][1] == kind] for kind in "EMH"}
    assert all(max(own) < 1.2 * min(own) for own in sizes.values())


def test_a_lecturer_has_a_grade_only_where_the_ratings_decide_it():
    """1,128 lecturers: mean, interval and places of each, and most of them undecided."""
    found = assessed("lecturers", "teaching")
    assert Counter(one.status for one in found.units) == {"undecided": 855, "graded": 273}
    assert sum(one.n for one in found.units) == 73421
    for one in found.units:
        assert 1 <= one.low <= one.score <= one.high <= 5
        assert 1 <= one.rank_low <= one.rank_high <= 1128
    assert len(found.areas) == 14


@pytest.mark.parametrize(
    ("pack", "scheme"), [("schools", "awards"), ("schools", "both"), ("lecturers", "teaching")]
)
def test_the_engines_give_the_same_assessment(pack, scheme):
    """Every figure, place, grade and reason."""
    assert assessed(pack, scheme, "duckdb") == assessed(pack, scheme, "kernel")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("pack", "scheme"),
    [
        ("schools", "met_target"),
        ("schools", "awards"),
        ("schools", "similar_schools"),
        ("lecturers", "teaching"),
    ],
)
def test_every_reason_is_a_sentence_in_every_language(pack, scheme, language):
    """No key without a text, no gap without a filling."""
    words = Words(language, pack_of(pack).texts[language])
    reasons = {one.because.key: one.because for one in assessed(pack, scheme).units}
    for because in reasons.values():
        sentence = words.because(because)
        assert sentence.endswith((".", "。"))
        assert "{" not in sentence
