"""Ratios, contrasts, quantiles, shares and lone units equal those of the R package survey."""

import json
from pathlib import Path

import pytest

from touchstone.base.outcomes import Estimate
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze_plain
from touchstone.stats.designs import Design
from touchstone.stats.sampling.contrasts import Contrast, contrast_figures
from touchstone.stats.sampling.domains import Rule, figures_of, find_domains, outcome_of
from touchstone.stats.sampling.measures import number_measures, ratio_measure, share_measures
from touchstone.stats.sampling.quantiles import quantile_outcome
from touchstone.stats.sampling.samples import read_sample
from touchstone.stats.sampling.sources import ByLinearisation
from touchstone.stats.sampling.unit_spread import UnitSpread

HERE = Path(__file__).parent
CASES = json.loads((HERE / "sampling.json").read_text("utf-8"))
# What a case of lone units keeps of its file, as its R expression says.
KEPT = {
    "SDMVSTRA": lambda row: not (row["SDMVSTRA"] in ("75", "80") and row["SDMVPSU"] == "2"),
    "region": lambda row: (
        not (
            (row["region"], row["district"], row["kind"]) == ("north", "1", "day")
            and row["school"] != "1"
        )
    ),
}


def several(names) -> tuple[str, ...]:
    """Give names as a tuple: R writes one name as a text."""
    return (names,) if isinstance(names, str) else tuple(names or ())


def read(case):
    """Freeze what a case needs; give the rows, the design and the domains."""
    plan = case["design"]
    design = Design(
        plan.get("weight"), *(several(plan.get(name)) for name in ("strata", "clusters", "fpc"))
    )
    path = HERE / "files" / plan["file"]
    with path.open("rb") as stream:
        raw = read_table(stream, where=path.name)
    if case.get("keep"):
        keep = next(test for word, test in KEPT.items() if word in case["keep"])
        rows = raw.rows.filter([keep(row) for row in raw.rows.to_pylist()])
        raw = type(raw)(raw.source, rows, raw.first_row)
    by = several(case["by"])
    extra = case.get("extra") or {}
    numbers = [design.weight, *design.fpc, *several(extra.get("x"))]
    texts = [*by, *design.strata, *design.clusters]
    (texts if case["kind"] == "share" else numbers).append(case["variable"])
    snapshot = freeze_plain(raw, numbers=list(dict.fromkeys(numbers)), texts=texts)
    return snapshot, design, find_domains(snapshot, by)


def measure_of(case, snapshot):
    """Give the one measure of a case."""
    extra = case.get("extra") or {}
    if case["kind"] == "ratio":
        return ratio_measure(snapshot, case["variable"], extra["x"])
    if case["kind"] == "share":
        return share_measures(snapshot, case["variable"], value=str(extra["value"]))[0]
    kind = "total" if case["kind"] == "total" else "mean"
    return number_measures(snapshot, kind, [case["variable"]])[0]


@pytest.mark.parametrize("case", CASES["figures"], ids=lambda case: case["name"])
def test_a_figure_equals_that_of_survey(case):
    """Estimate, standard error, interval and design effect are those of R."""
    snapshot, design, domains = read(case)
    source = ByLinearisation(UnitSpread(read_sample(snapshot, design), case["lone"]))
    measure, extra = measure_of(case, snapshot), case.get("extra") or {}
    rule = Rule(share_interval=extra.get("interval", "wilson"))
    assert len(domains.rows) == len(case["rows"])
    for rows, expected in zip(domains.rows, case["rows"], strict=True):
        if case["kind"] == "quantile":
            found = quantile_outcome(
                measure, rows, source, rule, share=extra["p"], quantile_rule=extra["qrule"]
            )
        else:
            found = outcome_of(measure, rows, source, rule)
        assert isinstance(found, Estimate), found
        figures = {"estimate": found.value, "se": found.se, "low": found.low, "high": found.high}
        figures["deff"] = found.deff
        for name, figure in expected.items():
            assert float(figures[name]) == pytest.approx(figure, rel=1e-6), (name, expected)


@pytest.mark.parametrize("case", CASES["contrasts"], ids=lambda case: case["name"])
def test_a_contrast_equals_that_of_survey(case):
    """A contrast of domains has the error that follows from their covariance."""
    snapshot, design, domains = read(case)
    source = ByLinearisation(UnitSpread(read_sample(snapshot, design)))
    parts = tuple((float(times), (label,)) for label, times in case["parts"].items())
    measure = measure_of(case, snapshot)
    (figure,) = contrast_figures([measure], domains, [Contrast("c", parts)], source, Rule())
    assert float(figure.outcome.value) == pytest.approx(case["estimate"], rel=1e-9)
    assert float(figure.outcome.se) == pytest.approx(case["se"], rel=1e-6)


def test_linearised_means_equal_the_exact_ones():
    """The two ways to a mean agree: exact sums, and floating-point scores."""
    cases = json.loads((HERE / "survey.json").read_text("utf-8"))
    checked = 0
    for case in cases:
        if case["statistic"] == "share" or not case["weight"]:
            continue
        one = {
            "design": {name: case[name] for name in ("weight", "strata", "clusters", "fpc")}
            | {"file": case["file"]},
            "kind": case["statistic"],
            "variable": case["variable"],
            "by": case["by"],
        }
        snapshot, design, domains = read(one)
        source = ByLinearisation(UnitSpread(read_sample(snapshot, design)))
        measure = measure_of(one, snapshot)
        found = {
            tuple(sorted(figure.by)): figure.outcome
            for figure in figures_of([measure], domains, source, Rule())
        }
        for expected in case["rows"]:
            outcome = found[tuple(sorted(expected["by"].items()))]
            for name in ("se", "low", "high", "deff"):
                if expected[name] is not None:
                    figure = float(getattr(outcome, name))
                    assert figure == pytest.approx(expected[name], rel=1e-6), (case, name)
            assert (outcome.n, outcome.degrees_of_freedom) == (expected["n"], expected["df"])
            checked += 1
    assert checked
