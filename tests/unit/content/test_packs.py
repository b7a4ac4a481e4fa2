"""Packs are found by name or folder, read as a whole, and refused with all their faults."""

import shutil
import time

import pytest

from touchstone.base.errors import InputErrors, TouchstoneError
from touchstone.content.packs import check_pack, find_pack, read_pack, shipped_packs
from touchstone.content.texts import LANGUAGES


def code_of(name: str) -> str:
    with pytest.raises(TouchstoneError) as caught:
        find_pack(name)
    return caught.value.code


def test_a_shipped_pack_is_found_by_its_name():
    """The packs that come with the program need no path."""
    assert {"schools", "lecturers"} <= set(shipped_packs())
    assert (find_pack("schools") / "pack.toml").is_file()


def test_a_folder_is_found_by_its_path(pack_folder, monkeypatch):
    """A path may also be relative; what comes back is absolute."""
    monkeypatch.chdir(pack_folder.parent)
    assert find_pack(str(pack_folder)) == find_pack("offices") == pack_folder


@pytest.mark.parametrize("name", ["", "nowhere", "schools/pack.toml", "../schools", "school"])
def test_a_pack_is_not_found_when_no_folder_and_no_shipped_pack_has_the_name(
    name, tmp_path, monkeypatch
):
    """The error tells which packs there are."""
    monkeypatch.chdir(tmp_path)
    assert code_of(name) == "PACK-01"
    with pytest.raises(TouchstoneError, match="lecturers, schools"):
        find_pack(name)


def test_a_pack_keeps_its_parts_texts_and_evidence(pack_folder):
    """What stands in the files can be read off the pack."""
    pack = read_pack(str(pack_folder))
    assert (pack.name, pack.version, pack.folder) == ("offices", 2, pack_folder)
    assert set(pack.datasets) == {"offices", "answers"}
    assert set(pack.indicators) == {"days", "is_open", "kind", "clear", "clear_share"}
    assert pack.texts["zh-hans"]["scheme.service.title"] == "Service"
    assert tuple(pack.texts) == LANGUAGES
    assert pack.evidence["offices"].is_file()


def test_a_pack_shows_its_schemes_in_the_order_it_asks_for(pack_folder):
    """Those that pack.toml does not name follow by name."""
    assert list(read_pack(str(pack_folder)).schemes) == ["service", "voices", "whole"]


def test_a_number_of_a_pack_is_exact():
    """A weight of 0.5 is a decimal half, never a binary float."""
    weight = read_pack("schools").schemes["both"].criteria[0].weight
    assert str(weight) == "0.5"


def test_two_packs_have_one_hash_when_they_stand_in_different_folders(pack_folder, tmp_path):
    """The place of a pack plays no part in its content."""
    other = tmp_path / "elsewhere" / "offices"
    shutil.copytree(pack_folder, other)
    assert read_pack(str(other)).content_hash == read_pack(str(pack_folder)).content_hash


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pack.toml", "version = 2", "version = 3"),
        ("datasets.toml", "high = 900", "high = 901"),
        ("indicators.toml", "smallest_group = 10", "smallest_group = 11"),
        ("schemes/whole.toml", "from = 60", "from = 61"),
        ("texts/zh-hant.toml", "How offices serve.", "How they serve."),
    ],
)
def test_a_pack_has_another_hash_when_anything_in_it_changes(pack_folder, file, old, new):
    """Datasets, indicators, schemes, texts: each counts."""
    before = read_pack(str(pack_folder)).content_hash
    path = pack_folder / file
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    assert read_pack(str(pack_folder)).content_hash != before


def test_a_pack_has_another_hash_when_its_evidence_changes(pack_folder):
    """The bytes of shipped evidence count too."""
    before = read_pack(str(pack_folder))
    evidence = before.evidence["offices"]
    evidence.write_bytes(evidence.read_bytes() + evidence.read_bytes())
    assert read_pack(str(pack_folder)).content_hash != before.content_hash


