"""Analyses of ratings in a pack: their faults are told, and they are made from end to end."""

import gzip
import json
from itertools import product

import pytest
from click.testing import CliRunner

from touchstone.cli.analyse import analyse_command

ANALYSES = """
[agreement_of_cities]
kind = "agreement"
dataset = "offices"
rater = "city"
ratee = "size"
scores = ["days"]
draws = 100

[days]
kind = "ratings"
dataset = "offices"
rater = "city"
ratee = "size"
score = "days"
groups = ["kind", "city:kind"]
fixed = ["open"]

[forms]
kind = "ordinal_ratings"
dataset = "offices"
rater = "city"
ratee = "size"
score = "days"
item = "kind"
source = "title"
own = "own"
"""
TEXTS = "".join(
    f'\n[analysis.{name}]\ntitle = "{name}"\nabout = "What it tells."\n'
    for name in ("agreement_of_cities", "days", "forms")
)
HEADS = "office,title,city,kind,size,days,days_target,open,passed"


@pytest.fixture
def of_ratings(pack_folder):
    """The sound pack, in which cities rate sizes by days."""
    (pack_folder / "analyses.toml").write_text(ANALYSES, "utf-8")
    for path in (pack_folder / "texts").iterdir():
        path.write_text(path.read_text("utf-8") + TEXTS, "utf-8")
    return pack_folder


def test_a_pack_with_analyses_of_ratings_has_no_fault(of_ratings, faults_after):
    """A group may stand alone and in a pair."""
    assert faults_after("pack.toml", "version = 2", "version = 3") == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('scores = ["days"]', "scores = []", "PACK-60"),
        ('scores = ["days"]', 'scores = ["days", "days"]', "PACK-60"),
        ('scores = ["days"]', 'scores = ["days", "open"]\nitem = "kind"', "PACK-60"),
        ('scores = ["days"]', 'scores = ["city"]', "PACK-60"),
        ('scores = ["days"]', 'scores = ["days"]\nitem = "size"', "PACK-60"),
        ('scores = ["days"]', 'scores = ["dayz"]', "PACK-20"),
        ("draws = 100", "draws = 99", "PACK-60"),
        ("draws = 100", "target = 1", "PACK-60"),
        ("draws = 100", 'statistics = ["icc", "icc"]', "PACK-60"),
        ("draws = 100", 'statistics = ["icc4"]', "PACK-07"),
        ("draws = 100", 'level = "rank"', "PACK-07"),
        ('fixed = ["open"]', 'fixed = ["kind"]', "PACK-60"),
        ('fixed = ["open"]', 'fixed = ["size"]', "PACK-60"),
        ('fixed = ["open"]', 'criterion = "ols"', "PACK-07"),
        ('groups = ["kind", "city:kind"]', 'groups = ["kind", "kind"]', "PACK-60"),
        ('groups = ["kind", "city:kind"]', 'groups = ["city"]', "PACK-60"),
        ('groups = ["kind", "city:kind"]', 'groups = ["city:kin"]', "PACK-20"),
        ('own = "own"', "", "PACK-60"),
        ('source = "title"', "", "PACK-60"),
        ('source = "title"', 'source = "size"', "PACK-60"),
        ('item = "kind"', 'item = "size"', "PACK-60"),
        ('item = "kind"', 'scale = "item"', "PACK-60"),
    ],
)
def test_a_fault_of_an_analysis_of_ratings_is_told(of_ratings, codes_after, old, new, code):
    """Each contradiction has its code."""
    assert code in codes_after("analyses.toml", old, new)


@pytest.mark.parametrize("name", ["agreement_of_cities", "days", "forms"])
def test_nobody_is_rater_and_ratee(of_ratings, faults_after, name):
    """Two columns tell who rated whom."""
    text = (of_ratings / "analyses.toml").read_text("utf-8")
    head, own = text.split(f"[{name}]")
    changed = own.replace('ratee = "size"', 'ratee = "city"', 1)
    (of_ratings / "analyses.toml").write_text(f"{head}[{name}]{changed}", "utf-8")
    faults = faults_after("pack.toml", "version = 2", "version = 3")
    assert {fault.code for fault in faults} == {"PACK-60"}


def test_a_pack_is_analysed_from_its_evidence(of_ratings, tmp_path):
    """Twelve cities rate twelve sizes; each analysis stands in the record and in words."""
    rows = []
    for place, (city, size) in enumerate(product(range(12), range(12))):
        title, kind = ("own" if city == size else "other"), ("small", "large")[(city + size) % 2]
        days = 1 + (size % 4 + city % 3 + size * city % 5) % 4
        rows.append(f"{place:04},{title},C{city},{kind},{size},{days},4,{'NY'[size % 2]},Yes")
    rows = [row.replace(",N,", ",No,").replace(",Y,", ",Yes,") for row in rows]
    evidence = tmp_path / "offices.csv.gz"
    evidence.write_bytes(gzip.compress(("\n".join([HEADS, *rows]) + "\n").encode()))
    asked = [
        part for name in ("agreement_of_cities", "days", "forms") for part in ("--analysis", name)
    ]
    arguments = [str(evidence), "--pack", str(of_ratings), *asked]
    told = CliRunner().invoke(analyse_command, [*arguments, "--json"], catch_exceptions=False)
    agreement, days, forms = json.loads(told.stdout)["analyses"]
    assert (agreement["ratings"], days["n"], forms["n"]) == (144, 144, 144)
    assert list(days["variances"]) == ["city", "size", "kind", "city:kind", "residual"]
    assert [one["id"] for one in forms["items"]] == ["large", "small"]
    spoken = CliRunner().invoke(analyse_command, arguments, catch_exceptions=False).stdout
    assert "144 ratings of 12 ratees by 12 raters." in spoken
