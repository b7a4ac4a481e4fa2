"""Changes as packs ask for them: equal to the command's, and nothing of few people told."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Withheld
from touchstone.cli.change import change as change_command
from touchstone.content.analyses.change import ChangeSpec
from touchstone.content.analyses.periods import PeriodColumn
from touchstone.content.datasets import Dataset
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.change import find_change
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.kinds import analyse
from touchstone.loop.freeze import freeze_plain
from touchstone.reports.analyses.change import change_record, show_change
from touchstone.reports.words import Words
from touchstone.stats.designs import Design

WAVES = Path(__file__).parents[3] / "reference/files/api_waves.csv"
BOTH = (PeriodColumn(period="1", column="before"), PeriodColumn(period="2", column="after"))
DATASET = Dataset(key=(), unit="who", about="organisations", columns=(), levels=())


def evidence_of(text, numbers, texts):
    """Freeze a table written as text."""
    raw = read_table(io.BytesIO(text.encode()), where="people.csv")
    return Evidence(freeze_plain(raw, numbers=numbers, texts=texts), "people")


def people(counts, shared):
    """Rows of two waves: so many answer in each, and so many of them in both."""
    lines = ["wave,who,y,group"]
    for group, (first, second) in counts.items():
        lines += [f"1,{group}{n},{n % 5},{group}" for n in range(first)]
        lines += [f"2,{group}{n + first - shared},{n % 4 + 1},{group}" for n in range(second)]
    return evidence_of("\n".join(lines) + "\n", ["y"], ["wave", "who", "group"])


def test_a_change_is_that_of_the_command():
    """The same rows give the same record, also where the weight is the design's."""
    arguments = [str(WAVES), "--wave", "wave", "--value", "score", "--respondent", "school"]
    arguments += ["--weight", "weight", "--by", "type", "--json"]
    told = CliRunner().invoke(change_command, arguments, catch_exceptions=False).stdout
    with WAVES.open("rb") as stream:
        raw = read_table(stream, where=WAVES.name)
    snapshot = freeze_plain(raw, numbers=["score", "weight"], texts=["wave", "school", "type"])
    spec = ChangeSpec(wave="wave", value="score", respondent="school", by=("type",))
    found = find_change(spec, Evidence(snapshot, "waves", Design("weight")))
    assert change_record(spec, found) == json.loads(told)
    assert [len(one.means) for one in found.series] == [2, 2, 2]
    assert found.series[0].means[0][1].value == found.changes[0].change.mean_before


def test_rows_with_a_column_for_each_wave_are_their_own_respondents():
    """Wide rows give the change of the long ones that name who answered."""
    pairs = [(n, n % 5, (n * 3) % 7) for n in range(20)]
    wide = "who,before,after\n" + "".join(f"{n},{one},{two}\n" for n, one, two in pairs)
    long = "wave,who,y\n" + "".join(f"1,{n},{one}\n2,{n},{two}\n" for n, one, two in pairs)
    of_columns = find_change(
        ChangeSpec(periods=BOTH), evidence_of(wide, ["before", "after"], ["who"])
    )
    of_rows = find_change(
        ChangeSpec(wave="wave", value="y", respondent="who"),
        evidence_of(long, ["y"], ["wave", "who"]),
    )
    assert of_columns == of_rows
    assert of_columns.changes[0].change.overlap == 20


def test_a_small_wave_of_a_domain_has_no_figures():
    """Its change and its mean are withheld, and how many of it answered twice is not told."""
    spec = ChangeSpec(wave="wave", value="y", by=("group",))
    found = find_change(spec, people({"a": (12, 12), "b": (12, 9)}, 0))
    small = Withheld("too_few_rows", (("smallest", "10"),))
    whole, few = (one.change for one in found.changes)
    assert isinstance(whole.outcome, Estimate)
    assert (few.outcome, few.overlap, few.mean_before) == (small, None, None)
    assert [one for _, one in found.series[1].means][1] == small
    record = change_record(spec, found)["changes"][1]
    assert (record["estimate"], record["overlap"], record["se_apart"]) == (None, None, None)


