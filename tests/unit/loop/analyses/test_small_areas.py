"""Small areas as packs ask for them: equal to the command's, and nothing told of few rows."""

import io
import json
from decimal import Decimal

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.cli.areas import areas as areas_command
from touchstone.cli.estimate import estimate as estimate_command
from touchstone.content.analyses.small_areas import SmallAreasSpec
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.small_areas import find_small_areas
from touchstone.loop.freeze import freeze_plain
from touchstone.reports.analyses.small_areas import show_small_areas, small_areas_record
from touchstone.reports.words import Words
from touchstone.stats.designs import Design

SIZES = dict(zip("ABCDEFGH", (12, 16, 20, 14, 18, 12, 4, 11), strict=True))
DESIGN = Design("w")
FEW = Withheld("too_few_rows", (("smallest", "10"),))


def answer(area, place):
    """One answer: its area, weight, score, the area's rent, and the person's age."""
    rent = 5 + (ord(area) * 7) % 11
    score = rent + (place * 5 + ord(area) * 3) % 7 - 3
    return f"{area},{1 + place % 3},{score},{rent},{20 + place * 3 % 17}"


ROWS = [answer(area, place) for area, size in SIZES.items() for place in range(size)]
FILE = "\n".join(["area,w,y,rent,age", *ROWS]) + "\n"


def evidence_of(text=FILE, *, named=("area",)):
    """Freeze answers written as text; areas may be named unless said otherwise."""
    raw = read_table(io.BytesIO(text.encode()), where="answers.csv")
    numbers = [name for name in raw.rows.column_names if name != "area"]
    snapshot = freeze_plain(raw, numbers=numbers, texts=["area"])
    return Evidence(snapshot, "answers", DESIGN, named)


def figures_of(found):
    """The figure of each area by its name."""
    return {one.name: one for one in found.areas.figures}


def told_by_commands(tmp_path, *options):
    """The record of `touchstone areas` on the means that `touchstone estimate` tells."""
    path, means = tmp_path / "answers.csv", tmp_path / "means.csv"
    path.write_text(FILE, "utf-8")
    asked = [str(path), "--mean", "y,rent", "--by", "area", "--weight", "w", "--json"]
    told = json.loads(CliRunner().invoke(estimate_command, asked, catch_exceptions=False).stdout)
    of = {(one["by"]["area"], one["variable"]): one for one in told}
    lines = []
    for area, size in SIZES.items():
        y, rent = of[area, "y"], of[area, "rent"]["estimate"]
        direct = f"{y['estimate']},{y['se']}" if size >= 10 else ","
        lines.append(f"{area},{direct},{rent}")
    means.write_text("\n".join(["area,m,s,rent", *lines]) + "\n", "utf-8")
    asked = [str(means), "--area", "area", "--estimate", "m", "--se", "s", *options, "--json"]
    return json.loads(CliRunner().invoke(areas_command, asked, catch_exceptions=False).stdout)


def test_areas_of_rows_are_those_of_the_commands(tmp_path):
    """The design's means and their errors go into the model as by hand."""
    spec = SmallAreasSpec(area="area", value="y", covariates=("rent",))
    record = small_areas_record(spec, find_small_areas(spec, evidence_of()))
    told = told_by_commands(tmp_path, "--covariates", "rent")
    for own, other in zip(record["areas"], told["areas"], strict=True):
        assert own["estimate"] == pytest.approx(other["estimate"])
        assert own["se"] == pytest.approx(other["se"])
        assert (own["direct"] is None) == (other["direct"] is None)
    assert record["model"]["variance"] == pytest.approx(told["model"]["variance"])


def test_rows_that_are_areas_are_those_of_the_command(tmp_path):
    """Both read the same columns, in any order of rows."""
    told = told_by_commands(tmp_path, "--covariates", "rent")
    lines = (tmp_path / "means.csv").read_text("utf-8").splitlines()
    text = "\n".join([lines[0], *reversed(lines[1:])]) + "\n"
    spec = SmallAreasSpec(area="area", estimate="m", se="s", covariates=("rent",))
    assert small_areas_record(spec, find_small_areas(spec, evidence_of(text))) == told


