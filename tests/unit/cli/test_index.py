"""`touchstone index` makes the index of a pack's scheme and tells how far it depends on choices."""

import gzip
import json

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.cli.main import touchstone
from touchstone.content.packs import read_pack

PACK = read_pack("connectivity")
DATA = str(PACK.evidence["countries"])
REQUEST = ("--pack", "connectivity", "--scheme", "sustainable_connectivity")


@pytest.fixture(scope="module")
def run():
    """Run the command; give its result."""
    return lambda *arguments: CliRunner().invoke(
        touchstone, ["index", DATA, *arguments], catch_exceptions=False
    )


@pytest.fixture(scope="module")
def record(run):
    """The JSON of a few hundred draws."""
    found = run(*REQUEST, "--draws", "700", "--json")
    assert (found.exit_code, found.stderr) == (0, "")
    return json.loads(found.stdout)


def test_every_unit_has_score_place_range_and_grades(record):
    """The stable contract: these fields, best place first."""
    assert (record["pack"], record["draws"], record["seed"]) == ("connectivity", 700, 2018)
    units = record["units"]
    assert len(units) == 51
    assert [unit["rank"] for unit in units] == sorted(unit["rank"] for unit in units)
    first = units[0]
    assert (first["id"], first["name"]) == ("CHE", "Switzerland")
    assert first["low"] <= first["score"] <= 100
    assert first["rank_best"] <= first["rank"] <= first["rank_worst"]
    assert first["rank_low"] <= first["rank_median"] <= first["rank_high"]
    assert sum(first["rank_shares"].values()) == pytest.approx(1)
    assert sum(first["grade_shares"].values()) == pytest.approx(1)
    assert set(first["grade_shares"]) == {"limited", "moderate", "strong"}
    assert first["criteria"]["conn"] > 0


def test_the_whole_is_told(record):
    """Steps, what varied, treated indicators, weights, and which choice matters."""
    assert record["steps"] == {
        "impute": "group_median",
        "treat": "winsorise",
        "normalise": "min_max",
        "weights": "equal",
        "aggregate": "arithmetic",
    }
    assert set(record["varied"]) == {"impute", "treat", "normalise", "aggregate", "weight_noise"}
    assert {one["factor"] for one in record["sensitivity"]} == set(record["varied"])
    assert "flights" in record["treated"]
    indicators = [criterion for criterion in record["weights"] if criterion in PACK.indicators]
    assert sum(record["weights"][name] for name in indicators) == pytest.approx(1)


def test_without_draws_there_is_no_range(run):
    """Null, not a made-up figure."""
    record = json.loads(run(*REQUEST, "--draws", "0", "--json").stdout)
    assert record["units"][0]["low"] is None
    assert record["units"][0]["rank_shares"] == {}
    assert record["sensitivity"] == []


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_table_speaks_three_languages(run, language):
    """Head, units, and what moves the places."""
    found = run(*REQUEST, "--draws", "600", "--language", language)
    assert (found.exit_code, found.stderr) == (0, "")
    lines = found.stdout.splitlines()
    assert "CHE" in lines[1]
    assert PACK.texts[language]["grade.strong"] in lines[1]
    assert PACK.texts[language]["criterion.flights"] in found.stdout


def test_a_withheld_unit_stands_at_the_end_with_its_reason(run, tmp_path):
    """A country with hardly any figure."""
    rows = gzip.decompress(PACK.evidence["countries"].read_bytes()).decode().splitlines()
    head, last = rows[0], rows[-1].split(",")
    bare = ",".join(last[:4] + [""] * (len(head.split(",")) - 4))
    path = tmp_path / "countries.csv"
    path.write_text("\n".join([*rows[:-1], bare]), "utf-8")
    found = CliRunner().invoke(
        touchstone, ["index", str(path), *REQUEST, "--draws", "100"], catch_exceptions=False
    )
    line = next(line for line in found.stdout.splitlines() if last[0] in line)
    assert "Too few of the indicators have a value." in line


def test_bad_requests_name_the_fault(run):
    """No such scheme; a scheme that makes no index."""
    with pytest.raises(TouchstoneError, match="RESULTS-01"):
        run("--pack", "connectivity", "--scheme", "nothing")
    evidence = str(read_pack("schools").evidence["schools"])
    with pytest.raises(TouchstoneError, match="INDEX-12"):
        CliRunner().invoke(
            touchstone,
            ["index", evidence, "--pack", "schools", "--scheme", "met_target"],
            catch_exceptions=False,
        )
