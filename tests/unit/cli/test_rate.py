"""`touchstone rate` reads a table of ratings, measures the ratees, and says what it left out."""

import json

import pytest
from click.testing import CliRunner

from touchstone.base.errors import InputErrors, TouchstoneError
from touchstone.cli.main import touchstone

WHO = ("--rater", "who", "--ratee", "whom", "--score", "mark")
ROWS = [
    (f"r{a}", f"u{b}", 1 + (3 * a + 5 * b + a * b) % 5, "xy"[b % 2], "pq"[a % 2], 0.5 * a)
    for a in range(8)
    for b in range(6)
]


@pytest.fixture
def run(tmp_path):
    """Write rows as CSV and run the command on them; give its result."""

    def run_on(rows, *options):
        path = tmp_path / "ratings.csv"
        lines = ["who,whom,mark,unit,term,age", *(",".join(map(str, row)) for row in rows)]
        path.write_text("\n".join(lines), encoding="utf-8")
        arguments = ["rate", str(path), *WHO, *options]
        return CliRunner().invoke(touchstone, arguments, catch_exceptions=False)

    return run_on


def test_the_record_holds_the_model(run):
    """The stable contract: these fields; variances by column, the residual's last."""
    found = run(ROWS, "--group", "unit:term", "--fixed", "age", "--json")
    assert found.exit_code == 0
    record = json.loads(found.stdout)
    assert list(record["variances"]) == ["who", "whom", "unit:term", "residual"]
    assert set(record["fixed"]) == {"(Intercept)", "age"}
    assert record["criterion"] == pytest.approx(-2 * record["log_likelihood"])
    assert record["seconds"] >= 0
    assert set(record["ratees"][0]) >= {
        "id", "n", "mean", "measure", "se", "rank_low", "rank_high",
    }  # fmt: skip
    assert [ratee["id"] for ratee in record["ratees"]] == [f"u{b}" for b in range(6)]
    assert {ratee["n"] for ratee in record["ratees"]} == {8}


def test_ml_and_reml_differ_and_reml_is_the_default(run):
    """REML is what stands without an option."""
    by_default, restricted, plain = (
        json.loads(run(ROWS, *options, "--json").stdout)["criterion"]
        for options in ((), ("--reml",), ("--ml",))
    )
    assert by_default == restricted != plain


def test_a_fixed_column_of_words_is_a_column_for_each_level_but_the_first(run):
    """Its slopes are differences from the first level."""
    record = json.loads(run(ROWS, "--fixed", "unit", "--json").stdout)
    assert set(record["fixed"]) == {"(Intercept)", "unit[y]"}


def test_rows_with_a_gap_are_left_out_and_counted(run):
    """A row without a score has nothing to say; how many there were is told."""
    found = run([*ROWS, ("r0", "u0", "", "x", "p", 0)])
    assert "1 row has an empty cell" in found.stderr
    record = json.loads(run([*ROWS, ("r0", "u0", "", "x", "p", 0)], "--json").stdout)
    assert (record["n"], record["left_out"]) == (len(ROWS), 1)


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_tables_stand_in_each_language(run, language):
    """Every ratee has a line; no key of the catalogue is left over."""
    found = run(ROWS, "--fixed", "age", "--language", language)
    assert found.exit_code == 0
    assert all(f"\nu{b} " in found.stdout for b in range(6))
    assert "rate." not in found.stdout


def test_subsets_are_told(run):
    """Ratings that fall apart have a column of subsets and a sentence."""
    far = [(f"x{row[0]}", f"y{row[1]}", *row[2:]) for row in ROWS]
    found = run([*ROWS, *far])
    assert "2 subsets" in found.stdout


def test_a_reliability_that_is_withheld_is_null_with_its_reason(run):
    """No number stands where there is none."""
    rows = [(f"r{a}", f"u{b}", a + (a + b) % 2, "x", "p", 0) for a in range(6) for b in range(6)]
    record = json.loads(run(rows, "--json").stdout)
    assert record["reliability"] is None
    assert record["withheld"]["reliability"] == "ratees_alike"


def test_a_table_without_a_whole_row_is_refused(run):
    """The error names the columns."""
    with pytest.raises(TouchstoneError) as refused:
        run([("r0", "u0", "", "x", "p", 0)])
    assert refused.value.code == "RATE-07"
    assert "'mark'" in refused.value.where


def test_a_column_that_is_not_there_is_refused(run):
    """As for every other command."""
    with pytest.raises(InputErrors) as refused:
        run(ROWS, "--group", "dept")
    assert refused.value.faults[0].code == "TABLE-24"


FORMS = [
    (f"r{a}", f"u{b}", 1 + (a + 2 * b + 3 * item + a * b * item) % 4, f"i{item}", "p", 0)
    for a in range(4)
    for b in range(6)
    for item in range(3)
]
ORDINAL = ("--model", "ordinal", "--item", "unit")


def test_forms_are_measured_by_an_ordinal_model(run):
    """Measures in logits with a fair average; raters' severities sum to 0; items are told."""
    record = json.loads(run(FORMS, *ORDINAL, "--json").stdout)
    assert record["criterion"] == pytest.approx(-2 * record["log_likelihood"])
    assert sum(rater["severity"] for rater in record["raters"]) == pytest.approx(0, abs=1e-6)
    assert [item["id"] for item in record["items"]] == ["i0", "i1", "i2"]
    for ratee in record["ratees"]:
        assert 1 <= ratee["average_low"] <= ratee["average"] <= ratee["average_high"] <= 4
        assert 1 <= ratee["rank_low"] <= ratee["rank_high"] <= 6
    assert {"unit[i1]", "who[r2]", "threshold[3]"} <= set(record["fixed"])


@pytest.mark.parametrize("scale", ["common", "item", "rater"])
def test_thresholds_belong_to_all_or_to_each(run, scale):
    """A scale of its own gives each item, or each rater, thresholds by name."""
    fixed = json.loads(run(FORMS, *ORDINAL, "--scale", scale, "--json").stdout)["fixed"]
    owner = {"common": "", "item": "unit[i0] ", "rater": "who[r0] "}[scale]
    assert f"{owner}threshold[2]" in fixed


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_an_ordinal_model_has_tables_in_each_language(run, language):
    """Ratees, raters and items each have a table; no key of the catalogue is left over."""
    found = run(FORMS, *ORDINAL, "--language", language)
    assert found.exit_code == 0
    assert all(f"{name} " in found.stdout for name in ("u5", "r3", "i2"))
    assert "rate." not in found.stdout


def test_a_rater_of_one_answer_for_all_is_withheld_with_the_reason(run):
    """Nothing is told of a rater who always gives the lowest category."""
    flat = [("r9", f"u{b}", 1, f"i{item}", "p", 0) for b in range(6) for item in range(3)]
    record = json.loads(run([*FORMS, *flat], *ORDINAL, "--json").stdout)
    last = record["raters"][-1]
    assert (last["id"], last["severity"]) == ("r9", None)
    assert last["reason"]
    assert record["without_information"] == len(flat)


@pytest.mark.parametrize(
    "options",
    [("--item", "unit"), (*ORDINAL, "--fixed", "age"), (*ORDINAL, "--within-groups")],
)
def test_options_of_the_other_model_are_refused(run, options):
    """Usage is told, and nothing is fitted."""
    assert run(FORMS, *options).exit_code == 2
