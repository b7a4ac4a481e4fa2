"""Results folders: the same bytes each time, and no change that goes unseen."""

import json
import random

import pyarrow as pa
import pytest
from tests.unit.reports.cases import computed, folder, recipe, snapshot

from touchstone.base.canonical import canonical_json, sha256_hex
from touchstone.content.texts import program_texts
from touchstone.reports.folders import build_folder, verifications, verify_folder
from touchstone.reports.folders.manifests import MANIFEST, SEAL, seal_bytes
from touchstone.reports.recipes import compute
from touchstone.tallies.tables import build_snapshot, write_parquet

SMALL = (MANIFEST, SEAL)
FILES = (
    "charts/areas-region.svg",
    "charts/caterpillar.svg",
    "charts/differences.svg",
    "charts/distribution.svg",
    "charts/scale_use.svg",
    "discrimination.json",
    "manifest.json",
    "manifest.sha256",
    "probabilities.csv",
    "report.html",
    "results.csv",
    "results.json",
    "snapshot.parquet",
    "tallies.parquet",
)


def wrong(files):
    found = verify_folder(files)
    assert found.wrong is not None
    assert f"verify.{found.wrong.reason}" in program_texts("en")
    return found.wrong.name, found.wrong.reason


def resealed(files, **changes):
    """Change files, and write lengths and hashes again as one who wants to deceive would."""
    changed = {**files, **changes}
    manifest = json.loads(changed[MANIFEST])
    manifest["files"] = {
        name: {"bytes": len(content), "sha256": sha256_hex(content)}
        for name, content in changed.items()
        if name not in SMALL
    }
    return sealed_again(changed, manifest)


def sealed_again(files, manifest):
    content = canonical_json(manifest)
    return {**files, MANIFEST: content, SEAL: seal_bytes(content)}


def manifest_of(files):
    return json.loads(files[MANIFEST])


def test_a_folder_has_the_files_of_the_contract():
    """Evidence, tallies, results, report, pictures, and a sealed manifest."""
    assert sorted(folder()) == list(FILES)


def test_a_manifest_names_hashes_versions_and_seed():
    """Whoever reads it knows what the results follow from and what made them."""
    manifest = manifest_of(folder())
    whole = computed()
    assert manifest["hashes"]["snapshot"] == whole.snapshot.content_hash
    assert manifest["hashes"]["scheme"] == whole.recipe.scheme.content_hash
    assert manifest["hashes"]["tallies"] == whole.measures.tallies.content_hash
    assert manifest["hashes"]["results"] == whole.results_hash
    assert manifest["seed"] == whole.assessment.discrimination.seed
    assert {"touchstone", "python", "numpy", "pyarrow", "duckdb"} <= set(manifest["versions"])
    assert manifest["recipe"]["pack"]["name"] == "towns"


def test_a_folder_has_equal_bytes_on_both_engines():
    """The engine leaves no trace, so equal folders prove equal results."""
    other = compute(recipe(), snapshot(), engine="duckdb")
    assert build_folder(other) == folder()


def test_a_folder_verifies_and_each_object_is_exact():
    """Everything is computed again and equal."""
    found = verify_folder(folder(), engine="kernel")
    assert found.is_right
    assert {one.state for one in found.checked} == {"exact"}
    assert sorted(one.name for one in found.checked) == sorted(folder())
    assert found.other_versions == ()


@pytest.mark.parametrize("name", SMALL)
def test_a_changed_byte_of_a_small_file_is_seen_wherever_it_stands(name):
    """Every byte of the manifest and of its seal counts."""
    content = folder()[name]
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 0x20
        assert wrong({**folder(), name: bytes(changed)})[0] in SMALL


@pytest.mark.parametrize("name", [name for name in FILES if name not in SMALL])
def test_a_changed_byte_is_seen_and_its_file_is_named(name):
    """First, last and many other bytes; any bit."""
    content = folder()[name]
    chance = random.Random(name)
    places = {0, len(content) - 1, *(chance.randrange(len(content)) for _ in range(60))}
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        assert wrong({**folder(), name: bytes(changed)}) == (name, "other_bytes")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_cut_lengthened_removed_or_renamed_is_seen(name):
    """No file can change its length or name, and none can go."""
    files = folder()
    rest = {other: content for other, content in files.items() if other != name}
    assert verify_folder({**files, name: files[name][:-1]}).wrong is not None
    assert verify_folder({**files, name: files[name] + b"\n"}).wrong is not None
    assert wrong(rest) == (name, "missing")
    renamed = wrong({**rest, name.upper(): files[name]})
    assert renamed in {(name.upper(), "extra"), (name, "missing")}


@pytest.mark.parametrize("name", ["extra.txt", "charts/extra.svg", "charts/", "results.csv*", ""])
def test_a_file_that_does_not_belong_there_is_seen(name):
    """Nothing may lie beside the files the manifest names."""
    assert wrong({**folder(), name: b""}) == (name, "extra")


