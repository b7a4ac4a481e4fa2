"""Where an assessment, as it is stored, first differs from what its evidence gives now."""

from collections.abc import Iterator, Mapping

from touchstone.base.canonical import sha256_hex
from touchstone.base.errors import TouchstoneError
from touchstone.loop import results
from touchstone.reports.analysis_pages import analyses_in_words
from touchstone.reports.folders import verify_folder
from touchstone.reports.folders.manifests import MANIFEST, ResultsManifest
from touchstone_web.assessments.models import Assessment, UnitResult
from touchstone_web.assessments.records import plain, probabilities_record, reason_record
from touchstone_web.evidence.files import read_snapshot

Difference = dict[str, str]
FIELDS = ("name", "n", "score", "low", "high", "rank_low", "rank_high", "status", "method")


def first_difference(assessment: Assessment, files: Mapping[str, bytes]) -> Difference | None:
    """Compute everything again and name the first thing that differs; None when all is equal.

    `what` is the end of the key `computed.differs.<what>`, `name` fills the gap of that text.

    1. The frozen rows are still there, and those that were frozen.
    2. The folder's manifest is the one whose hash was kept.
    3. Everything in the folder follows from the rows and the recipe within it.
    4. These are the rows and the results of this assessment.
    5. Each row that the pages show says what the results say.
    """
    try:
        read_snapshot(assessment.snapshot)
    except TouchstoneError as fault:
        return {"what": "evidence", "name": fault.code}
    if sha256_hex(files.get(MANIFEST, b"")) != assessment.manifest_hash:
        return {"what": "file", "name": MANIFEST}
    found = verify_folder(files, engine=assessment.engine)
    manifest = found.manifest
    if found.wrong or found.computed is None or not isinstance(manifest, ResultsManifest):
        return {"what": "file", "name": found.wrong.name if found.wrong else MANIFEST}
    if found.computed.snapshot.content_hash != assessment.snapshot.content_hash:
        return {"what": "evidence", "name": assessment.snapshot.title}
    again = found.computed.assessment
    language = found.computed.recipe.language
    analyses = plain(analyses_in_words(found.computed, found.computed.recipe.words))
    kept = (assessment.quotas, assessment.discrimination, assessment.analyses.get(language, []))
    told = (plain(again.quotas), plain(again.discrimination), analyses)
    if manifest.hashes.results != assessment.results_hash or kept != told:
        return {"what": "results", "name": ""}
    return _in_rows(assessment, again)


def _in_rows(assessment: Assessment, found: results.Assessment) -> Difference | None:
    rows = {row.identifier: row for row in UnitResult.objects.filter(assessment=assessment)}
    for result in sorted(found.units, key=lambda unit: unit.unit):
        row = rows.pop(result.unit, None)
        if row is None or any(_differences(row, result)):
            return {"what": "row", "name": result.unit}
    return {"what": "row", "name": min(rows)} if rows else None


def _differences(row: UnitResult, result: results.UnitResult) -> Iterator[bool]:
    for name in FIELDS:
        kept, new = getattr(row, name), getattr(result, name)
        # A stored figure has more zeros behind it, which decimals do not mind.
        yield kept != new
    yield row.grade != (result.grade or "")
    yield row.because != reason_record(result.because)
    yield row.probabilities != probabilities_record(result.probabilities)
