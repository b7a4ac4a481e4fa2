"""`touchstone pack check` and `touchstone packs` on the command line."""

import json

import pytest
from click.testing import CliRunner, Result

from touchstone.base.errors import TouchstoneError
from touchstone.cli.packs import pack, packs


def run(command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_a_sound_pack_is_told_to_be_sound(pack_folder):
    """Exit code 0, and one line."""
    result = run(pack, "check", str(pack_folder))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "offices: no faults\n", "")


def test_the_faults_of_a_pack_go_to_standard_error(pack_folder):
    """Exit code 1, and each fault on a line."""
    (pack_folder / "texts/en.toml").unlink()
    result = run(pack, "check", str(pack_folder))
    assert (result.exit_code, result.stdout) == (1, "offices: 1 fault\n")
    assert result.stderr == "offices/texts/en.toml: there is no such file. Add it. (PACK-02)\n"


def test_the_faults_of_a_pack_are_given_as_json(pack_folder):
    """A machine reads code, place, finding and remedy apart."""
    (pack_folder / "texts/en.toml").unlink()
    result = run(pack, "check", str(pack_folder), "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["ok"] is False
    assert [set(fault) for fault in answer["faults"]] == [{"code", "where", "found", "remedy"}]
    assert answer["faults"][0]["code"] == "PACK-02"


@pytest.mark.parametrize("further", [[], ["--json"]])
def test_a_pack_that_is_not_there_is_bad_input(further):
    """The main command turns this error into exit code 2."""
    result = run(pack, "check", "nowhere", *further)
    assert isinstance(result.exception, TouchstoneError)
    assert (result.exception.code, result.stdout) == ("PACK-01", "")


def test_shipped_packs_are_listed_with_their_schemes():
    """One line a pack, and below it one a scheme."""
    result = run(packs)
    assert result.exit_code == 0
    assert "schools (version 1): Schools and their growth targets" in result.stdout
    assert "  awards: Eligible for an award" in result.stdout


def test_shipped_packs_are_given_as_json():
    """Name, version, schemes in their order, evidence, and the hash of the content."""
    found = {record["name"]: record for record in json.loads(run(packs, "--json").stdout)}
    schools = found["schools"]
    names = [scheme["name"] for scheme in schools["schemes"]]
    assert names == ["met_target", "both", "awards", "similar_schools"]
    assert schools["evidence"]["schools"].endswith("schools.csv.gz")
    assert len(schools["content_hash"]) == 64
