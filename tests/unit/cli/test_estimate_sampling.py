"""`touchstone estimate` beyond exact sums: ratios, quantiles, comparisons, lone units."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.cli.main import touchstone

FILES = Path(__file__).parents[2] / "reference" / "files"
STRAT = (str(FILES / "apistrat.csv"), "--weight", "pw", "--strata", "stype", "--fpc", "fpc")


@pytest.fixture
def records():
    """Run the command with JSON; give its records."""

    def run(*arguments):
        found = CliRunner().invoke(
            touchstone, ["estimate", *arguments, "--json"], catch_exceptions=False
        )
        assert found.exit_code == 0, found.output
        return json.loads(found.stdout)

    return run


def test_a_ratio_has_its_error(records):
    """A ratio of two columns' totals, as svyratio gives it."""
    (found,) = records(*STRAT, "--ratio", "api.stu/enroll")
    assert (found["variable"], found["statistic"]) == ("api.stu/enroll", "ratio")
    assert found["estimate"] == pytest.approx(0.836956886940522, rel=1e-9)
    assert found["se"] == pytest.approx(0.00775710316663788, rel=1e-6)


def test_quantiles_stand_beside_each_other(records):
    """Each asked quantile is a record, its share of the population as value."""
    found = records(*STRAT, "--quantile", "api00", "--at", "0.25,0.5", "--by", "stype")
    assert [(one["by"]["stype"], one["value"]) for one in found[:2]] == [
        ("E", "0.25"),
        ("E", "0.5"),
    ]
    assert all(one["low"] <= one["estimate"] <= one["high"] for one in found)
    assert {one["method"] for one in found} == {"woodruff"}


def test_domains_are_compared_with_one_of_them(records):
    """Differences follow the figures of the domains, with errors of their own."""
    found = records(*STRAT, "--mean", "api00", "--by", "stype", "--against", "H")
    assert [one["by"] for one in found[3:]] == [{"contrast": "E − H"}, {"contrast": "M − H"}]
    assert found[3]["estimate"] == pytest.approx(found[0]["estimate"] - found[1]["estimate"])


def test_a_contrast_takes_coefficients(records):
    """The same difference written as a contrast is the same."""
    by_name = records(*STRAT, "--mean", "api00", "--by", "stype", "--against", "H")[3]
    found = records(*STRAT, "--mean", "api00", "--by", "stype", "--contrast", "E=1,H=-1")[3]
    assert [found[name] for name in ("estimate", "se")] == [by_name["estimate"], by_name["se"]]


def test_a_change_of_the_same_people_has_their_covariance(records, table):
    """Everybody gains exactly 1: the change has no error although each wave has one."""
    people = [(name, place) for place, name in enumerate("abcdefgh")]
    lines = [f"{name},{wave},{place + wave}" for name, place in people for wave in (1, 2)]
    path = table("person,wave,y\n" + "\n".join(lines) + "\n")
    found = records(path, "--mean", "y", "--by", "wave", "--cluster", "person", "--changes", "wave")
    assert found[0]["se"] > 0.5
    assert (found[2]["by"], found[2]["estimate"]) == ({"contrast": "2 − 1"}, 1.0)
    assert found[2]["se"] == pytest.approx(0, abs=1e-12)


def test_a_lone_unit_is_refused_or_follows_a_rule(records, table):
    """One drawn unit of several has no known spread; each rule says what to take instead."""
    path = table("s,y\nA,1\nA,3\nB,7\n")
    asked = (path, "--mean", "y", "--strata", "s")
    with pytest.raises(TouchstoneError, match="DESIGN-06"):
        records(*asked)
    errors = {
        rule: records(*asked, "--lone-units", rule)[0]["se"]
        for rule in ("remove", "certainty", "adjust", "average")
    }
    assert errors["remove"] == errors["certainty"] < errors["average"] < errors["adjust"]


def test_everybody_of_one_mind_has_no_logit_interval(records, table):
    """A share of 1 is withheld under logit and has ends under Clopper-Pearson."""
    path = table("y\nyes\nyes\nyes\n")
    (found,) = records(path, "--share", "y=yes", "--share-interval", "logit")
    assert (found["method"], found["reason"]) == ("withheld", "share_at_end")
    (found,) = records(path, "--share", "y=yes", "--share-interval", "beta")
    assert (found["estimate"], found["high"]) == (1.0, 1.0)
    assert 0 < found["low"] < 1


