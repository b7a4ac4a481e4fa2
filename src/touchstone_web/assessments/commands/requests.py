"""Asking for an assessment."""

import msgspec
from django.conf import settings
from django.db import transaction

from touchstone.base.errors import TouchstoneError
from touchstone.content.packs import Pack
from touchstone.reports.recipes import recipe_of
from touchstone_web.assessments.models import Assessment
from touchstone_web.evidence.models import FrozenSnapshot
from touchstone_web.journal.commands import record
from touchstone_web.people.models import Actor
from touchstone_web.shared import clocks
from touchstone_web.shared.jobs import start_job

COMPUTE = "assessment.compute"


@transaction.atomic
def request_assessment(
    *, snapshot: FrozenSnapshot, pack: Pack, scheme_name: str, language: str, by: Actor
) -> Assessment:
    """Ask for a snapshot to be assessed by a scheme of a pack; a job computes it.

    The scheme is kept as it is now; `language` is that of the reasons in the files. Raises
    TouchstoneError ASSESSMENT-01 when pack or scheme do not fit the snapshot.
    """
    scheme = pack.schemes.get(scheme_name)
    if pack.name != snapshot.pack or scheme is None or scheme.dataset != snapshot.dataset:
        raise TouchstoneError(
            "ASSESSMENT-01",
            where=f"the scheme '{scheme_name}' of the pack '{pack.name}'",
            found=f"the evidence '{snapshot.title}' is '{snapshot.pack}: {snapshot.dataset}'",
            remedy="Choose a scheme that judges this kind of evidence.",
        )
    moment = clocks.now()
    assessment = Assessment.objects.create(
        snapshot=snapshot,
        tree=snapshot.tree,
        pack=pack.name,
        pack_version=pack.version,
        pack_hash=pack.content_hash,
        about=pack.datasets[scheme.dataset].about,
        scheme_name=scheme_name,
        scheme=msgspec.to_builtins(scheme),
        recipe=recipe_of(pack, scheme_name, language=language).as_record(),
        scheme_hash=scheme.content_hash,
        engine=settings.TOUCHSTONE_ENGINE,
        requested_by_id=by.pk,
        requested_at=moment,
    )
    record(
        kind="assessment.requested",
        about=assessment.public_id,
        by=by.public_id,
        at=moment,
        details={
            "tree": assessment.tree.public_id,
            "snapshot": snapshot.content_hash,
            "pack": pack.name,
            "scheme": scheme_name,
            "scheme_hash": scheme.content_hash,
        },
    )
    _start(assessment, by)
    return assessment


@transaction.atomic
def try_again(*, assessment: Assessment, by: Actor) -> None:
    """Compute an assessment whose job failed once more; nothing happens to any other."""
    if assessment.is_failed:
        _start(assessment, by)


def _start(assessment: Assessment, by: Actor) -> None:
    assessment.job = start_job(kind=COMPUTE, about=assessment.public_id, by=by.public_id)
    assessment.save(update_fields=["job"])
