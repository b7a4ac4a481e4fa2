"""Changes and effects in a pack: its faults are told, and it is analysed from end to end."""

import gzip
import json
from statistics import fmean

import pytest
from click.testing import CliRunner

from touchstone.cli.analyse import analyse_command

ANALYSES = """
[days_by_kind]
kind = "change"
dataset = "offices"
periods = [{ period = "2023", column = "days_target" }, { period = "2024", column = "days" }]
by = ["kind"]

[of_opening]
kind = "effect"
dataset = "offices"
unit = "office"
periods = [{ period = "2023", column = "days_target" }, { period = "2024", column = "days" }]
treated = "open"
since = "2024"
draws = 99
"""
TEXTS = """
[analysis.days_by_kind]
title = "Days"
about = "How they changed."

[analysis.of_opening]
title = "Opening"
about = "What it did."
"""
HEADS = "office,title,city,kind,size,days,days_target,open,passed"


@pytest.fixture
def over_time(pack_folder):
    """The sound pack with a change and an effect, of evidence with a column for each period."""
    (pack_folder / "analyses.toml").write_text(ANALYSES, "utf-8")
    for path in (pack_folder / "texts").iterdir():
        path.write_text(path.read_text("utf-8") + TEXTS, "utf-8")
    return pack_folder


def test_a_pack_with_changes_and_effects_has_no_fault(over_time, faults_after):
    """Columns for periods, domains and an action are what a pack may ask for."""
    assert faults_after("pack.toml", "version = 2", "version = 3") == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('by = ["kind"]', 'by = ["kin"]', "PACK-20"),
        ('by = ["kind"]', 'wave = "kind"', "PACK-60"),
        ('by = ["kind"]', 'breaks = ["2025"]', "PACK-60"),
        ('treated = "open"', 'treated = "city"', "PACK-21"),
        ('since = "2024"\n', "", "PACK-60"),
        ('treated = "open"', 'starts = { "0001" = "2024" }', "PACK-60"),
        ('since = "2024"', 'since = "2022"', "PACK-60"),
        ("draws = 99", "draws = 98", "PACK-60"),
        ("draws = 99", 'method = "events"', "PACK-07"),
    ],
)
def test_a_fault_of_an_analysis_over_time_is_told(over_time, codes_after, old, new, code):
    """Each contradiction has its code."""
    assert code in codes_after("analyses.toml", old, new)


def test_a_period_names_a_column_of_numbers(over_time, codes_after):
    """Columns within the list of periods are looked up as all others."""
    old = 'column = "days" }]\nby'
    assert codes_after("analyses.toml", old, 'column = "city" }]\nby') == ["PACK-21"]


def test_a_pack_is_analysed_over_time_from_its_evidence(over_time, tmp_path):
    """Kinds with enough offices have their change, and the action its effect."""
    days = {n: (3 + n % 5, 3 + n % 4 + n % 2) for n in range(24)}
    rows = [
        f"{n:04},Office {n},A,{'large' if n % 3 else 'small'},9,{after},{before},"
        f"{'Yes' if n % 2 else 'No'},Yes"
        for n, (before, after) in days.items()
    ]
    opened, closed = (
        fmean(after - before for n, (before, after) in days.items() if n % 2 == one)
        for one in (1, 0)
    )
    evidence = tmp_path / "offices.csv.gz"
    evidence.write_bytes(gzip.compress(("\n".join([HEADS, *rows]) + "\n").encode()))
    asked = ["--analysis", "days_by_kind", "--analysis", "of_opening"]
    arguments = [str(evidence), "--pack", str(over_time), *asked]
    told = CliRunner().invoke(analyse_command, [*arguments, "--json"], catch_exceptions=False)
    change, effect = json.loads(told.stdout)["analyses"]
    assert [one["by"] for one in change["changes"]] == [{"kind": "large"}]
    assert (change["changes"][0]["overlap"], change["domains_left_out"]) == (16, 1)
    assert (effect["units"], effect["units_with_action"]) == (24, 12)
    assert effect["effect"]["estimate"] == pytest.approx(opened - closed, rel=1e-5)
    spoken = CliRunner().invoke(analyse_command, arguments, catch_exceptions=False).stdout
    assert "1 domain is left out" in spoken
    assert spoken.splitlines()[-1].startswith(("An effect", "No effect", "Whether"))