def test_few_rows_of_one_mind_leave_a_wide_interval(records, table):
    """A domain of two rows knows no more than two rows, however many units were drawn."""
    path = table("g,y\na,yes\na,yes\n" + "b,no\n" * 20)
    found = records(path, "--share", "y=yes", "--by", "g", "--share-interval", "beta")
    assert found[0]["low"] == pytest.approx(0.025 ** (1 / 2))


def test_nothing_is_told_from_one_row(records, table):
    """One unit tells nothing of how far units differ."""
    path = table("y,x\n3,2\n")
    (found,) = records(path, "--ratio", "y/x", "--lone-units", "remove")
    assert (found["method"], found["reason"]) == ("withheld", "one_cluster")


def test_a_ratio_to_nothing_is_withheld(records, table):
    """Denominators that sum to 0 divide nothing."""
    path = table("y,x\n3,0\n4,0\n")
    (found,) = records(path, "--ratio", "y/x")
    assert found["reason"] == "zero_denominator"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--against", "X"), "CONTRAST-01"),
        (("--changes", "awards"), "CONTRAST-02"),
        (("--contrast", "E=1,X=-1"), "CONTRAST-01"),
    ],
)
def test_comparisons_that_cannot_be_are_refused(records, options, code):
    """The error tells which domain or column is not there."""
    with pytest.raises(TouchstoneError, match=code):
        records(*STRAT, "--mean", "api00", "--by", "stype", *options)


def test_the_table_has_a_part_for_comparisons():
    """Domains and comparisons are two tables."""
    found = CliRunner().invoke(
        touchstone,
        ["estimate", *STRAT, "--mean", "api00", "--by", "stype", "--against", "H"],
        catch_exceptions=False,
    )
    domains, comparisons = found.stdout.split("\n\n")
    assert domains.startswith("stype")
    assert comparisons.startswith("Contrast")


COUNTIES = str(FILES / "election_pps.csv")
VOTES = (COUNTIES, "--total", "Bush", "--cluster", "unit", "--fpc", "p")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--pps", "brewer"), "brewer"),
        (("--pps", "hartley-rao"), "hartley_rao_yg"),
        (("--pps", "overton", "--pair-variance", "ht"), "overton_ht"),
        (("--pps", "joint", "--joint", str(FILES / "election_joint.csv")), "joint_yg"),
    ],
)
def test_units_drawn_with_unequal_chances(records, options, error):
    """Weights follow from the chances, errors from the method."""
    reference = json.loads((FILES.parent / "unequal.json").read_text("utf-8"))[error]
    (found,) = records(*VOTES, *options)
    assert found["estimate"] == pytest.approx(reference["total"], rel=1e-9)
    assert found["se"] == pytest.approx(reference["total_se"], rel=1e-6)


