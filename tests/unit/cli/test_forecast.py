"""`touchstone forecast`, `score` and `contribution` from tables to figures."""

import json

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.cli.contribution import contribution
from touchstone.cli.forecast import forecast
from touchstone.cli.score import score

TALENTS = """year,talents,labour
1999,62.06,295.09
2000,67.21,308.54
2001,71.53,332.8
2002,73.06,359.02
2003,82.20,422.29
2004,,450
"""
LONG = "t,y\n" + "".join(f"2020-{m:02d},{10 + m + m % 3}\n" for m in range(1, 13))
SERIES = ("--time", "year", "--value", "talents")


def run(command, *arguments):
    """Run a command; give its result."""
    return CliRunner().invoke(command, list(map(str, arguments)), catch_exceptions=False)


def test_a_forecast_names_period_interval_and_event(table):
    """The elasticity and the tests on the past stand beside it."""
    found = run(forecast, table(TALENTS), *SERIES, "--driver", "labour", "--at-least", 90,
                "--method", "gm11", "--method", "elasticity", "--json")  # fmt: skip
    record = json.loads(found.stdout)
    assert (record["issued"], record["n"]) == ("2003", 5)
    grey, elastic = record["forecasts"]
    assert (grey["method"], grey["target"], grey["horizon"]) == ("gm11", "2004", 1)
    assert grey["estimate"] == pytest.approx(86.0063, rel=1e-5)
    assert grey["event"] == {"at_least": 90, "probability": pytest.approx(0.2018, abs=1e-4)}
    assert elastic["low"] < elastic["estimate"] < elastic["high"]
    assert record["elasticity"]["estimate"] == pytest.approx(0.720556, rel=1e-5)
    tests = {test["method"]: test for test in record["tests"]}
    assert tests["elasticity"]["n"] == 1 or tests["elasticity"]["reason"] == "series_too_short"


def test_the_best_method_is_taken_when_none_is_named(table):
    """By the tests on the past, among those that leave room for them."""
    record = json.loads(
        run(forecast, table(LONG), "--time", "t", "--value", "y", "--horizon", 2, "--json").stdout
    )
    scores = {test["method"]: test["ranked_score"] for test in record["tests"]}
    assert {one["method"] for one in record["forecasts"]} == {min(scores, key=scores.get)}
    assert [one["target"] for one in record["forecasts"]] == ["2021-01", "2021-02"]
    assert record["elasticity"] is None


def test_kept_forecasts_are_scored_when_the_values_are_there(table, tmp_path):
    """Kept once, however often the command is run; what has not come waits."""
    store = tmp_path / "kept.jsonl"
    arguments = (table(TALENTS), *SERIES, "--horizon", 2, "--method", "gm11", "--store", store)
    run(forecast, *arguments, "--at-least", 90)
    run(forecast, *arguments, "--at-least", 90)
    assert len(store.read_text().splitlines()) == 2
    actuals = table("year,talents\n2003,82.2\n2004,88\n", "actuals.csv")
    found = run(score, store, actuals, *SERIES, "--json")
    record = json.loads(found.stdout)
    assert (record["forecasts"], record["scored"]) == (2, 1)
    (one,) = record["scores"]
    assert (one["target"], one["inside"]) == ("2004", True)
    assert one["brier"] == pytest.approx(0.2018**2, rel=1e-2)
    assert "1 still waiting" in run(score, store, actuals, *SERIES).stderr
    named = table("name,year,talents\ntalents,2005,93\nother,2004,1\n", "named.csv")
    record = json.loads(run(score, store, named, *SERIES, "--series", "name", "--json").stdout)
    assert [one["target"] for one in record["scores"]] == ["2005"]


def test_a_changed_line_is_refused(table, tmp_path):
    """Nobody betters a forecast afterwards."""
    store = tmp_path / "kept.jsonl"
    run(forecast, table(TALENTS), *SERIES, "--method", "gm11", "--store", store)
    store.write_text(store.read_text().replace('"issued":"2003"', '"issued":"2001"'))
    with pytest.raises(TouchstoneError, match="FORECAST-04"):
        run(score, store, table(TALENTS), *SERIES)


def test_a_period_of_several_rows_is_put_together_when_it_is_said_how(table):
    """The mean of each year's rows gives the same forecast as a table of the means."""
    rows = table("year,y\n" + "".join(f"{year},{year % 5 + end}\n" for year in range(2000, 2008)
                                      for end in (-1, 1)))  # fmt: skip
    means = table("year,y\n" + "".join(f"{y},{y % 5}\n" for y in range(2000, 2008)), "m.csv")
    asked = ("--time", "year", "--value", "y", "--method", "naive", "--json")
    assert run(forecast, rows, *asked, "--by", "mean").stdout == run(forecast, means, *asked).stdout
    with pytest.raises(TouchstoneError, match="FORECAST-02"):
        run(forecast, rows, *asked)


