"""The commands assess, verify and publish: exit codes, folders written whole or not at all."""

import json
import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from tests.unit.reports.cases import RATERS

from touchstone.base.errors import TouchstoneError
from touchstone.cli import folders
from touchstone.cli.assess import assess, publish, verify
from touchstone.cli.folders import FolderFiles, refuse_used, write_folder

EVIDENCE = "s,d,dept,service,y\n" + "".join(
    f"{student},{lecturer},{lecturer % 2},0,{1 + (student * lecturer) % 5}\n"
    for lecturer in range(1, 7)
    for student in range(1, RATERS if lecturer > 1 else 5)
)


def run(command, *words):
    return CliRunner().invoke(command, [str(word) for word in words])


def options(evidence, *more):
    return (evidence, "--pack", "lecturers", "--scheme", "teaching", "--engine", "kernel", *more)


@pytest.fixture
def evidence(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(EVIDENCE, "utf-8")
    return path


@cache
def assessed():
    """One folder for all tests that only look at it."""
    with TemporaryDirectory() as place:
        evidence, out = Path(place, "ratings.csv"), Path(place, "results")
        evidence.write_text(EVIDENCE, "utf-8")
        done = run(assess, *options(evidence, "--out", out))
        assert done.exit_code == 0, done.output
        return dict(FolderFiles(out))


@pytest.fixture
def folder(tmp_path):
    write_folder(assessed(), tmp_path / "results")
    return tmp_path / "results"


def test_assess_writes_results_as_json_to_standard_output(evidence):
    """Messages go to standard error, so that the output can be read by a program."""
    done = run(assess, *options(evidence, "--json"))
    assert done.exit_code == 0
    read = json.loads(done.stdout)
    assert (read["scheme"], read["pack"]) == ("teaching", "lecturers")
    assert [one["unit"] for one in read["units"]] == ["1", "2", "3", "4", "5", "6"]
    assert read["units"][0]["status"] == "withheld"


def test_assess_writes_a_folder_that_verifies(evidence, tmp_path):
    """What stands in the folder is what the JSON said."""
    out = tmp_path / "deep" / "results"
    done = run(assess, *options(evidence, "--out", out, "--json"))
    assert done.exit_code == 0
    assert (out / "results.json").read_text("utf-8") == done.stdout
    assert f"Written to {out}." in done.stderr
    checked = run(verify, out, "--engine", "kernel", "--json")
    assert checked.exit_code == 0
    assert {one["state"] for one in json.loads(checked.stdout)["checked"]} == {"exact"}
    assert [path.name for path in out.parent.iterdir()] == ["results"]


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_assess_prints_a_short_table(evidence, language):
    """How many units there are, and how many got each grade."""
    done = run(assess, *options(evidence, "--language", language))
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 11
    assert "33.3" in done.stdout


def test_assess_names_the_columns_it_leaves_aside(tmp_path):
    """A column the pack does not know is no fault, but is not dropped unseen."""
    path = tmp_path / "more.csv"
    lines = EVIDENCE.splitlines()
    path.write_text("\n".join([lines[0] + ",mood", *(line + ",1" for line in lines[1:])]), "utf-8")
    assert "mood" in run(assess, *options(path)).stderr


@pytest.mark.parametrize("kind", ["folder with a file", "file", "link"])
def test_assess_touches_nothing_when_something_is_there(evidence, tmp_path, kind):
    """The folder must not exist, or be empty."""
    out = tmp_path / "out"
    if kind == "file":
        out.write_text("mine", "utf-8")
    elif kind == "link":
        out.symlink_to(tmp_path / "nowhere")
    else:
        out.mkdir()
        (out / "mine.txt").write_text("mine", "utf-8")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    done = run(assess, *options(evidence, "--out", out))
    assert _code(done) == "RESULTS-03"
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_assess_takes_an_empty_folder(evidence, tmp_path):
    """An empty folder may be there already."""
    (tmp_path / "out").mkdir()
    assert run(assess, *options(evidence, "--out", tmp_path / "out")).exit_code == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scheme": "none"}, "RESULTS-01"),
        ({"evidence": "none.csv"}, "RESULTS-02"),
        ({"evidence": "."}, "RESULTS-02"),
        ({"pack": "none"}, "PACK-01"),
    ],
)
def test_assess_refuses_what_is_not_there(evidence, tmp_path, changes, code):
    """Nothing is written when scheme, evidence or pack is missing."""
    given = {"scheme": "teaching", "evidence": evidence, "pack": "lecturers", **changes}
    out = tmp_path / "out"
    words = (given["evidence"], "--pack", given["pack"], "--scheme", given["scheme"], "--out", out)
    assert _code(run(assess, *words)) == code
    assert not out.exists()


def test_assess_leaves_nothing_behind_when_the_evidence_is_faulty(evidence, tmp_path):
    """All or nothing: no half folder."""
    evidence.write_text(EVIDENCE + "9,9,9,four\n", "utf-8")
    done = run(assess, *options(evidence, "--out", tmp_path / "out"))
    assert isinstance(done.exception, TouchstoneError)
    assert [path.name for path in tmp_path.iterdir()] == ["ratings.csv"]


