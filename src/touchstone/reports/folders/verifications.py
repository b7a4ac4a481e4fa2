"""Is a folder what it was, and does everything in it follow from its evidence?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from touchstone.base.canonical import sha256_hex
from touchstone.base.errors import TouchstoneError
from touchstone.reports.drawings import drawing_probe
from touchstone.reports.folders.manifests import (
    MANIFEST,
    SEAL,
    Manifest,
    ResultsManifest,
    manifest_bytes,
    program_versions,
    read_manifest,
    seal_bytes,
)
from touchstone.reports.folders.results import (
    CHARTS,
    REPORT,
    SNAPSHOT,
    TALLIES,
    draw_all,
    hashes_of,
    picture_files,
    result_files,
)
from touchstone.reports.pages import report_page
from touchstone.reports.recipes import Computed, compute, read_recipe
from touchstone.stats.lattices import SEED
from touchstone.tallies.engine import EngineName
from touchstone.tallies.files import read_tallies
from touchstone.tallies.tables import Snapshot, read_parquet

State = Literal["exact", "exact_text", "hash"]
PICTURE = re.compile(rb"<svg .*?</svg>", re.S)
# What a recipe can lead to that this program did not write; ValueError is also a fault in JSON.
RECIPE_FAULTS = (
    ArithmeticError,
    LookupError,
    RecursionError,
    TouchstoneError,
    TypeError,
    ValueError,
)
SEAL_FORM = re.compile(rb"[0-9a-f]{64}  manifest\.json\n")


@dataclass(frozen=True, slots=True)
class Checked:
    """One object that is right: `exact` when it was computed again and is equal.

    `exact_text` when that holds for all but the pictures within it, `hash` when only its bytes
    are known to be those that the manifest names.
    """

    name: str
    state: State


@dataclass(frozen=True, slots=True)
class Wrong:
    """The first object that is wrong, and why, as a key of the text catalogue."""

    name: str
    reason: str


@dataclass(frozen=True, eq=False, slots=True)
class Verification:
    """What a verification found: everything that is right, up to the first thing that is wrong.

    `computed` are the results computed again, `manifest` what the folder says of itself; both
    are None where it did not come to that. `other_versions` names programs whose version then and
    now differ, with both versions.
    """

    checked: tuple[Checked, ...]
    wrong: Wrong | None
    manifest: Manifest | None = None
    computed: Computed | None = None
    other_versions: tuple[tuple[str, str, str], ...] = ()

    @property
    def is_right(self) -> bool:
        """Say whether nothing is wrong."""
        return self.wrong is None


class _WrongError(Exception):
    """Ends a verification at the first wrong object."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.wrong = Wrong(name, reason)


def verify_folder(files: Mapping[str, bytes], *, engine: EngineName = "duckdb") -> Verification:
    """Check a folder of results or a published one, and find the first object that is wrong.

    1. The manifest is sealed, in canonical form, and names exactly the files that are there.
    2. Each file has the length and the SHA-256 that the manifest names.
    3. For results: the snapshot has its content hash; tallies, results, pictures, report and the
       manifest itself are computed again from snapshot and recipe, and must be equal.

    A published folder has no evidence, so its files are checked by their hashes only. So are the
    pictures where this machine draws labels in another size than the one that drew them.

    `files` gives the content of each file by its name, folders with `/`.
    """
    work = _Verifying(files, engine)
    try:
        work.run()
    except _WrongError as found:
        return work.result(found.wrong)
    return work.result(None)


