"""Addresses of the organisation tree."""

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.support.addresses import Address
from tests.support.casts import LONG_AGO
from tests.support.evidence import UNITS

from touchstone_web.units.commands import receive_tree_file
from touchstone_web.units.models import TreeUpload

IN_TREE = "alice bob carol erin"


def tree(cast):
    return {"public_id": cast.tree.public_id}


def district_of_bob(cast):
    return {"public_id": cast.units["D1"].public_id}


def an_upload_of_alice(cast):
    upload = TreeUpload.objects.create(
        tree=cast.tree,
        source_name="units.csv",
        source_size=1,
        source_hash="0" * 64,
        uploaded_by=cast.alice,
        uploaded_at=LONG_AGO,
        expires_at=LONG_AGO,
        state=TreeUpload.State.REFUSED,
        findings={"faults": [], "total": 0},
    )
    return {"public_id": upload.public_id}


def a_checked_upload_of_alice(cast):
    file = SimpleUploadedFile("units.csv", UNITS.encode())
    return {"public_id": receive_tree_file(file=file, by=cast.alice, tree=cast.tree).public_id}


ADDRESSES = [
    Address("units", sees=f"{IN_TREE} frank"),
    Address("tree", sees=IN_TREE, make=tree),
    Address("unit", sees=IN_TREE, make=district_of_bob),
    Address("import_units", sees="alice carol frank"),
    Address("tree_upload", sees="alice", make=an_upload_of_alice),
    Address("tree_upload_progress", sees="alice", make=a_checked_upload_of_alice),
    Address("accept_tree_upload", sees="alice", make=an_upload_of_alice, method="post"),
    Address("drop_tree_upload", sees="alice", make=an_upload_of_alice, method="post"),
]
