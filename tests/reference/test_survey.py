"""Estimates equal those of the R package survey, for all its ways of drawing rows."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from touchstone.base.outcomes import Estimate
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze_plain
from touchstone.stats.designs import Design
from touchstone.stats.estimates import estimate
from touchstone.stats.weights import fit_places

HERE = Path(__file__).parent
CASES = json.loads((HERE / "survey.json").read_text("utf-8"))
CLOSE = Decimal("1e-6")


def estimates_of(case):
    """Estimate what a case asks for from its file."""
    design = Design(case["weight"], *(tuple(case[name]) for name in ("strata", "clusters", "fpc")))
    is_share = case["statistic"] == "share"
    numbers = [*([design.weight] if design.weight else []), *design.fpc]
    texts = [*case["by"], *design.strata, *design.clusters]
    (texts if is_share else numbers).append(case["variable"])
    path = HERE / "files" / case["file"]
    with path.open("rb") as stream:
        raw = read_table(stream, where=path.name)
    snapshot = freeze_plain(raw, numbers=numbers, texts=texts)
    summed = () if is_share else (case["variable"],)
    snapshot, _ = fit_places(snapshot, weight=design.weight, values=summed)
    return estimate(
        snapshot,
        design,
        statistic=case["statistic"],
        variables=[case["variable"]],
        by=case["by"],
        value=case["value"],
    )


def is_close(found, expected) -> bool:
    """Tell whether two figures agree to 1e-6 of their size; survey's zeros may be 1e-12."""
    size = max(abs(Decimal(found)), abs(Decimal(expected)))
    return abs(Decimal(found) - Decimal(expected)) <= max(CLOSE * size, Decimal("1e-12"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_figure_equals_that_of_survey(case):
    """Estimate, error, interval, n, deff and degrees of freedom are those of R."""
    found = {(tuple(sorted(row.by)), row.value): row.outcome for row in estimates_of(case)}
    assert len(found) == len(case["rows"])
    for expected in case["rows"]:
        outcome = found[tuple(sorted(expected["by"].items())), expected["value"]]
        assert isinstance(outcome, Estimate)
        assert outcome.n == expected["n"]
        assert outcome.degrees_of_freedom == expected["df"]
        for name, figure in (
            ("estimate", outcome.value),
            ("se", outcome.se),
            ("low", outcome.low),
            ("high", outcome.high),
        ):
            assert is_close(figure, expected[name]), (name, expected)
        if expected["deff"] is not None:
            assert is_close(outcome.deff, expected["deff"]), expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_column_of_figures_equals_its_rows(case):
    """Figures as columns are the same as those of the rows, to the last places of a float."""
    rows = estimates_of(case)
    columns = rows.columns
    for place, row in enumerate(rows):
        domain, variable = divmod(place, len(rows.measured))
        figures = (row.outcome.value, row.outcome.se, row.outcome.low, row.outcome.high)
        names = ("value", "se", "low", "high")
        for name, figure in zip(names, figures, strict=True):
            found = getattr(columns, name)[variable, domain]
            assert found == pytest.approx(float(figure), rel=1e-13, abs=1e-15)
        assert columns.n[variable, domain] == row.outcome.n
