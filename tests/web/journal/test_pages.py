"""The pages of the journal: who reads what, names, filter, proof."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from tests.support.casts import LONG_AGO, grant

from touchstone_web.journal.commands import erase_payload, record
from touchstone_web.shared.roles import Role


@pytest.fixture
def written(cast):
    """One entry of each tree and one of neither."""
    with transaction.atomic():
        for tree in (cast.tree, cast.other_tree):
            record(
                kind="tree.imported",
                about=tree.public_id,
                by=cast.alice.public_id,
                at=LONG_AGO,
                details={"tree": tree.public_id},
            )
        record(
            kind="person.invited", about=cast.dan.public_id, by=cast.carol.public_id, at=LONG_AGO
        )
    return cast


def heights(response):
    return [entry.height for entry in response.context["page"]]


def test_an_administrator_reads_all(written, client_of):
    """All entries, the newest first, with names instead of identifiers."""
    response = client_of(written.carol).get("/journal")
    assert heights(response) == [2, 1, 0]
    assert {"Riverland", "Hillland", "Alice", "Dan"} <= set(words_of(response))


def test_an_auditor_reads_what_concerns_the_tree(written, client_of):
    """Erin audits tree A: of the others she sees neither list nor page."""
    client = client_of(written.erin)
    response = client.get("/journal")
    assert heights(response) == [0]
    assert "Hillland" not in response.content.decode()
    assert [client.get(f"/journal/{height}").status_code for height in (0, 1, 2)] == [200, 404, 404]


def test_an_auditor_of_everything_reads_all(written, client_of):
    """An auditor without a tree checks the whole installation."""
    grant(written.dan, Role.AUDITOR)
    assert heights(client_of(written.dan).get("/journal")) == [2, 1, 0]


def test_entries_are_filtered_by_kind_and_identifier(written, client_of):
    """Both at once, and what is not found is said."""
    client = client_of(written.carol)
    assert heights(client.get("/journal", {"kind": "tree.imported"})) == [1, 0]
    assert heights(client.get("/journal", {"text": written.dan.public_id})) == [2]
    assert heights(client.get("/journal", {"kind": "tree.imported", "text": "' OR 1=1 --"})) == []
    assert heights(client.get("/journal", {"page": "nonsense"})) == [2, 1, 0]


def test_an_entry_shows_its_proof(written, client_of):
    """Leaf, hash, path and root: all that an outsider needs to check it."""
    response = client_of(written.carol).get("/journal/1")
    proof, page = response.context["proof"], response.content.decode()
    assert proof.holds
    assert proof.root_hex in page
    assert all(each in page for each in proof.path_hex)


def test_whoever_runs_the_server_is_named(written, client_of):
    """The operator has no account, and is no riddle to the reader."""
    erase_payload(height=1, reason="request", by="operator", at=LONG_AGO)
    assert "operator of the server" in client_of(written.carol).get("/journal").content.decode()


def test_an_erased_entry_says_so(written, client_of):
    """The list and the page name the tombstone, and no word of what was there."""
    erase_payload(height=2, reason="request of the person", by="operator", at=LONG_AGO)
    client = client_of(written.carol)
    assert "erased" in client.get("/journal").content.decode()
    page = client.get("/journal/2").content.decode()
    assert "entry 3 says by whom" in page
    assert written.dan.public_id not in page


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_a_hostile_name_is_shown_as_text(written, client_of, name):
    """Names come from people; the page shows them and runs nothing."""
    written.dan.name = name
    written.dan.save()
    page = client_of(written.carol).get("/journal").content.decode()
    assert name not in page
    assert "&lt;" in page


def test_the_list_takes_few_queries_however_long(written, client_of, django_assert_max_num_queries):
    """Names are looked up for the page as a whole."""
    client = client_of(written.carol)
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get("/journal")
    with transaction.atomic():
        for number in range(40):
            record(
                kind="unit.closed",
                about=written.units["S1"].public_id,
                by=written.bob.public_id,
                at=LONG_AGO,
                details={"number": number},
            )
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get("/journal")


def test_the_newest_entries_are_printed(written):
    """`touchstone journal show`: one a line, as text or with all that a checker needs."""
    said = StringIO()
    call_command("show_journal", last=2, stdout=said)
    assert [line.split()[0] for line in said.getvalue().splitlines()] == ["1", "2"]
    said = StringIO()
    call_command("show_journal", json=True, stdout=said)
    shown = [json.loads(line) for line in said.getvalue().splitlines()]
    assert [each["height"] for each in shown] == [0, 1, 2]
    assert set(shown[0]) == {"height", "kind", "leaf", "leaf_hash", "payload", "salt"}


def words_of(response):
    return response.content.decode().replace(">", "> ").replace("<", " <").split()


MOST_QUERIES = 20
