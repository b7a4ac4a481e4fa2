"""The real packs on DuckDB and on Spark: every published figure is the same."""

from functools import cache

import pytest
from click.testing import CliRunner
from tests.support.commands import ROOT, touchstone

from touchstone.cli.estimate import estimate
from touchstone.content.packs import read_pack
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze
from touchstone.reports.folders import build_folder
from touchstone.reports.recipes import compute, recipe_of
from touchstone.tallies.tables import Snapshot

EVIDENCE = {
    "schools": ROOT / "packs/schools/evidence/schools.csv.gz",
    "lecturers": ROOT / "packs/lecturers/evidence/ratings.csv.gz",
    "connectivity": ROOT / "packs/connectivity/evidence/countries.csv.gz",
}
SCHEMES = [(pack, scheme) for pack in EVIDENCE for scheme in sorted(read_pack(pack).schemes)]
SAMPLES = {
    "clusters": ("--mean", "y", "--by", "dept", "--strata", "studage", "--cluster", "s"),
    "rows": ("--total", "y", "--by", "lectage,service", "--strata", "dept"),
    "shares": ("--share", "y", "--by", "dept", "--cluster", "d"),
}


@cache
def frozen(pack: str) -> Snapshot:
    """Freeze the evidence that comes with a pack."""
    (dataset,) = read_pack(pack).datasets.values()
    with EVIDENCE[pack].open("rb") as stream:
        return freeze(read_table(stream, where=EVIDENCE[pack].name), dataset)


@pytest.mark.parametrize(("pack", "scheme"), SCHEMES, ids=str)
def test_a_scheme_gives_one_folder_on_both_engines(pack, scheme):
    """Results, tallies, report, pictures and manifest are equal byte for byte."""
    recipe = recipe_of(read_pack(pack), scheme)
    ours, theirs = (
        build_folder(compute(recipe, frozen(pack), engine=engine)) for engine in ("duckdb", "spark")
    )
    assert sorted(ours) == sorted(theirs)
    assert [name for name in ours if ours[name] != theirs[name]] == []
    assert {"results.json", "tallies.parquet", "manifest.json"} <= set(ours)


def test_what_spark_made_duckdb_verifies(tmp_path):
    """The commands make a folder on Spark and compute it again on DuckDB; Spark is quiet."""
    folder = tmp_path / "results"
    asked = ("--pack", "schools", "--scheme", "awards", "--engine", "spark", "--out", folder)
    made = touchstone("assess", EVIDENCE["schools"], *asked)
    assert made.code == 0, made.messages
    assert [line for line in made.messages.splitlines() if "WARN" in line or "Spark" in line] == []
    verified = touchstone("verify", folder)
    assert verified.code == 0, verified.messages


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_estimates_are_equal_on_every_engine(sample):
    """Means, totals and shares with their errors follow from equal sums over sampling units."""
    given = [str(EVIDENCE["lecturers"]), *SAMPLES[sample], "--json", "--engine"]
    runs = [
        CliRunner().invoke(estimate, [*given, engine]) for engine in ("kernel", "duckdb", "spark")
    ]
    assert [run.exit_code for run in runs] == [0, 0, 0], [run.output for run in runs]
    assert '"estimate"' in runs[0].stdout
    assert runs[1].stdout == runs[0].stdout
    assert runs[2].stdout == runs[0].stdout
