"""`touchstone areas` reads a row for each area and tells figures, model and checks."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.cli.areas import areas

COUNTIES = (
    str(Path(__file__).parents[2] / "reference" / "files" / "county_means.csv"),
    *("--area", "county", "--estimate", "mean", "--se", "se"),
)


def run(*arguments):
    """Run the command; give its result."""
    return CliRunner().invoke(areas, arguments, catch_exceptions=False)


def test_areas_are_records_with_their_model():
    """Each figure has its method; direct estimate, weight and model stand beside."""
    record = json.loads(run(*COUNTIES, "--covariates", "meals", "--json").stdout)
    assert len(record["areas"]) == 57
    alameda = record["areas"][0]
    assert (alameda["area"], alameda["method"]) == ("Alameda", "fay_herriot")
    assert alameda["gamma"] == pytest.approx(0.145828, rel=1e-4)
    assert record["model"]["variance"] == pytest.approx(367.998, rel=1e-5)
    assert list(record["model"]["coefficients"]) == ["constant", "meals"]
    assert set(record["checks"]) == {"normal_p", "alike_p", "beyond_two"}


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_table_speaks_three_languages(language):
    """No text is missing, and an area without answers is marked."""
    shown = run(*COUNTIES, "--covariates", "meals", "--language", language).stdout
    assert "Calaveras" in shown
    assert {"en": "synthetic", "zh-hans": "合成估计", "zh-hant": "合成估計"}[language] in shown


def test_a_variance_at_its_bound_is_said(tmp_path):
    """On standard error, as it changes how the figures are read."""
    path = tmp_path / "areas.csv"
    path.write_text("a,y,s\nw,1,5\nx,2,5\ny,1.5,5\nz,1,5\n", encoding="utf-8")
    found = run(str(path), "--area", "a", "--estimate", "y", "--se", "s")
    assert "estimated as 0" in found.stderr


def test_few_areas_have_a_reason(tmp_path):
    """No model and no figure."""
    path = tmp_path / "areas.csv"
    path.write_text("a,y,s\nw,1,5\nx,2,5\n", encoding="utf-8")
    found = run(str(path), "--area", "a", "--estimate", "y", "--se", "s", "--json")
    record = json.loads(found.stdout)
    assert record["model"] is None
    assert {one["reason"] for one in record["areas"]} == {"too_few_areas"}
    assert (
        "At least 4 areas" in run(str(path), "--area", "a", "--estimate", "y", "--se", "s").stdout
    )


def test_a_row_without_a_name_is_refused(tmp_path):
    """Its figure would be nobody's."""
    path = tmp_path / "areas.csv"
    path.write_text("a,y,s\n,1,5\nx,2,5\n", encoding="utf-8")
    with pytest.raises(TouchstoneError, match="AREA-04"):
        run(str(path), "--area", "a", "--estimate", "y", "--se", "s")
