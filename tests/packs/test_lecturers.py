"""The pack `lecturers` fits the ratings that come with it."""

import csv
import gzip
from collections import Counter
from decimal import Decimal
from functools import cache
from math import ceil
from typing import Any

import pytest

from touchstone.content.packs import Pack, read_pack
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.kinds import analyse
from touchstone.loop.freeze import freeze
from touchstone.reports.analyses.kinds import analysis_record

Row = dict[str, str]


@cache
def pack() -> Pack:
    return read_pack("lecturers")


@cache
def rows() -> list[Row]:
    with gzip.open(pack().evidence["ratings"], "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_evidence_is_the_mass_evaluation_it_says_it_is():
    """73,421 ratings of 1,128 lecturers by 2,972 students in 14 departments, from 1 to 5."""
    counts = [len({row[column] for row in rows()}) for column in ("d", "s", "dept")]
    assert (len(rows()), counts) == (73_421, [1_128, 2_972, 14])
    assert {row["y"] for row in rows()} == {"1", "2", "3", "4", "5"}


def test_a_student_rates_a_lecturer_once():
    """Student and lecturer together tell the rows apart."""
    assert pack().datasets["ratings"].key == ("s", "d")
    assert len({(row["s"], row["d"]) for row in rows()}) == len(rows())


def test_a_lecturer_belongs_to_one_department():
    """The tree of units needs one parent for each."""
    departments = {(row["d"], row["dept"]) for row in rows()}
    assert len(departments) == 1_128


def test_codes_of_departments_and_lecturers_are_kept_apart():
    """Some department codes are also lecturer codes; the prefix makes them differ."""
    department, lecturer = pack().datasets["ratings"].levels
    codes = {row["dept"] for row in rows()} & {row["d"] for row in rows()}
    assert codes
    assert department.prefix
    assert not lecturer.prefix
    assert not {department.prefix + code for code in codes} & {row["d"] for row in rows()}


def test_results_are_about_persons_and_withheld_below_10_raters():
    """A person's results never stand on a public list, and small groups are never shown."""
    assert pack().datasets["ratings"].about == "persons"
    assert pack().indicators["rating"].smallest_group == 10
    raters = Counter(row["d"] for row in rows())
    assert min(raters.values()) == 10


def test_a_grade_is_the_point_of_the_scale_nearest_to_the_mean():
    """Bands of width 1 around 2, 3 and 4, half of it at the ends."""
    scheme = pack().schemes["teaching"]
    bounds = [Decimal(1), Decimal("1.5"), Decimal("2.5"), Decimal("3.5"), Decimal("4.5")]
    assert [band.start for band in scheme.grades] == bounds
    assert (scheme.scale.low, scheme.scale.high) == (1, 5)


def found_by_analyses() -> dict[str, Any]:
    with pack().evidence["ratings"].open("rb") as stream:
        dataset = pack().datasets["ratings"]
        snapshot = freeze(read_table(stream, where="ratings.csv.gz"), dataset)
    found = {
        name: analyse(spec, snapshot, dataset=dataset) for name, spec in pack().analyses.items()
    }
    return {name: analysis_record(name, pack().analyses[name], one) for name, one in found.items()}


def test_most_of_the_differences_come_from_neither_lecturers_nor_students():
    """Shares of variance, and as many students for a reliable mean as ICC(1) asks for.

    The variances are those of lme4 for the same model: 0.105, 0.263, 0 and 0.012, rest 1.385.
    """
    found = found_by_analyses()
    agreement, ratings = (
        found[name] for name in ("how_far_students_agree", "where_differences_come_from")
    )
    lme4 = {"s": 0.105, "d": 0.263, "dept": 0, "service:dept": 0.012, "residual": 1.385}
    assert ratings["variances"] == pytest.approx(lme4, abs=0.0006)
    assert ratings["shares"]["residual"] > 0.75
    assert ratings["counts"] == {"ratees": 1_128, "raters": 2_972}
    single = next(one for one in agreement["statistics"] if one["statistic"] == "icc1")
    assert single["estimate"] == pytest.approx(0.16, abs=0.001)
    needed = next(one for one in agreement["raters_needed"] if one["statistic"] == "icc1")
    # Spearman and Brown: 0.8 (1 - r) / (0.2 r), up to the next whole number.
    assert needed["raters"] == ceil(4 * (1 - single["estimate"]) / single["estimate"])


def test_the_corrected_scheme_has_both_analyses_made():
    """They stand beside its results; the plain scheme is quick without them."""
    assert set(pack().schemes["fair_teaching"].analyses) == set(pack().analyses)
    assert not pack().schemes["teaching"].analyses
