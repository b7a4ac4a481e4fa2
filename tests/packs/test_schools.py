"""The pack `schools` reproduces the official results of 2000, as far as the record explains them.

The rules are written here in plain Python, apart from the program, and compared with the official
columns; and the schemes of the pack are compared with these rules' bounds.
"""

import csv
import gzip
from decimal import Decimal
from functools import cache
from statistics import fmean, stdev

import pytest

from touchstone.content.packs import Pack, read_pack
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.kinds import analyse
from touchstone.loop.freeze import freeze

SCHOOLS = 6_194
ALREADY_THERE = 800
LEAST_TESTED = {"E": 95, "M": 95, "H": 90}
Row = dict[str, str]


@cache
def pack() -> Pack:
    return read_pack("schools")


@cache
def rows() -> list[Row]:
    with gzip.open(pack().evidence["schools"], "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def met_target(row: Row) -> bool:
    if not row["target"]:
        return int(row["api00"]) >= ALREADY_THERE
    return int(row["growth"]) >= int(row["target"])


def met_both(row: Row) -> bool:
    return met_target(row) and row["comp.imp"] == "Yes"


def is_eligible(row: Row) -> bool:
    enough = row["pcttest"] != "" and int(row["pcttest"]) >= LEAST_TESTED[row["stype"]]
    return met_both(row) and enough


@pytest.mark.parametrize(("rule", "column"), [(met_target, "sch.wide"), (met_both, "both")])
def test_the_rule_reproduces_the_official_result_of_every_school(rule, column):
    """Growth at least the target, or 800 without one; and comparable improvement besides."""
    assert len(rows()) == SCHOOLS
    assert [row["cds"] for row in rows() if rule(row) != (row[column] == "Yes")] == []


def test_the_rule_of_awards_leaves_65_schools_unexplained():
    """Every awarded school is eligible; 65 eligible ones were not awarded, no column says why."""
    awarded = {row["cds"] for row in rows() if row["awards"] == "Yes"}
    eligible = {row["cds"] for row in rows() if is_eligible(row)}
    assert awarded <= eligible
    assert len(eligible - awarded) == 65


def test_the_schemes_have_the_bounds_of_the_rule():
    """The plain rules above and the schemes are one: indicators, columns, bounds."""
    schemes, indicators = pack().schemes, pack().indicators
    (criterion,) = schemes["met_target"].criteria
    assert indicators[criterion.indicator].column == "growth"
    assert criterion.target.column == "target"
    assert criterion.otherwise.target.value == ALREADY_THERE
    assert indicators[criterion.otherwise.indicator].column == "api00"
    assert {c.scheme or indicators[c.indicator].column for c in schemes["both"].criteria} == {
        "met_target",
        "comp.imp",
    }
    bounds = {
        stype: veto.at_least
        for veto in schemes["awards"].vetoes
        for stype in veto.where["stype"]
        if indicators[veto.indicator].column == "pcttest" and veto.if_missing == "applies"
    }
    assert bounds == LEAST_TESTED
    assert {name: scheme.official for name, scheme in schemes.items()} == {
        "met_target": "sch.wide",
        "both": "both",
        "awards": "awards",
        "similar_schools": None,
    }


@pytest.mark.parametrize("name", ["met_target", "both", "awards"])
def test_a_school_passes_only_with_all_points(name):
    """Half of the points is a no."""
    grades = pack().schemes[name].grades
    assert [(band.id, band.start) for band in grades] == [("no", 0), ("yes", Decimal(100))]


def test_the_code_of_a_school_names_its_county_and_district():
    """The first 2 digits stand for one county name, the first 7 for one district of one county."""
    counties: dict[str, set[str]] = {}
    districts: dict[str, set[str]] = {}
    for row in rows():
        counties.setdefault(row["cds"][:2], set()).add(row["cname"])
        districts.setdefault(row["cds"][:7], set()).add(row["dname"])
    assert len(counties) == len({row["cname"] for row in rows()}) == 57
    assert all(len(names) == 1 for names in counties.values())
    # One district is misspelt once in the file; see ORIGIN.md.
    several = {code: names for code, names in districts.items() if len(names) > 1}
    assert several == {"5672652": {"Ventura Unified", "Ventura Unifiedd"}}
    firsts = [level.first for level in pack().datasets["schools"].levels]
    assert firsts == [2, 7, None]


def test_identifiers_of_levels_cannot_collide():
    """Counties, districts and schools have codes of different lengths."""
    assert all(len(row["cds"]) == 14 and row["cds"].isdigit() for row in rows())


def test_the_evidence_is_as_the_dataset_says():
    """Each cell of a declared column is of its kind; required ones are never empty."""
    for column in pack().datasets["schools"].columns:
        cells = [row[column.name] for row in rows()]
        filled = [cell for cell in cells if cell]
        assert len(filled) == SCHOOLS or not column.required
        if column.kind == "number":
            low = -(10**9) if column.low is None else column.low
            high = 10**9 if column.high is None else column.high
            assert all(low <= int(cell) <= high for cell in filled)
        if column.kind == "yes_no":
            assert set(filled) == {"Yes", "No"}
        if column.choices:
            assert set(filled) == set(column.choices)


def test_similar_schools_are_of_one_type_and_one_fifth_of_poverty():
    """The two characteristics, and a grade for each fifth of the standing from 0 to 100."""
    scheme = pack().schemes["similar_schools"]
    assert scheme.comparison.by == ("stype",)
    assert (scheme.comparison.quantiles.of, scheme.comparison.quantiles.parts) == ("meals", 5)
    assert scheme.criteria[0].standing
    assert [band.start for band in scheme.grades] == [0, 20, 40, 60, 80]


def test_the_change_of_the_index_is_that_of_each_schools_own_differences():
    """By type of school the mean difference, with the error of paired differences."""
    dataset, spec = pack().datasets["schools"], pack().analyses["index_by_type"]
    with pack().evidence["schools"].open("rb") as stream:
        snapshot = freeze(read_table(stream, where="schools.csv.gz"), dataset)
    found = analyse(spec, snapshot, dataset=dataset)
    assert [one.domain for one in found.changes] == [("E",), ("H",), ("M",)]
    for (kind,), change in found.changes:
        own = [int(row["api00"]) - int(row["api99"]) for row in rows() if row["stype"] == kind]
        assert float(change.outcome.value) == pytest.approx(fmean(own))
        assert float(change.outcome.se) == pytest.approx(stdev(own) / len(own) ** 0.5)
        assert change.overlap == change.outcome.n == len(own)
