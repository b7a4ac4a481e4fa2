"""Changes between waves equal those of the R package survey, and the paired t test."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from touchstone.cli.coded_columns import read_columns
from touchstone.formats.readers import read_table
from touchstone.stats.changes.wave_changes import wave_change
from touchstone.stats.changes.wave_sums import WaveColumns, Waves

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "changes.json").read_text("utf-8"))
FILE = HERE / "files" / "api_waves.csv"
PAIR = ("1999", "2000")


def waves_of(columns, path=FILE):
    """Read the waves from a file."""
    with path.open("rb") as stream:
        raw = read_table(stream, where=path.name)
    texts = ("wave", "school", "type")
    return Waves(read_columns(raw, numbers=("score", "weight"), texts=texts), columns)


def change_in(waves, domain=0):
    """Estimate the one change of a domain."""
    sums = waves.sums()[domain]
    return wave_change(PAIR, tuple(sums[name] for name in PAIR), waves.overlaps(PAIR)[domain])


def is_that_of(found, expected):
    """Hold a change against R's."""
    assert float(found.outcome.value) == pytest.approx(expected["estimate"], rel=1e-10)
    assert float(found.outcome.se) == pytest.approx(expected["se"], rel=1e-10)
    assert float(found.covariance) == pytest.approx(expected["covariance"], rel=1e-10)
    assert float(found.mean_before) == pytest.approx(expected["before"], rel=1e-12)
    assert float(found.mean_after) == pytest.approx(expected["after"], rel=1e-12)
    assert found.outcome.degrees_of_freedom == expected["df"]


@pytest.mark.parametrize("case", ["weighted", "plain"])
def test_a_change_is_the_contrast_of_the_survey_package(case):
    """Two hundred schools, a hundred of them in both years."""
    weight = "weight" if case == "weighted" else None
    found = change_in(waves_of(WaveColumns("wave", "score", "school", weight)))
    is_that_of(found, EXPECTED[case])
    assert found.overlap == 100


def test_domains_are_estimated_each_by_itself():
    """Three kinds of school."""
    waves = waves_of(WaveColumns("wave", "score", "school", "weight", ("type",)))
    assert waves.domains == (("E",), ("H",), ("M",))
    for domain, (name,) in enumerate(waves.domains):
        is_that_of(change_in(waves, domain), EXPECTED[name])


def test_the_same_respondents_in_both_waves_give_the_paired_t_test(tmp_path):
    """Its error and interval, as each difference is seen."""
    with FILE.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    years = {wave: {row["school"] for row in rows if row["wave"] == wave} for wave in PAIR}
    path = tmp_path / "both.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(row for row in rows if row["school"] in years["1999"] & years["2000"])
    found = change_in(waves_of(WaveColumns("wave", "score", "school"), path)).outcome
    for name, figure in (("estimate", "value"), ("se", "se"), ("low", "low"), ("high", "high")):
        assert float(getattr(found, figure)) == pytest.approx(EXPECTED["paired"][name], rel=1e-9)
    assert found.n == 100
    assert isinstance(found.value, Decimal)
