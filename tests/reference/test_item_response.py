"""Item response models equal those of R's lme4 and of a plain pass over all rows."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from touchstone.stats.crossed_effects.tables import grouping
from touchstone.stats.item_response.models import fit_item_response
from touchstone.stats.many_facets.forms import FormTable
from touchstone.stats.many_facets.models import fit_many_facets

HERE = Path(__file__).parent
PLAIN = json.loads((HERE / "item_response.json").read_text("utf-8"))
MIXED = json.loads((HERE / "rasch.json").read_text("utf-8"))


def rows_of(name):
    """Read a file as lists of dictionaries."""
    with (HERE / "files" / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def answers_of(name, *, lowest=0, rows=None):
    """Read a table of answers, −1 for a gap."""
    table = [
        [int(cell) - lowest if cell not in ("", "NA") else -1 for cell in row.values()]
        for row in rows_of(name)[:rows]
    ]
    return np.array(table)


def difficulties(model):
    """Give the difficulties and their standard errors."""
    return np.array([item.difficulty for item in model.items]).T


def thresholds(item):
    """Give the estimates of an item's thresholds."""
    return [one.estimate for one in item.thresholds]


def test_the_rasch_model_of_the_lsat_is_the_published_one():
    """Log likelihood, easiness and variance are those of mirt, to the digits it prints."""
    model = fit_item_response(answers_of("lsat.csv"), "rasch")
    assert model.log_likelihood == pytest.approx(-2466.9376, abs=1e-4)
    easiness = [2.7300, 0.9986, 0.2399, 1.3065, 2.0994]
    np.testing.assert_allclose(-difficulties(model)[0], easiness, atol=1e-4)
    assert model.variance == pytest.approx(0.5702, abs=1e-4)


def test_the_rasch_model_is_that_of_a_mixed_model():
    """Figures and standard errors are those of R's glmer, as rasch.R made them."""
    model = fit_item_response(answers_of("lsat.csv"), "rasch")
    estimates, ses = difficulties(model)
    assert model.log_likelihood == pytest.approx(MIXED["log_likelihood"], abs=1e-6)
    assert model.variance == pytest.approx(MIXED["variance"], rel=1e-5)
    np.testing.assert_allclose(-estimates, MIXED["easiness"], atol=1e-5)
    np.testing.assert_allclose(ses, MIXED["se"], rtol=1e-3)


CASES = [
    ("lsat", "lsat.csv", "rasch", {}),
    ("lsat", "lsat.csv", "partial_credit", {}),
    ("lsat", "lsat.csv", "rating_scale", {}),
    *(
        (f"agreeableness-{one.replace('_', '-')}", "bfi_agreeableness.csv", one, {"lowest": 1})
        for one in ("partial_credit", "rating_scale")
    ),
]


@pytest.mark.parametrize(("name", "file", "kind", "options"), CASES)
def test_a_model_equals_a_plain_pass_over_all_rows(name, file, kind, options):
    """Likelihood, parameters, standard errors and measures, with gaps and without."""
    expected = PLAIN[name]
    rows = 600 if "lowest" in options else None
    model = fit_item_response(answers_of(file, rows=rows, **options), kind)
    estimates, ses = difficulties(model)
    assert model.log_likelihood == pytest.approx(expected["log_likelihood"], rel=1e-9)
    assert model.variance == pytest.approx(expected["variance"], rel=1e-5)
    assert model.variance_se == pytest.approx(expected["variance_se"], rel=1e-4)
    np.testing.assert_allclose(estimates, expected["difficulty"], atol=1e-5)
    np.testing.assert_allclose(ses, expected["difficulty_se"], rtol=1e-4)
    taus = expected["thresholds"] * (len(model.items) if kind == "rating_scale" else 1)
    for item, tau in zip(model.items, taus, strict=False):
        np.testing.assert_allclose(thresholds(item), tau, atol=1e-5)
    np.testing.assert_allclose(model.persons.measure[:30], expected["measures"], atol=1e-5)
    np.testing.assert_allclose(model.persons.se[:30], expected["measure_ses"], atol=1e-5)


def forms_of(file, ratee, items):
    """Read rating forms, one row for each rater and ratee."""
    rows = [(row, item) for row in rows_of(file) for item in items]
    return FormTable(
        np.array([int(row[item]) for row, item in rows]),
        grouping("rater", [row["rater"] for row, _ in rows]),
        grouping("ratee", [row[ratee] for row, _ in rows]),
        grouping("item", [item for _, item in rows]),
    )


FIVE, FOUR = [f"k{n}" for n in range(1, 6)], [f"I{n}" for n in range(1, 5)]


@pytest.mark.parametrize(
    ("name", "source", "scale_of"),
    [
        ("students-common", ("sirt_ratings1.csv", "idstud", FIVE), "common"),
        ("students-item", ("sirt_ratings1.csv", "idstud", FIVE), "item"),
        ("more-students-common", ("sirt_ratings2.csv", "idstud", FIVE), "common"),
        ("essays-item", ("immer07.csv", "pid", FOUR), "item"),
    ],
)
def test_a_many_facet_model_equals_a_plain_pass_over_all_rows(name, source, scale_of):
    """Likelihood, severities, difficulties, thresholds, errors and measures of real forms."""
    expected = PLAIN[name]
    model = fit_many_facets(forms_of(*source), scale_of=scale_of)
    assert model.log_likelihood == pytest.approx(expected["log_likelihood"], rel=1e-8)
    assert model.variance == pytest.approx(expected["variance"], rel=1e-5)
    assert model.variance_se == pytest.approx(expected["variance_se"], rel=1e-4)
    severity, severity_se = np.array([one.measure for one in model.raters]).T
    difficulty, difficulty_se = np.array([one.measure for one in model.items]).T
    np.testing.assert_allclose(severity, expected["severity"], atol=1e-5)
    np.testing.assert_allclose(severity_se[:-1], expected["severity_se"], rtol=1e-4)
    np.testing.assert_allclose(difficulty, expected["difficulty"], atol=1e-5)
    np.testing.assert_allclose(difficulty_se, expected["difficulty_se"], rtol=1e-4)
    scales = [model] if scale_of == "common" else model.items
    for scale, taus in zip(scales, expected["thresholds"], strict=True):
        np.testing.assert_allclose(thresholds(scale), taus, atol=1e-5)
    measures = [one.measure for one in model.ratees[:30]]
    np.testing.assert_allclose([one.measure for one in measures], expected["measures"], atol=1e-5)
    np.testing.assert_allclose([one.se for one in measures], expected["measure_ses"], atol=1e-5)


def test_random_raters_are_near_those_of_a_mixed_model():
    """With two categories figures are near glmer's, which integrates over ratees less exactly."""
    expected = json.loads((HERE / "crossed_logits.json").read_text("utf-8"))
    forms = forms_of("sirt_ratings2.csv", "idstud", FIVE)
    high = forms._replace(categories=(forms.categories >= 2).astype(np.int64))
    model = fit_many_facets(high, raters="random")
    assert model.variance == pytest.approx(expected["ratee_variance"], rel=0.05)
    assert model.rater_variance == pytest.approx(expected["rater_variance"], rel=0.05)
    easiness = [-one.measure.estimate for one in model.items]
    np.testing.assert_allclose(easiness, expected["easiness"], atol=0.02)
    leniency = np.array(expected["leniency"])
    found = [-one.measure.estimate for one in model.raters]
    np.testing.assert_allclose(found, leniency - leniency.mean(), atol=0.1)
