"""The loop on real ratings of people: intervals, places, and no list of persons in public."""

import csv
import gzip
import json
from collections import defaultdict
from fractions import Fraction

import pytest
from tests.support.commands import ROOT, touchstone

EVIDENCE = ROOT / "packs" / "lecturers" / "evidence" / "ratings.csv.gz"
LECTURERS = 1128
SMALLEST_GROUP = 10
HALF_A_PLACE = Fraction(5, 1000)


def test_the_loop_on_ratings_ends_in_results_that_verify(tmp_path):
    """Each lecturer has n, mean, interval, places and a grade or none; the folder verifies."""
    folder = tmp_path / "teaching"
    arguments = ("assess", EVIDENCE, "--pack", "lecturers", "--scheme", "teaching")
    run = touchstone(*arguments, "--out", folder, "--json")
    assert run.code == 0, run.messages
    units = run.answer["units"]
    assert len(units) == LECTURERS
    ratings = ratings_by_lecturer()
    for unit in units:
        given = ratings[unit["unit"]]
        if unit["status"] == "withheld":
            assert len(given) < SMALLEST_GROUP or len(set(given)) == 1
            assert unit["score"] is unit["low"] is unit["grade"] is unit["rank_low"] is None
            continue
        assert unit["n"] == len(given) >= SMALLEST_GROUP
        assert abs(Fraction(str(unit["score"])) - Fraction(sum(given), len(given))) <= HALF_A_PLACE
        assert unit["low"] < unit["score"] < unit["high"]
        assert 1 <= unit["rank_low"] <= unit["rank_high"] <= LECTURERS
        assert (unit["grade"] is None) == (unit["status"] == "undecided")
    assert {unit["status"] for unit in units} == {"graded", "undecided"}
    assert touchstone("verify", folder).code == 0


def test_persons_are_never_listed_in_public(tmp_path):
    """What is published of ratings of persons names no lecturer and holds no row of one."""
    folder, public = tmp_path / "teaching", tmp_path / "public"
    arguments = ("assess", EVIDENCE, "--pack", "lecturers", "--scheme", "teaching")
    assert touchstone(*arguments, "--out", folder).code == 0
    assert touchstone("publish", folder, "--out", public).code == 0
    assert touchstone("verify", public).code == 0
    names = {path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file()}
    assert not names & {"snapshot.parquet", "tallies.parquet", "results.csv", "results.json"}


def test_a_lecturer_with_few_raters_is_withheld(tmp_path):
    """Fewer than ten raters: no figure, no grade, and the reason does not give the count away."""
    few = tmp_path / "few.csv"
    rows = [f"{rater},1,1,0,{1 + rater % 5}" for rater in range(9)]
    rows += [f"{rater},2,1,0,{1 + rater % 5}" for rater in range(10)]
    few.write_text("\n".join(["s,d,dept,service,y", *rows]) + "\n", encoding="utf-8")
    arguments = ("assess", few, "--pack", "lecturers", "--scheme", "teaching", "--json")
    run = touchstone(*arguments)
    assert run.code == 0, run.messages
    withheld, shown = run.answer["units"]
    assert (withheld["status"], withheld["n"], withheld["score"]) == ("withheld", None, None)
    assert "9" not in withheld["because"]
    assert shown["n"] == SMALLEST_GROUP


def ratings_by_lecturer() -> dict[str, list[int]]:
    """Read the ratings of the pack with Python's own means."""
    found: dict[str, list[int]] = defaultdict(list)
    with gzip.open(EVIDENCE, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found[row["d"]].append(int(row["y"]))
    return found


def test_plain_and_corrected_ratings_stand_side_by_side(tmp_path):
    """The corrected scheme's folder tells each place by both schemes, who moves, and verifies."""
    folder = tmp_path / "fair"
    arguments = ("assess", EVIDENCE, "--pack", "lecturers", "--scheme", "fair_teaching")
    run = touchstone(*arguments, "--out", folder, "--json")
    assert run.code == 0, run.messages
    plain = {unit: sum(given) / len(given) for unit, given in ratings_by_lecturer().items()}
    with (folder / "beside.csv").open(encoding="utf-8", newline="") as stream:
        beside = list(csv.DictReader(stream))
    assert len(beside) == len(run.answer["units"]) == LECTURERS
    moving = [row for row in beside if row["moves"]]
    assert {row["moves"] for row in moving} == {"up", "down"}
    for row in beside:
        assert float(row["score"]) == pytest.approx(plain[row["unit"]], abs=0.0051)
        gained = int(row["order"]) - int(row["order_here"])
        expected = "" if abs(gained) <= LECTURERS / 10 else "up" if gained > 0 else "down"
        assert row["moves"] == expected
    assert touchstone("verify", folder).code == 0


def test_analyses_of_ratings_name_nobody(tmp_path):
    """How far students agree, and where differences come from, stand beside the results."""
    folder = tmp_path / "fair"
    arguments = ("assess", EVIDENCE, "--pack", "lecturers", "--scheme", "fair_teaching")
    assert touchstone(*arguments, "--out", folder).code == 0
    told = json.loads((folder / "analyses.json").read_text("utf-8"))["analyses"]
    assert [one["kind"] for one in told] == ["agreement", "ratings"]
    assert not any({"ratees", "raters", "id"} & set(one) for one in told)
