"""Models of ratings as packs ask for them: the whole, and never a ratee or a rater."""

import io
import json
import random

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Withheld
from touchstone.cli.rate import rate as rate_command
from touchstone.content.analyses.ordinal_ratings import OrdinalRatingsSpec
from touchstone.content.analyses.ratings import RatingsSpec
from touchstone.content.datasets import Dataset
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.kinds import analyse
from touchstone.loop.freeze import freeze_plain
from touchstone.reports.analyses.kinds import analysis_record, show_analysis
from touchstone.reports.words import Words

PEOPLE = Dataset(key=(), unit="whom", about="persons", columns=(), levels=())
OFFICES = Dataset(key=(), unit="whom", about="organisations", columns=(), levels=())
WHO = {"rater": "who", "ratee": "whom", "score": "mark"}
HEADS = "who,whom,mark,item,job,role"
FIGURES_OF_ITEMS = ("mean", "difficulty", "se", "infit", "outfit")
TOO_FEW = Withheld("too_few_rows", (("smallest", "10"),))


def forms(ratees=14, raters=12, *, others=range(1, 7), items="ab", seed=7):
    """Rows of forms: each person rates the own self and some others, itself a little better."""
    chance = random.Random(seed)
    rows = []
    for whom in range(ratees):
        for who in (whom, *((whom + step) % raters for step in others)):
            role = "self" if who == whom else "peer"
            for place, item in enumerate(items):
                level = 2 + whom % 3 / 2 - who % 4 / 3 + place / 3 + (role == "self")
                mark = min(5, max(0, round(level + chance.gauss(0, 0.8))))
                job = "clerk" if whom % 2 else "driver"
                rows.append(f"p{who:02},p{whom:02},{mark},{item},{job},{role}")
    return rows


def written(rows):
    """Write the rows as a file."""
    return "\n".join([HEADS, *rows]) + "\n"


def frozen(rows):
    """Freeze the rows."""
    raw = read_table(io.BytesIO(written(rows).encode()), where="forms.csv")
    return freeze_plain(raw, numbers=["mark"], texts=["who", "whom", "item", "job", "role"])


def linear(**fields):
    """A specification of a crossed model."""
    return RatingsSpec(**WHO, **fields)


def ordinal(**fields):
    """A specification of a many-facet model with items."""
    return OrdinalRatingsSpec(**{**WHO, "item": "item", **fields})


def told_by_command(tmp_path, rows, *options):
    """The record of `touchstone rate` on the same rows."""
    path = tmp_path / "forms.csv"
    path.write_text(written(rows), "utf-8")
    arguments = [str(path), "--rater", "who", "--ratee", "whom", "--score", "mark", "--json"]
    found = CliRunner().invoke(rate_command, [*arguments, *options], catch_exceptions=False)
    return json.loads(found.stdout)


def rounded(figure):
    """A figure as records of packs have it."""
    return pytest.approx(figure, rel=1e-5)


def test_variances_and_effects_are_those_of_the_command(tmp_path):
    """What a pack tells of the whole is what an analyst's own file tells; lists stay with him."""
    rows = [*forms(), "p01,,3,a,clerk,peer"]
    told = told_by_command(tmp_path, rows, "--group", "item:job", "--fixed", "job", "--ml")
    spec = linear(groups=("item:job",), fixed=("job",), criterion="ml")
    record = analysis_record("x", spec, analyse(spec, frozen(rows), dataset=PEOPLE))
    for name in ("n", "left_out", "subsets", "withheld"):
        assert record[name] == told[name]
    for name in ("criterion", "reliability", "separation", "variances"):
        assert record[name] == rounded(told[name])
    assert record["fixed"] == {
        name: {part: rounded(figure) for part, figure in one.items()}
        for name, one in told["fixed"].items()
    }
    assert sum(record["shares"].values()) == pytest.approx(1, abs=1e-5)
    assert record["counts"] == {"ratees": len(told["ratees"]), "raters": len(told["raters"])}
    assert record["left_out"] == 1


def test_items_and_thresholds_are_those_of_the_command(tmp_path):
    """The difficulties, thresholds, fits and reliabilities of a many-facet model."""
    rows = forms(items="abc")
    told = told_by_command(tmp_path, rows, "--model", "ordinal", "--item", "item")
    spec = ordinal()
    record = analysis_record("x", spec, analyse(spec, frozen(rows), dataset=PEOPLE))
    for name in ("criterion", "reliability", "separation", "rater_reliability", "variances"):
        assert record[name] == rounded(told[name])
    for own, other in zip(record["items"], told["items"], strict=True):
        assert own == {**other, **{name: rounded(other[name]) for name in FIGURES_OF_ITEMS}}
    for one in record["thresholds"]:
        fixed = told["fixed"][f"threshold[{one['category']}]"]
        assert (one["estimate"], one["se"]) == (rounded(fixed["estimate"]), rounded(fixed["se"]))
    flagged = [rater["check_severity"] for rater in told["raters"]]
    assert record["raters_standing_out"]["severe"] == flagged.count("severe")
    assert record["raters_standing_out"]["lenient"] == flagged.count("lenient")


