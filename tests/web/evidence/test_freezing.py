"""From a good file to a frozen snapshot."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from tests.support.evidence import (
    HEADS,
    ROWS,
    Sender,
    counts_of_everything,
    freeze_schools,
    row_with,
    schools_csv,
    workbook,
)

from touchstone.base.errors import TouchstoneError
from touchstone_web.evidence.commands import freeze_upload
from touchstone_web.evidence.files import evidence_file, read_snapshot
from touchstone_web.evidence.models import FrozenSnapshot, Upload
from touchstone_web.evidence.queries import snapshots_seen_by
from touchstone_web.journal.models import Entry
from touchstone_web.journal.queries import first_fault
from touchstone_web.people.models import Tree
from touchstone_web.shared import clocks
from touchstone_web.shared.uploads import upload_folder


def sent(sender, **options):
    """Send a good file; its page's address."""
    return sender.send(schools_csv(), **options).url


def test_a_good_file_is_shown_before_anything_is_kept(sender):
    """Rows, columns, what is left out, the units that would be new, and the hash."""
    before = counts_of_everything()
    heads = HEADS + ",remark"
    page = sender.outcome(schools_csv(*(row + ",x" for row in ROWS), heads=heads))
    assert page.templates[0].name == "evidence/preview.html"
    found = page.context["found"]
    assert (found["rows"], found["ignored"]) == (3, ["remark"])
    assert found["content_hash"] in page.content.decode()
    assert page.context["changes"].counts()["added"] == 5
    assert counts_of_everything() == before


def test_freezing_keeps_rows_units_and_one_entry(sender, cast):
    """One transaction: the snapshot, the units of the tree, the words of the journal."""
    sender.client.post(f"{sent(sender)}/freeze")
    frozen = FrozenSnapshot.objects.get()
    assert (frozen.rows, frozen.title, frozen.frozen_by) == (3, "schools", cast.alice)
    assert read_snapshot(frozen).rows.num_rows == 3
    school = cast.tree.units.get(identifier="01611190130229")
    assert school.path.startswith(cast.tree.units.get(identifier="0161119").path)
    entry = Entry.objects.get(kind="evidence.frozen")
    details = json.loads(entry.payload.details)
    assert entry.payload.about == frozen.public_id
    assert details["content_hash"] == frozen.content_hash
    assert details["tree"] == cast.tree.public_id
    assert first_fault() is None


def test_freezing_twice_is_freezing_once(sender):
    """A second click finds what the first one made."""
    address = sent(sender)
    first, second = (sender.client.post(f"{address}/freeze").url for _ in range(2))
    assert first == second
    assert FrozenSnapshot.objects.count() == 1
    assert Entry.objects.filter(kind="evidence.frozen").count() == 1


def test_equal_content_gives_the_same_snapshot(sender):
    """Another format and another order of rows are the same evidence, and the page says so."""
    first = sender.client.post(f"{sent(sender)}/freeze").url
    lines = [HEADS.split(","), *(row.split(",") for row in reversed(ROWS))]
    address = sender.send(workbook(*lines), name="schools.xlsx").url
    assert sender.client.get(address).context["same"].public_id in first
    again = sender.client.post(f"{address}/freeze", follow=True)
    assert again.redirect_chain[0][0] == first
    assert "frozen before" in again.content.decode()
    assert FrozenSnapshot.objects.count() == 1


def test_an_administrator_freezes_for_a_new_tree(cast, client_of, read_here):
    """The tree comes to be with the evidence, not before."""
    carol = Sender(client_of(cast.carol))
    trees = Tree.objects.count()
    address = carol.send(schools_csv()).url
    assert carol.client.get(address).status_code == 200
    assert Tree.objects.count() == trees
    carol.client.post(f"{address}/freeze")
    tree = Tree.objects.get(name="California")
    assert (tree.pack, tree.units.count()) == ("schools", 5)


