"""A published folder: what may be told to everyone, as JSON, CSV and a page."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from touchstone.base.canonical import sha256_hex
from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate
from touchstone.formats.csv_files import write_csv
from touchstone.reports.bands import Band
from touchstone.reports.folders.manifests import (
    MANIFEST,
    PUBLICATION,
    PublicationManifest,
    Source,
    file_records,
    program_versions,
    sealed,
)
from touchstone.reports.folders.verifications import Verification, verify_folder
from touchstone.reports.gates import Passage, gate
from touchstone.reports.published_pages import published_page
from touchstone.reports.recipes import Computed
from touchstone.reports.releases import (
    Release,
    ReleasedArea,
    ReleasedUnit,
    release_of,
)
from touchstone.reports.tables import records_json, without_exponent
from touchstone.reports.words import Words
from touchstone.stats.disclosure.ledgers import Ledger

RECORDS = "published.json"
TABLE = "published.csv"
PAGE = "published.html"
# A ledger without releases, of no population in particular; its prints go nowhere.
ALONE = Ledger("", b"not kept anywhere")
Record = dict[str, Any]


class Publication(NamedTuple):
    """A publication as files, and its passage through the gate; no files where it is shut."""

    files: dict[str, bytes]
    passage: Passage
    computed: Computed


def published_folder(
    files: Mapping[str, bytes], *, verification: Verification | None = None
) -> dict[str, bytes]:
    """Take out of a results folder what may be told to everyone, and seal it as a folder.

    Holds no snapshot, no tallies and no pictures as files; see `releases.release_of` for what is
    told. Publishing the same folder again gives the same bytes. A `verification` of the same
    files saves computing everything twice. Earlier releases are not looked at; `publication_of`
    does.

    Raises TouchstoneError RESULTS-05 when the folder does not verify, RESULTS-06 when it is a
    published one already, RESULTS-07 when figures of small groups can be worked out.
    """
    computed = _computed_of(files, verification)
    release = release_of(computed)
    passage = gate(computed, release, ALONE, wave="")
    if not passage.is_open:
        raise TouchstoneError(
            "RESULTS-07",
            where=MANIFEST,
            found="figures of small groups can be worked out from the others",
            remedy="Leave out levels of the tree with very few units, or raise the smallest group.",
        )
    return _sealed(computed, release, files, is_gated=False)


def publication_of(
    files: Mapping[str, bytes],
    ledger: Ledger,
    *,
    wave: str = "",
    verification: Verification | None = None,
) -> Publication:
    """Publish a results folder as `published_folder` does, unless a ledger speaks against it.

    The release is attacked together with all releases of the ledger. Where that gives figures of
    a small group away there are no files, and the passage says which. Whoever publishes the files
    appends the passage's entry to the ledger.

    Raises TouchstoneError RESULTS-05, RESULTS-06 as `published_folder`.
    """
    computed = _computed_of(files, verification)
    release = release_of(computed)
    passage = gate(computed, release, ledger, wave=wave)
    sealed_files = {}
    if passage.is_open:
        sealed_files = _sealed(computed, release, files, is_gated=True)
    return Publication(sealed_files, passage, computed)


def _computed_of(files: Mapping[str, bytes], verification: Verification | None) -> Computed:
    found = verification or verify_folder(files)
    if found.wrong is not None:
        raise TouchstoneError(
            "RESULTS-05",
            where=found.wrong.name,
            found=Words("en").text(f"verify.{found.wrong.reason}").removesuffix("."),
            remedy="Assess the evidence again, and publish the new folder.",
        )
    if found.computed is None:
        raise TouchstoneError(
            "RESULTS-06",
            where=MANIFEST,
            found="this folder is published already",
            remedy="Give the folder that `touchstone assess` wrote.",
        )
    return found.computed


def _sealed(
    computed: Computed, release: Release, files: Mapping[str, bytes], *, is_gated: bool
) -> dict[str, bytes]:
    source = _source(computed, files[MANIFEST], release)
    manifest_hash = source.manifest if source else None
    published = {
        RECORDS: _records(computed, release),
        TABLE: write_csv(_table(computed, release)),
        PAGE: published_page(computed, release, manifest_hash=manifest_hash, is_gated=is_gated),
    }
    recipe = computed.recipe
    manifest = PublicationManifest(
        format=PUBLICATION,
        files=file_records(published),
        pack=msgspec.to_builtins(recipe.pack),
        scheme=recipe.scheme_name,
        scheme_hash=recipe.scheme.content_hash,
        language=recipe.language,
        source=source,
        versions=dict(program_versions()),
    )
    return sealed(published, manifest)


def _source(computed: Computed, manifest: bytes, release: Release) -> Source | None:
    """Name the folder that figures come from by its hashes, unless answers stand behind them.

    Who knows all answers but one could try values for the last until the hash fits.
    """
    if release.smallest is not None:
        return None
    return Source(
        manifest=sha256_hex(manifest),
        snapshot=computed.snapshot.content_hash,
        results=computed.results_hash,
    )


def _records(computed: Computed, release: Release) -> bytes:
    recipe = computed.recipe
    head = {
        "scheme": recipe.scheme_name,
        "pack": recipe.pack.name,
        "smallest_group": release.smallest,
    }
    counts = [{"grade": key, "count_from": n.low, "count_to": n.high} for key, n in release.counts]
    areas = [_area_record(area) for area in release.areas]
    lists: dict[str, list[Record]] = {"distribution": counts, "areas": areas}
    if not recipe.is_about_persons:
        lists = {"units": [_unit_record(unit, recipe.words) for unit in release.units], **lists}
    return records_json(head, lists)


def _table(computed: Computed, release: Release) -> pa.Table:
    """Give the units as a table; of persons, the areas."""
    if computed.recipe.is_about_persons:
        records = [_area_record(area) for area in release.areas]
        return _as_table(records, list(AREA_COLUMNS))
    words = computed.recipe.words
    records = [_unit_record(unit, words) for unit in release.units]
    return _as_table(records, list(UNIT_COLUMNS))


UNIT_COLUMNS = (
    "unit",
    "name",
    "n_from",
    "n_to",
    "score",
    "low",
    "high",
    "rank_low",
    "rank_high",
    "grade",
    "status",
    "because",
)
AREA_COLUMNS = ("level", "unit", "name", "n_from", "n_to", "mean", "low", "high", "method")


def _unit_record(unit: ReleasedUnit, words: Words) -> Record:
    result = unit.result
    return {
        "unit": result.unit,
        "name": result.name,
        **_bounds(unit.n),
        "score": without_exponent(result.score),
        "low": without_exponent(result.low),
        "high": without_exponent(result.high),
        "rank_low": result.rank_low,
        "rank_high": result.rank_high,
        "grade": result.grade,
        "status": result.status,
        "because": words.because(result.because),
    }


def _area_record(area: ReleasedArea) -> Record:
    """Give an area's census mean with its superpopulation interval, where it has one."""
    record: Record = {"level": area.level, "unit": area.unit, "name": area.name}
    record |= {**_bounds(area.n), "mean": None, "low": None, "high": None, "method": None}
    if area.mean is not None:
        record |= {"mean": without_exponent(area.mean.census.value), "method": "census"}
        wide = area.mean.superpopulation
        if isinstance(wide, Estimate):
            record |= {"low": without_exponent(wide.low), "high": without_exponent(wide.high)}
            record["method"] = wide.method
    return record


def _bounds(band: Band | None) -> Record:
    if band is None:
        return {"n_from": None, "n_to": None}
    return {"n_from": band.low, "n_to": band.high}


def _as_table(records: list[Record], columns: list[str]) -> pa.Table:
    """Make a table of texts and whole numbers; figures are written as they were rounded."""
    arrays = []
    for name in columns:
        values = [record[name] for record in records]
        if any(isinstance(value, Decimal) for value in values):
            places = max(_places(value) for value in values if isinstance(value, Decimal))
            arrays.append(pa.array(values, pa.decimal128(38, places)))
        elif any(isinstance(value, int) for value in values):
            arrays.append(pa.array(values, pa.int64()))
        else:
            arrays.append(pa.array(values, pa.string()))
    return pa.table(arrays, names=columns)


def _places(figure: Decimal) -> int:
    exponent = figure.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
