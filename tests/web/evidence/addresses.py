"""Addresses of evidence."""

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.support.addresses import Address
from tests.support.casts import LONG_AGO
from tests.support.evidence import freeze_schools, schools_csv

from touchstone_web.evidence.commands import Target, receive_evidence
from touchstone_web.evidence.models import Upload

SEES = "alice carol erin"


def a_snapshot(cast):
    return {"public_id": freeze_schools(cast.tree, by=cast.alice).snapshot.public_id}


def a_file_of_it(cast):
    return {**a_snapshot(cast), "ending": "csv"}


def an_upload_of_alice(cast):
    upload = Upload.objects.create(
        pack="schools",
        dataset="schools",
        tree=cast.tree,
        units_from="file",
        title="Schools",
        source_name="schools.csv",
        source_size=1,
        source_hash="0" * 64,
        uploaded_by=cast.alice,
        uploaded_at=LONG_AGO,
        expires_at=LONG_AGO,
        state=Upload.State.REFUSED,
        findings={"faults": [], "total": 0},
    )
    return {"public_id": upload.public_id}


def a_checked_upload_of_alice(cast):
    upload = receive_evidence(
        file=SimpleUploadedFile("schools.csv", schools_csv()),
        pack="schools",
        dataset="schools",
        title="",
        target=Target(cast.tree),
        by=cast.alice,
    )
    return {"public_id": upload.public_id}


ADDRESSES = [
    Address("evidence", sees=f"{SEES} frank"),
    Address("import_evidence", sees="alice carol frank"),
    Address("upload", sees="alice", make=an_upload_of_alice),
    Address("upload_progress", sees="alice", make=a_checked_upload_of_alice),
    Address("freeze_upload", sees="alice", make=an_upload_of_alice, method="post"),
    Address("drop_upload", sees="alice", make=an_upload_of_alice, method="post"),
    Address("snapshot", sees=SEES, make=a_snapshot),
    # An administrator looks after accounts, and by that alone sees no figure.
    Address("download_snapshot", sees="alice erin", make=a_file_of_it),
]