def test_replicates_are_made(records):
    """The jackknife of strata is near to linearisation; the bootstrap keeps its seed."""
    exact = records(*STRAT, "--mean", "api00")[0]
    (found,) = records(*STRAT, "--mean", "api00", "--replicates", "jkn")
    assert found["method"] == "replicates"
    assert found["se"] == pytest.approx(exact["se"], rel=1e-6)
    drawn = [
        records(*STRAT, "--mean", "api00", "--replicates", "bootstrap", "--seed", seed)[0]["se"]
        for seed in ("1", "1", "2")
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_replicates_are_given(records):
    """Columns are named by a pattern, the scale by the method."""
    reference = json.loads((FILES.parent / "replicates.json").read_text("utf-8"))
    data = (str(FILES / "replicates.csv"), "--weight", "pw", "--mean", "api00")
    (found,) = records(*data, "--replicate-weights", "rep*", "--replicates", "bootstrap")
    assert found["se"] == pytest.approx(reference["given_bootstrap"]["all"]["mean_se"], rel=1e-6)


def test_replicates_are_calibrated_each(records):
    """The error of a raked jackknife is that of survey."""
    reference = json.loads((FILES.parent / "replicates.json").read_text("utf-8"))
    data = (str(FILES / "apiclus1.csv"), "--weight", "pw", "--cluster", "dnum", "--fpc", "fpc")
    margins = ("--margins", "stype:E=4421,H=755,M=1018", "--margins", "sch.wide:Yes=5122,No=1072")
    (found,) = records(*data, "--mean", "api00", "--replicates", "jk1", *margins)
    assert found["se"] == pytest.approx(reference["raked_mean_se"], rel=1e-6)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((*STRAT, "--replicates", "jk1"), "DESIGN-09"),
        ((*STRAT, "--replicates", "brr"), "DESIGN-09"),
        ((*STRAT, "--replicate-weights", "none*", "--scale", "1"), "DESIGN-09"),
        ((*STRAT[:-2], "--fpc", "fpc", "--pps", "brewer"), "DESIGN-07"),
        ((*STRAT[:-2], "--pps", "brewer"), "DESIGN-07"),
    ],
)
def test_designs_that_do_not_go_with_a_method_are_refused(records, options, code):
    """The error says what the method needs."""
    with pytest.raises(TouchstoneError, match=code):
        records(*options, "--mean", "api00")


def test_a_pair_without_a_chance_is_refused(records, table):
    """Joint chances must tell every pair of a stratum."""
    pairs = table("unit,other,chance\n1,2,0.1\n")
    with pytest.raises(TouchstoneError, match="DESIGN-08"):
        records(*VOTES, "--pps", "joint", "--joint", pairs)


def test_a_replicate_that_loses_a_domain_withholds_it(records, table):
    """A domain of one unit has no error by leaving that unit out."""
    path = table("g,y\na,1\nb,2\nb,5\n")
    found = records(path, "--mean", "y", "--by", "g", "--replicates", "jk1")
    assert (found[0]["method"], found[0]["reason"]) == ("withheld", "replicate_without_base")
    assert found[1]["se"] > 0


CALLS = (
    "town,outcome,y\nA,I,3\nA,I,5\nA,I,cannot judge\nA,R,\nA,NC,\n"
    "B,I,4\nB,1.1,2\nB,P,\nB,UH,\nB,NE,\n"
)


def test_rates_of_answering_stand_beside_each_figure(records, table):
    """Response rates of the domain, and how many could not judge."""
    asked = ("--mean", "y", "--by", "town", "--dispositions", "outcome")
    found = records(table(CALLS), *asked, "--cannot-judge", "cannot judge")
    assert [one["n"] for one in found] == [2, 2]
    assert found[0]["response"]["RR1"] == pytest.approx(0.6)
    assert found[1]["response"]["RR3"] == pytest.approx(2 / (3 + 0.75))
    assert found[0]["cannot_judge"] == pytest.approx(1 / 3)
    assert found[0]["no_answer"] == pytest.approx(0.4)


def test_rates_stand_beside_linearised_figures_too(records, table):
    """The same for a share with another interval; comparisons have none."""
    asked = ("--share", "y=4", "--share-interval", "beta", "--by", "town", "--against", "A")
    found = records(table(CALLS), *asked, "--dispositions", "outcome")
    assert ["response" in one for one in found] == [True, True, False]


def test_tables_tell_rates_in_percent(table):
    """Rates are tables of their own."""
    asked = ["estimate", table(CALLS), "--mean", "y", "--by", "town", "--dispositions", "outcome"]
    asked += ["--cannot-judge", "cannot judge"]
    told = CliRunner().invoke(touchstone, asked, catch_exceptions=False).stdout
    _, domains, variables = told.split("\n\n")
    assert domains.splitlines()[1].split()[:2] == ["A", "60.0"]
    assert variables.splitlines()[1].split() == ["A", "y", "33.3", "40.0"]


def test_an_unknown_disposition_is_refused(records, table):
    """The error names row and column."""
    with pytest.raises(TouchstoneError, match="RESPONSE-01") as caught:
        records(table("outcome,y\nI,1\nX,2\n"), "--mean", "y", "--dispositions", "outcome")
    assert "row 3" in caught.value.where