@pytest.mark.parametrize("option", ["--engine", "--language"])
def test_assess_refuses_a_value_that_is_no_choice(evidence, option):
    """Bad usage is exit code 2."""
    assert run(assess, *options(evidence, option, "none")).exit_code == 2


def test_a_folder_is_not_there_when_writing_it_fails(tmp_path, monkeypatch):
    """A full disk leaves neither a half folder nor a temporary one."""

    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders, "_write_file", full)
    with pytest.raises(TouchstoneError) as fault:
        write_folder({"a": b""}, tmp_path / "out")
    assert fault.value.code == "RESULTS-04"
    assert list(tmp_path.iterdir()) == []


def test_verify_says_of_each_object_what_was_found(folder):
    """Each object has a line of its own, and the last line says that all is right."""
    done = run(verify, folder)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert len(lines) == len(assessed()) + 1
    assert lines[-1] == f"Everything is right: {len(assessed())} objects checked."


def test_verify_names_the_first_wrong_object_and_ends_with_1(folder):
    """One changed byte is enough."""
    path = folder / "results.csv"
    path.write_bytes(path.read_bytes().replace(b"withheld", b"Withheld", 1))
    done = run(verify, folder, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["wrong"] == {"object": "results.csv", "reason": "other_bytes"}
    assert done.stderr.startswith("results.csv: ")


def _link(folder):
    (folder / "results.csv").rename(folder.parent / "results.csv")
    (folder / "results.csv").symlink_to(folder.parent / "results.csv")


def _linked_charts(folder):
    (folder / "charts").rename(folder.parent / "charts")
    (folder / "charts").symlink_to(folder.parent / "charts")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda folder: (folder / "new.txt").touch(), "new.txt"),
        (lambda folder: (folder / ".hidden").touch(), ".hidden"),
        (lambda folder: (folder / "empty").mkdir(), "empty/"),
        (lambda folder: (folder / "charts/deep").mkdir(), "charts/deep/"),
        (lambda folder: (folder / "charts/new.svg").touch(), "charts/new.svg"),
        (lambda folder: (folder / "results.csv").unlink(), "results.csv"),
        (lambda folder: (folder / "charts/caterpillar.svg").unlink(), "charts/caterpillar.svg"),
        (lambda folder: (folder / "manifest.json").unlink(), "manifest.json"),
        (lambda folder: (folder / "report.html").rename(folder / "report.htm"), "report.htm"),
        (lambda folder: os.mkfifo(folder / "pipe"), "pipe*"),
        (_link, "results.csv*"),
        (_linked_charts, "charts*"),
    ],
)
def test_verify_sees_files_added_removed_renamed_and_links(folder, change, name):
    """Only the plain files that the manifest names may be there."""
    change(folder)
    done = run(verify, folder)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{name}: ")


def test_verify_fails_on_a_folder_that_is_no_results_folder(tmp_path):
    """A folder without a manifest does not pass the check."""
    done = run(verify, tmp_path)
    assert done.exit_code == 1
    assert done.stderr.startswith("manifest.json: ")


@pytest.mark.parametrize("name", ["none", "results/report.html"])
def test_verify_refuses_a_path_that_is_no_folder(folder, name):
    """That is bad input, exit code 2, and not a failed check."""
    assert _code(run(verify, folder.parent / name)) == "VERIFY-01"


def test_publish_writes_a_folder_that_verifies(folder, tmp_path):
    """What is published can be checked by everyone."""
    out = tmp_path / "public"
    done = run(publish, folder, "--out", out)
    assert done.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "manifest.json",
        "manifest.sha256",
        "published.csv",
        "published.html",
        "published.json",
    ]
    assert run(verify, out).exit_code == 0
    assert "units" not in json.loads((out / "published.json").read_text("utf-8"))


def test_publish_writes_nothing_when_the_folder_is_not_right(folder, tmp_path):
    """A changed folder is named and not published."""
    (folder / "results.csv").write_bytes(b"")
    done = run(publish, folder, "--out", tmp_path / "public")
    assert done.exit_code == 1
    assert done.stderr.startswith("results.csv: ")
    assert not (tmp_path / "public").exists()


def test_publish_touches_nothing_when_something_is_there(folder):
    """The published folder must be new, too."""
    assert _code(run(publish, folder, "--out", folder)) == "RESULTS-03"
    assert run(verify, folder).exit_code == 0


def test_a_place_for_a_new_folder_may_be_free_or_empty(tmp_path):
    """Nothing is refused where nothing is."""
    refuse_used(tmp_path / "new")
    refuse_used(tmp_path)


def _code(done):
    """Give the code of the fault that the command line turns into exit code 2."""
    assert isinstance(done.exception, TouchstoneError), done.output
    return done.exception.code
