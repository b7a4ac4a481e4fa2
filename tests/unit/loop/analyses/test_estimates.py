"""Figures of a sample as packs ask for them: equal to the command's, small domains withheld."""

import json
from decimal import Decimal

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate
from touchstone.cli.estimate import estimate as estimate_command
from touchstone.content.analyses.calibration import CalibrationSpec
from touchstone.content.analyses.estimates import ContrastSpec, EstimatesSpec, ReplicateSpec
from touchstone.content.analyses.margins import MarginSpec
from touchstone.content.datasets import Dataset, DesignSpec
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.calibration import find_calibration
from touchstone.loop.analyses.estimates import find_estimates
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.kinds import analyse
from touchstone.loop.freeze import freeze_plain
from touchstone.reports.analyses.calibration import show_calibration
from touchstone.reports.analyses.estimates import estimates_record, show_estimates
from touchstone.reports.words import Words
from touchstone.stats.designs import Design

FIGURES = ("estimate", "se", "low", "high", "deff")
SIZES = {"East": 24, "West": 24, "South": 6}


def row_of(place: int, town: str, house: int) -> str:
    """One person: town, block, weight, answer, sex, and what became of the case."""
    fate = "R" if house % 3 == 0 else "I"
    answer, sex = (house * 7 + place) % 5, "fm"[house % 2]
    return f"{town},{town}-{house % 4},{1 + house % 3},{answer},{sex},{fate}"


ROWS = [
    row_of(place, town, house)
    for place, (town, size) in enumerate(SIZES.items())
    for house in range(size)
]
FILE = "\n".join(["town,block,w,y,sex,fate", *ROWS]) + "\n"
DESIGN = Design("w", ("town",), ("block",))


@pytest.fixture
def evidence(tmp_path):
    """Three towns, of which one has six rows only."""
    path = tmp_path / "people.csv"
    path.write_text(FILE, "utf-8")
    with path.open("rb") as stream:
        raw = read_table(stream, where="people.csv")
    snapshot = freeze_plain(raw, numbers=["w", "y"], texts=["town", "block", "sex", "fate"])
    return Evidence(snapshot, "people", DESIGN)


def told_by_command(tmp_path, *options):
    """The records of `touchstone estimate` on the same rows."""
    design = ["--weight", "w", "--strata", "town", "--cluster", "block", "--json"]
    found = CliRunner().invoke(
        estimate_command, [str(tmp_path / "people.csv"), *options, *design], catch_exceptions=False
    )
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


@pytest.mark.parametrize(
    ("fields", "options"),
    [
        ({"statistic": "mean"}, ["--mean", "y"]),
        ({"statistic": "total"}, ["--total", "y"]),
        ({"statistic": "share", "value": "3"}, ["--share", "y=3"]),
        ({"statistic": "ratio", "over": "w"}, ["--ratio", "y/w"]),
        ({"statistic": "quantile", "at": (Decimal("0.25"),)}, ["--quantile", "y", "--at", "0.25"]),
        (
            {"statistic": "mean", "replicates": ReplicateSpec(method="jkn")},
            ["--mean", "y", "--replicates", "jkn"],
        ),
        (
            {
                "statistic": "mean",
                "margins": (
                    MarginSpec(columns=("sex",), targets={"f": Decimal(40), "m": Decimal(50)}),
                ),
            },
            ["--mean", "y", "--margins", "sex:f=40,m=50"],
        ),
    ],
)
def test_a_figure_is_that_of_the_command(evidence, tmp_path, fields, options):
    """The same rows, design and question give the same figures by both ways."""
    spec = EstimatesSpec(variables=("y",), by=("town",), smallest_group=0, **fields)
    record = estimates_record(spec, find_estimates(spec, evidence))
    told = told_by_command(tmp_path, *options, "--by", "town")
    assert len(record["figures"]) == len(told)
    for own, other in zip(record["figures"], told, strict=True):
        assert own == {**other, **{name: pytest.approx(other[name]) for name in FIGURES}}


