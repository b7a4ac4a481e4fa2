"""A human decision on an assessment: sign it off, publish it."""

import secrets
from collections.abc import Mapping

from django.db import transaction

from touchstone.base.canonical import sha256_hex
from touchstone.base.errors import TouchstoneError
from touchstone.reports.folders import Publication, Verification, publication_of, verify_folder
from touchstone.reports.gates import findings_record, names_of, population_of
from touchstone.reports.recipes import read_recipe
from touchstone_web.assessments import folders
from touchstone_web.assessments.ledgers import StoredLedger, read_stored
from touchstone_web.assessments.models import Assessment, ReleaseEntry, ReleaseLedger
from touchstone_web.assessments.queries.assessments import PUBLISH
from touchstone_web.journal.commands import record
from touchstone_web.people.models import Person
from touchstone_web.shared import clocks
from touchstone_web.shared.jobs import start_job

SALT_SIZE = 16


@transaction.atomic
def sign_off(*, assessment: Assessment, by: Person) -> Assessment:
    """Take responsibility for an assessment by name; a second sign-off changes nothing."""
    locked = _computed(assessment)
    if locked.signed_off_at is not None:
        return locked
    locked.signed_off_at = clocks.now()
    locked.signed_off_by = by
    locked.save(update_fields=["signed_off_at", "signed_off_by"])
    _record("assessment.signed_off", locked, by)
    return locked


@transaction.atomic
def request_publication(*, assessment: Assessment, by: Person, wave: str = "") -> None:
    """Ask for the public's part of a signed-off assessment to be published; a job makes it.

    `wave` names the round of answers; answers of another round count as other answers.

    Raises TouchstoneError ASSESSMENT-04 when nobody signed it off.
    """
    locked = _computed(assessment)
    if locked.signed_off_at is None:
        raise TouchstoneError(
            "ASSESSMENT-04",
            where="this assessment",
            found="nobody has signed it off",
            remedy="Sign it off first; what is published needs a name that answers for it.",
        )
    if locked.published_at is None:
        locked.wave = wave
        locked.refusal = None
        locked.save(update_fields=["wave", "refusal"])
        start_job(kind=PUBLISH, about=locked.public_id, by=by.public_id)


def publish(*, assessment: Assessment, by: Person) -> None:
    """Give the public its part of an assessment; a second time changes nothing.

    The library leaves out what may not be seen: the snapshot, units below the smallest group,
    whatever would give them away, and every row about a person. It computes everything again
    first, and publishes nothing that differs. Then all releases of this population are looked at
    together; where they would give a small group away, nothing is published, and the assessment
    keeps what speaks against it. That takes a while, so rows are locked only afterwards, and it
    is done again when another release went out meanwhile.
    """
    files = folders.read_folder(folders.results_folder(assessment.public_id))
    verification = verify_folder(files)
    while not _passed_through(assessment, files, verification, by):
        pass


def _passed_through(
    assessment: Assessment, files: Mapping[str, bytes], verification: Verification, by: Person
) -> bool:
    """Hold an assessment against its ledger once; False when the ledger grew meanwhile."""
    row = _ledger_row(assessment)
    stored = read_stored(row)
    wave = Assessment.objects.values_list("wave", flat=True).get(pk=assessment.pk)
    made = publication_of(files, stored.ledger, wave=wave, verification=verification)
    with transaction.atomic():
        ReleaseLedger.objects.select_for_update().get(pk=row.pk)
        locked = _computed(assessment)
        if locked.published_at is not None or locked.signed_off_at is None:
            return True
        if row.entries.count() != stored.number:
            return False
        if made.passage.is_open:
            _publish(locked, made, row, stored, by)
        else:
            _refuse(locked, made, stored, by)
    return True


def _publish(
    locked: Assessment, made: Publication, row: ReleaseLedger, stored: StoredLedger, by: Person
) -> None:
    line_hash = None
    if made.passage.entry is not None:
        line = stored.next_line(made.passage.entry)
        line_hash = sha256_hex(line)
        ReleaseEntry.objects.create(
            ledger=row,
            number=stored.number + 1,
            assessment=locked,
            line=line.decode(),
            line_hash=line_hash,
        )
    folders.write_folder(folders.published_folder(locked.public_id), made.files)
    locked.published_at = clocks.now()
    locked.published_by = by
    locked.save(update_fields=["published_at", "published_by"])
    _record("assessment.published", locked, by, {"release": line_hash})


def _refuse(locked: Assessment, made: Publication, stored: StoredLedger, by: Person) -> None:
    entries = list(stored.ledger.releases)
    if made.passage.entry is not None:
        entries.append(made.passage.entry)
    names = names_of(made.computed)
    locked.refusal = findings_record(made.passage.findings, entries, names=names)
    locked.save(update_fields=["refusal"])
    _record("assessment.publication_refused", locked, by)


@transaction.atomic
def _ledger_row(assessment: Assessment) -> ReleaseLedger:
    """The ledger of the people that an assessment is about; begun when there is none."""
    row, _ = ReleaseLedger.objects.get_or_create(
        tree_id=assessment.tree_id,
        population=population_of(read_recipe(assessment.recipe)),
        defaults={"salt": secrets.token_bytes(SALT_SIZE)},
    )
    return row


def _computed(assessment: Assessment) -> Assessment:
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if not locked.is_computed:
        raise TouchstoneError(
            "ASSESSMENT-03",
            where="this assessment",
            found="it has no results yet",
            remedy="Wait until it is computed.",
        )
    return locked


def _record(
    kind: str, assessment: Assessment, by: Person, more: Mapping[str, str | None] | None = None
) -> None:
    record(
        kind=kind,
        about=assessment.public_id,
        by=by.public_id,
        at=clocks.now(),
        details={
            "tree": assessment.tree.public_id,
            "results": assessment.results_hash,
            "manifest": assessment.manifest_hash,
            **(more or {}),
        },
    )
