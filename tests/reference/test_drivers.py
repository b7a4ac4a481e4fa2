"""Contributions and adjusted p values equal those worked out in R."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from touchstone.stats.drivers.drivers import drivers_of
from touchstone.stats.shortfalls.false_discoveries import adjusted_p_values

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "drivers.json").read_text("utf-8"))
NAMES = EXPECTED["names"]
with (HERE / "files" / "bfi_agreeableness.csv").open(encoding="utf-8") as stream:
    ROWS = list(csv.DictReader(stream))


def split(splitting):
    """Split what four items explain of a fifth; missing answers are left out."""
    outcome, *others = (
        np.array([float(row[name]) if row[name] not in ("", "NA") else np.nan for row in ROWS])
        for name in ("A5", *NAMES)
    )
    return drivers_of(outcome, np.column_stack(others), NAMES, splitting=splitting)


@pytest.mark.parametrize(("splitting", "key"), [("relative", "relative"), ("shapley", "lmg")])
def test_contributions_are_those_written_out(splitting, key):
    """By eigenvalues, and by the regressions on all subsets."""
    found = split(splitting)
    assert found.n == EXPECTED["n"]
    assert found.left_out == len(ROWS) - found.n
    assert float(found.explained.value) == pytest.approx(EXPECTED["r_squared"], rel=1e-10)
    values = [float(one.contribution.value) for one in found.drivers]
    assert values == pytest.approx(EXPECTED[key], rel=1e-9)
    coefficients = [one.coefficient for one in found.drivers]
    assert coefficients == pytest.approx(EXPECTED["coefficients"], rel=1e-9)
    shares = [float(one.share.value) for one in found.drivers]
    assert shares == pytest.approx(np.array(EXPECTED[key]) / EXPECTED["r_squared"], rel=1e-9)


def test_errors_are_near_those_of_the_jackknife():
    """Leaving out a row at a time."""
    found = [float(one.contribution.se) for one in split("relative").drivers]
    assert found == pytest.approx(EXPECTED["relative_se"], rel=0.005)


@pytest.mark.parametrize(
    ("control", "key"), [("benjamini_hochberg", "hochberg"), ("benjamini_yekutieli", "yekutieli")]
)
def test_adjusted_p_values_are_those_of_r(control, key):
    """`p.adjust` gives the same, ties too."""
    found = adjusted_p_values(np.array(EXPECTED["p"]), control)
    assert found.tolist() == pytest.approx(EXPECTED[key], rel=1e-12)
