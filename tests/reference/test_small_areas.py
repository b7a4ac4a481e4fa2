"""Small-area figures equal those of a likelihood written out in R, and are nearer the truth."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from touchstone.stats.small_areas import Areas, estimate_small_areas

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "small_areas.json").read_text("utf-8"))
with (HERE / "files" / "county_means.csv").open(encoding="utf-8") as stream:
    ROWS = list(csv.DictReader(stream))


def column(name):
    """Give a column of numbers, NaN where it is empty."""
    return np.array([float(row[name]) if row[name] else np.nan for row in ROWS])


def estimated(case):
    """Estimate the counties with or without the covariate, or with errors three times as large."""
    errors = column("se") * (3 if case == "at_zero" else 1)
    covariates = column("meals")[:, None][:, : 0 if case == "constant" else 1]
    names = tuple(row["county"] for row in ROWS)
    labels = ("meals",)[: covariates.shape[1]]
    return estimate_small_areas(Areas(names, column("mean"), errors, covariates, labels))


@pytest.mark.parametrize("case", ["covariate", "constant", "at_zero"])
def test_the_model_is_that_of_the_likelihood_written_out(case):
    """Variance, coefficients, figures, their errors, and those of areas without a school drawn."""
    found, expected = estimated(case), EXPECTED[case]
    assert found.model.variance == pytest.approx(expected["variance"], rel=1e-5)
    assert found.model.at_zero == (case == "at_zero")
    assert found.model.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-8)
    assert found.model.coefficients == pytest.approx(
        np.atleast_1d(expected["coefficients"]), rel=1e-5
    )
    drawn = [figure for figure in found.figures if figure.direct is not None]
    rest = [figure for figure in found.figures if figure.direct is None]
    for figures, names, method in (
        (drawn, ("estimates", "mse"), "fay_herriot"),
        (rest, ("synthetic", "synthetic_mse"), "synthetic"),
    ):
        assert {figure.outcome.method for figure in figures} == {method}
        values = [float(figure.outcome.value) for figure in figures]
        assert values == pytest.approx(expected[names[0]], rel=1e-5)
        squared = [float(figure.outcome.se) ** 2 for figure in figures]
        assert squared == pytest.approx(expected[names[1]], rel=1e-4)


def test_counties_come_nearer_to_the_truth_than_their_few_schools():
    """Against the means of all schools, which the sample does not know."""
    figures, truth = estimated("covariate").figures, column("truth")
    drawn = [place for place, figure in enumerate(figures) if figure.direct is not None]
    values = np.array([float(figures[place].outcome.value) for place in drawn])
    own = np.abs(values - truth[drawn]).mean()
    direct = np.abs(column("mean")[drawn] - truth[drawn]).mean()
    assert own < 0.7 * direct
    inside = [
        figure.outcome.low <= true <= figure.outcome.high
        for figure, true in zip(figures, truth, strict=True)
    ]
    assert np.mean(inside) > 0.85
