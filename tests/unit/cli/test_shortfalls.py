"""`touchstone shortfalls` and `touchstone drivers` read a table and rank what they find."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.cli.drivers import drivers
from touchstone.cli.shortfalls import shortfalls

ITEMS = str(Path(__file__).parents[2] / "reference" / "files" / "bfi_agreeableness.csv")
DRIVERS = (ITEMS, "--outcome", "A5", "--predictors", "A1,A2,A3,A4")
LANGUAGES = ("en", "zh-hans", "zh-hant")
PLANKS = """p,y,s,i,goal
pay,60,2,0.2,80
tools,70,2,0.7,80
rooms,79,2,0.1,80
post,,,0.3,80
"""


def run(command, *arguments):
    """Run a command; give its result."""
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


@pytest.fixture
def planks(tmp_path):
    """Give a file of planks with the options that name its columns."""
    path = tmp_path / "planks.csv"
    path.write_text(PLANKS, encoding="utf-8")
    return (
        *(str(path), "--plank", "p", "--performance", "y", "--se", "s"),
        *("--importance", "i", "--target", "goal"),
    )


def test_shortfalls_are_records_in_the_order_of_names(planks):
    """With gap, priority, p values, place and field."""
    record = json.loads(run(shortfalls, *planks, "--json").stdout)["planks"]
    assert [one["plank"] for one in record] == ["pay", "post", "rooms", "tools"]
    assert [one["rank"] for one in record] == [2, None, None, 1]
    assert record[0]["gap"]["estimate"] == 20
    assert record[1]["gap"]["reason"] == "no_performance"
    assert {one["quadrant"] for one in record} == {
        "low_priority", "undecided", "possible_overkill",
    }  # fmt: skip


def test_one_target_may_hold_for_all_and_lower_may_be_better(planks):
    """Then what lies above the target is short."""
    asked = (*planks[:-1], "65", "--lower-is-better", "--performance-cut", "65")
    turned = json.loads(run(shortfalls, *asked, "--json").stdout)["planks"]
    assert [one["is_short"] for one in turned] == [False, False, True, True]
    assert turned[0]["performance_above_cut"]["estimate"] == 5
    assert run(shortfalls, *planks[:-1], "high").exit_code == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_speak_three_languages(planks, language):
    """Fields, methods and sentences."""
    said = run(shortfalls, *planks, "--language", language).stdout
    assert {"en": "2 of 4 planks", "zh-hans": "2 个确属短板", "zh-hant": "2 個確屬短板"}[
        language
    ] in said
    for method in ("relative", "shapley"):
        said = run(drivers, *DRIVERS, "--method", method, "--language", language).stdout
        assert {"en": "rows without all values", "zh-hans": "行缺少数值", "zh-hant": "列缺少數值"}[
            language
        ] in said


def test_a_row_without_a_name_is_refused(planks):
    """Its shortfall would be nobody's."""
    path = Path(planks[0])
    path.write_text(PLANKS + ",1,1,1,1\n", encoding="utf-8")
    with pytest.raises(TouchstoneError, match="SHORTFALL-01"):
        run(shortfalls, *planks)


def test_drivers_are_records_in_the_order_given():
    """Contributions add up to R², shares to 1."""
    record = json.loads(run(drivers, *DRIVERS, "--json").stdout)
    assert [one["predictor"] for one in record["drivers"]] == ["A1", "A2", "A3", "A4"]
    parts = [one["contribution"]["estimate"] for one in record["drivers"]]
    assert sum(parts) == pytest.approx(record["explained"]["estimate"])
    assert record["n"] + record["left_out"] == 2800


def test_nothing_to_split_is_said(tmp_path):
    """In JSON each predictor has the reason."""
    path = tmp_path / "equal.csv"
    path.write_text("y,a\n1,1\n1,2\n1,3\n", encoding="utf-8")
    asked = (str(path), "--outcome", "y", "--predictors", "a")
    record = json.loads(run(drivers, *asked, "--json").stdout)
    assert record["drivers"][0]["contribution"]["reason"] == "all_answers_equal"
    assert "All answers are equal" in run(drivers, *asked).stdout
    assert run(drivers, str(path), "--outcome", "y", "--predictors", "y,a").exit_code == 2