def test_a_small_domain_and_what_is_compared_with_it_are_withheld(evidence):
    """South has six rows: it is left out with its difference from East, and counted."""
    contrast = ContrastSpec(name="spread", times={"East": Decimal(1), "West": Decimal(-1)})
    spec = EstimatesSpec(
        statistic="mean", variables=("y",), by=("town",), against="East", contrasts=(contrast,)
    )
    found = find_estimates(spec, evidence)
    told = {one.by[0][1]: one.outcome for one in (*found.figures, *found.comparisons)}
    assert sorted(told) == ["East", "West", "West − East", "spread"]
    assert all(isinstance(one, Estimate) for one in told.values())
    assert estimates_record(spec, found)["domains_left_out"] == 1
    (chart,) = show_estimates(spec, found, Words("en")).charts
    assert [row[0] for row in chart.rows] == ["East", "West"]


def test_rates_of_answering_stand_beside_the_figures(evidence):
    """Those of domains below the smallest group are left out; unsure answers count as none."""
    spec = EstimatesSpec(
        statistic="mean",
        variables=("y",),
        by=("town",),
        dispositions="fate",
        cannot_judge=("4",),
    )
    found = find_estimates(spec, evidence)
    figures = {one["by"]["town"]: one for one in estimates_record(spec, found)["figures"]}
    assert 0 < figures["East"]["cannot_judge"] < 0.5
    assert figures["East"]["response"]
    assert "South" not in figures
    east = next(one for one in found.figures if one.by == (("town", "East"),))
    assert east.outcome.n < 24
    shown = show_estimates(spec, found, Words("zh-hant"))
    assert len(shown.parts) == 3


def test_calibrated_weights_meet_their_targets(evidence):
    """Each category sums to its target; the report tells before and after."""
    margin = MarginSpec(columns=("sex",), targets={"f": Decimal(40), "m": Decimal(50)})
    spec = CalibrationSpec(margins=(margin,))
    found = find_calibration(spec, evidence)
    assert {one.category: round(one.after, 6) for one in found.targets} == {"f": 40, "m": 50}
    shown = show_calibration(spec, found, Words("en"))
    assert shown.parts[0].rows[0][:3] == ("sex", "f", "40.0000")


def test_evidence_without_a_target_is_a_fault_in_its_place(evidence):
    """The assessment stands; what is wrong is said where the analysis would be."""
    margin = MarginSpec(columns=("sex",), targets={"f": Decimal(40)})
    dataset = Dataset(
        key=(), unit="town", about="organisations", columns=(), levels=(),
        design=DesignSpec(weight="w"),
    )  # fmt: skip
    spec = CalibrationSpec(dataset="people", margins=(margin,))
    fault = analyse(spec, evidence.snapshot, dataset=dataset)
    assert isinstance(fault, TouchstoneError)
    assert fault.code == "CALIBRATION-02"


@pytest.mark.parametrize(
    "fields",
    [
        {"statistic": "ratio"},
        {"statistic": "mean", "over": "w"},
        {"statistic": "mean", "value": "3"},
        {"statistic": "mean", "variables": ()},
        {"statistic": "quantile", "at": (Decimal(1),)},
        {"statistic": "mean", "changes": "wave"},
        {"statistic": "mean", "against": "East"},
        {"statistic": "mean", "eligible": Decimal(2)},
        {"statistic": "mean", "lowest_factor": Decimal(1)},
        {"statistic": "mean", "replicates": ReplicateSpec()},
        {"statistic": "mean", "replicates": ReplicateSpec(weights=("w",))},
        {"statistic": "mean", "margins": (MarginSpec(columns=("sex",)),)},
        {
            "statistic": "mean",
            "margins": (MarginSpec(columns=("sex",), targets={"f/young": Decimal(1)}),),
        },
    ],
)
def test_what_cannot_be_asked_is_told(fields):
    """Each contradiction has words of what was found and what to do."""
    spec = EstimatesSpec(**{"variables": ("y",), **fields})
    ((found, remedy),) = spec.contradictions()
    assert found
    assert remedy.endswith(".")