@pytest.mark.parametrize("name", ["results.csv", "results.json", "report.html"])
def test_a_forged_result_is_seen_when_manifest_and_seal_were_written_again(name):
    """Hashes that fit do not help: results must follow from the snapshot."""
    forged = folder()[name].replace(b"67.7", b"97.7")
    assert forged != folder()[name]
    assert wrong(resealed(folder(), **{name: forged})) == (name, "not_recomputed")


def test_a_forged_picture_is_seen_when_manifest_and_seal_were_written_again():
    """Pictures are drawn again too."""
    name = "charts/caterpillar.svg"
    forged = folder()[name].replace(b"towns", b"Towns")
    assert wrong(resealed(folder(), **{name: forged})) == (name, "not_recomputed")


def test_a_broken_snapshot_is_seen_when_manifest_and_seal_were_written_again():
    """The content hash of the evidence is in the manifest."""
    broken = resealed(folder(), **{"snapshot.parquet": folder()["tallies.parquet"]})
    assert wrong(broken) == ("snapshot.parquet", "unreadable")
    manifest = manifest_of(folder())
    manifest["hashes"]["snapshot"] = "0" * 64
    assert wrong(sealed_again(folder(), manifest)) == ("snapshot.parquet", "other_content")


def test_another_snapshot_is_seen_when_every_hash_was_written_again():
    """Tallies and results must follow from the evidence that is there."""
    whole = snapshot()
    rating = whole.rows.column("rating").to_pylist()
    place = whole.rows.column_names.index("rating")
    rows = whole.rows.set_column(place, "rating", pa.array([rating[0] + 1, *rating[1:]]))
    other = build_snapshot(whole.columns, rows, whole.key)
    files = resealed(folder(), **{"snapshot.parquet": write_parquet(other)})
    manifest = manifest_of(files)
    manifest["hashes"]["snapshot"] = other.content_hash
    assert wrong(sealed_again(files, manifest)) == ("tallies.parquet", "not_recomputed")


def test_other_tallies_are_seen_when_manifest_and_seal_were_written_again():
    """Tallies are summed again."""
    broken = resealed(folder(), **{"tallies.parquet": folder()["snapshot.parquet"]})
    assert wrong(broken) == ("tallies.parquet", "unreadable")


@pytest.mark.parametrize("field", ["scheme", "tallies", "results"])
def test_a_forged_hash_is_seen_when_the_seal_was_written_again(field):
    """The manifest is computed again as well."""
    manifest = manifest_of(folder())
    manifest["hashes"][field] = "0" * 64
    assert wrong(sealed_again(folder(), manifest)) == (MANIFEST, "not_recomputed")


def test_another_scheme_is_seen_when_the_seal_was_written_again():
    """With another weight other results follow."""
    manifest = manifest_of(folder())
    manifest["recipe"]["schemes"]["service"]["criteria"][0]["weight"] = "0.5"
    assert wrong(sealed_again(folder(), manifest))[1] == "not_recomputed"


def test_a_recipe_that_computes_nothing_is_seen():
    """What cannot be used is a finding, not a crash."""
    for change in ({"scheme_name": "none"}, {"indicators": {}}, {"texts": {}}, {"language": "fr"}):
        manifest = manifest_of(folder())
        manifest["recipe"] |= change
        assert verify_folder(sealed_again(folder(), manifest)).wrong is not None


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b'{"format":"other"}', b"\xff", b"[" * 100_000, b'{"a":1e400}'],
)
def test_a_manifest_that_is_none_is_seen_even_when_it_is_sealed(content):
    """No bytes make the check fail otherwise than by its finding."""
    files = {**folder(), MANIFEST: content, SEAL: seal_bytes(content)}
    assert wrong(files) == (MANIFEST, "unreadable")


def test_a_manifest_in_other_than_canonical_form_is_seen():
    """The same data with other white space is another file."""
    content = json.dumps(manifest_of(folder()), indent=1).encode()
    files = {**folder(), MANIFEST: content, SEAL: seal_bytes(content)}
    assert wrong(files) == (MANIFEST, "unreadable")


def test_an_empty_folder_has_no_manifest():
    """What is no results folder at all fails the check."""
    assert wrong({}) == (MANIFEST, "missing")


def test_pictures_are_checked_by_their_hash_where_labels_have_other_room(monkeypatch):
    """With other fonts the report's text is still computed again, and the state says so."""
    monkeypatch.setattr(verifications, "drawing_probe", lambda language: "other fonts")
    found = verify_folder(folder())
    states = {one.name: one.state for one in found.checked}
    assert found.is_right
    assert states["charts/caterpillar.svg"] == "hash"
    assert states["report.html"] == "exact_text"
    assert states["results.csv"] == "exact"
    forged = folder()["report.html"].replace(b"Fair", b"Poor")
    assert wrong(resealed(folder(), **{"report.html": forged})) == ("report.html", "not_recomputed")


def test_a_verification_names_programs_of_another_version():
    """A difference may come from a newer program, so it is told."""
    manifest = manifest_of(folder())
    manifest["versions"]["numpy"] = "1.0"
    found = verify_folder(sealed_again(folder(), manifest))
    assert found.is_right
    assert [name for name, _, _ in found.other_versions] == ["numpy"]
