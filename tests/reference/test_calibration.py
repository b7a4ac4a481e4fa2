"""Calibrated weights and their errors equal those of the R package survey."""

import json
from pathlib import Path

import numpy as np
import pytest

from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze_plain
from touchstone.stats.calibration.calibrations import calibrate
from touchstone.stats.calibration.margins import Margin, NumberTotal
from touchstone.stats.calibration.residuals import calibrated_spread
from touchstone.stats.calibration.trimming import trim_weights
from touchstone.stats.designs import Design
from touchstone.stats.sampling.domains import Rule, find_domains, outcome_of
from touchstone.stats.sampling.measures import number_measures
from touchstone.stats.sampling.samples import read_sample
from touchstone.stats.sampling.sources import ByLinearisation
from touchstone.stats.sampling.unit_spread import UnitSpread
from touchstone.stats.snapshot_columns import numbers_of
from touchstone.tallies.keys import encode_keys

HERE = Path(__file__).parent
REFERENCE = json.loads((HERE / "calibration.json").read_text("utf-8"))


def several(names) -> tuple[str, ...]:
    """Give names as a tuple: R writes one name as a text."""
    return (names,) if isinstance(names, str) else tuple(names or ())


def read(case):
    """Freeze the rows of a case; give them and the design."""
    plan = case["design"]
    design = Design(
        plan["weight"], *(several(plan.get(name)) for name in ("strata", "clusters", "fpc"))
    )
    path = HERE / "files" / plan["file"]
    with path.open("rb") as stream:
        raw = read_table(stream, where=path.name)
    columns = [name for margin in case["margins"] for name in several(margin["columns"])]
    texts = {*several(case["by"]), *columns, *design.strata, *design.clusters}
    numbers = {design.weight, *design.fpc, case["variable"]}
    numbers |= {one["column"] for one in case["numbers"]}
    return freeze_plain(raw, numbers=sorted(numbers), texts=sorted(texts)), design


def margins_of(case, snapshot):
    """Give the margins of a case with the codes of the rows."""
    found = []
    for margin in case["margins"]:
        keys = encode_keys(snapshot, several(margin["columns"]), keep_nulls=False)
        targets = dict(zip(several(margin["labels"]), margin["targets"], strict=True))
        labels = tuple("/".join(label) for label in keys.labels)
        aims = np.array([targets[label] for label in labels], float)
        found.append(Margin("/".join(several(margin["columns"])), labels, keys.codes, aims))
    return found


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: case["name"])
def test_weights_and_errors_equal_those_of_survey(case):
    """Weights agree to 1e-8, means, totals and their errors to 1e-6, in every domain."""
    snapshot, design = read(case)
    sample = read_sample(snapshot, design)
    numbers = [
        NumberTotal(one["column"], numbers_of(snapshot, one["column"]), one["target"])
        for one in case["numbers"]
    ]
    found = calibrate(
        margins_of(case, snapshot),
        sample.weights,
        method=case["method"],
        bounds=tuple(case["bounds"]) if case["bounds"] else None,
        numbers=numbers,
    )
    np.testing.assert_allclose(np.sort(found.weights), np.sort(case["weights"]), rtol=1e-8)
    source = ByLinearisation(calibrated_spread(UnitSpread(sample), found))
    domains = find_domains(snapshot, several(case["by"]))
    rows_of = dict(zip(domains.labels, domains.rows, strict=True))
    for label, expected in case["figures"].items():
        rows = np.arange(len(found.weights)) if label == "all" else rows_of[(label,)]
        for kind in ("mean", "total"):
            (measure,) = number_measures(snapshot, kind, [case["variable"]])
            outcome = outcome_of(measure, rows, source, Rule())
            assert float(outcome.value) == pytest.approx(expected[kind], rel=1e-8)
            assert float(outcome.se) == pytest.approx(expected[f"{kind}_se"], rel=1e-6), label


def test_trimmed_weights_equal_those_of_survey():
    """What is cut off goes to the others in equal parts, again and again."""
    with (HERE / "files" / "nhanes.csv").open("rb") as stream:
        raw = read_table(stream, where="nhanes.csv")
    snapshot = freeze_plain(raw, numbers=["WTMEC2YR"], texts=[])
    trimmed = trim_weights(numbers_of(snapshot, "WTMEC2YR"), (5000.0, 150_000.0))
    np.testing.assert_allclose(np.sort(trimmed), np.sort(REFERENCE["trimmed"]), rtol=1e-8)
