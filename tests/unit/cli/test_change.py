"""`touchstone change` holds each wave against the one before it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.cli.change import change

WAVES = (
    str(Path(__file__).parents[2] / "reference" / "files" / "api_waves.csv"),
    *("--wave", "wave", "--value", "score"),
)
NAMED = (*WAVES, "--respondent", "school")


def run(*arguments):
    """Run the command; give its result."""
    return CliRunner().invoke(change, arguments, catch_exceptions=False)


def test_changes_are_records_with_their_overlap():
    """Both means, the covariance, and the error without it."""
    record = json.loads(run(*NAMED, "--weight", "weight", "--by", "type", "--json").stdout)
    assert record["waves"] == ["1999", "2000"]
    assert [one["by"] for one in record["changes"]] == [{"type": name} for name in "EHM"]
    first = record["changes"][0]
    assert (first["before"], first["after"], first["overlap"]) == ("1999", "2000", 52)
    assert first["estimate"] == pytest.approx(first["mean_after"] - first["mean_before"])
    assert first["se"] < first["se_apart"]


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_table_speaks_three_languages(language):
    """With and without shared respondents, and at a break."""
    named = run(*NAMED, "--by", "type", "--language", language).stdout
    assert {"en": "Domain", "zh-hans": "子总体", "zh-hant": "子母體"}[language] in named
    assert run(*WAVES, "--language", language).exit_code == 0
    broken = run(*NAMED, "--break", "2000", "--language", language).stdout
    assert {"en": "breaks at 2000", "zh-hans": "2000 中断", "zh-hant": "2000 中斷"}[
        language
    ] in broken


def test_a_break_leaves_no_figure():
    """The reason stands in its place."""
    record = json.loads(run(*NAMED, "--break", "2000", "--json").stdout)["changes"][0]
    assert (record["estimate"], record["reason"]) == (None, "series_break")


def test_later_waves_may_be_held_against_one():
    """With one wave after it there is one change; an unknown wave is refused."""
    assert len(json.loads(run(*NAMED, "--since", "1999", "--json").stdout)["changes"]) == 1
    assert "one wave only" in run(*NAMED, "--since", "2000").stdout
    with pytest.raises(TouchstoneError, match="CHANGE-01"):
        run(*NAMED, "--since", "1998")
