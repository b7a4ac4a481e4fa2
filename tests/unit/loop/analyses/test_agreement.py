"""Agreement as packs ask for it: equal to the command's, and nobody told of or named."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Withheld
from touchstone.cli.agree import agree as agree_command
from touchstone.content.analyses.agreement import AgreementSpec
from touchstone.content.datasets import Dataset
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.agreement import find_agreement
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.kinds import analyse
from touchstone.loop.freeze import freeze_plain
from touchstone.reports.analyses.agreement import agreement_record, show_agreement
from touchstone.reports.analyses.kinds import analysis_record, show_analysis
from touchstone.reports.words import Words

IMMER = Path(__file__).parents[3] / "reference/files/immer07.csv"
PEOPLE = Dataset(key=(), unit="whom", about="persons", columns=(), levels=())
OFFICES = Dataset(key=(), unit="whom", about="organisations", columns=(), levels=())
FEW = Withheld("too_few_rows", (("smallest", "10"),))


def frozen(lines, numbers=("y",), texts=("who", "whom", "what")):
    """Freeze rows of who rated whom on what, and the score."""
    text = "\n".join(["who,whom,what,y", *lines]) + "\n"
    raw = read_table(io.BytesIO(text.encode()), where="ratings.csv")
    return freeze_plain(raw, numbers=numbers, texts=texts)


def ratings(ratees, raters=4, what="k"):
    """Rows of so many ratees, all rated by the same."""
    return [
        f"r{a},u{b:02},{what},{1 + (a * a + 2 * b) % 5}"
        for b in range(ratees)
        for a in range(raters)
    ]


def spec_of(**fields):
    """A specification of one score by who rated whom."""
    return AgreementSpec(
        **{"rater": "who", "ratee": "whom", "scores": ("y",), "draws": 100, **fields}
    )


def test_agreement_is_that_of_the_command():
    """The same rows give the same record: figures, components and raters needed."""
    arguments = [str(IMMER), "--rater", "rater", "--ratee", "pid", "--score", "I1,I2"]
    arguments += ["--target", "0.6", "--draws", "100", "--json"]
    told = CliRunner().invoke(agree_command, arguments, catch_exceptions=False).stdout
    with IMMER.open("rb") as stream:
        raw = read_table(stream, where=IMMER.name)
    snapshot = freeze_plain(raw, numbers=["I1", "I2"], texts=["rater", "pid"])
    spec = AgreementSpec(
        rater="rater", ratee="pid", scores=("I1", "I2"), target=Decimal("0.6"), draws=100
    )
    found = analyse(spec, snapshot, dataset=PEOPLE)
    assert agreement_record(spec, found) == json.loads(told)


def test_items_of_few_ratings_or_few_people_are_left_out():
    """Nine people rated by four are nine people; the same of offices is 36 rows."""
    rows = [*ratings(12, what="a"), *ratings(9, what="b"), *ratings(1, what="c")]
    for dataset, kept in ((PEOPLE, {"a"}), (OFFICES, {"a", "b"})):
        spec = spec_of(item="what", statistics=("krippendorff", "generalizability"))
        found = analyse(spec, frozen(rows), dataset=dataset)
        told = {one.item: one.outcome for one in found.figures if one.item}
        assert set(told) == kept
        assert all(isinstance(one, Estimate) for one in told.values())
        assert agreement_record(spec, found)["items_left_out"] == 3 - len(kept)
        assert len(show_agreement(spec, found, Words("en")).notes) == 1


def test_columns_of_few_people_are_withheld():
    """Columns are named by the pack, so that they may be named with the reason."""
    found = analyse(spec_of(statistics=("krippendorff",)), frozen(ratings(9)), dataset=PEOPLE)
    assert [one.outcome for one in found.figures] == [FEW]


def test_coefficients_of_few_people_are_withheld():
    """The study of all items has its own count of ratees."""
    spec = spec_of(statistics=("generalizability",), target=Decimal("0.8"))
    found = analyse(spec, frozen(ratings(9)), dataset=PEOPLE)
    assert found.study == FEW
    assert {one.outcome for one in found.figures} == {FEW}
    assert {one.found for one in found.needed} == {FEW}
    assert "components" not in agreement_record(spec, found)


def test_a_rating_given_twice_is_a_fault_that_names_nobody():
    """An analyst's own file has the names; a pack's fault has the columns."""
    rows = frozen([*ratings(12), "r0,u00,k,5"])
    fault = analyse(spec_of(dataset="ratings"), rows, dataset=PEOPLE)
    assert isinstance(fault, TouchstoneError)
    assert fault.code == "AGREE-01"
    assert not {"r0", "u00"} & set(str(fault).replace("'", " ").split())
    with pytest.raises(TouchstoneError, match="u00"):
        find_agreement(spec_of(), Evidence(rows, "ratings.csv"))


def test_words_are_categories_at_the_nominal_level():
    """At other levels words have no distances, and that is said instead of a fault."""
    scores = ["good", "bad"] * 24
    rows = [row[:-1] + score for row, score in zip(ratings(12), scores, strict=True)]
    snapshot = frozen(rows, numbers=(), texts=("who", "whom", "what", "y"))
    found = analyse(spec_of(level="nominal"), snapshot, dataset=PEOPLE)
    assert [one.statistic for one in found.figures] == ["alpha_nominal", "fleiss"]
    found = analyse(spec_of(statistics=("krippendorff", "icc")), snapshot, dataset=PEOPLE)
    assert {one.outcome for one in found.figures} == {Withheld("scores_are_words")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_readers_see_items_in_the_words_of_the_pack(language):
    """Values of the item column have their text; the picture has a row for each figure."""
    rows = [*ratings(12, what="a"), *ratings(12, what="b"), ",u1,a,2"]
    spec = spec_of(item="what", target=Decimal("0.8"))
    found = analyse(spec, frozen(rows), dataset=PEOPLE)
    words = Words(language, {"value": {"what": {"a": "Clearness"}}})
    shown = show_analysis(spec, found, words)
    assert {row[1] for row in shown.parts[0].rows} >= {"Clearness", "b"}
    assert len(shown.notes) == 1
    (chart,) = shown.charts
    told = [one for one in found.figures if isinstance(one.outcome, Estimate)]
    assert len(chart.rows) == len(told) > 1
    assert analysis_record("x", spec, found)["ratings"] == 96
