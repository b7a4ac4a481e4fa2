"""The command disclosure, and publish with a ledger: what goes out, what is refused."""

import json

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.cli.assess import assess, publish
from touchstone.cli.disclosure import disclosure

LECTURERS = 24
CROSS = "dept,sex,people\nA,w,40\nA,m,3\nB,w,12\nB,m,30\nC,w,55\nC,m,25\n"
TREE = "unit,parent,n\nall,,\na,all,30\nb,all,4\nc,all,50\n"


def run(command, *words):
    return CliRunner().invoke(command, [str(word) for word in words])


def code_of(done):
    assert isinstance(done.exception, TouchstoneError), done.output
    return done.exception.code


def ratings(late=0):
    rows = ["s,d,dept,service,y"]
    for lecturer in range(1, LECTURERS + 1):
        for student in range(1, 14 + (late if lecturer == 1 else 0)):
            score = 1 + (student * lecturer) % 5
            rows.append(f"{student},{lecturer},{lecturer % 2},0,{score}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def results(table, tmp_path):
    def make(late=0):
        out = tmp_path / f"results{late}"
        names = ("--pack", "lecturers", "--scheme", "teaching", "--engine", "kernel")
        done = run(assess, table(ratings(late), f"ratings{late}.csv"), *names, "--out", out)
        assert done.exit_code == 0, done.output
        return out

    return make


def test_suppress_names_the_cells_that_are_not_told(table):
    """The small one and three others, in JSON without their counts."""
    done = run(
        disclosure, "suppress", table(CROSS), "--by", "dept,sex", "--count", "people", "--json"
    )
    assert done.exit_code == 0, done.output
    read = json.loads(done.stdout)
    hidden = [cell for cell in read["cells"] if not cell["told"]]
    assert {"dept": "A", "sex": "m"} in [cell["cell"] for cell in hidden]
    assert len(hidden) == read["hidden"] == 4
    assert {cell["count"] for cell in hidden} == {None}
    assert all("reason" not in cell for cell in read["cells"])


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_suppress_prints_a_table(table, language):
    """One line for each cell, totals included; no hidden count."""
    words = ("--by", "dept,sex", "--count", "people", "--language", language)
    done = run(disclosure, "suppress", table(CROSS), *words)
    assert len(done.stdout.splitlines()) == 13
    assert " 3\n" not in done.stdout
    assert "disclosure." not in done.output


def test_suppress_says_why_when_asked(table):
    """For the analyst's own eyes."""
    words = ("--by", "dept,sex", "--count", "people", "--json", "--reasons")
    read = json.loads(run(disclosure, "suppress", table(CROSS), *words).stdout)
    reasons = [cell["reason"] for cell in read["cells"]]
    assert (reasons.count("primary"), reasons.count("complementary")) == (1, 3)


def test_suppress_follows_a_tree(table):
    """Units with others below them are summed up."""
    words = ("--unit", "unit", "--parent", "parent", "--count", "n", "--json")
    read = json.loads(run(disclosure, "suppress", table(TREE), *words).stdout)
    counts = {cell["cell"]["unit"]: cell["count"] for cell in read["cells"]}
    assert counts == {"a": None, "all": 84, "b": None, "c": 50}


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        ("a,n\nx,1.5\n", ("--by", "a"), "DISCLOSURE-04"),
        ("a,n\nx,-1\n", ("--by", "a"), "DISCLOSURE-04"),
        ("a,n\nx,\ny,3\n", ("--by", "a"), "DISCLOSURE-04"),
        ("a,n\nx,1\nx,2\n", ("--by", "a"), "DISCLOSURE-05"),
        ("a,n\n,1\nx,2\n", ("--by", "a"), "DISCLOSURE-05"),
        ("u,p,n\nt,,9\na,t,3\n", ("--unit", "u", "--parent", "p"), "DISCLOSURE-06"),
        ("u,p,n\nt,,\na,t,\n", ("--unit", "u", "--parent", "p"), "DISCLOSURE-04"),
        ("u,p,n\na,zz,3\n", ("--unit", "u", "--parent", "p"), "TREE-02"),
    ],
)
def test_suppress_refuses_what_is_no_table_of_counts(table, text, words, code):
    """With the row that is meant."""
    assert code_of(run(disclosure, "suppress", table(text), *words, "--count", "n")) == code


@pytest.mark.parametrize(
    "words", [(), ("--by", "a", "--unit", "u", "--parent", "p"), ("--unit", "u")]
)
def test_suppress_takes_breakdowns_or_a_tree(table, words):
    """One of the two."""
    done = run(disclosure, "suppress", table(CROSS), *words, "--count", "people")
    assert done.exit_code == 2


def test_publish_keeps_a_ledger(results, tmp_path):
    """The first release begins it, and the audit finds nothing."""
    ledger, out = tmp_path / "ledger.jsonl", tmp_path / "public"
    done = run(publish, results(), "--out", out, "--ledger", ledger)
    assert done.exit_code == 0, done.output
    assert (out / "published.json").exists()
    assert len(ledger.read_bytes().splitlines()) == 2
    assert ledger.stat().st_mode & 0o777 == 0o600
    audited = run(disclosure, "audit", ledger, "--json")
    assert audited.exit_code == 0
    assert json.loads(audited.stdout)["safe"]


def test_publish_refuses_one_late_answer(results, tmp_path):
    """The places are named, nothing is written, and the ledger stays as it was."""
    ledger = tmp_path / "ledger.jsonl"
    assert run(publish, results(), "--out", tmp_path / "first", "--ledger", ledger).exit_code == 0
    before = ledger.read_bytes()
    done = run(publish, results(late=1), "--out", tmp_path / "second", "--ledger", ledger)
    assert done.exit_code == 1
    assert "differ by fewer than 10 people" in done.stderr
    assert not (tmp_path / "second").exists()
    assert ledger.read_bytes() == before


def test_publish_takes_another_wave(results, tmp_path):
    """Answers of another round are other answers."""
    ledger = tmp_path / "ledger.jsonl"
    for late, wave in ((0, "2026"), (1, "2027")):
        out = tmp_path / wave
        words = ("--out", out, "--ledger", ledger, "--wave", wave)
        assert run(publish, results(late), *words).exit_code == 0
    assert len(ledger.read_bytes().splitlines()) == 3


def test_publish_refuses_a_ledger_of_another_population(results, tmp_path):
    """Each population has its own."""
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_text('{"format":"touchstone-ledger/1","population":"x","salt":"00"}\n', "utf-8")
    done = run(publish, results(), "--out", tmp_path / "out", "--ledger", ledger)
    assert code_of(done) == "DISCLOSURE-08"


def test_audit_names_what_is_wrong_with_a_ledger(tmp_path):
    """A file that is none, and one that is not there."""
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{}\n", "utf-8")
    assert code_of(run(disclosure, "audit", broken)) == "DISCLOSURE-07"
    assert code_of(run(disclosure, "audit", tmp_path / "none.jsonl")) == "DISCLOSURE-09"
