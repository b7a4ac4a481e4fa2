"""Crossed models equal those of the R package lme4, as crossed.R made them."""

import json
from pathlib import Path

import numpy as np
import pytest

from touchstone.cli.rating_tables import read_ratings
from touchstone.formats.readers import read_table
from touchstone.stats.crossed_effects.models import fit_crossed
from touchstone.stats.crossed_effects.snapshots import RatingColumns

HERE = Path(__file__).parent
CASES = json.loads((HERE / "crossed.json").read_text("utf-8"))


def as_list(found) -> list:
    """Give a list; R writes a vector of one as a bare value."""
    return found if isinstance(found, list) else [found]


def model_of(case, **options):
    """Fit what a case asks for to its file."""
    path = HERE / case["file"]
    with path.open("rb") as stream:
        raw = read_table(stream, where=path.name)
    groups, fixed = (tuple(as_list(case[name])) for name in ("groups", "fixed"))
    names = RatingColumns(case["rater"], case["ratee"], case["score"], groups, fixed)
    table = read_ratings(raw, names).table
    return table, fit_crossed(table, criterion="reml" if case["reml"] else "ml", **options)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_model_equals_that_of_lme4(case):
    """Criterion, variances, fixed effects, conditional modes and deviations are those of R."""
    table, model = model_of(case, within_groups=True)
    assert model.criterion == pytest.approx(case["criterion"], abs=1e-5)
    found = list(model.variances.values())
    assert found == pytest.approx(case["variances"], rel=1e-4, abs=1e-7)
    fixed = [list(pair) for pair in model.fixed.values()]
    expected = list(zip(as_list(case["estimates"]), as_list(case["ses"]), strict=True))
    np.testing.assert_allclose(fixed, expected, rtol=2e-5)
    places = [table.ratee.levels.index(str(name)) for name in case["ids"]]
    columns = [np.ones(len(table.scores)), *(column.values for column in table.fixed)]
    middle = sum(
        pair.estimate * column.mean()
        for pair, column in zip(model.fixed.values(), columns, strict=True)
    )
    modes = model.ratees.measure[places] - middle
    np.testing.assert_allclose(modes, case["modes"], atol=2e-5)
    np.testing.assert_allclose(model.ratees.se[places], case["deviations"], rtol=2e-5)


def test_the_likelihood_of_the_lecturers_is_the_published_one():
    """−2 log likelihood of y ~ service + (1|s) + (1|d) + (1|dept) by ML is 237721.7688."""
    case = next(case for case in CASES if case["name"] == "lecturers-ml")
    assert model_of(case)[1].criterion == pytest.approx(237721.7688, abs=1e-4)
