"""Shortfalls as packs ask for them: equal to the command's, with means of the rows' design."""

import io
import json
from decimal import Decimal

import pytest
from click.testing import CliRunner

from touchstone.base.outcomes import Withheld
from touchstone.cli.drivers import drivers as drivers_command
from touchstone.cli.estimate import estimate as estimate_command
from touchstone.cli.shortfalls import shortfalls as shortfalls_command
from touchstone.content.analyses.shortfalls import PlankSpec, ShortfallsSpec
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.shortfalls import find_shortfalls
from touchstone.loop.freeze import freeze_plain
from touchstone.reports.analyses.shortfalls import shortfalls_record, show_shortfalls
from touchstone.reports.words import Words
from touchstone.stats.designs import Design

COLUMNS = "block,w,overall,pay,tools,wait,seldom"
FEW = Withheld("too_few_rows", (("smallest", "10"),))


def answers(count=60):
    """People in blocks: an overall score, three planks, and one that few answered."""
    rows = []
    for n in range(count):
        pay, tools, wait = 60 + n * 7 % 23, 70 + n * 5 % 17, 30 - n * 11 % 19
        overall = pay + tools // 2 - wait // 3 + n % 7
        seldom = 50 + n if n < 6 else ""
        rows.append(f"b{n % 12},{1 + n % 3},{overall},{pay},{tools},{wait},{seldom}")
    return "\n".join([COLUMNS, *rows]) + "\n"


def evidence_of(text, *, named=None, texts=("block",), design=None):
    """Freeze a table written as text, drawn by blocks with weights."""
    raw = read_table(io.BytesIO(text.encode()), where="answers.csv")
    numbers = [name for name in raw.rows.column_names if name not in texts]
    snapshot = freeze_plain(raw, numbers=numbers, texts=texts)
    return Evidence(snapshot, "answers", design or Design("w", (), ("block",)), named)


def planks(**fields):
    """Pay and tools should be 80 at least."""
    return tuple(
        PlankSpec(column=name, target=Decimal(80), importance=one)
        for name, one in {"pay": Decimal("0.2"), "tools": Decimal("0.7"), **fields}.items()
    )


