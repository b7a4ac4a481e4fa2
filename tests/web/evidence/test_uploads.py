"""Files on their way in: sizes, names, who may send, and when they go."""

import os
from datetime import timedelta

import pytest
from django.test import Client
from tests.support.evidence import Sender, schools_csv

from touchstone_web.evidence.commands import remove_expired_uploads
from touchstone_web.evidence.models import Upload
from touchstone_web.shared import clocks
from touchstone_web.shared.uploads import (
    MEBIBYTE,
    harmless_name,
    remove_forgotten_files,
    upload_folder,
)


class Unreadable:
    """A request body that must not be read."""

    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


def test_a_file_of_two_gigabytes_is_refused_without_being_read(cast, client_of):
    """The announced size decides; not one byte of the body is looked at."""
    response = client_of(cast.alice).generic(
        "POST",
        "/evidence/import",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 * 1024 * MEBIBYTE),
        **{"wsgi.input": Unreadable()},
    )
    assert response.status_code == 413
    assert "200 MiB" in response.content.decode()
    assert not Upload.objects.exists()


def test_a_file_above_the_limit_is_a_form_error(sender, settings):
    """A file a little too large comes through the gate and is refused by the form."""
    settings.TOUCHSTONE_LARGEST_UPLOAD = 1
    page = sender.send(b"a" * (MEBIBYTE + 1))
    assert page.status_code == 422
    assert page.context["form"].errors.as_data()["file"][0].code == "too_large"
    assert list(upload_folder().iterdir()) == []


def test_a_form_from_another_site_is_refused(cast):
    """The look at the size comes first, the forgery check still comes."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice, "django.contrib.auth.backends.ModelBackend")
    assert Sender(client, cast.tree).send(schools_csv()).status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\alice\\schools.csv", "schools.csv"),
        ("a\x00b\u202egnp.csv", "abgnp.csv"),
        ("", "file"),
        ("学校.csv", "学校.csv"),
    ],
)
def test_of_a_file_name_only_what_can_be_shown_is_kept(sent, kept):
    """No folder, no sign that cannot be seen or that turns the line round."""
    assert harmless_name(sent) == kept


def test_a_long_file_name_keeps_its_ending():
    """A cut name still tells what kind of file it was."""
    name = harmless_name("x" * 500 + ".parquet")
    assert len(name) == 120
    assert name.endswith("….parquet")


def test_a_file_is_stored_under_a_name_of_ours(sender):
    """The sender's name decides nothing about where a file stands."""
    sender.send(schools_csv(), name="../../outside.csv")
    upload = Upload.objects.get()
    assert upload.source_name == "outside.csv"
    stored = {path.name.partition(".")[0] for path in upload_folder().iterdir()}
    assert stored == {upload.public_id}


def test_an_upload_goes_when_nobody_decides_in_time(sender, monkeypatch):
    """After a day neither the row nor a file of it is left."""
    sender.send(schools_csv())
    later = clocks.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clocks, "now", lambda: later)
    assert remove_expired_uploads() == 1
    assert not Upload.objects.exists()
    assert list(upload_folder().iterdir()) == []


def test_a_file_that_no_row_knows_goes_too(touchstone_home):
    """A process that ended between file and row leaves nothing for ever."""
    young, old = upload_folder() / "young", upload_folder() / "old"
    young.write_bytes(b"1")
    old.write_bytes(b"2")
    long_ago = (clocks.now() - timedelta(days=4)).timestamp()
    os.utime(old, (long_ago, long_ago))
    assert remove_forgotten_files() == 1
    assert [path.name for path in upload_folder().iterdir()] == ["young"]


def test_a_head_sends_no_evidence(cast, client_of, read_here):
    """Only analysts of the whole tree and administrators import; for others nothing is there."""
    for person in (cast.bob, cast.dan, cast.erin):
        assert Sender(client_of(person), cast.tree).send(schools_csv()).status_code == 404
    assert not Upload.objects.exists()


def test_an_analyst_sends_no_evidence_for_a_foreign_tree(cast, client_of, read_here):
    """The form knows no tree outside the remit, and no new one."""
    frank = client_of(cast.frank)
    for tree in (cast.tree, None):
        page = Sender(frank, tree).send(schools_csv())
        assert page.status_code == 422
        assert "tree" in page.context["form"].errors
    assert not Upload.objects.exists()


def test_an_upload_ends_with_the_remit(sender, cast):
    """Whoever lost the remit after sending can no longer freeze."""
    address = sender.send(schools_csv()).url
    cast.alice.remits.update(ended_at=clocks.now())
    assert sender.client.get(address).status_code == 404
    assert sender.client.post(f"{address}/freeze").status_code == 404


def test_dropping_an_upload_leaves_nothing_of_it(sender, django_capture_on_commit_callbacks):
    """Thrown away is thrown away; the journal says that it was."""
    address = sender.send(schools_csv()).url
    with django_capture_on_commit_callbacks(execute=True):
        sender.client.post(f"{address}/drop")
    assert not Upload.objects.exists()
    assert list(upload_folder().iterdir()) == []