def test_an_area_of_few_rows_has_a_synthetic_figure_and_no_direct_one():
    """G has four rows: what they say plays no part, and the method tells so."""
    spec = SmallAreasSpec(area="area", value="y", covariates=("rent",))
    found = figures_of(find_small_areas(spec, evidence_of()))
    small = found["G"]
    assert (small.outcome.method, small.direct, small.direct_error) == (
        "synthetic_few", None, None,
    )  # fmt: skip
    assert found["A"].outcome.method == "fay_herriot"


@settings(deadline=None, max_examples=at_most(20))
@given(st.lists(st.integers(-50, 50), min_size=4, max_size=4))
def test_what_an_area_of_few_rows_answered_changes_no_figure(scores):
    """Whatever four people say, the whole record stays the same."""
    spec = SmallAreasSpec(area="area", value="y", covariates=("rent",))
    others = [row for row in ROWS if row[0] != "G"]
    rent = next(row.split(",")[3] for row in ROWS if row[0] == "G")
    own = [f"G,{1 + place % 3},{score},{rent},30" for place, score in enumerate(scores)]
    text = "\n".join(["area,w,y,rent,age", *others, *own]) + "\n"
    record = small_areas_record(spec, find_small_areas(spec, evidence_of(text)))
    assert record == small_areas_record(spec, find_small_areas(spec, evidence_of()))


def test_a_covariate_of_few_people_gives_no_figure():
    """The mean age of four people could be worked out from a figure that rests on it."""
    spec = SmallAreasSpec(area="area", value="y", covariates=("age",))
    found = figures_of(find_small_areas(spec, evidence_of()))
    assert found["G"].outcome == FEW
    assert found["A"].outcome.method == "fay_herriot"


def test_an_area_whose_answers_are_all_equal_is_not_taken_as_counted():
    """Its error is not known, though the design's formula gives 0."""
    rows = [
        ",".join([*row.split(",")[:2], "7", *row.split(",")[3:]]) if row[0] == "B" else row
        for row in ROWS
    ]
    text = "\n".join(["area,w,y,rent,age", *rows]) + "\n"
    spec = SmallAreasSpec(area="area", value="y")
    found = figures_of(find_small_areas(spec, evidence_of(text)))
    assert (found["B"].outcome, found["B"].direct) == (Withheld("no_spread_within"), None)


def test_areas_that_may_be_people_are_not_named_on_few_rows():
    """They are counted; rows that are areas are not told at all."""
    spec = SmallAreasSpec(area="area", value="y")
    found = find_small_areas(spec, evidence_of(named=()))
    assert ("G" in figures_of(found), found.left_out) == (False, 1)
    shown = show_small_areas(spec, found, Words("en"))
    assert "1 area with fewer rows than 10 is left out, as it may be people." in shown.parts
    assert small_areas_record(spec, found)["left_out"] == 1
    rows = SmallAreasSpec(area="area", estimate="y", se="w")
    assert find_small_areas(rows, evidence_of(named=())) == Withheld("may_be_people")


def test_a_row_without_its_area_is_refused():
    """In rows that are answers as in rows that are areas."""
    spec = SmallAreasSpec(area="area", value="y")
    with pytest.raises(TouchstoneError, match="AREA-04"):
        find_small_areas(spec, evidence_of(FILE + ",1,3,4,5\n"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_areas_are_shown_in_each_language(language):
    """Figures, model and checks, and a picture of the areas that have a figure."""
    spec = SmallAreasSpec(area="area", value="y", covariates=("age",), confidence=Decimal("0.9"))
    words = Words(language, {"column": {"y": "Score"}})
    shown = show_small_areas(spec, find_small_areas(spec, evidence_of()), words)
    figures, model, checks = shown.parts
    assert [row[0] for row in figures.rows] == list(SIZES)
    assert [row[0] for row in model.rows][1:2] == ["age"]
    assert checks.startswith(
        {"en": "Checks", "zh-hans": "模型检验", "zh-hant": "模型檢定"}[language]
    )
    (chart,) = shown.charts
    assert "Score" in chart.title
    assert [row[0] for row in chart.rows] == [name for name in SIZES if name != "G"]