def told(command, *options):
    """The record of a command."""
    found = CliRunner().invoke(command, [*options, "--json"], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def same(own, other):
    """Say whether records of planks are alike in what both have."""
    for name in ("gap", "priority", "performance_above_cut", "importance_above_cut"):
        for part in ("estimate", "se", "low", "high"):
            assert own[name][part] == pytest.approx(other[name][part], rel=1e-9)
    names = ("plank", "is_short", "rank", "quadrant")
    return [own[name] for name in names] == [other[name] for name in names]


@pytest.mark.parametrize("way", ["stated", "driven"])
def test_planks_that_are_columns_are_those_of_the_commands(tmp_path, way):
    """Means come from the design, importance is stated or what drives the outcome."""
    path, table = tmp_path / "answers.csv", tmp_path / "planks.csv"
    path.write_text(answers(), "utf-8")
    means = told(
        estimate_command, str(path), "--mean", "pay,tools", "--weight", "w", "--cluster", "block"
    )
    weights = [("0.2", "0"), ("0.7", "0")]
    spec = ShortfallsSpec(planks=planks())
    if way == "driven":
        spec = ShortfallsSpec(planks=planks(pay=None, tools=None), outcome="overall")
        parts = told(
            drivers_command, str(path), "--outcome", "overall", "--predictors", "pay,tools"
        )["drivers"]
        weights = [(one["contribution"]["estimate"], one["contribution"]["se"]) for one in parts]
    lines = [
        f"{one['variable']},{one['estimate']},{one['se']},{value},{error}"
        for one, (value, error) in zip(means, weights, strict=True)
    ]
    table.write_text("\n".join(["p,y,s,i,e", *lines]) + "\n", "utf-8")
    named = ["--plank", "p", "--performance", "y", "--se", "s", "--importance", "i"]
    named += ["--importance-se", "e", "--target", "80", "--performance-cut", "80"]
    others = told(shortfalls_command, str(table), *named)["planks"]
    record = shortfalls_record(spec, find_shortfalls(spec, evidence_of(answers())))["planks"]
    assert all(same(own, other) for own, other in zip(record, others, strict=True))
    assert [one["target"] for one in record] == [80, 80]


def test_rows_that_are_planks_are_those_of_the_command(tmp_path):
    """Both read the same columns."""
    text = "p,y,s,i,goal\npay,60,2,0.2,80\nrooms,79,2,0.1,80\ntools,70,2,0.7,80\n"
    path = tmp_path / "planks.csv"
    path.write_text(text, "utf-8")
    spec = ShortfallsSpec(
        plank="p", performance="y", se="s", importance="i", target="goal", better="less",
        performance_cut=Decimal(75),
    )  # fmt: skip
    evidence = evidence_of(text, named=("p",), texts=("p",), design=Design())
    named = ["--plank", "p", "--performance", "y", "--se", "s", "--importance", "i"]
    asked = [str(path), *named, "--target", "goal", "--lower-is-better", "--performance-cut", "75"]
    found = find_shortfalls(spec, evidence)
    assert shortfalls_record(spec, found) == told(shortfalls_command, *asked)
    assert find_shortfalls(spec, evidence._replace(named=())) == Withheld("may_be_people")


def test_less_may_be_better_for_one_plank_beside_others():
    """Planks in different units are measured from their own target."""
    wait = PlankSpec(column="wait", target=Decimal(10), importance=Decimal("0.5"), better="less")
    spec = ShortfallsSpec(planks=(*planks(), wait))
    found = find_shortfalls(spec, evidence_of(answers()))
    assert found.shortfalls[2].rank is not None
    assert float(found.shortfalls[2].gap.value) == pytest.approx(float(found.means[2].value) - 10)
    assert found.places[2].performance.value < 0


def test_a_plank_on_few_rows_is_withheld_and_not_tested():
    """Six answers give neither mean nor gap; the others are tested without it."""
    spec = ShortfallsSpec(planks=planks(seldom=Decimal("0.1")))
    found = find_shortfalls(spec, evidence_of(answers()))
    assert found.means[2] == found.shortfalls[2].gap == found.places[2].performance == FEW
    alone = ShortfallsSpec(planks=planks())
    assert found.shortfalls[0].adjusted == (
        find_shortfalls(alone, evidence_of(answers())).shortfalls[0].adjusted
    )
    record = shortfalls_record(spec, found)["planks"][2]
    assert (record["performance"]["reason"], record["quadrant"]) == ("too_few_rows", "undecided")


def test_a_plank_whose_answers_are_all_equal_is_not_taken_as_counted():
    """Its error is not known, though the design's formula gives 0."""
    text = "block,w,pay,tools\n" + "".join(f"b{n % 6},1,70,{n}\n" for n in range(30))
    found = find_shortfalls(ShortfallsSpec(planks=planks()), evidence_of(text))
    assert found.shortfalls[0].gap == Withheld("no_spread_within")


def test_importance_needs_as_many_rows_as_the_smallest_group():
    """Six rows have a value of every plank: what drives the outcome is not told of them."""
    spec = ShortfallsSpec(planks=planks(pay=None, tools=None, seldom=None), outcome="overall")
    assert find_shortfalls(spec, evidence_of(answers())) == FEW


def test_an_outcome_that_never_differs_tells_no_importance():
    """The reason is that of the drivers."""
    text = "block,w,overall,pay,tools\n" + "".join(
        f"b{n % 6},1,5,{70 + n % 4},{n}\n" for n in range(30)
    )
    spec = ShortfallsSpec(planks=planks(pay=None, tools=None), outcome="overall")
    assert find_shortfalls(spec, evidence_of(text)) == Withheld("all_answers_equal")


@pytest.mark.parametrize("language", LANGUAGES)
def test_shortfalls_are_shown_in_each_language(language):
    """Priorities, means with targets, gaps with fields, a sentence, and the picture."""
    spec = ShortfallsSpec(planks=planks(seldom=Decimal("0.1")))
    words = Words(language, {"column": {"pay": "Fair pay"}})
    shown = show_shortfalls(spec, find_shortfalls(spec, evidence_of(answers())), words)
    priorities, means, gaps, _ = shown.parts
    assert len(priorities.rows) == len(means.rows) == len(gaps.rows) == 3
    assert any("Fair pay" in row for row in means.rows)
    assert {"en": "at least 80", "zh-hans": "不低于 80", "zh-hant": "不低於 80"}[
        language
    ] in means.rows[0]
    (chart,) = shown.charts
    assert [row[0] for row in chart.rows] == ["Fair pay", "tools", "seldom"]
