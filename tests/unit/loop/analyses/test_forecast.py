"""Forecasts as packs ask for them: equal to the command's, and scored when the values are there."""

import io
import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.cli.analyse import analyse_command
from touchstone.cli.assess import assess, verify
from touchstone.cli.forecast import forecast
from touchstone.cli.score import score
from touchstone.content.analyses.forecast import ForecastSpec
from touchstone.content.packs import check_pack, read_pack
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.forecast import find_forecast
from touchstone.loop.analyses.kinds import analyse
from touchstone.loop.freeze import freeze, freeze_plain
from touchstone.reports.analyses.forecast import forecast_record, show_forecast
from touchstone.reports.words import Words

PACK = Path(__file__).parent / "waiting"
QUARTERS = [f"{year}-Q{quarter}" for year in (2022, 2023, 2024) for quarter in (1, 2, 3, 4)]
ACTUALS = "quarter,days\n2025-Q1,36\n2025-Q2,41.5\n"


def answers(per_office=5, *, last=5):
    """Rows of three offices in twelve quarters; in the last one so many of each office."""
    lines = ["answer,office,quarter,days,staff,desks"]
    for place, quarter in enumerate(QUARTERS):
        count = last if quarter == QUARTERS[-1] else per_office
        for office in "abc":
            lines += [
                f"{quarter}-{office}-{one},{office},{quarter},"
                f"{20 + place + (place * place) % 3 + one / 2},{10 + place},{30 + place % 4 + one}"
                for one in range(count)
            ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def evidence(tmp_path):
    """The rows as a file."""
    path = tmp_path / "answers.csv"
    path.write_text(answers(), "utf-8")
    return path


def run(command, *words):
    """Run a command; give its result."""
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)


def made(text=None, **changes):
    """Make the pack's forecast of some rows, with some fields changed."""
    pack = read_pack(str(PACK))
    dataset = pack.datasets["answers"]
    snapshot = freeze(read_table(io.BytesIO((text or answers()).encode()), where="a.csv"), dataset)
    asked = msgspec.structs.replace(pack.analyses["next_quarters"], **changes)
    return analyse(asked, snapshot, dataset=dataset)


def test_the_small_pack_has_no_fault():
    """It asks for a forecast and a contribution of the same rows."""
    assert check_pack(str(PACK)) == ()


def test_a_forecast_is_that_of_the_command(evidence):
    """The same rows give the same record and the same hashes."""
    arguments = ("--time", "quarter", "--value", "days", "--by", "mean", "--horizon", 2)
    asked = ("--method", "naive", "--method", "gm11", "--at-least", 40, "--json")
    told = json.loads(run(forecast, evidence, *arguments, *asked).stdout)
    assert forecast_record(read_pack(str(PACK)).analyses["next_quarters"], made()) == told
    assert {one["evidence"] for one in told["kept"]} == {told["kept"][0]["evidence"]}


def test_a_forecast_of_few_rows_is_withheld():
    """Nine rows of the last quarter could tell who answered; a mean of ten is told."""
    few = Withheld("too_few_rows", (("smallest", "10"),))
    assert made(answers(last=3)) == few
    assert made(answers(last=4)).timed.periods.count == 12
    assert made(answers(last=3), smallest_group=9).timed.periods.count == 12


def test_a_forecast_of_one_answer_a_period_is_withheld():
    """A row with a rater is somebody's answer, although the units are organisations."""
    lines = answers(1, last=1).splitlines()
    text = "\n".join([lines[0], *(line for line in lines if ",a," in line)]) + "\n"
    assert made(text, by=None) == Withheld("too_few_rows", (("smallest", "10"),))


def test_a_forecast_that_the_rows_do_not_allow_has_a_fault_in_its_place():
    """Several rows a quarter without a rule, and a sum with a gap."""
    assert made(by=None).code == "FORECAST-02"
    gap = answers().replace("2023-Q1-a-0,a,2023-Q1,25.0", "2023-Q1-a-0,a,2023-Q1,")
    assert made(gap, by="sum").code == "FORECAST-05"
    assert made(gap, by="mean").timed.periods.count == 12


def test_a_forecast_of_a_column_of_numbers_as_time_has_the_same_periods():
    """Years may be frozen as numbers or as texts."""
    text = "year,y\n" + "".join(f"{year},{year % 5}\n" for year in range(2001, 2009))
    spec = ForecastSpec(time="year", value="y", smallest_group=5, at_least=Decimal(2))
    found = []
    for numbers, texts in ((["y"], ["year"]), (["year", "y"], [])):
        raw = read_table(io.BytesIO(text.encode()), where="a.csv")
        found.append(find_forecast(spec, Evidence(freeze_plain(raw, numbers=numbers, texts=texts))))
    assert forecast_record(spec, found[0]) == forecast_record(spec, found[1])
    raw = read_table(io.BytesIO(b"year,y\n2001,\n"), where="a.csv")
    empty = Evidence(freeze_plain(raw, numbers=["y"], texts=["year"]))
    with pytest.raises(TouchstoneError, match="FORECAST-05"):
        find_forecast(spec, empty)


def test_published_forecasts_are_scored_when_the_values_are_there(evidence, tmp_path):
    """From the results folder, from its analyses.json, and from what `analyse --json` wrote."""
    out, actuals, said = tmp_path / "out", tmp_path / "actuals.csv", tmp_path / "said.json"
    actuals.write_text(ACTUALS, "utf-8")
    done = run(assess, evidence, "--pack", PACK, "--scheme", "speed", "--out", out)
    assert done.exit_code == 0, done.output
    assert run(verify, out).exit_code == 0
    asked = ("--pack", PACK, "--analysis", "next_quarters", "--json")
    said.write_text(run(analyse_command, evidence, *asked).stdout, "utf-8")
    by_time = ("--time", "quarter", "--value", "days", "--json")
    scored = [
        json.loads(run(score, source, actuals, *by_time).stdout)
        for source in (out, out / "analyses.json", said)
    ]
    assert scored[0] == scored[1] == scored[2]
    assert (scored[0]["forecasts"], scored[0]["scored"]) == (4, 4)
    first = scored[0]["scores"][0]
    assert (first["method"], first["target"], first["value"]) == ("naive", "2025-Q1", 36)
    assert first["scaled_error"] == pytest.approx(3 / (12 / 11), rel=1e-5)
    assert all(0 <= one["brier"] <= 1 for one in scored[0]["scores"])


def test_a_published_forecast_that_was_changed_is_not_scored(evidence, tmp_path):
    """The hash of each tells."""
    said, actuals = tmp_path / "said.json", tmp_path / "actuals.csv"
    actuals.write_text(ACTUALS, "utf-8")
    asked = ("--pack", PACK, "--analysis", "next_quarters", "--json")
    told = run(analyse_command, evidence, *asked).stdout
    said.write_text(told.replace('"2025-Q1"', '"2025-Q2"'), "utf-8")
    with pytest.raises(TouchstoneError, match=r"next_quarters, forecast 1.*FORECAST-04"):
        run(score, said, actuals, "--time", "quarter", "--value", "days")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forecast_is_shown_in_the_words_of_the_pack(language):
    """A picture of each method, with the column's name; a sentence about the tests."""
    pack = read_pack(str(PACK))
    words = Words(language, pack.texts[language])
    shown = show_forecast(pack.analyses["next_quarters"], made(), words)
    assert [one.name for one in shown.charts] == ["forecast-naive", "forecast-gm11"]
    assert all(words.column("days") in one.title for one in shown.charts)
    assert all(len(one.rows) == 14 for one in shown.charts)
