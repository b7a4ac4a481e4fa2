"""`touchstone estimate` reads a table, estimates, and says what it had to round."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.cli.estimate import estimate
from touchstone.cli.main import touchstone

FILES = Path(__file__).parents[2] / "reference" / "files"
STRAT = (str(FILES / "apistrat.csv"), "--weight", "pw", "--strata", "stype", "--fpc", "fpc")


@pytest.fixture
def run():
    """Run the command; give its result."""
    return lambda *arguments: CliRunner().invoke(
        touchstone, ["estimate", *arguments], catch_exceptions=False
    )


def test_a_mean_by_domain_is_a_list_of_records(run):
    """The stable contract: these fields, figures as numbers, n whole."""
    found = run(*STRAT, "--mean", "api00,enroll", "--by", "awards", "--json")
    assert (found.exit_code, found.stderr) == (0, "")
    records = json.loads(found.stdout)
    assert [(record["by"], record["variable"]) for record in records] == [
        ({"awards": "No"}, "api00"),
        ({"awards": "No"}, "enroll"),
        ({"awards": "Yes"}, "api00"),
        ({"awards": "Yes"}, "enroll"),
    ]
    first = records[0]
    assert list(first) == [
        "by",
        "variable",
        "statistic",
        "estimate",
        "se",
        "low",
        "high",
        "n",
        "deff",
        "method",
    ]
    assert first["estimate"] == pytest.approx(633.734912, rel=1e-6)
    assert (first["statistic"], first["method"], first["n"]) == ("mean", "taylor", 87)
    assert first["low"] < first["estimate"] < first["high"]


def test_a_total_equals_that_of_survey(run):
    """svytotal(~enroll) of the stratified sample: 3687177.5 with error 114641.7."""
    (record,) = json.loads(run(*STRAT, "--total", "enroll", "--json").stdout)
    assert record["estimate"] == pytest.approx(3687177.53, rel=1e-8)
    assert record["se"] == pytest.approx(114641.72, rel=1e-6)


def test_a_share_has_one_record_for_each_value_or_for_one(run):
    """Without =VALUE each value has its record; with it only that one."""
    records = json.loads(run(*STRAT, "--share", "stype", "--json").stdout)
    assert [record["value"] for record in records] == ["E", "H", "M"]
    assert sum(record["estimate"] for record in records) == pytest.approx(1)
    (one,) = json.loads(run(*STRAT, "--share", "stype=H", "--json").stdout)
    assert one == records[1]
    assert one["method"] == "wilson"


def test_a_column_with_an_equals_sign_in_its_name_can_be_meant(run, table):
    """A name that stands in the table is a name."""
    path = table("a=b,c\nyes,1\nno,2\n")
    records = json.loads(run(path, "--share", "a=b", "--json").stdout)
    assert [(record["variable"], record["value"]) for record in records] == [
        ("a=b", "no"),
        ("a=b", "yes"),
    ]


def test_a_name_with_a_comma_stands_in_quotation_marks(run, table):
    """As in a line of CSV."""
    path = table('"a,b",c\n1,2\n3,5\n')
    records = json.loads(run(path, "--mean", '"a,b",c', "--json").stdout)
    assert [record["variable"] for record in records] == ["a,b", "c"]


def test_a_domain_without_values_has_a_reason_and_no_figure(run, table):
    """Nothing to divide by is never 0."""
    path = table("g,y\na,1\na,2\nb,\n")
    empty = json.loads(run(path, "--mean", "y", "--by", "g", "--json").stdout)[1]
    assert (empty["estimate"], empty["n"], empty["method"]) == (None, 0, "withheld")
    assert empty["reason"] == "empty_base"
    shown = run(path, "--mean", "y", "--by", "g").stdout
    assert "nothing to divide by" in shown.splitlines()[2]


@pytest.mark.parametrize(
    ("language", "head"), [("en", "95 % low"), ("zh-hans", "均值"), ("zh-hant", "平均數")]
)
def test_a_table_is_shown_without_json(run, language, head):
    """Columns line up, words are of the language, figures readable."""
    found = run(*STRAT, "--mean", "enroll", "--language", language)
    assert head in found.stdout
    assert "595.28" in found.stdout
    assert len(found.stdout.splitlines()) == 2


def test_a_weight_that_follows_from_the_design_is_said(run):
    """On standard error, so that the records stay clean."""
    path = str(FILES / "apiclus2.csv")
    found = run(path, "--mean", "api00", "--cluster", "dnum,snum", "--fpc", "fpc1,fpc2", "--json")
    (record,) = json.loads(found.stdout)
    assert record["estimate"] == pytest.approx(670.811809, rel=1e-8)
    assert "fpc1, fpc2" in found.stderr


def test_long_numbers_are_rounded_and_that_is_said(run, table):
    """More digits than fit are rounded half-even, never refused, never in silence."""
    path = table("w,y\n12345.12345678901234567,1\n0.00000000000000000001,2\n3.5,1e-30\n7,5\n2.5,\n")
    found = run(path, "--mean", "y", "--weight", "w", "--json")
    assert found.exit_code == 0
    (record,) = json.loads(found.stdout)
    assert record["estimate"] == pytest.approx(12380.123456789 / 12355.623456789, rel=1e-9)
    assert "Column 'w': 2 numbers were rounded to 13 decimal places" in found.stderr
    assert "Column 'y': 1 number was rounded" in found.stderr


def test_columns_are_shortened_for_exact_sums_and_that_is_said(run):
    """Thirteen decimals of weight and of value have no room together."""
    found = run(*STRAT, "--mean", "avg.ed", "--json")
    assert "rounded from 13 to" in found.stderr
    (record,) = json.loads(found.stdout)
    assert record["estimate"] == pytest.approx(2.7874, abs=1e-4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "exactly one"),
        (("--mean", "api00", "--total", "enroll"), "exactly one"),
        (("--mean", "api00,,enroll"), "empty name"),
        (("--mean", "api00,api00"), "twice"),
        (("--mean", "api00", "--confidence", "95"), "between 0 and 1"),
        (("--mean", "api00", "--confidence", "nan"), "between 0 and 1"),
        (("--mean", "api00", "--confidence", "much"), "between 0 and 1"),
    ],
)
def test_wrong_usage_ends_with_exit_code_2(run, arguments, message):
    """What is wrong stands on standard error."""
    found = run(str(FILES / "apistrat.csv"), *arguments)
    assert found.exit_code == 2
    assert message in found.stderr
    assert found.stdout == ""


def test_a_missing_file_ends_with_exit_code_2(run):
    """The path is named."""
    found = run("nowhere.csv", "--mean", "y")
    assert found.exit_code == 2
    assert "nowhere.csv" in found.stderr


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        ("y\n1\n2\n", ("--mean", "z"), "TABLE-24"),
        ("y\nfour\n2\n", ("--mean", "y"), "NUMBER-01"),
        ("y,w\n1,1\n2,-1\n", ("--mean", "y", "--weight", "w"), "TALLY-03"),
        ("y,s\n1,a\n2,b\n3,b\n", ("--mean", "y", "--strata", "s"), "DESIGN-06"),
        ("y,n\n1,1\n2,1\n3,2\n", ("--mean", "y", "--fpc", "n"), "DESIGN-03"),
        ("y\na\nb\n", ("--share", "y=c"), "SHARE-01"),
    ],
)
def test_bad_input_is_a_fault_with_a_code(table, text, arguments, code):
    """The group turns it into exit code 2 (see `main`)."""
    with pytest.raises(TouchstoneError) as refused:
        estimate.main([table(text), *arguments], standalone_mode=False)
    assert refused.value.code == code


def test_engines_serve_plain_figures_and_say_so_elsewhere(run):
    """A mean is equal on DuckDB; a ratio, which is worked out in memory, refuses an engine."""
    asked = (*STRAT, "--mean", "api00", "--by", "awards", "--json")
    assert run(*asked, "--engine", "duckdb").stdout == run(*asked).stdout
    refused = run(*STRAT, "--ratio", "api00/api99", "--engine", "duckdb")
    assert refused.exit_code == 2
    assert "--engine" in refused.stderr
