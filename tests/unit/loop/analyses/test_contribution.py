"""Contributions to growth as packs ask for them: equal to the command's, and not of few rows."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchstone.base.outcomes import Withheld
from touchstone.cli.analyse import analyse_command
from touchstone.cli.contribution import contribution
from touchstone.content.analyses.contribution import ContributionSpec, FactorSpec
from touchstone.content.datasets import Dataset
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.contribution import elasticity_of
from touchstone.loop.analyses.kinds import analyse
from touchstone.loop.freeze import freeze_plain
from touchstone.reports.analyses.contribution import contribution_record, show_contribution
from touchstone.reports.words import Words
from touchstone.stats.growth import Elasticity

PACK = Path(__file__).parent / "waiting"
COLUMNS = ["product", "talents", "capital"]
FACTORS = (
    FactorSpec(name="talent", column="talents", elasticity=(Decimal("0.2"), Decimal("0.4"))),
    FactorSpec(name="capital", column="capital", elasticity=(Decimal("0.5"),)),
)
DATASET = Dataset(key=(), unit="year", about="organisations", columns=(), levels=())


def rows(per_year=1, *, last=None):
    """So many rows in each of eight years; in the last one another number of them."""
    lines = ["year,product,talents,capital"]
    for year in range(2016, 2024):
        grown = year - 2016
        line = f"{year},{100 + 9 * grown + grown % 3},{10 + grown},{50 + 5 * grown + grown % 2}"
        lines += [line] * (last if last is not None and year == 2023 else per_year)
    return "\n".join(lines) + "\n"


def spec(**changes):
    """Ask for the contributions of talent and capital."""
    asked = {"time": "year", "output": "product", "factors": FACTORS, "smallest_group": 5}
    return ContributionSpec(**(asked | changes))


def made(text, asked):
    """Make the analysis of rows of a table."""
    raw = read_table(io.BytesIO(text.encode()), where="years.csv")
    snapshot = freeze_plain(raw, numbers=COLUMNS, texts=["year"])
    return analyse(asked, snapshot, dataset=DATASET)


def test_a_contribution_is_that_of_the_command(tmp_path):
    """The same rows give the same record, also within a span."""
    path = tmp_path / "years.csv"
    path.write_text(rows(), "utf-8")
    arguments = [str(path), "--time", "year", "--output", "product", "--factor", "talent=talents"]
    arguments += ["--factor", "capital=capital", "--elasticity", "talent=0.2:0.4"]
    arguments += ["--elasticity", "capital=0.5", "--from", "2017", "--json"]
    told = CliRunner().invoke(contribution, arguments, catch_exceptions=False).stdout
    asked = spec(first="2017")
    assert contribution_record(asked, made(rows(), asked)) == json.loads(told)


def test_a_contribution_of_several_rows_a_period_is_that_of_their_sums():
    """Sums of equal rows grow as one of them does."""
    asked = spec(by="sum")
    one, many = made(rows(), spec()), made(rows(6), asked)
    assert contribution_record(spec(), one)["contributions"][0]["estimate"] == pytest.approx(
        contribution_record(asked, many)["contributions"][0]["estimate"]
    )


def test_a_contribution_of_few_rows_is_withheld():
    """Only periods within the span count."""
    few = Withheld("too_few_rows", (("smallest", "5"),))
    assert made(rows(6, last=4), spec(by="mean")).parts == few
    assert not isinstance(made(rows(6, last=4), spec(by="mean", last="2022")).parts, Withheld)
    record = contribution_record(spec(), made(rows(6, last=4), spec(by="mean")))
    assert {one["reason"] for one in record["contributions"]} == {"too_few_rows"}
    assert record["growths"] is None


def test_a_contribution_that_the_rows_do_not_allow_has_a_fault_in_its_place():
    """A period that is not there, and several rows without a rule."""
    assert made(rows(), spec(first="1990")).code == "FORECAST-06"
    assert made(rows(2), spec()).code == "FORECAST-02"


def test_an_elasticity_of_one_two_or_three_numbers_has_a_range():
    """Between two ends it is their middle."""
    stated = [
        elasticity_of(FactorSpec(name="a", column="a", elasticity=tuple(map(Decimal, figures))))
        for figures in (("0.5",), ("0.25", "0.75"), ("0.25", "0.375", "0.75"))
    ]
    assert stated == [
        Elasticity(0.5, 0.5, 0.5), Elasticity(0.25, 0.5, 0.75), Elasticity(0.25, 0.375, 0.75),
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_contribution_is_shown_in_the_words_of_the_pack(language):
    """A factor has its column's name where the pack has one, else its own; a picture of all."""
    found = made(rows(), spec())
    words = Words(language, {"column": {"talents": "Talent!"}})
    shown = show_contribution(spec(), found, words)
    assert [row[0] for row in shown.charts[0].rows][:2] == ["Talent!", "capital"]
    assert shown.notes == ()


def test_a_contribution_is_among_the_analyses_of_a_pack(tmp_path):
    """From a pack's folder and a file to figures and their words."""
    lines = ["answer,office,quarter,days,staff,desks"]
    for quarter in range(8):
        lines += [
            f"{quarter}-{one},a,{2020 + quarter // 4}-Q{quarter % 4 + 1},"
            f"{20 + 2 * quarter + quarter % 2},{10 + quarter},{30 + quarter % 3}"
            for one in range(12)
        ]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    asked = [str(path), "--pack", str(PACK), "--analysis", "what_speeds"]
    told = CliRunner().invoke(analyse_command, [*asked, "--json"], catch_exceptions=False).stdout
    (record,) = json.loads(told)["analyses"]
    assert (record["kind"], record["from"], record["to"]) == ("contribution", "2020-Q1", "2021-Q4")
    assert [one["factor"] for one in record["contributions"]] == ["staff", "desks", "residual"]
    shown = CliRunner().invoke(analyse_command, asked, catch_exceptions=False).stdout
    assert "Staff" in shown