def test_what_a_forecast_wrote_as_json_is_scored_as_well(table, tmp_path):
    """It holds what the store would hold; a folder without analyses is a usage error."""
    said, store = tmp_path / "said.json", tmp_path / "kept.jsonl"
    asked = (table(TALENTS), *SERIES, "--method", "gm11", "--at-least", 90, "--store", store)
    said.write_text(run(forecast, *asked, "--json").stdout)
    actuals = table("year,talents\n2004,88\n", "actuals.csv")
    assert (
        run(score, said, actuals, *SERIES, "--json").stdout
        == run(score, store, actuals, *SERIES, "--json").stdout
    )
    assert run(score, tmp_path, actuals, *SERIES).exit_code == 2
    assert run(forecast, *asked[:5], "--at-least", "nan").exit_code == 2


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_tables_speak_three_languages(table, tmp_path, language):
    """No text is missing in any language."""
    store, speak = tmp_path / "kept.jsonl", ("--language", language)
    asked = ("--driver", "labour", "--at-least", 90, "--method", "elasticity", "--method", "naive")
    shown = run(forecast, table(TALENTS), *SERIES, *asked, "--store", store, *speak)
    assert "86.6330" in shown.stdout
    actuals = table("year,talents\n2004,88\n", "actuals.csv")
    assert "1.00000" in run(score, store, actuals, *SERIES, *speak).stdout
    stated = run(contribution, "--growth", "output=9", "--growth", "talent=8:1",
                 "--elasticity", "talent=0.2:0.4", *speak)  # fmt: skip
    assert "26.6667" in stated.stdout


def test_a_gap_and_an_empty_series_are_refused(table):
    """Nothing is filled in by guessing."""
    gap = table("year,talents\n2001,1\n2002,\n2003,2\n")
    with pytest.raises(TouchstoneError, match=r"no value for 2002.*FORECAST-05"):
        run(forecast, gap, *SERIES)
    with pytest.raises(TouchstoneError, match=r"no value at all.*FORECAST-05"):
        run(forecast, table("year,talents\n2001,\n"), *SERIES)
    with pytest.raises(TouchstoneError, match="FORECAST-02"):
        run(forecast, table("year,talents\n1,1\n1,2\n"), *SERIES)
    assert run(forecast, table(TALENTS), *SERIES, "--method", "elasticity").exit_code == 2


def test_a_contribution_has_its_period_growths_and_range(table):
    """From a table: growth of the named years, elasticities as stated."""
    found = run(contribution, table(TALENTS), "--time", "year", "--output", "labour",
                "--factor", "talent=talents", "--elasticity", "talent=0.2:0.4",
                "--from", 1999, "--to", 2003, "--json")  # fmt: skip
    record = json.loads(found.stdout)
    assert (record["from"], record["to"]) == ("1999", "2003")
    assert record["growths"]["output"]["percent"] == pytest.approx(9.374, rel=1e-4)
    assert record["elasticities"]["talent"] == {"low": 0.2, "value": 0.3, "high": 0.4}
    talent, residual = record["contributions"]
    assert (talent["factor"], talent["n"]) == ("talent", 4)
    assert talent["low"] < talent["estimate"] < talent["high"]
    assert talent["estimate"] + residual["estimate"] == pytest.approx(100)


def test_a_contribution_without_any_range_is_marked():
    """Never a bare figure without a word."""
    found = run(contribution, "--growth", "output=9", "--growth", "talent=8",
                "--elasticity", "talent=0.3")  # fmt: skip
    assert "no range" in found.stderr


def test_growth_that_may_be_nothing_has_a_reason():
    """The figure is withheld, in records and in words."""
    arguments = ("--growth", "output=1:1", "--growth", "talent=8", "--elasticity", "talent=0.3")
    record = json.loads(run(contribution, *arguments, "--json").stdout)
    assert {one["reason"] for one in record["contributions"]} == {"growth_near_zero"}
    assert "told from 0" in run(contribution, *arguments).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--elasticity", "talent=0.3"),
        ("--elasticity", "talent=0.4:0.3", "--growth", "output=1"),
        ("--elasticity", "talent=much", "--growth", "output=1"),
        ("--elasticity", "talent", "--growth", "output=1"),
        ("--elasticity", "residual=0.3", "--growth", "output=1", "--growth", "residual=1"),
        ("--elasticity", "talent=0.3", "--growth", "output=1:-1"),
        ("--elasticity", "talent=0.3", "--growth", "output=1"),
    ],
)
def test_a_contribution_that_is_not_asked_for_clearly_is_a_usage_error(arguments):
    """Exit code 2, with what is wrong."""
    assert run(contribution, *arguments).exit_code == 2


def test_a_period_that_is_not_there_is_refused(table):
    """And a table needs its columns named."""
    options = ("--time", "year", "--output", "labour", "--factor", "talent=talents",
               "--elasticity", "talent=0.3")  # fmt: skip
    with pytest.raises(TouchstoneError, match="FORECAST-06"):
        run(contribution, table(TALENTS), *options, "--from", 1990)
    assert run(contribution, table(TALENTS), "--elasticity", "talent=0.3").exit_code == 2
    short = json.loads(
        run(contribution, table(TALENTS), *options, "--from", 2002, "--to", 2003, "--json").stdout
    )
    assert short["contributions"][0]["reason"] == "series_too_short"
