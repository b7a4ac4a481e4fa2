"""Effects as packs ask for them: equal to the command's, and no person named."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Withheld
from touchstone.cli.effect import effect as effect_command
from touchstone.content.analyses.effect import EffectSpec
from touchstone.content.analyses.periods import PeriodColumn
from touchstone.content.datasets import Dataset
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.effect import find_effect
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.kinds import analyse
from touchstone.loop.freeze import freeze_plain
from touchstone.reports.analyses.effect import effect_record, show_effect
from touchstone.reports.analyses.kinds import analysis_record
from touchstone.reports.words import Words

FILES = Path(__file__).parents[3] / "reference/files"
LONG = {"unit": "unit", "time": "period", "value": "value"}
PERIODS = tuple(PeriodColumn(period=str(2020 + n), column=f"y{n}") for n in range(4))
STARTS = {f"u{place:02}": "2016" for place in range(1, 5)}


def evidence_of(text, *, named=("unit",), texts=("unit", "period")):
    """Freeze a table written as text; units may be named unless said otherwise."""
    raw = read_table(io.BytesIO(text.encode()), where="panel.csv")
    numbers = [name for name in raw.rows.column_names if name not in texts]
    snapshot = freeze_plain(raw, numbers=numbers, texts=texts)
    return Evidence(snapshot, "panel", named=named)


def reference(name, **fields):
    """The evidence of a file of reference figures."""
    return evidence_of((FILES / f"{name}.csv").read_text("utf-8"), **fields)


def told_by_command(name, *options):
    """The record of `touchstone effect` on a file of reference figures, without its sentence."""
    columns = ["--unit", "unit", "--time", "period", "--value", "value", "--json"]
    path = str(FILES / f"{name}.csv")
    found = CliRunner().invoke(effect_command, [path, *columns, *options], catch_exceptions=False)
    record = json.loads(found.stdout)
    del record["verdict"]["sentence"]
    return record


@pytest.mark.parametrize(
    ("name", "fields", "options"),
    [
        ("effects_panel", {"treated": "action"}, ["--treated", "action"]),
        (
            "effects_panel",
            {"treated": "action", "since": "2016", "method": "event"},
            ["--treated", "action", "--since", "2016", "--method", "event"],
        ),
        ("effects_panel", {"starts": STARTS}, ["--treated", "action"]),
        (
            "effects_one",
            {"treated": "action", "method": "synthetic", "smallest_group": 5},
            ["--treated", "action", "--method", "synthetic"],
        ),
    ],
)
def test_an_effect_is_that_of_the_command(name, fields, options):
    """The same rows, action and method give the same record by both ways."""
    spec = EffectSpec(**LONG, **fields)
    assert effect_record(spec, find_effect(spec, reference(name))) == told_by_command(
        name, *options
    )


def wide(count=12, *, treated=6):
    """Rows of units with four periods each; the action adds 5 from the third on."""
    lines = ["unit,has,y0,y1,y2,y3"]
    for n in range(count):
        has = int(n < treated)
        values = [10 * n % 7 + t + (n * t) % 3 + 5 * has * (t > 1) for t in range(4)]
        lines.append(f"u{n:02},{has}," + ",".join(map(str, values)))
    return "\n".join(lines) + "\n"


def long(text):
    """The same rows with a period each."""
    lines = [line.split(",") for line in text.splitlines()[1:]]
    rows = [f"{u},{2020 + t},{y[t]},{has}" for u, has, *y in lines for t in range(4)]
    return "\n".join(["unit,period,value,has", *rows]) + "\n"


def test_rows_with_a_column_for_each_period_are_those_of_a_panel():
    """Wide rows give the effect of the long ones, with the action told in either way."""
    of_columns = EffectSpec(unit="unit", periods=PERIODS, treated="has", since="2022")
    of_rows = EffectSpec(**LONG, treated="has", since="2022")
    starts = {f"u{n:02}": "2022" for n in range(6)}
    of_starts = EffectSpec(unit="unit", periods=PERIODS, starts=starts)
    evidence = evidence_of(wide(), texts=("unit",))
    records = [
        effect_record(of_columns, find_effect(of_columns, evidence)),
        effect_record(of_rows, find_effect(of_rows, evidence_of(long(wide())))),
        effect_record(of_starts, find_effect(of_starts, evidence)),
    ]
    assert records[0] == records[1] == records[2]
    assert records[0]["verdict"]["verdict"] == "shown"


def test_units_that_may_be_people_are_counted_and_never_named():
    """Fewer of them than the smallest group tell nothing; nor is there a mixture for one."""
    fields = {"unit": "unit", "periods": PERIODS, "treated": "has", "since": "2022"}
    gap = wide(24, treated=12).replace("\nu23,0,", "\nzoe,0,").rsplit(",", 1)[0] + ",\n"
    enough = evidence_of(gap, named=(), texts=("unit",))
    spec = EffectSpec(**fields)
    found = find_effect(spec, enough)
    record = effect_record(spec, found)
    assert record["units_left_out"] == 1
    assert isinstance(found.outcome, Estimate)
    assert "zoe" not in json.dumps(record) + str(show_effect(spec, found, Words("en")).parts)
    few = evidence_of(wide(19, treated=9), named=(), texts=("unit",))
    assert find_effect(spec, few) == Withheld("too_few_rows", (("smallest", "10"),))
    mixture = find_effect(EffectSpec(**fields, method="synthetic"), enough)
    assert mixture == Withheld("one_person")


def test_a_side_with_few_rows_has_no_effect():
    """One named unit over four periods has four rows only."""
    starts = {"u00": "2022"}
    spec = EffectSpec(unit="unit", periods=PERIODS, starts=starts)
    found = find_effect(spec, evidence_of(wide(), texts=("unit",)))
    assert found == Withheld("too_few_rows", (("smallest", "10"),))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_effect_is_shown_with_its_checks_and_picture(language):
    """Steps have a picture; the sentence stands last."""
    spec = EffectSpec(**LONG, treated="action", method="event", confidence=Decimal("0.9"))
    found = find_effect(spec, reference("effects_panel"))
    shown = show_effect(spec, found, Words(language))
    (chart,) = shown.charts
    assert len(chart.rows) == len(found.found.steps)
    assert {"en": "An effect is shown", "zh-hans": "效果得到证实", "zh-hant": "成效獲得證實"}[
        language
    ] in shown.parts[-1]
    assert show_effect(spec, found._replace(is_named=False), Words(language)).parts
    assert "one_person" not in Words(language).withheld(Withheld("one_person"))


DATASET = Dataset(key=(), unit="unit", about="organisations", columns=(), levels=())


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("u01,2020", "u00,2020", "EFFECT-01"),
        ("u01,2020", ",2020", "EFFECT-07"),
        (",1\n", ",2\n", "EFFECT-06"),
        (",1\n", ",0\n", "EFFECT-03"),
        ("0\n", "\n", "EFFECT-07"),
    ],
)
def test_rows_at_fault_are_told_in_place_of_the_analysis(old, new, code):
    """The assessment stands; what is wrong is said where the analysis would be."""
    text = long(wide())
    spec = EffectSpec(dataset="panel", **LONG, treated="has", since="2022")
    fault = analyse(spec, evidence_of(text.replace(old, new)).snapshot, dataset=DATASET)
    assert isinstance(fault, TouchstoneError)
    assert fault.code == code


@pytest.mark.parametrize(
    "dataset",
    [
        Dataset(key=(), unit="unit", about="persons", columns=(), levels=()),
        Dataset(key=(), unit="school", about="organisations", columns=(), levels=()),
    ],
)
def test_a_fault_of_a_person_does_not_name_them(dataset):
    """A unit with two rows in a period is told without its name."""
    spec = EffectSpec(dataset="panel", **LONG, treated="has", since="2022")
    doubled = evidence_of(long(wide()).replace("u01,2020", "u00,2020"))
    fault = analyse(spec, doubled.snapshot, dataset=dataset)
    assert fault.code == "EFFECT-01"
    assert "u00" not in json.dumps(analysis_record("a", spec, fault)) + str(fault)
    named = analyse(spec, doubled.snapshot, dataset=DATASET)
    assert "u00" in str(named)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        LONG,
        {**LONG, "treated": "has", "starts": STARTS},
        {**LONG, "starts": STARTS, "since": "2016"},
        {**LONG, "periods": PERIODS, "starts": {"u00": "2022"}},
        {"periods": PERIODS, "treated": "has"},
        {"periods": PERIODS, "treated": "has", "since": "2019"},
        {"periods": PERIODS, "starts": STARTS},
        {**LONG, "treated": "has", "draws": 9},
        {"time": "period", "treated": "has"},
    ],
)
def test_what_cannot_be_asked_is_told(fields):
    """Each contradiction has words of what was found and what to do."""
    told = list(EffectSpec(**{"unit": "unit", **fields}).contradictions())
    assert told
    assert all(found and remedy.endswith(".") for found, remedy in told)


def test_what_can_be_asked_has_no_fault():
    """Rows or columns for periods, with all that goes with them."""
    rows = EffectSpec(**LONG, treated="has", since="2022", draws=99, method="event")
    columns = EffectSpec(unit="unit", periods=PERIODS, starts={"u00": "2022"})
    assert [*rows.contradictions(), *columns.contradictions()] == []