def test_a_file_held_against_the_tree_changes_no_unit(sender, cast):
    """Known units are enough; another name in the file is not taken over."""
    freeze_schools(cast.tree)
    content = schools_csv(row_with(sname="Renamed High", api00="732"))
    address = sender.send(content, units_from="tree").url
    sender.client.post(f"{address}/freeze")
    assert FrozenSnapshot.objects.count() == 2
    assert cast.tree.units.get(identifier="01611190130229").name == "Alameda High"


def test_a_unit_that_left_the_tree_after_the_check_stops_the_freezing(sender, cast):
    """What the check saw must still hold when it is frozen."""
    freeze_schools(cast.tree)
    address = sender.send(schools_csv(row_with(api00="732")), units_from="tree").url
    cast.tree.units.filter(identifier="01611190130229").update(closed_on=clocks.today())
    sender.client.post(f"{address}/freeze")
    assert FrozenSnapshot.objects.count() == 1


def test_a_file_changed_after_its_check_is_not_frozen(sender, cast):
    """The frozen bytes are those that were checked, or nothing is frozen."""
    sender.send(schools_csv())
    upload = Upload.objects.get()
    (upload_folder() / f"{upload.public_id}.parquet").write_bytes(b"something else")
    with pytest.raises(TouchstoneError) as caught:
        freeze_upload(upload=upload, by=cast.alice)
    assert caught.value.code == "UPLOAD-07"
    assert not FrozenSnapshot.objects.exists()


def test_a_refused_file_cannot_be_frozen(sender, cast):
    """The button is not there, and its address does nothing."""
    sender.send(schools_csv(row_with(growth="four")))
    with pytest.raises(TouchstoneError) as caught:
        freeze_upload(upload=Upload.objects.get(), by=cast.alice)
    assert caught.value.code == "UPLOAD-06"


def test_nothing_is_kept_when_the_journal_cannot_be_written(sender, cast, monkeypatch):
    """Rows, units and entry stand together or not at all."""
    sender.send(schools_csv())
    before = counts_of_everything()

    def fail(**words):
        raise RuntimeError("no journal")

    monkeypatch.setattr("touchstone_web.evidence.commands.record", fail)
    with pytest.raises(RuntimeError):
        freeze_upload(upload=Upload.objects.get(), by=cast.alice)
    assert counts_of_everything() == before
    assert Upload.objects.get().state == Upload.State.READY


def test_a_changed_file_of_evidence_is_found_out_when_it_is_read(cast):
    """Reading computes the hash again."""
    frozen = freeze_schools(cast.tree).snapshot
    other = freeze_schools(cast.tree, content=schools_csv(row_with(api00="732"))).snapshot
    content = evidence_file(other.content_hash).read_bytes()
    evidence_file(frozen.content_hash).write_bytes(content)
    with pytest.raises(TouchstoneError) as caught:
        read_snapshot(frozen)
    assert caught.value.code == "STORED-02"
    evidence_file(frozen.content_hash).unlink()
    with pytest.raises(TouchstoneError) as caught:
        read_snapshot(frozen)
    assert caught.value.code == "STORED-01"


def test_frozen_files_are_for_the_server_alone(cast):
    """No other account of the machine reads them, and no half-written one is left."""
    frozen = freeze_schools(cast.tree).snapshot
    path = evidence_file(frozen.content_hash)
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_snapshots_are_seen_over_whole_trees_only(cast):
    """A head of a district and a foreigner see no evidence of the tree."""
    freeze_schools(cast.tree)
    today = clocks.today()
    seeing = [
        name
        for name, person in cast.persons().items()
        if snapshots_seen_by(person, on=today).exists()
    ]
    assert seeing == ["alice", "carol", "erin"]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_time_freeze_once(sender, cast):
    """Whoever comes second waits, and gets the snapshot of the first."""
    sender.send(schools_csv())
    upload, start = Upload.objects.get(), Barrier(2)

    def click(_):
        start.wait()
        try:
            return freeze_upload(upload=upload, by=cast.alice)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as clicks:
        first, second = clicks.map(click, range(2))
    assert first.snapshot == second.snapshot
    assert sorted([first.is_new, second.is_new]) == [False, True]
    assert FrozenSnapshot.objects.count() == 1
    assert Entry.objects.filter(kind="evidence.frozen").count() == 1
