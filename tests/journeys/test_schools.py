"""The loop on real schools: evidence, four schemes, results that anyone can check."""

import csv
import gzip
from pathlib import Path

import pytest
from tests.support.commands import ROOT, touchstone

EVIDENCE = ROOT / "packs" / "schools" / "evidence" / "schools.csv.gz"
OFFICIAL = {"met_target": "sch.wide", "both": "both"}
SCHOOLS = 6194
NOT_EXPLAINED = 65


def assess(scheme: str, folder: Path, *more: str) -> list[dict]:
    """Assess the schools by one scheme into a folder; give the results by unit."""
    run = touchstone(
        "assess",
        EVIDENCE,
        "--pack",
        "schools",
        "--scheme",
        scheme,
        "--out",
        folder,
        "--json",
        *more,
    )
    assert run.code == 0, run.messages
    answer = run.answer
    assert (answer["pack"], answer["scheme"]) == ("schools", scheme)
    return answer["units"]


@pytest.fixture(scope="module")
def official() -> dict[str, dict[str, str]]:
    """The official table, by school."""
    with gzip.open(EVIDENCE, "rt", encoding="utf-8") as lines:
        return {row["cds"]: row for row in csv.DictReader(lines)}


@pytest.mark.parametrize("scheme", sorted(OFFICIAL))
def test_a_scheme_reproduces_the_official_result_of_every_school(scheme, official, tmp_path):
    """`met_target` and `both` say of all 6,194 schools what the state said."""
    units = assess(scheme, tmp_path / scheme)
    assert len(units) == SCHOOLS
    differing = [
        unit["unit"]
        for unit in units
        if unit["grade"] != official[unit["unit"]][OFFICIAL[scheme]].lower()
    ]
    assert differing == []
    assert touchstone("verify", tmp_path / scheme).code == 0


def test_the_awards_are_reproduced_but_for_those_the_data_do_not_explain(official, tmp_path):
    """Every awarded school is found; 65 more meet the rule and are listed by their code."""
    units = assess("awards", tmp_path / "awards")
    ours = {unit["unit"] for unit in units if unit["grade"] == "yes"}
    theirs = {unit for unit, row in official.items() if row["awards"] == "Yes"}
    assert theirs <= ours
    assert len(ours - theirs) == NOT_EXPLAINED
    report = (tmp_path / "awards" / "report.html").read_text("utf-8")
    assert [unit for unit in sorted(ours - theirs) if unit not in report] == []
    assert "Not explained by the data" in report


def test_the_loop_gives_one_folder_on_both_engines_and_its_public_part(tmp_path):
    """Both engines give equal figures; verify accepts them, finds a change, and checks the part."""
    ours = assess("similar_schools", tmp_path / "duckdb")
    theirs = assess("similar_schools", tmp_path / "kernel", "--engine", "kernel")
    assert ours == theirs
    for name in ("results.json", "results.csv", "tallies.parquet", "snapshot.parquet"):
        first, second = (tmp_path / engine / name for engine in ("duckdb", "kernel"))
        assert first.read_bytes() == second.read_bytes()
    assert touchstone("verify", tmp_path / "kernel").code == 0
    published = touchstone("publish", tmp_path / "kernel", "--out", tmp_path / "public")
    assert published.code == 0, published.messages
    assert touchstone("verify", tmp_path / "public").code == 0
    assert not (tmp_path / "public" / "snapshot.parquet").exists()
    results = tmp_path / "kernel" / "results.csv"
    results.write_bytes(results.read_bytes().replace(b"well_above", b"well_below", 1))
    changed = touchstone("verify", tmp_path / "kernel")
    assert changed.code == 1
    assert "results.csv" in changed.output + changed.messages
