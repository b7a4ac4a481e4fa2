"""The command `discriminate` on folders that `assess` wrote."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.reports.cases import folder

from touchstone.base.errors import TouchstoneError
from touchstone.cli.discriminate import discriminate
from touchstone.cli.folders import write_folder
from touchstone.reports.folders import published_folder


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A results folder on the disk."""
    write_folder(folder(), tmp_path / "results")
    return tmp_path / "results"


def test_the_report_is_the_one_that_stands_in_the_folder(written):
    """As JSON it is `discrimination.json`, byte for byte."""
    done = CliRunner().invoke(discriminate, [str(written), "--json"])
    assert done.exit_code == 0
    assert done.stdout.encode() == folder()["discrimination.json"]
    report = json.loads(done.stdout)
    assert [one["criterion"] for one in report["components"]] == ["service", "inspection"]
    assert sum(one["variance_share"] for one in report["components"]) == pytest.approx(1)
    assert report["n"] == 28


def test_in_words_it_names_components_figures_and_what_they_mean(written):
    """For people: verdicts first, then the tables."""
    done = CliRunner().invoke(discriminate, [str(written)])
    lines = done.stdout.splitlines()
    assert lines[0] == "Does this scheme discriminate?"
    assert any(line.startswith("  Inspection does not tell towns apart: ") for line in lines)
    assert any(line.startswith("Rank correlation with a repeat") for line in lines)
    assert "in one group: 28 towns" in done.stdout


def test_a_folder_that_was_changed_is_not_reported_on(written):
    """Exit 1, as with `verify`."""
    (written / "results.csv").write_bytes(b"")
    done = CliRunner().invoke(discriminate, [str(written)])
    assert done.exit_code == 1
    assert done.stderr.startswith("results.csv: ")


def test_a_published_folder_has_nothing_to_compute_from(written, tmp_path):
    """It holds no evidence."""
    write_folder(published_folder(folder()), tmp_path / "published")
    done = CliRunner().invoke(discriminate, [str(tmp_path / "published")])
    assert isinstance(done.exception, TouchstoneError)
    assert done.exception.code == "RESULTS-08"