class _Verifying:
    """One verification under way; it keeps what it has found right."""

    def __init__(self, files: Mapping[str, bytes], engine: EngineName) -> None:
        self.files = files
        self.engine = engine
        self.checked: dict[str, State] = {}
        self.manifest: Manifest | None = None
        self.computed: Computed | None = None

    def result(self, wrong: Wrong | None) -> Verification:
        """Put together what was found."""
        found = tuple(Checked(name, state) for name, state in self.checked.items())
        if wrong is not None:
            found = tuple(one for one in found if one.name != wrong.name)
        then = {} if self.manifest is None else self.manifest.versions
        now = program_versions()
        others = tuple(
            (name, then[name], now.get(name, "–"))
            for name in sorted(then)
            if then[name] != now.get(name)
        )
        return Verification(found, wrong, self.manifest, self.computed, others)

    def run(self) -> None:
        """Check everything, and stop at the first thing that is wrong."""
        manifest = self._read_manifest()
        self.manifest = manifest
        self._check_list(manifest)
        self._check_bytes(manifest)
        if isinstance(manifest, ResultsManifest):
            try:
                self._compute_again(manifest)
            except RECIPE_FAULTS as fault:
                raise _WrongError(MANIFEST, "unusable_recipe") from fault

    def _compute_again(self, manifest: ResultsManifest) -> None:
        """Compute everything from the snapshot, and compare."""
        snapshot = self._read_snapshot(manifest)
        computed = compute(read_recipe(manifest.recipe), snapshot, engine=self.engine)
        self.computed = computed
        self._check_results(computed)
        probe = drawing_probe(computed.recipe.language)
        self._check_pictures(computed, draws_alike=manifest.hashes.drawing == probe)
        self._check_manifest(manifest, computed)

    def _read_manifest(self) -> Manifest:
        for name in (MANIFEST, SEAL):
            _demand(name in self.files, name, "missing")
        content, seal = self.files[MANIFEST], self.files[SEAL]
        _demand(SEAL_FORM.fullmatch(seal) is not None, SEAL, "no_seal")
        _demand(seal == seal_bytes(content), MANIFEST, "broken_seal")
        try:
            return read_manifest(content)
        except (ValueError, RecursionError) as fault:
            raise _WrongError(MANIFEST, "unreadable") from fault

    def _check_list(self, manifest: Manifest) -> None:
        named = {*manifest.files, MANIFEST, SEAL}
        for name in sorted(set(self.files) - named):
            raise _WrongError(name, "extra")
        for name in sorted(named - set(self.files)):
            raise _WrongError(name, "missing")

    def _check_bytes(self, manifest: Manifest) -> None:
        for name, record in sorted(manifest.files.items()):
            content = self.files[name]
            same = len(content) == record.bytes and sha256_hex(content) == record.sha256
            _demand(same, name, "other_bytes")
            self.checked[name] = "hash"
        self.checked |= {MANIFEST: "hash", SEAL: "exact"}

    def _read_snapshot(self, manifest: ResultsManifest) -> Snapshot:
        """Read the evidence, whose content must be the one that the manifest names."""
        for name in (SNAPSHOT, TALLIES, REPORT):
            _demand(name in self.files, name, "missing")
        try:
            snapshot = read_parquet(self.files[SNAPSHOT], where=SNAPSHOT)
        except TouchstoneError as fault:
            raise _WrongError(SNAPSHOT, "unreadable") from fault
        same = snapshot.content_hash == manifest.hashes.snapshot
        _demand(same, SNAPSHOT, "other_content")
        self.checked[SNAPSHOT] = "exact"
        return snapshot

    def _check_results(self, computed: Computed) -> None:
        try:
            tallies = read_tallies(self.files[TALLIES], where=TALLIES)
        except TouchstoneError as fault:
            raise _WrongError(TALLIES, "unreadable") from fault
        _demand(tallies.equals(computed.measures.tallies), TALLIES, "not_recomputed")
        self.checked[TALLIES] = "exact"
        for name, content in result_files(computed).items():
            self._check_equal(name, content)

    def _check_pictures(self, computed: Computed, *, draws_alike: bool) -> None:
        """Draw again and compare; where labels would not have equal room, compare all the rest."""
        drawn = draw_all(computed)
        pictures = picture_files(drawn, computed.recipe.language)
        report = report_page(computed, drawn)
        for name in sorted(name for name in self.files if name.startswith(CHARTS)):
            _demand(name in pictures, name, "extra")
        for name, content in sorted(pictures.items()):
            _demand(name in self.files, name, "missing")
            if draws_alike:
                self._check_equal(name, content)
        if draws_alike:
            self._check_equal(REPORT, report)
            return
        same = _without_pictures(report) == _without_pictures(self.files[REPORT])
        _demand(same, REPORT, "not_recomputed")
        self.checked[REPORT] = "exact_text"

    def _check_manifest(self, manifest: ResultsManifest, computed: Computed) -> None:
        """Write the manifest again from what was computed; versions stay as they were recorded."""
        drawing = manifest.hashes.drawing
        again = ResultsManifest(
            format=manifest.format,
            files=manifest.files,
            hashes=msgspec.structs.replace(hashes_of(computed), drawing=drawing),
            recipe=computed.recipe.as_record(),
            seed=SEED,
            versions=manifest.versions,
        )
        _demand(manifest_bytes(again) == self.files[MANIFEST], MANIFEST, "not_recomputed")
        known = {SNAPSHOT, TALLIES, REPORT, *result_files(computed)}
        for name in sorted(manifest.files):
            _demand(name in known or name.startswith(CHARTS), name, "extra")
        self.checked[MANIFEST] = "exact"

    def _check_equal(self, name: str, content: bytes) -> None:
        _demand(name in self.files, name, "missing")
        _demand(self.files[name] == content, name, "not_recomputed")
        self.checked[name] = "exact"


def _without_pictures(page: bytes) -> bytes:
    return PICTURE.sub(b"", page)


def _demand(holds: bool, name: str, reason: str) -> None:  # noqa: FBT001
    if not holds:
        raise _WrongError(name, reason)
