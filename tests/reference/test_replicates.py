"""Errors from replicate weights equal those of the R package survey."""

import json
from pathlib import Path

import numpy as np
import pytest

from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze_plain
from touchstone.stats.designs import Design
from touchstone.stats.sampling.by_replicates import ByReplicates
from touchstone.stats.sampling.domains import Rule, find_domains, outcome_of
from touchstone.stats.sampling.measures import number_measures
from touchstone.stats.sampling.quantiles import quantile_outcome
from touchstone.stats.sampling.replicates import (
    balanced,
    bootstrap,
    given_replicates,
    jackknife,
    usual_scale,
)
from touchstone.stats.sampling.samples import read_sample
from touchstone.stats.sampling.sources import ByLinearisation
from touchstone.stats.sampling.unit_spread import UnitSpread
from touchstone.stats.snapshot_columns import numbers_of

HERE = Path(__file__).parent
CASES = json.loads((HERE / "replicates.json").read_text("utf-8"))


def read(file, numbers, texts, *, keep=None):
    """Freeze some columns of a file, or some of its rows."""
    with (HERE / "files" / file).open("rb") as stream:
        raw = read_table(stream, where=file)
    if keep:
        rows = raw.rows.filter([keep(row) for row in raw.rows.to_pylist()])
        raw = type(raw)(raw.source, rows, raw.first_row)
    return freeze_plain(raw, numbers=numbers, texts=texts)


def made(name):
    """Give the snapshot, source and domains of a case whose replicates are made here."""
    if name == "jk1":
        snapshot = read("apiclus1.csv", ["pw", "fpc", "api00"], ["dnum", "stype"])
        sample = read_sample(snapshot, Design("pw", clusters=("dnum",), fpc=("fpc",)))
        return snapshot, ByReplicates(sample, jackknife(sample, by_stratum=False)), "stype"
    snapshot = read("apistrat.csv", ["pw", "fpc", "api00"], ["stype", "awards"])
    sample = read_sample(snapshot, Design("pw", ("stype",), fpc=("fpc",)))
    return snapshot, ByReplicates(sample, jackknife(sample, by_stratum=True)), "awards"


def given(name):
    """Give the snapshot, source and domains of a case whose replicates are columns."""
    columns = [f"rep{place}" for place in range(1, 13)]
    snapshot = read("replicates.csv", ["pw", "api00", *columns], ["stype"])
    sample = read_sample(snapshot, Design("pw"))
    weights = np.column_stack([numbers_of(snapshot, column) for column in columns])
    scale = usual_scale("bootstrap", 12) if name == "given_bootstrap" else 0.1
    scales = np.linspace(0.5, 1.5, 12) if name == "given_scales" else None
    replicates = given_replicates(
        sample.weights, weights, scale=scale, scales=scales,
        around_estimate=name == "given_around_estimate",
    )  # fmt: skip
    return snapshot, ByReplicates(sample, replicates), "stype"


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if isinstance(case, dict)])
def test_replicates_give_the_errors_of_survey(name):
    """Means, totals and medians; whole and by domain."""
    snapshot, source, by = (given if name.startswith("given") else made)(name)
    domains = find_domains(snapshot, [by])
    rows_of = dict(zip(domains.labels, domains.rows, strict=True))
    (mean,) = number_measures(snapshot, "mean", ["api00"])
    (total,) = number_measures(snapshot, "total", ["api00"])
    for label, expected in CASES[name].items():
        rows = np.arange(len(source.weights)) if label == "all" else rows_of[(label,)]
        found = outcome_of(mean, rows, source, Rule())
        assert float(found.value) == pytest.approx(expected["mean"], rel=1e-8)
        assert float(found.se) == pytest.approx(expected["mean_se"], rel=1e-6), label
        found = outcome_of(total, rows, source, Rule())
        assert float(found.se) == pytest.approx(expected["total_se"], rel=1e-6), label
        if label == "all" or name.startswith("given"):
            assert found.degrees_of_freedom == expected["df"]
            median = quantile_outcome(mean, rows, source, Rule(), share=0.5)
            if expected["median_low"] is not None:
                ends = [float(median.value), float(median.low), float(median.high)]
                names = ("median", "median_low", "median_high")
                assert ends == [expected[one] for one in names], label


def pairs_of_units():
    """Strata of two units each, of the health survey."""
    snapshot = read(
        "nhanes.csv", ["WTMEC2YR", "HI_CHOL"], ["SDMVSTRA", "SDMVPSU"],
        keep=lambda row: row["HI_CHOL"] is not None and row["SDMVPSU"] in ("1", "2"),
    )  # fmt: skip
    design = Design("WTMEC2YR", ("SDMVSTRA",), ("SDMVPSU",))
    keep = [row["SDMVSTRA"] != "90" for row in snapshot.rows.to_pylist()]
    snapshot = type(snapshot)(snapshot.columns, snapshot.rows.filter(keep), ())
    return snapshot, read_sample(snapshot, design)


@pytest.mark.parametrize(("rho", "name"), [(0.0, "brr_total_se"), (0.3, "fay_total_se")])
def test_balanced_replicates_give_the_error_of_a_total(rho, name):
    """Full balance makes the error of a total that of linearisation, whatever the matrix."""
    snapshot, sample = pairs_of_units()
    source = ByReplicates(sample, balanced(sample, rho=rho))
    (total,) = number_measures(snapshot, "total", ["HI_CHOL"])
    found = outcome_of(total, np.arange(len(sample.weights)), source, Rule())
    assert float(found.se) == pytest.approx(CASES[name], rel=1e-6)


def test_the_bootstrap_comes_near_to_linearisation():
    """Many draws give the error within its own, and the same seed the same error."""
    snapshot, sample = pairs_of_units()
    (mean,) = number_measures(snapshot, "mean", ["HI_CHOL"])
    rows = np.arange(len(sample.weights))
    exact = outcome_of(mean, rows, ByLinearisation(UnitSpread(sample)), Rule())
    errors = [
        outcome_of(mean, rows, ByReplicates(sample, bootstrap(sample, count=2000, seed=7)), Rule())
        for _ in range(2)
    ]
    assert errors[0].se == errors[1].se
    assert float(errors[0].se) == pytest.approx(float(exact.se), rel=0.1)
