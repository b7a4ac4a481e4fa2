"""Writing down what an assessment gave."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction

from touchstone.base.canonical import sha256_hex
from touchstone.base.errors import TouchstoneError
from touchstone.loop.besides import places_gained
from touchstone.reports.folders.manifests import MANIFEST, ResultsManifest, read_manifest
from touchstone.reports.recipes import Computed
from touchstone_web.assessments.analyses import analyses_record
from touchstone_web.assessments.histories import Points
from touchstone_web.assessments.models import AreaMean, Assessment, UnitResult
from touchstone_web.assessments.records import (
    area_row,
    beside_record,
    by_falling_score,
    plain,
    result_row,
)
from touchstone_web.journal.commands import record
from touchstone_web.people.models import Unit
from touchstone_web.shared import clocks

ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, eq=False, slots=True)
class Outcome:
    """All that computing an assessment gave: results, the folder's files, values over time.

    `histories` holds the points of each unit that has any, by its identifier.
    """

    computed: Computed
    files: Mapping[str, bytes]
    histories: Mapping[str, Points]


@transaction.atomic
def store_results(*, assessment: Assessment, outcome: Outcome, by: str) -> None:
    """Store the results of an assessment; a second time changes nothing.

    1. Take the assessment, unless it has results.
    2. Find the units of the tree that the results name; ASSESSMENT-02 when one is missing.
    3. Write a row for each unit and each area, the figures of the whole, and the journal's entry.
    """
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if locked.is_computed:
        return
    units = _units_of_tree(locked, outcome)
    UnitResult.objects.bulk_create(_result_rows(locked, outcome, units), ROWS_AT_ONCE)
    AreaMean.objects.bulk_create(_area_rows(locked, outcome, units), ROWS_AT_ONCE)
    _store_figures(locked, outcome)
    record(
        kind="assessment.computed",
        about=locked.public_id,
        by=by,
        at=clocks.now(),
        details={
            "tree": locked.tree.public_id,
            "snapshot": locked.snapshot.content_hash,
            "scheme_hash": locked.scheme_hash,
            "tallies": locked.tallies_hash,
            "results": locked.results_hash,
            "manifest": locked.manifest_hash,
            "units": locked.units,
        },
    )


def _units_of_tree(assessment: Assessment, outcome: Outcome) -> dict[str, int]:
    """The primary keys of all units and areas that the results name."""
    found = outcome.computed.assessment
    named = {result.unit for result in found.units} | {area.unit for area in found.areas}
    known = Unit.objects.filter(tree=assessment.tree_id).values_list("identifier", "pk")
    units = {identifier: pk for identifier, pk in known if identifier in named}
    missing = sorted(named - set(units))
    if missing:
        raise TouchstoneError(
            "ASSESSMENT-02",
            where=f"the tree '{assessment.tree.name}'",
            found=f"{len(missing)} units of the results are not in it, such as '{missing[0]}'",
            remedy="Import the tree that belongs to this evidence, then assess again.",
        )
    return units


def _result_rows(
    assessment: Assessment, outcome: Outcome, units: Mapping[str, int]
) -> Iterator[UnitResult]:
    scheme = outcome.computed.recipe.scheme
    grades = {band.id: place for place, band in enumerate(scheme.grades)}
    found = outcome.computed.assessment
    beside = {one.unit: one for one in found.beside.units} if found.beside else {}
    ordered = sorted(found.units, key=by_falling_score)
    for position, result in enumerate(ordered, start=1):
        row = result_row(result, history=outcome.histories.get(result.unit, ()))
        row.assessment, row.unit_id, row.position = assessment, units[result.unit], position
        row.grade_order = None if result.grade is None else grades[result.grade]
        if result.unit in beside:
            other = beside[result.unit]
            row.beside = beside_record(other)
            row.gained = places_gained(other)
        yield row


def _area_rows(
    assessment: Assessment, outcome: Outcome, units: Mapping[str, int]
) -> Iterator[AreaMean]:
    for area in outcome.computed.assessment.areas:
        row = area_row(area)
        row.assessment, row.unit_id = assessment, units[area.unit]
        yield row


def _store_figures(assessment: Assessment, outcome: Outcome) -> None:
    found, manifest = outcome.computed.assessment, read_manifest(outcome.files[MANIFEST])
    if not isinstance(manifest, ResultsManifest):
        raise ValueError("files must be those of a results folder; got a publication")
    counts = Counter(result.status for result in found.units)
    figures = {
        "computed_at": clocks.now(),
        "tallies_hash": manifest.hashes.tallies,
        "results_hash": manifest.hashes.results,
        "manifest_hash": sha256_hex(outcome.files[MANIFEST]),
        "versions": manifest.versions,
        "units": len(found.units),
        "graded": counts["graded"],
        "undecided": counts["undecided"],
        "withheld": counts["withheld"],
        "grades": Counter(result.grade for result in found.units if result.grade),
        "quotas": plain(found.quotas),
        "discrimination": plain(found.discrimination),
        "analyses": analyses_record(outcome.computed),
        "unexplained": found.unexplained
        and {"column": found.unexplained.column, "units": list(found.unexplained.units)},
    }
    for name, value in figures.items():
        setattr(assessment, name, value)
    assessment.save(update_fields=list(figures))
