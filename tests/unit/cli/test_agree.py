"""`touchstone agree` and `touchstone reliability` read tables and tell agreement."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.cli.agree import agree
from touchstone.cli.reliability import reliability

FILES = Path(__file__).parents[2] / "reference" / "files"
IMMER = (str(FILES / "immer07.csv"), "--rater", "rater", "--ratee", "pid")
BFI = (str(FILES / "bfi_agreeableness.csv"), "--items", "A1,A2,A3,A4,A5")


def run(command, *arguments):
    """Run a command; give its result."""
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def test_each_column_of_scores_is_an_item():
    """Statistics of each item, then coefficients of all of them together, and raters needed."""
    found = run(agree, *IMMER, "--score", "I1,I2", "--target", "0.6", "--draws", "100", "--json")
    record = json.loads(found.stdout)
    assert (record["ratings"], record["layout"], record["complete"]) == (
        3000,
        "ratee x rater x item",
        True,
    )
    names = [(one["statistic"], one["item"]) for one in record["statistics"]]
    assert names[:2] == [("alpha_ordinal", "I1"), ("icc1", "I1")]
    assert names[-2:] == [("relative", None), ("absolute", None)]
    assert set(record["components"]) >= {"ratee", "rater x item"}
    (needed,) = [one for one in record["raters_needed"] if one["statistic"] == "absolute"]
    assert needed["fewest"] <= needed["raters"]
    reached = [point["raters"] for point in needed["curve"] if point["estimate"] >= 0.6]
    assert (len(needed["curve"]), min(reached)) == (20, needed["raters"])


def test_items_may_stand_in_rows(table):
    """A row for each item gives what a column for each item gives."""
    wide = table("d,r,a,b\n1,x,1,2\n1,y,2,2\n2,x,3,4\n2,y,3,5\n3,x,5,5\n3,y,4,5\n")
    options = ("--rater", "r", "--ratee", "d", "--statistic", "icc", "--json")
    expected = json.loads(run(agree, wide, *options, "--score", "a,b").stdout)
    lines = ["d,r,i,y"]
    for ratee, rater, a, b in ("1x12", "1y22", "2x34", "2y35", "3x55", "3y45"):
        lines += [f"{ratee},{rater},a,{a}", f"{ratee},{rater},b,{b}"]
    long = table("\n".join(lines))
    assert json.loads(run(agree, long, *options, "--score", "y", "--item", "i").stdout) == expected


def test_each_ratee_may_have_raters_of_its_own(table):
    """Raters who rate one ratee each are nested in it."""
    path = table("d,r,y\n1,a,1\n1,b,2\n2,c,4\n2,e,5\n3,f,2\n3,g,4\n")
    options = ("--rater", "r", "--ratee", "d", "--score", "y", "--json")
    found = json.loads(run(agree, path, *options, "--statistic", "generalizability").stdout)
    assert found["layout"] == "rater in ratee"


def test_words_are_categories_at_the_nominal_level(table):
    """Cohen's kappa of two raters who used words."""
    path = table("d,r,y\n1,x,good\n1,y,good\n2,x,bad\n2,y,good\n3,x,bad\n3,y,bad\n,x,bad\n")
    found = run(agree, path, "--rater", "r", "--ratee", "d", "--score", "y", "--level", "nominal",
                "--statistic", "kappa", "--weights", "none", "--json")  # fmt: skip
    (kappa,) = json.loads(found.stdout)["statistics"]
    assert kappa["estimate"] == pytest.approx(0.4)
    assert "1 row has no name" in found.stderr


def test_words_have_no_distances(table):
    """What needs distances is withheld; what counts categories is given by itself."""
    path = table("d,r,y\n1,x,good\n1,y,good\n2,x,bad\n2,y,good\n3,x,bad\n3,y,bad\n")
    options = (path, "--rater", "r", "--ratee", "d", "--score", "y", "--level", "nominal", "--json")
    usual = json.loads(run(agree, *options).stdout)["statistics"]
    assert [one["statistic"] for one in usual] == ["alpha_nominal", "fleiss"]
    asked = ("--statistic", "icc", "--statistic", "kappa", "--statistic", "generalizability")
    found = json.loads(run(agree, *options, *asked).stdout)["statistics"]
    assert {one["reason"] for one in found} == {"scores_are_words"}


def test_items_stand_in_columns_or_in_rows_but_not_both(table):
    """Two columns of scores for each of several items would be items of items."""
    path = table("d,r,i,a,b\n1,x,k,1,2\n")
    options = ("--rater", "r", "--ratee", "d", "--score", "a,b", "--item", "i")
    assert CliRunner().invoke(agree, [path, *options]).exit_code == 2


def test_what_cannot_be_told_has_its_reason(table):
    """Three raters have no Cohen's kappa; one rater no reliability."""
    path = table("d,r,y\n1,x,1\n2,x,2\n")
    found = run(agree, path, "--rater", "r", "--ratee", "d", "--score", "y", "--json",
                "--statistic", "kappa", "--statistic", "icc", "--statistic", "fleiss",
                "--statistic", "krippendorff", "--target", "0.8")  # fmt: skip
    record = json.loads(found.stdout)
    reasons = {one["statistic"]: one["reason"] for one in record["statistics"]}
    assert reasons["kappa_quadratic"] == "not_two_raters"
    assert reasons["icc2"] == reasons["fleiss"] == "nothing_rated_twice"
    assert {one["reason"] for one in record["raters_needed"]} == {"nothing_rated_twice"}


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_tables_speak_three_languages(language):
    """No text is missing in any language."""
    found = run(agree, *IMMER, "--score", "I1,I2", "--target", "0.8", "--draws", "100",
                "--statistic", "krippendorff", "--statistic", "icc", "--statistic", "kappa",
                "--statistic", "fleiss", "--statistic", "generalizability",
                "--language", language)  # fmt: skip
    assert "0.459817" in found.stdout
    assert "0.703018" in run(reliability, *BFI, "--turned", "A1", "--language", language).stdout


def test_a_table_without_ratings_is_refused(table):
    """The columns named hold nothing together."""
    path = table("d,r,y\n1,x,\n,y,2\n")
    with pytest.raises(TouchstoneError, match="AGREE-02"):
        run(agree, path, "--rater", "r", "--ratee", "d", "--score", "y")


def test_reliability_is_a_record_of_statistics_and_items():
    """Items that run against the others are named on standard error."""
    found = run(reliability, *BFI, "--json")
    record = json.loads(found.stdout)
    assert [one["statistic"] for one in record["statistics"]] == [
        "alpha",
        "alpha_standardised",
        "omega_total",
    ]
    assert record["against"] == ["A1"]
    assert "A1" in found.stderr
    assert list(record["items"][0]) == [
        "item",
        "n",
        "mean",
        "deviation",
        "rest_correlation",
        "alpha_without",
        "loading",
    ]


def test_only_items_of_the_scale_can_be_turned():
    """A name that is not among the items is refused."""
    with pytest.raises(TouchstoneError, match="AGREE-03"):
        run(reliability, *BFI, "--turned", "B9")


def test_a_constant_item_is_named(table):
    """No reliability, and the reason with the item."""
    path = table("a,b\n1,2\n2,2\n3,2\n")
    found = json.loads(run(reliability, path, "--items", "a,b", "--json").stdout)
    assert found["statistics"][0]["reason"] == "item_constant"
    assert found["statistics"][0]["details"] == {"item": "b"}