def test_a_domain_of_few_people_is_not_named():
    """Its name may be that of the one who answered; that it was left out is said."""
    spec = ChangeSpec(wave="wave", value="y", by=("group",))
    found = find_change(spec, people({"a": (12, 12), "zoe": (2, 2)}, 0))
    shown = show_change(spec, found, Words("en"))
    assert "zoe" not in json.dumps(change_record(spec, found))
    assert "zoe" not in str(shown.parts) + str(shown.charts[0].rows)
    assert shown.notes == ("1 domain is left out, with too few respondents in every wave.",)
    alone = find_change(spec, people({"zoe": (6, 6)}, 0))
    assert show_change(spec, alone, Words("en")).parts == ()


@pytest.mark.parametrize("shared", [1, 9])
def test_a_few_respondents_of_both_waves_are_not_given_away(shared):
    """The error of a change would tell how they answered; with enough, or with none, it may."""
    spec = ChangeSpec(wave="wave", value="y", respondent="who")
    few = find_change(spec, people({"a": (30, 30)}, shared)).changes[0].change
    assert few.outcome == Withheld("few_shared", (("smallest", "10"),))
    assert (few.overlap, few.covariance, few.se_apart) == (None, None, None)
    for enough in (0, 10):
        told = find_change(spec, people({"a": (30, 30)}, enough)).changes[0].change
        assert isinstance(told.outcome, Estimate)


def test_a_break_is_told_before_small_waves():
    """No larger wave would bring the figure."""
    spec = ChangeSpec(wave="wave", value="y", breaks=("2",))
    change = find_change(spec, people({"a": (12, 5)}, 0)).changes[0].change
    assert change.outcome == Withheld("series_break", (("wave", "2"),))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_is_shown_with_its_picture_and_what_it_leaves_aside(language):
    """Strata and clusters are named, as errors do not see them."""
    evidence = people({"a": (12, 12), "b": (12, 12)}, 0)
    evidence = evidence._replace(design=Design(None, ("group",), ("who",)))
    spec = ChangeSpec(wave="wave", value="y", by=("group",), confidence=Decimal("0.9"))
    shown = show_change(spec, find_change(spec, evidence), Words(language))
    assert "group" in shown.notes[0]
    assert "who" in shown.notes[0]
    (chart,) = shown.charts
    assert len(chart.rows) == 4
    record = change_record(spec, find_change(spec, evidence))
    assert record["not_in_errors"] == ["group", "who"]


def test_many_domains_have_no_picture():
    """Seven lines would cross each other; the table stands."""
    counts = dict.fromkeys("abcdefg", (12, 12))
    spec = ChangeSpec(wave="wave", value="y", by=("group",))
    found = find_change(spec, people(counts, 0))
    assert (len(found.changes), found.series) == (7, ())
    assert show_change(spec, found, Words("en")).charts == ()


def test_a_wave_that_is_not_there_is_a_fault_in_its_place():
    """The assessment stands; what is wrong is said where the analysis would be."""
    spec = ChangeSpec(dataset="people", wave="wave", value="y", since="3")
    fault = analyse(spec, people({"a": (12, 12)}, 0).snapshot, dataset=DATASET)
    assert isinstance(fault, TouchstoneError)
    assert fault.code == "CHANGE-01"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"wave": "wave"},
        {"wave": "wave", "value": "y", "periods": BOTH},
        {"periods": BOTH[:1]},
        {"periods": (BOTH[0], BOTH[0])},
        {"periods": BOTH, "respondent": "who"},
        {"periods": BOTH, "since": "3"},
        {"periods": BOTH, "breaks": ("1", "3")},
    ],
)
def test_what_cannot_be_asked_is_told(fields):
    """Each contradiction has words of what was found and what to do."""
    told = list(ChangeSpec(**fields).contradictions())
    assert told
    assert all(found and remedy.endswith(".") for found, remedy in told)


def test_what_can_be_asked_has_no_fault():
    """Rows or columns for waves, with all that goes with them."""
    rows = ChangeSpec(wave="wave", value="y", respondent="who", since="1", breaks=("2",))
    columns = ChangeSpec(periods=BOTH, since="1", breaks=("2",), by=("group",), weight="w")
    assert [*rows.contradictions(), *columns.contradictions()] == []
