"""A results folder: evidence, tallies, results, pictures and report, under one manifest."""

from touchstone.formats.csv_files import write_csv
from touchstone.reports.analysis_pages import analyses_records
from touchstone.reports.drawings import Drawn, draw_chart, drawing_probe, framed_svg
from touchstone.reports.folders.manifests import (
    RESULTS,
    Hashes,
    ResultsManifest,
    file_records,
    program_versions,
    sealed,
)
from touchstone.reports.grade_tables import discrimination_record, probabilities_table
from touchstone.reports.pages import report_charts, report_page
from touchstone.reports.recipes import Computed
from touchstone.reports.tables import (
    beside_table,
    records_json,
    results_json,
    results_table,
)
from touchstone.stats.lattices import SEED
from touchstone.tallies.files import write_tallies
from touchstone.tallies.tables import write_parquet

SNAPSHOT = "snapshot.parquet"
TALLIES = "tallies.parquet"
TABLE = "results.csv"
RECORDS = "results.json"
BESIDE = "beside.csv"
PROBABILITIES = "probabilities.csv"
DISCRIMINATION = "discrimination.json"
ANALYSES = "analyses.json"
REPORT = "report.html"
CHARTS = "charts/"


def build_folder(computed: Computed) -> dict[str, bytes]:
    """Write everything about an assessment as files, by name.

    1. The frozen evidence and its tallies, as Parquet.
    2. The results, as CSV and JSON, and those of the scheme beside; the probabilities of grades,
       how far the scheme tells units apart, and the analyses.
    3. The pictures, each alone in `charts/` and all in the report.
    4. The manifest with lengths and hashes of all of them, versions, and the recipe, so that
       `verify_folder` can compute everything again without the pack.

    There is no time and no name of a machine or engine in them: the same evidence and pack give
    the same bytes with the same versions of the program and its packages.
    """
    drawn = draw_all(computed)
    files = {
        SNAPSHOT: write_parquet(computed.snapshot),
        TALLIES: write_tallies(computed.measures.tallies),
        **result_files(computed),
        **picture_files(drawn, computed.recipe.language),
        REPORT: report_page(computed, drawn),
    }
    manifest = ResultsManifest(
        format=RESULTS,
        files=file_records(files),
        hashes=hashes_of(computed),
        recipe=computed.recipe.as_record(),
        seed=SEED,
        versions=dict(program_versions()),
    )
    return sealed(files, manifest)


def result_files(computed: Computed) -> dict[str, bytes]:
    """Write the results as CSV and JSON, in the recipe's language."""
    words, assessment = computed.recipe.words, computed.assessment
    files = {
        TABLE: write_csv(results_table(assessment, words)),
        RECORDS: results_json(assessment, words),
    }
    grades = [band.id for band in computed.recipe.scheme.grades]
    files[PROBABILITIES] = write_csv(probabilities_table(assessment, grades))
    if assessment.discrimination is not None:
        record = discrimination_record(assessment.discrimination, words)
        files[DISCRIMINATION] = records_json(record, {})
    if computed.analyses or assessment.index is not None:
        files[ANALYSES] = records_json({}, {"analyses": analyses_records(computed)})
    if assessment.beside is not None:
        files[BESIDE] = write_csv(beside_table(assessment))
    return files


def draw_all(computed: Computed) -> tuple[Drawn, ...]:
    """Draw the charts of the report."""
    language = computed.recipe.language
    return tuple(draw_chart(chart, language=language) for chart in report_charts(computed))


def picture_files(drawn: tuple[Drawn, ...], language: str) -> dict[str, bytes]:
    """Give each picture a file of its own."""
    return {
        f"{CHARTS}{one.chart.name}.svg": framed_svg(one, language=language)
        for one in drawn
        if one.wide
    }


def hashes_of(computed: Computed) -> Hashes:
    """Give the hashes of all contents that results follow from."""
    return Hashes(
        snapshot=computed.snapshot.content_hash,
        scheme=computed.recipe.scheme.content_hash,
        tallies=computed.measures.tallies.content_hash,
        results=computed.results_hash,
        drawing=drawing_probe(computed.recipe.language),
    )
