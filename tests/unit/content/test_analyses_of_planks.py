"""Shortfalls and small areas in a pack: faults are told, and it is analysed from end to end."""

import gzip
import json

import pytest
from click.testing import CliRunner

from touchstone.cli.analyse import analyse_command

ANALYSES = """
[where_to_begin]
kind = "shortfalls"
dataset = "offices"
outcome = "size"
planks = [
  { column = "days", target = 3, better = "less" },
  { column = "open", target = 0.9 },
]

[planks_of_rows]
kind = "shortfalls"
dataset = "offices"
plank = "office"
performance = "days"
se = "size"
importance = "size"
one_target = 3

[days_by_city]
kind = "small_areas"
dataset = "offices"
area = "city"
value = "days"

[cities_of_rows]
kind = "small_areas"
dataset = "offices"
area = "office"
estimate = "days"
se = "size"
"""
HEADS = "office,title,city,kind,size,days,days_target,open,passed"
NAMES = ("where_to_begin", "planks_of_rows", "days_by_city", "cities_of_rows")


@pytest.fixture
def with_planks(pack_folder):
    """The sound pack with both kinds, each written in both ways."""
    (pack_folder / "analyses.toml").write_text(ANALYSES, "utf-8")
    texts = "".join(f'\n[analysis.{name}]\ntitle = "A"\nabout = "B."\n' for name in NAMES)
    for path in (pack_folder / "texts").iterdir():
        path.write_text(path.read_text("utf-8") + texts, "utf-8")
    return pack_folder


def test_a_pack_with_planks_and_areas_has_no_fault(with_planks, faults_after):
    """Tables of figures and answers are what a pack may ask them of."""
    assert faults_after("pack.toml", "version = 2", "version = 3") == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('column = "open"', 'column = "opened"', "PACK-20"),
        ('column = "open"', 'column = "city"', "PACK-21"),
        ('column = "open"', 'column = "days"', "PACK-60"),
        ('column = "open"', 'column = "size"', "PACK-60"),
        ("target = 0.9", "target = 0.9, importance = 1", "PACK-60"),
        ('outcome = "size"\n', "", "PACK-60"),
        ('outcome = "size"\n', 'outcome = "size"\nse = "size"\n', "PACK-60"),
        ('outcome = "size"\n', 'outcome = "size"\nbetter = "less"\n', "PACK-60"),
        ('outcome = "size"\n', 'outcome = "size"\nperformance_cut = 1\n', "PACK-60"),
        ('outcome = "size"\n', 'outcome = "size"\nfalse_rate = 5\n', "PACK-60"),
        ("target = 0.9", 'target = 0.9, better = "most"', "PACK-07"),
        ("one_target = 3\n", "", "PACK-60"),
        ("one_target = 3\n", 'one_target = 3\ntarget = "days_target"\n', "PACK-60"),
        ("one_target = 3\n", 'one_target = 3\noutcome = "days_target"\n', "PACK-60"),
        ('importance = "size"\n', "", "PACK-60"),
        ('value = "days"\n', "", "PACK-60"),
        ('value = "days"\n', 'value = "days"\nse = "size"\n', "PACK-60"),
        ('value = "days"\n', 'value = "days"\ncovariates = ["days"]\n', "PACK-60"),
        ('value = "days"\n', 'value = "days"\ncovariates = ["city"]\n', "PACK-21"),
        ('estimate = "days"\n', "", "PACK-60"),
    ],
)
def test_a_fault_of_planks_and_areas_is_told(with_planks, codes_after, old, new, code):
    """Each contradiction has its code."""
    assert code in codes_after("analyses.toml", old, new)


def test_stated_importances_are_0_or_more_and_complete(with_planks, codes_after):
    """Without an outcome each plank states its own."""
    old = ANALYSES[ANALYSES.index('outcome = "size"') : ANALYSES.index("[planks_of_rows]")]
    new = 'planks = [{{ column = "days", target = 3, importance = {} }}]\n\n'
    assert codes_after("analyses.toml", old, new.format("-1")) == ["PACK-60"]
    assert codes_after("analyses.toml", new.format("-1"), new.format("0.5")) == []


def test_a_pack_is_analysed_from_its_evidence(with_planks, tmp_path):
    """Planks have priority and field; cities with enough offices their figure."""
    cities = "AAAAABBBBCCCCDDDDEEEEF" * 4
    rows = [
        f"{n:04},Office {n},{city},large,{9 + n * 5 % 13 + n % 4},{3 + n * 7 % 5 + (n % 3) / 2},3,"
        f"{'Yes' if n % 3 else 'No'},Yes"
        for n, city in enumerate(cities)
    ]
    evidence = tmp_path / "offices.csv.gz"
    evidence.write_bytes(gzip.compress(("\n".join([HEADS, *rows]) + "\n").encode()))
    asked = [part for name in NAMES for part in ("--analysis", name)]
    arguments = [str(evidence), "--pack", str(with_planks), *asked]
    told = CliRunner().invoke(analyse_command, [*arguments, "--json"], catch_exceptions=False)
    planks, rows_of_planks, areas, rows_of_areas = json.loads(told.stdout)["analyses"]
    assert [one["plank"] for one in planks["planks"]] == ["days", "open"]
    assert all(one["importance"] > 0 for one in planks["planks"])
    assert planks["planks"][0]["is_short"]
    assert len(rows_of_planks["planks"]) == len(rows_of_areas["areas"]) == len(cities)
    methods = {one["area"]: one["method"] for one in areas["areas"]}
    assert methods == dict.fromkeys("ABCDE", "fay_herriot") | {"F": "synthetic_few"}
    shown = CliRunner().invoke(
        analyse_command, [*arguments, "--language", "zh-hans"], catch_exceptions=False
    )
    assert "合成估计：作答太少" in shown.stdout
