"""Units drawn with unequal chances have the errors that the R package survey gives them."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze_plain
from touchstone.stats.designs import Design
from touchstone.stats.sampling.domains import Rule, find_domains, outcome_of
from touchstone.stats.sampling.measures import number_measures, ratio_measure
from touchstone.stats.sampling.samples import read_sample
from touchstone.stats.sampling.sources import ByLinearisation
from touchstone.stats.sampling.unequal_chances import (
    ApproximatePairs,
    PairSpread,
    known_pairs,
)
from touchstone.stats.sampling.unit_spread import UnitSpread
from touchstone.stats.snapshot_columns import numbers_of

HERE = Path(__file__).parent
CASES = json.loads((HERE / "unequal.json").read_text("utf-8"))
FORMS = {"ht": "horvitz_thompson", "yg": "yates_grundy"}


@pytest.fixture(scope="module")
def counties():
    """Forty counties, drawn with chances by their votes."""
    with (HERE / "files" / "election_pps.csv").open("rb") as stream:
        raw = read_table(stream, where="election_pps.csv")
    names = ["Bush", "Kerry", "p", "unit"]
    return freeze_plain(raw, numbers=names, texts=["big", "half"])


def source_of(name, counties):
    """Give the errors that a case asks for."""
    strata = ("half",) if name.startswith("strata_") else ()
    sample = read_sample(counties, Design(strata=strata, fpc=("p",)), by_chances=True)
    kind, _, form = name.removeprefix("strata_").rpartition("_")
    if name == "with_replacement":
        one = sample.stages[0]
        free = replace(one, chance=np.zeros(len(one.chance)), left=one.drawn.astype(float))
        return ByLinearisation(UnitSpread(replace(sample, stages=(free,))))
    if name.endswith("brewer"):
        return ByLinearisation(UnitSpread(sample))
    if kind == "joint":
        return ByLinearisation(PairSpread(sample, joint_chances(counties, sample), FORMS[form]))
    return ByLinearisation(PairSpread(sample, ApproximatePairs(kind), FORMS[form]))


def joint_chances(counties, sample):
    """Read the chances of pairs; units are numbered in the file, rows are in another order."""
    place = {int(unit): row for row, unit in enumerate(numbers_of(counties, "unit"))}
    with (HERE / "files" / "election_joint.csv").open(encoding="utf-8") as stream:
        chances = {
            (place[int(row["unit"])], place[int(row["other"])]): float(row["chance"])
            for row in csv.DictReader(stream)
        }
    return known_pairs(sample, chances)


@pytest.mark.parametrize("name", CASES)
def test_errors_under_unequal_chances_equal_those_of_survey(name, counties):
    """Totals, means, ratios and domains: estimate to 1e-9, standard error to 1e-6."""
    source, expected = source_of(name, counties), CASES[name]
    everything = np.arange(counties.rows.num_rows)
    (total,) = number_measures(counties, "total", ["Bush"])
    (mean,) = number_measures(counties, "mean", ["Kerry"])
    measures = {"total": total, "mean": mean, "ratio": ratio_measure(counties, "Bush", "Kerry")}
    for kind, measure in measures.items():
        found = outcome_of(measure, everything, source, Rule())
        assert float(found.value) == pytest.approx(expected[kind], rel=1e-9)
        assert float(found.se) == pytest.approx(expected[f"{kind}_se"], rel=1e-6), kind
    domains = find_domains(counties, ["big"])
    for (label,), rows in zip(domains.labels, domains.rows, strict=True):
        found = outcome_of(total, rows, source, Rule())
        assert float(found.se) == pytest.approx(expected[f"{label}_se"], rel=1e-6), label