def test_all_faults_are_told_together_when_several_files_have_some(pack_folder):
    """Whoever writes a pack mends it in one go."""
    (pack_folder / "indicators.toml").write_text("[days]\nkind = 'fact'\n", encoding="utf-8")
    (pack_folder / "texts/zh-hans.toml").unlink()
    (pack_folder / "schemes/whole.toml").write_text("scale = {", encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        read_pack(str(pack_folder))
    codes = [fault.code for fault in caught.value.faults]
    assert {"PACK-02", "PACK-04", "PACK-05"} <= set(codes)
    assert codes == [fault.code for fault in check_pack(str(pack_folder))]


def test_a_fault_is_told_once_when_others_refer_to_the_broken_part(pack_folder):
    """Schemes and indicators on a dataset that cannot be read add no faults of their own."""
    (pack_folder / "datasets.toml").write_text("[offices", encoding="utf-8")
    assert [fault.code for fault in check_pack(str(pack_folder))] == ["PACK-04"]


def test_a_shipped_pack_is_read_quickly():
    """Reading and checking takes a small part of a second, as every command does it."""
    read_pack("schools")
    begun = time.process_time()
    read_pack("schools")
    assert time.process_time() - begun < 0.15


@pytest.mark.parametrize(
    ("file", "codes"),
    [
        ("pack.toml", ["PACK-02"]),
        ("datasets.toml", ["PACK-02"]),
        ("indicators.toml", ["PACK-02"]),
        ("texts/en.toml", ["PACK-02"]),
        ("evidence/offices.csv.gz", ["PACK-40"]),
        ("evidence/ORIGIN.md", ["PACK-43"]),
        ("schemes/service.toml", ["PACK-11", "SCHEME-04"]),
    ],
)
def test_a_file_is_missed_when_it_is_not_there(pack_folder, file, codes):
    """Each file a pack needs, or promises, is asked for by name."""
    (pack_folder / file).unlink()
    faults = check_pack(str(pack_folder))
    found = [fault.code for fault in faults if fault.code != "PACK-31"]
    assert found == codes


def test_a_folder_is_refused_when_it_is_no_pack(tmp_path):
    """An empty folder lacks everything."""
    assert {fault.code for fault in check_pack(str(tmp_path))} == {"PACK-02", "PACK-12"}


def test_a_file_is_refused_when_nothing_reads_it(pack_folder):
    """A misspelt file name would else go unseen; hidden files are left aside."""
    (pack_folder / "texts/fr.toml").write_text("", encoding="utf-8")
    (pack_folder / "evidence/offices.csv").write_text("", encoding="utf-8")
    (pack_folder / ".DS_Store").write_text("", encoding="utf-8")
    faults = check_pack(str(pack_folder))
    assert [fault.code for fault in faults] == ["PACK-13", "PACK-13"]
    assert faults[1].where == "offices/texts/fr.toml"


def test_a_file_is_refused_when_it_is_a_folder(pack_folder):
    """What cannot be read is named, not raised as a bare error."""
    (pack_folder / "indicators.toml").unlink()
    (pack_folder / "indicators.toml").mkdir()
    assert [fault.code for fault in check_pack(str(pack_folder))] == ["PACK-03"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "file", ["datasets.toml", "indicators.toml", "schemes/service.toml", "schemes/voices.toml"]
)
def test_a_pack_has_faults_or_can_be_read_when_any_line_is_missing(pack_folder, file):
    """Whatever a hand has deleted, the answer is a pack or faults, and both functions agree."""
    path = pack_folder / file
    lines = path.read_text("utf-8").splitlines()
    for number in range(len(lines)):
        path.write_text("\n".join(lines[:number] + lines[number + 1 :]), encoding="utf-8")
        faults = check_pack(str(pack_folder))
        try:
            read_pack(str(pack_folder))
        except InputErrors as refused:
            codes = [fault.code for fault in refused.faults]
        else:
            codes = []
        assert codes == [fault.code for fault in faults]
