"""The command grade: one table of grades, whole or not at all."""

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from tests.unit.cli.test_assess import assessed, run

from touchstone.base.errors import TouchstoneError
from touchstone.cli.grade import grade


@pytest.fixture
def snapshot(tmp_path):
    """The frozen evidence of some lecturers."""
    path = tmp_path / "snapshot.parquet"
    path.write_bytes(assessed()["snapshot.parquet"])
    return path


def options(snapshot, out, *more):
    """Name the pack and the scheme."""
    return (snapshot, "--pack", "lecturers", "--scheme", "teaching", "--out", out, *more)


def test_grade_writes_what_assess_found(snapshot, tmp_path):
    """Counts, figures, places and grades are those in the results of `assess`."""
    out = tmp_path / "grades.parquet"
    done = run(grade, *options(snapshot, out))
    assert done.exit_code == 0, done.output
    table = pq.read_table(out)
    theirs = pa_csv.read_csv(pa.BufferReader(assessed()["results.csv"]))
    for name in ("n", "rank_low", "rank_high", "status"):
        assert table[name].to_pylist() == theirs[name].to_pylist(), name
    for name in ("score", "low", "high"):
        ours = [None if one is None else float(one) for one in table[name].to_pylist()]
        assert ours == theirs[name].to_pylist(), name
    grades = ["" if one is None else one for one in table["grade"].to_pylist()]
    assert grades == [one or "" for one in theirs["grade"].to_pylist()]


def test_grade_writes_csv_and_counts_in_the_language_asked_for(snapshot, tmp_path):
    """The table's kind follows from its name; the counts stand on standard output."""
    out = tmp_path / "new" / "grades.csv"
    done = CliRunner().invoke(grade, [*map(str, options(snapshot, out)), "--language", "zh-hans"])
    assert done.exit_code == 0, done.output
    assert out.read_text("utf-8").startswith('"unit","n","score"')
    assert "教师" in done.output


def test_grade_overwrites_nothing_and_leaves_nothing_behind(snapshot, tmp_path):
    """A table that is there stays; a name of another kind is refused; no half file is left."""
    out = tmp_path / "grades.csv"
    out.write_text("mine")
    refused = run(grade, *options(snapshot, out))
    assert isinstance(refused.exception, TouchstoneError)
    assert refused.exception.code == "RESULTS-03"
    assert out.read_text() == "mine"
    assert run(grade, *options(snapshot, tmp_path / "grades.xlsx")).exit_code == 2
    missing = run(grade, *options(snapshot, snapshot / "grades.csv"))
    assert missing.exception.code == "RESULTS-04"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grades.csv", "snapshot.parquet"]


def test_grade_refuses_evidence_of_another_pack(snapshot, tmp_path):
    """A snapshot without the dataset's columns is named with the first that is missing."""
    words = (snapshot, "--pack", "schools", "--scheme", "awards", "--out", tmp_path / "g.csv")
    refused = run(grade, *words)
    assert refused.exception.code == "EVIDENCE-01"
    assert "cds" in str(refused.exception)
