"""`touchstone calibrate` meets known totals, or says what stands in the way."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.cli.main import touchstone

FILES = Path(__file__).parents[2] / "reference" / "files"
STRAT = str(FILES / "apistrat.csv")
TYPES = ("--margins", "stype:E=4421,H=755,M=1018")
WIDE = ("--margins", "sch.wide:Yes=5122,No=1072")


def run(*arguments):
    """Run the command; give its result."""
    return CliRunner().invoke(touchstone, ["calibrate", *arguments], catch_exceptions=False)


def record_of(*arguments):
    """Run the command with JSON; give its record."""
    found = run(*arguments, "--json")
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


PEOPLE = "sex,age,w,y\nf,old,1,3\nf,young,1,4\nm,old,2,5\nm,young,1,9\n"
BOTH = ("--margins", "sex:f=60,m=40", "--margins", "age:old=50,young=50")


def test_raked_weights_meet_all_margins():
    """After raking each category sums to its target."""
    found = record_of(STRAT, "--weight", "pw", *TYPES, *WIDE)
    assert (found["method"], found["rows"], found["cells"]) == ("rake", 200, 6)
    for one in found["targets"]:
        assert one["after"] == pytest.approx(one["target"], rel=1e-9)
    assert len(found["weights"]) == 200


@pytest.mark.parametrize(
    "options",
    [
        ("--method", "linear"),
        ("--method", "linear", "--bounds", "0.5,2"),
        ("--method", "logit", "--bounds", "0.5,2"),
        ("--method", "rake", "--bounds", "0.5,2"),
        ("--trim", "0.3,1.6"),
    ],
)
def test_every_method_meets_its_targets(options):
    """Whatever the distance, the totals hold."""
    found = record_of(STRAT, "--weight", "pw", *TYPES, *WIDE, *options)
    for one in found["targets"]:
        assert one["after"] == pytest.approx(one["target"], rel=1e-8)


def test_margins_come_from_a_table_too(table):
    """Categories, crossed categories and totals of numbers in one file."""
    data = table(PEOPLE)
    margins = table("margin,category,target\nsex/age,f/old,30\nsex/age,f/young,30\n"
                    "sex/age,m/old,20\nsex/age,m/young,20\n", "margins.csv")  # fmt: skip
    found = record_of(data, "--margins", margins, "--method", "poststratify")
    assert found["weights"] == [30.0, 30.0, 20.0, 20.0]
    numbers = table("margin,category,target\nsex,f,2\nsex,m,2\ny,,22\n", "numbers.csv")
    found = record_of(data, "--margins", numbers, "--method", "linear")
    assert found["targets"][2] == {
        "margin": "y", "category": None, "target": 22.0, "before": 21.0,
        "after": pytest.approx(22.0),
    }  # fmt: skip


def test_shares_keep_the_total_of_the_weights(table):
    """Targets that sum to 1 are shares of what there is."""
    found = record_of(table(PEOPLE), "--weight", "w", "--margins", "sex:f=0.5,m=0.5")
    assert found["total"] == pytest.approx(5)


def test_rows_keep_their_order(table, tmp_path):
    """The new column stands beside the row it belongs to, an empty row stays empty."""
    data = table("sex,n\nm,1\nf,2\n,\nm,3\n")
    out = tmp_path / "out.csv"
    run(data, "--margins", "sex:f=10,m=40", "--output", str(out))
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert [row["calibrated"] for row in rows] == ["20", "10", "", "20"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--margins", "sex:f=-1,m=40"), "CALIBRATION-01"),
        (("--margins", "sex:f=many,m=40"), "CALIBRATION-01"),
        (("--margins", "sex:f=60"), "CALIBRATION-02"),
        (("--margins", "sex:f=60,m=30,x=10"), "CALIBRATION-03"),
        ((*BOTH, "--margins", "y:3=1,4=1,5=1,9=1"), "CALIBRATION-04"),
        ((*BOTH, "--method", "logit", "--bounds", "0.99,1.01"), "CALIBRATION-05"),
        ((*BOTH, "--method", "poststratify"), "CALIBRATION-07"),
        ((*BOTH, "--method", "logit"), "CALIBRATION-07"),
        ((*BOTH, "--bounds", "2,3"), "CALIBRATION-07"),
        ((*BOTH, "--trim", "0.9,1.1"), "CALIBRATION-08"),
        (("--margins", "sex/age:f=1,m=2"), "CALIBRATION-09"),
        (("--margins", "sex:f=1,f=2"), "CALIBRATION-09"),
    ],
)
def test_what_cannot_be_met_is_refused(table, options, code):
    """The error names margin and category; no weight is made up."""
    with pytest.raises(TouchstoneError, match=code):
        run(table(PEOPLE), *options)


def test_margins_that_contradict_each_other_are_named(table):
    """All women are old: no weights make women 60 and old people 10."""
    data = table("sex,age\nf,old\nm,young\n")
    with pytest.raises(TouchstoneError, match="CALIBRATION-05"):
        run(data, "--margins", "sex:f=60,m=40", "--margins", "age:old=10,young=90")


@pytest.mark.parametrize("weight", ["0", "1e17"])
def test_zero_and_huge_weights_are_weights(table, weight):
    """A row of weight 0 stays without; a huge one is brought down."""
    data = table(f"sex,w\nf,{weight}\nf,1\nm,1\n".replace("1e17", "100000000000000000"))
    found = record_of(data, "--weight", "w", "--margins", "sex:f=60,m=40")
    assert found["weights"][0] == pytest.approx(0 if weight == "0" else 60)
    assert found["weights"][2] == 40


def test_no_weight_at_all_is_refused(table):
    """Weights of 0 alone can meet nothing."""
    with pytest.raises(TouchstoneError, match="CALIBRATION-06"):
        run(table("sex,w\nf,0\nm,0\n"), "--weight", "w", "--margins", "sex:f=60,m=40")


def test_the_report_tells_targets_and_spread(table):
    """A table of targets, a sentence on the weights, and a warning of negative ones."""
    data = table("sex,y\nf,1\nf,2\nm,3\nm,10\n")
    told = run(data, "--margins", "sex:f=2,m=2", "--margins", "y:=1", "--method", "linear")
    assert "Margin" in told.stdout
    assert "below 0" in told.stdout


def test_an_estimate_takes_the_calibration_into_its_error(table):
    """Known totals leave no error of the total they tell."""
    arguments = ["estimate", STRAT, "--weight", "pw", "--strata", "stype", "--fpc", "fpc"]
    wanted = ["--share", "sch.wide=Yes", "--share-interval", "t", *TYPES, *WIDE, "--json"]
    found = CliRunner().invoke(touchstone, [*arguments, *wanted], catch_exceptions=False)
    (record,) = json.loads(found.stdout)
    assert record["estimate"] == pytest.approx(5122 / 6194)
    assert record["se"] == pytest.approx(0, abs=1e-10)