@pytest.mark.parametrize("spec", [linear(source="role", own="self"),
                                  ordinal(source="role", own="self"),
                                  ordinal(scale="rater"),
                                  ordinal(scale="item")])  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_named(spec, language):
    """No code of a person stands in the record or in what readers see, in no language."""
    found = analyse(spec, frozen(forms()), dataset=PEOPLE)
    shown = show_analysis(spec, found, Words(language))
    said = f"{analysis_record('x', spec, found)} {shown}"
    assert "p03" not in said
    assert "rate." not in str(shown)
    assert len(shown.parts) >= 3


@pytest.mark.parametrize("spec", [linear, ordinal])
def test_the_gap_between_own_and_other_ratings_is_told_where_sources_are_named(spec):
    """Everybody rates the own self better; those who rate only themselves are counted."""
    rows = [*forms(), "p90,p90,4,a,clerk,self", "p90,p90,3,b,clerk,self"]
    rows += ["p91,p00,2,a,driver,", "p91,p00,1,b,driver,"]
    found = analyse(spec(source="role", own="self", smallest_group=5), frozen(rows), dataset=PEOPLE)
    assert isinstance(found.rated.gap, Estimate)
    assert found.rated.gap.n == 14
    assert found.rated.gap.value > 0.3
    only_self = {"p12", "p13", "p90"}
    assert found.rated.flags["rates_only_self"] == len(only_self)
    assert analyse(spec(), frozen(rows), dataset=PEOPLE).rated.gap is None


def test_a_gap_of_few_people_is_withheld():
    """The default smallest group holds for others of each person, and for persons with a gap."""
    spec = linear(source="role", own="self")
    gap = analyse(spec, frozen(forms()), dataset=PEOPLE).rated.gap
    assert gap == Withheld("too_few_pairs", (("smallest", "10"),))


@pytest.mark.parametrize("spec", [linear(), ordinal()])
def test_few_ratees_who_may_be_people_are_withheld(spec):
    """Nine offices may be told of where nine persons may not."""
    rows = frozen(forms(ratees=9))
    assert analyse(spec, rows, dataset=PEOPLE) == TOO_FEW
    assert analyse(spec, rows, dataset=OFFICES).rated.ratees == 9


@pytest.mark.parametrize("spec", [linear(), ordinal()])
@pytest.mark.parametrize("language", LANGUAGES)
def test_how_many_of_few_raters_stand_out_is_not_told(spec, language):
    """Of six raters none is pointed at, not even by a number."""
    rows = [row for row in forms() if row < "p06"]
    found = analyse(spec, frozen(rows), dataset=PEOPLE)
    assert found.rated.flags == Withheld("too_few_raters", (("smallest", "10"),))
    record = analysis_record("x", spec, found)
    assert record["raters_standing_out"] == {"reason": "too_few_raters"}
    assert record.get("without_information") is None
    shown = show_analysis(spec, found, Words(language)).parts
    assert any("10" in part for part in shown if isinstance(part, str))


def test_effects_of_few_rows_are_left_out():
    """A mayor is one of his kind; where the first value is such, all others are held against it."""
    rows = [row.replace("driver", "mayor") if ",p02," in row[3:] else row for row in forms()]
    kept = analyse(linear(fixed=("job",), smallest_group=15), frozen(rows), dataset=OFFICES)
    assert (set(kept.fixed), kept.fixed_left_out) == ({"job[driver]"}, 1)
    rows = [row.replace("mayor", "artist") for row in rows]
    none = analyse(linear(fixed=("job",), smallest_group=15), frozen(rows), dataset=OFFICES)
    assert (set(none.fixed), none.fixed_left_out) == (set(), 2)
    record = analysis_record("x", linear(fixed=("job",)), none)
    assert (record["fixed"], record["fixed_left_out"]) == ({}, 2)
    assert "fixed" in str(show_analysis(linear(fixed=("job",)), none, Words("en")).parts[-1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_item_of_few_ratings_is_left_out(language):
    """Its name may be somebody's, so it is only counted."""
    rows = [*forms(), *(f"p0{who},p10,{1 + who % 3},rare,clerk,peer" for who in range(6))]
    spec = ordinal(scale="item")
    found = analyse(spec, frozen(rows), dataset=PEOPLE)
    record, shown = analysis_record("x", spec, found), show_analysis(spec, found, Words(language))
    assert [one["id"] for one in record["items"]] == ["a", "b"]
    assert record["items_left_out"] == 1
    assert "rare" not in f"{record} {shown}"
    assert Words(language).text("agree.note.items_left_out", count=1) in shown.parts[-1]


@pytest.mark.parametrize(
    ("spec", "mark", "code"),
    [(linear(), "3", "RATE-02"), (linear(), "", "RATE-07"), (ordinal(), "3.5", "ITEM-02")],
)
def test_evidence_that_no_model_fits_is_a_fault_in_its_place(spec, mark, code):
    """The assessment stands; what is wrong is said where the analysis would be."""
    rows = [",".join([*row.split(",")[:2], mark, *row.split(",")[3:]]) for row in forms()]
    fault = analyse(spec, frozen(rows), dataset=PEOPLE)
    assert isinstance(fault, TouchstoneError)
    assert fault.code == code
