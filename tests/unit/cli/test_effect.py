"""`touchstone effect` reads a panel and ends with a sentence on the action."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.cli.effect import effect

FILES = Path(__file__).parents[2] / "reference" / "files"
COLUMNS = ("--unit", "unit", "--time", "period", "--value", "value")
PANEL = (str(FILES / "effects_panel.csv"), *COLUMNS)
ONE = (str(FILES / "effects_one.csv"), *COLUMNS, "--treated", "action", "--method", "synthetic")
LANGUAGES = ("en", "zh-hans", "zh-hant")


def run(*arguments):
    """Run the command; give its result."""
    return CliRunner().invoke(effect, arguments, catch_exceptions=False)


def write(tmp_path, text):
    """Write a table; give its path and the columns."""
    path = tmp_path / "panel.csv"
    path.write_text("unit,period,value,action\n" + text, encoding="utf-8")
    return (str(path), *COLUMNS, "--treated", "action")


def test_an_effect_is_a_record_with_its_checks():
    """The figure, the test of trends, placebos and the verdict."""
    record = json.loads(run(*PANEL, "--treated", "action", "--json").stdout)
    assert record["effect"]["method"] == "cr2"
    assert record["trend_before"]["test"] == "joint"
    assert record["placebo_units"]["ways"] == "all"
    assert len(record["placebo_dates"]) == 4
    assert record["verdict"]["verdict"] == "shown"
    assert record["verdict"]["sentence"].startswith("An effect is shown: 1.96949 more")
    assert record["steps"] == []


def test_the_action_may_come_from_a_list_or_a_period(tmp_path):
    """The same units with the same start give the same figure."""
    units = [f"u{place:02}" for place in range(1, 5)]
    path = tmp_path / "actions.csv"
    path.write_text("unit,period\n" + "".join(f"{unit},2016\n" for unit in units), "utf-8")
    listed = run(*PANEL, "--action-from", str(path), "--json").stdout
    marked = run(*PANEL, "--treated", "action", "--json").stdout
    since = run(*PANEL, "--treated", "action", "--since", "2016", "--json").stdout
    assert listed == marked == since


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_speak_three_languages(language):
    """Steps, placebos, mixtures and the sentence."""
    steps = run(*PANEL, "--treated", "action", "--method", "event", "--language", language).stdout
    assert {"en": "An effect is shown", "zh-hans": "效果得到证实", "zh-hant": "成效獲得證實"}[
        language
    ] in steps
    mixed = run(*ONE, "--confidence", "0.8", "--language", language).stdout
    assert {"en": "Mixture", "zh-hans": "合成对照", "zh-hant": "合成對照"}[language] in mixed


def test_a_mixture_is_a_record_with_its_path():
    """Too few others for an interval that sure, and that is said."""
    record = json.loads(run(*ONE, "--json").stdout)
    assert record["effect"]["reason"] == "too_few_placebos"
    assert sum(record["weights"].values()) == pytest.approx(1)
    assert len(record["path"]) == 12
    assert record["verdict"]["verdict"] == "cannot_be_told"


NOTHING = "a,1,1,0\na,2,3,1\nb,1,2,0\nb,2,2,1\nc,1,1,0\nc,2,2,0\nd,1,3,0\nd,2,4,0\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_effect_is_said_in_a_sentence(tmp_path, language):
    """The last line of what is printed."""
    said = run(*write(tmp_path, NOTHING), "--language", language).stdout.splitlines()[-1]
    assert {"en": "No effect shown", "zh-hans": "未见效果", "zh-hant": "未見成效"}[language] in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", ["did", "synthetic"])
def test_what_cannot_be_told_has_its_reason(tmp_path, language, method):
    """One unit on each side."""
    said = run(
        *write(tmp_path, "a,1,1,0\na,2,3,0\na,3,3,1\nb,1,2,0\nb,2,2,0\nb,3,4,0\n"),
        *("--language", language, "--method", method),
    ).stdout.splitlines()[-1]
    assert {"en": "cannot be told", "zh-hans": "无法判断", "zh-hant": "無法判斷"}[language] in said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,1,1,2\n", "column 'action': the number 2.*EFFECT-06"),
        ("a,1,1,\n", "row 2, column 'action'.*EFFECT-07"),
        (",1,1,0\n", "row 2, column 'unit'.*EFFECT-07"),
        ("a,,1,0\n", "row 2, column 'period'.*EFFECT-07"),
    ],
)
def test_rows_at_fault_are_named(tmp_path, text, code):
    """With their place in the file."""
    with pytest.raises(TouchstoneError, match=code):
        run(*write(tmp_path, text + NOTHING))


@pytest.mark.parametrize("text", ["u01,2016\nu01,2017\n", "u01,\n"])
def test_a_list_of_actions_names_a_unit_once(tmp_path, text):
    """With its first period."""
    path = tmp_path / "actions.csv"
    path.write_text("unit,period\n" + text, "utf-8")
    with pytest.raises(TouchstoneError, match="EFFECT-07"):
        run(*PANEL, "--action-from", str(path))


def test_where_the_action_is_must_be_said_once():
    """Neither or both are a fault of usage."""
    assert run(*PANEL).exit_code == 2
    assert run(*PANEL, "--since", "2016", "--action-from", PANEL[0]).exit_code == 2
