"""Agreement and reliability equal those of the R package psych and published examples."""

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from touchstone.stats.agreement.intraclass import intraclass_correlations
from touchstone.stats.agreement.kappas import agreement_weights, cohen_kappa, fleiss_kappa
from touchstone.stats.agreement.krippendorff import krippendorff_alpha
from touchstone.stats.agreement.ratings import code_ratings, cross_table
from touchstone.stats.reliability.generalizability import coefficient, study_facets
from touchstone.stats.reliability.item_tables import sum_items, turn_items
from touchstone.stats.reliability.scales import scale_reliability

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "agreement.json").read_text("utf-8"))
NONE = np.nan
# Krippendorff (2011), "Computing Krippendorff's alpha-reliability", part D: four observers.
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
        [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
    ]
).T
# Shrout and Fleiss (1979), table 2: six targets, four judges.
SHROUT = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)
# Fleiss (1971): psychiatric diagnoses of ten patients by fourteen raters, as often reprinted.
FLEISS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)


def rows_of(name):
    """Read a file as a list of records."""
    with (HERE / "files" / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def number(text):
    """Give a cell as a number, NaN where it is empty."""
    return NONE if text in {"", "NA"} else float(text)


def table_ratings(table):
    """Code a table [ratees, raters]."""
    ratees, raters = np.indices(table.shape)
    return code_ratings(ratees.ravel(), raters.ravel(), table.ravel())


def file_ratings(name, ratee, score):
    """Code the ratings of a file."""
    rows = rows_of(name)
    scores = [number(row[score]) for row in rows]
    return code_ratings([row[ratee] for row in rows], [row["rater"] for row in rows], scores)


@pytest.mark.parametrize(
    ("level", "alpha"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_of_krippendorffs_own_table(level, alpha):
    """The published values, to their three decimals."""
    found = krippendorff_alpha(table_ratings(KRIPPENDORFF), level)
    assert float(found.value) == pytest.approx(alpha, abs=5e-4)
    assert found.n == 11
    assert found.low < found.value < found.high


def test_kappa_of_fleiss_example():
    """0.210 for the ten subjects and fourteen raters."""
    ratees, raters, scores = [], [], []
    for ratee, counts in enumerate(FLEISS):
        ratees += [ratee] * 14
        raters += list(range(14))
        scores += np.repeat(np.arange(5), counts).tolist()
    found = fleiss_kappa(code_ratings(ratees, raters, scores))
    assert float(found.value) == pytest.approx(0.210, abs=5e-4)


def test_fleiss_kappa_with_gaps_has_gwets_error():
    """Gwet (2014) for Krippendorff's table: 0.76117 with standard error 0.15302."""
    found = fleiss_kappa(table_ratings(KRIPPENDORFF))
    assert float(found.value) == pytest.approx(0.76117, abs=5e-6)
    assert float(found.se) == pytest.approx(0.15302, abs=5e-6)


@pytest.mark.parametrize("case", ["immer", "shrout"])
def test_correlations_of_complete_tables_are_those_of_psych(case):
    """All six forms with their F intervals."""
    ratings = (
        table_ratings(SHROUT) if case == "shrout" else file_ratings("immer07.csv", "pid", "I1")
    )
    found = intraclass_correlations(ratings).forms
    for form, expected in EXPECTED["icc"][case].items():
        for name, outcome in zip(
            ("estimate", "low", "high"), (found[form].value, found[form].low, found[form].high),
            strict=True,
        ):  # fmt: skip
            assert float(outcome) == pytest.approx(expected[name], rel=1e-9, abs=1e-9), form


def test_correlations_with_gaps_are_those_of_variance_components():
    """Single-rater forms by REML as psych by lmer; form 1 by unequal groups."""
    found = intraclass_correlations(file_ratings("sirt_ratings1.csv", "idstud", "k1")).forms
    for form in ("icc2", "icc3"):
        expected = EXPECTED["icc"]["sirt"][form]["estimate"]
        assert float(found[form].value) == pytest.approx(expected, rel=1e-4)
        assert found[form].method == "reml"
    assert float(found["icc1"].value) == pytest.approx(EXPECTED["one_way"], rel=1e-9)


def test_correlations_of_a_mass_evaluation_are_those_of_lme4():
    """Nearly all cells are empty; single-rater forms to the digits an optimiser allows."""
    path = HERE.parents[1] / "packs" / "lecturers" / "evidence" / "ratings.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    scores = [number(row["y"]) for row in rows]
    ratings = code_ratings([row["d"] for row in rows], [row["s"] for row in rows], scores)
    found = intraclass_correlations(ratings).forms
    for form, expected in EXPECTED["lecturers"].items():
        assert float(found[form].value) == pytest.approx(expected, rel=1e-4)
        assert found[form].n == 1128


@pytest.mark.parametrize("weighting", ["none", "linear", "quadratic"])
def test_kappa_with_weights(weighting):
    """Value and large-sample error of the first two raters."""
    rows = [row for row in rows_of("immer07.csv") if row["rater"] in {"R1", "R2"}]
    scores = [number(row["I1"]) for row in rows]
    ratings = code_ratings([r["pid"] for r in rows], [r["rater"] for r in rows], scores)
    found = cohen_kappa(cross_table(ratings), agreement_weights(ratings.scale, weighting))
    expected = EXPECTED["kappa"][weighting]
    assert float(found.value) == pytest.approx(expected["estimate"], rel=1e-12)
    assert float(found.se) == pytest.approx(expected["se"], rel=1e-9)
    assert found.n == expected["n"]


def test_kappa_is_that_of_psych():
    """`cohen.kappa` takes quadratic weights; both raters rated 18 essays."""
    rows = [row for row in rows_of("sirt_ratings1.csv") if row["rater"] in {"db03", "db54"}]
    scores = [number(row["k1"]) for row in rows]
    ratings = code_ratings([r["idstud"] for r in rows], [r["rater"] for r in rows], scores)
    table = cross_table(ratings)
    for weighting in ("none", "quadratic"):
        found = cohen_kappa(table, agreement_weights(ratings.scale, weighting))
        assert float(found.value) == pytest.approx(EXPECTED["psych_kappa"][weighting], rel=1e-9)
        assert found.n == EXPECTED["psych_kappa"]["n"]


@pytest.mark.parametrize("missing", ["pairwise", "complete"])
def test_a_scale_is_as_reliable_as_psych_says(missing):
    """Alpha, omega with one factor, and what each item adds; errors and ends for whole rows."""
    rows = rows_of("bfi_agreeableness.csv")
    names = list(rows[0])
    answers = np.array([[number(row[name]) for name in names] for row in rows])
    sums = turn_items(sum_items(answers, names, missing=missing), ["A1"])
    found, expected = scale_reliability(sums), EXPECTED[missing]
    assert float(found.alpha.value) == pytest.approx(expected["alpha"], rel=1e-10)
    assert float(found.alpha_standardised.value) == pytest.approx(
        expected["standardised"], rel=1e-10
    )
    for figure, of in (("rest_correlation", "rest"), ("alpha_without", "without")):
        figures = [getattr(item, figure) for item in found.items]
        assert figures == pytest.approx(expected[of], rel=1e-9)
    # With gaps psych stops its search for loadings a little before the minimum.
    close = 1e-5 if missing == "complete" else 3e-3
    assert [item.loading for item in found.items] == pytest.approx(expected["loadings"], rel=close)
    assert float(found.omega_total.value) == pytest.approx(expected["omega"], rel=close)
    if missing == "complete":
        assert float(found.alpha.se) == pytest.approx(expected["error"], rel=1e-10)
        ends = [float(found.alpha.low), float(found.alpha.high)]
        assert ends == pytest.approx([expected["low"], expected["high"]], rel=1e-10)


def test_components_of_three_facets_are_those_of_mean_squares():
    """Ratee × rater × item, all components and both coefficients."""
    rows = rows_of("immer07.csv")
    items = ("I1", "I2", "I3", "I4")
    long = [(row["pid"], row["rater"], item, number(row[item])) for row in rows for item in items]
    columns = list(zip(*long, strict=True))
    codes = [np.unique(np.array(column), return_inverse=True)[1] for column in columns[:3]]
    facets = dict(zip(("ratee", "rater", "item"), codes, strict=True))
    study = study_facets(np.array(columns[3]), facets, "ratee x rater x item")
    expected = EXPECTED["generalizability"]
    for effect, variance in zip(study.components.effects, study.components.variances, strict=True):
        assert variance == pytest.approx(expected["variances"][" x ".join(effect)], rel=1e-9)
    for decision in ("relative", "absolute"):
        found = coefficient(study, decision)
        assert float(found.value) == pytest.approx(expected[decision], rel=1e-9)
        assert found.n == 500
