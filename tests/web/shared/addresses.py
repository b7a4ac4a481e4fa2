"""Addresses that all parts share."""

from tests.support.addresses import EVERYONE, Address
from tests.support.casts import LONG_AGO

from touchstone_web.shared.models import JobRun


def a_job_of_alice(cast):
    run = JobRun.objects.create(
        kind="some.job", about="x", started_by=cast.alice.public_id, created_at=LONG_AGO
    )
    return {"public_id": run.public_id}


ADDRESSES = [
    Address("alive", sees=EVERYONE, is_public=True),
    Address("job_progress", sees="alice", make=a_job_of_alice),
]
