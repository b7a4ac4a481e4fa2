"""Remits: granted and ended by administrators, in force at once, each an entry of the journal."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from tests.support.casts import grant

from touchstone.base.errors import TouchstoneError
from touchstone_web.journal.models import Entry
from touchstone_web.people import commands
from touchstone_web.people.models import OPERATOR, Remit
from touchstone_web.people.queries import units_seen_by
from touchstone_web.shared import clocks
from touchstone_web.shared.roles import Role


def sent(**changes):
    day = clocks.today()
    return {"role": "analyst", "tree": "", "unit": "", "begins_on": day, "ends_on": "", **changes}


def test_an_administrator_grants_a_remit_in_the_pages(cast, client_of):
    """The remit holds at once, and the journal says who granted what over what."""
    client = client_of(cast.carol)
    form = sent(role="head", tree=cast.tree.public_id, unit="D2")
    response = client.post(f"/people/{cast.dan.public_id}/remits", form)
    assert response.url == f"/people/{cast.dan.public_id}"
    seen = units_seen_by(cast.dan, on=clocks.today()).values_list("identifier", flat=True)
    assert sorted(seen) == ["D2", "S3"]
    payload = Entry.objects.get(kind="remit.granted").payload
    assert (payload.about, payload.by) == (cast.dan.public_id, cast.carol.public_id)
    details = payload.words()["details"]
    assert details["unit"] == cast.units["D2"].public_id
    assert details["tree"] == cast.tree.public_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "emperor"}, "role"),
        ({"role": "head", "unit": "D1"}, "tree"),
        ({"role": "head", "tree": True, "unit": "NONE"}, "unit"),
        ({"role": "head", "tree": True, "unit": "X1"}, "unit"),
        ({"role": "head", "tree": True}, "__all__"),
        ({"role": "analyst"}, "__all__"),
        ({"role": "analyst", "tree": True, "unit": "D1"}, "__all__"),
        ({"role": "administrator", "tree": True}, "__all__"),
        ({"role": "auditor", "tree": True, "unit": "D1"}, "__all__"),
        ({"tree": "0" * 32}, "tree"),
        ({"begins_on": "yesterday"}, "begins_on"),
        ({"tree": True, "ends_on": "2020-01-01"}, "__all__"),
    ],
)
def test_a_remit_is_refused_when_it_does_not_fit(cast, client_of, changes, field):
    """The form comes back with the fault in its place, and nothing is stored."""
    if changes.get("tree") is True:
        changes = {**changes, "tree": cast.tree.public_id}
    before = Remit.objects.count()
    response = client_of(cast.carol).post(f"/people/{cast.dan.public_id}/remits", sent(**changes))
    assert response.status_code == 422
    assert response.context["form"].errors[field]
    assert Remit.objects.count() == before
    assert not Entry.objects.exists()


def test_a_remit_ends_at_once(cast, client_of):
    """The next request of the person finds nothing, in an open session too."""
    bob = client_of(cast.bob)
    assert units_seen_by(cast.bob, on=clocks.today()).exists()
    remit = cast.bob.remits.get()
    client_of(cast.carol).post(f"/remits/{remit.public_id}/end")
    assert not units_seen_by(cast.bob, on=clocks.today()).exists()
    assert bob.get("/journal").status_code == 404
    assert list(Entry.objects.values_list("kind", flat=True)) == ["remit.ended"]


def test_a_remit_ends_once(cast):
    """The second time is a fault, and no second entry."""
    remit = cast.bob.remits.get()
    commands.end_remit(remit=remit, by=cast.carol)
    with pytest.raises(TouchstoneError) as fault:
        commands.end_remit(remit=remit, by=cast.carol)
    assert fault.value.code == "REMIT-03"
    assert Entry.objects.count() == 1


def test_a_coming_remit_is_shown_and_gives_nothing_yet(cast, client_of):
    """The list says that it has not begun."""
    begins_on = clocks.today() + timedelta(days=5)
    commands.grant_remit(
        person=cast.dan, role=Role.ANALYST, tree=cast.tree, begins_on=begins_on, by=cast.carol
    )
    assert not units_seen_by(cast.dan, on=clocks.today()).exists()
    page = client_of(cast.carol).get(f"/people/{cast.dan.public_id}").content.decode()
    assert "not begun" in page


def test_the_last_administrator_stays(cast):
    """Otherwise nobody could open accounts or grant remits; with a second one it may end."""
    remit = cast.carol.remits.get()
    for change in (
        lambda: commands.end_remit(remit=remit, by=cast.carol),
        lambda: commands.close_account(person=cast.carol, by=cast.carol),
    ):
        with pytest.raises(TouchstoneError) as fault:
            change()
        assert fault.value.code == "REMIT-04"
    assert Remit.objects.get(pk=remit.pk).ended_at is None
    assert not Entry.objects.exists()
    grant(cast.dan, Role.ADMINISTRATOR)
    commands.end_remit(remit=remit, by=cast.dan)


def test_an_invited_administrator_who_never_joined_does_not_count(cast):
    """Somebody who cannot sign in can grant nothing."""
    invitation = commands.invite_person(email="g@touchstone.example", name="G", by=cast.carol)
    grant(invitation.person, Role.ADMINISTRATOR)
    with pytest.raises(TouchstoneError) as fault:
        commands.end_remit(remit=cast.carol.remits.get(), by=cast.carol)
    assert fault.value.code == "REMIT-04"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "analyst"},
        {"role": "head"},
        {"role": "emperor"},
        {"role": "auditor", "ends_on": date(2020, 1, 1)},
    ],
)
def test_the_database_itself_refuses_a_remit_that_does_not_fit(cast, wrong):
    """Not even a mistake in the program can store one."""
    given = {"begins_on": date(2026, 1, 1), "granted_at": clocks.now(), **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        Remit.objects.create(person=cast.dan, **given)


def test_a_person_sees_the_own_remits_and_what_is_held(cast, client_of):
    """The account page: name, address, remits, and the entries about oneself."""
    commands.end_remit(remit=cast.bob.remits.get(), by=cast.carol)
    page = client_of(cast.bob).get("/account").content.decode()
    for shown in (cast.bob.email, "Upper District (D1)", "ended on", "Remit ended", "Carol"):
        assert shown in page
    assert "/journal/0" not in page


def test_a_person_without_remit_is_told_whom_to_ask(cast, client_of):
    """Dan sees nothing, and knows what to do about it."""
    page = client_of(cast.dan).get("/account").content.decode()
    assert "You have no remit yet" in page


def test_the_menu_shows_what_the_person_may_use(cast, client_of):
    """No line leads to a page that says 404."""
    for person in cast.persons().values():
        client = client_of(person)
        menu = client.get("/account").context["menu"]
        assert [client.get(item.address).status_code for item in menu] == [200] * len(menu)


def test_people_are_found_by_name_or_address(cast, client_of):
    """Part of either, in any case; signs of the query language are plain text."""
    client = client_of(cast.carol)

    def found(text):
        return [person.name for person in client.get("/people", {"text": text}).context["page"]]

    assert found("ALI") == ["Alice"]
    assert found("bob@") == ["Bob"]
    assert found("%") == []
    assert len(found("")) == 6


def run(command, *arguments, **options):
    said = StringIO()
    call_command(command, *arguments, stdout=said, **options)
    return said.getvalue().strip()


def test_remits_are_granted_and_ended_on_the_command_line(cast):
    """The same commands as in the pages, done by the operator of the server."""
    remit = run(
        "grant_remit", cast.dan.email, "head", "--tree=Riverland", "--unit=D2", "--until=2030-12-31"
    )
    listed = run("list_remits", cast.dan.email)
    assert listed.startswith(f"{remit}  holds  head over D2")
    assert run("end_remit", remit) == "ended"
    assert "ended  head over D2" in run("list_remits", cast.dan.email)
    by = [entry.payload.by for entry in Entry.objects.order_by("height")]
    assert by == [OPERATOR.public_id] * 2


def test_a_first_administrator_is_invited_on_the_command_line(db, client):
    """How an empty installation begins: the link is printed, and opens everything."""
    link = run("invite", "root@touchstone.example", "--name=Root", "--administrator")
    password = "the first of all passwords"
    chosen = {"name": "Root", "password": password, "again": password}
    client.post(link.partition(":8000")[2], chosen)
    assert client.get("/people").status_code == 200


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("grant_remit", ["nobody@touchstone.example", "auditor"]),
        ("grant_remit", ["dan@touchstone.example", "analyst", "--tree=None"]),
        ("grant_remit", ["dan@touchstone.example", "head", "--tree=Riverland", "--unit=X1"]),
        ("grant_remit", ["dan@touchstone.example", "head", "--unit=D1"]),
        ("end_remit", ["0" * 32]),
        ("list_remits", ["nobody@touchstone.example"]),
    ],
)
def test_a_command_names_what_it_does_not_know(cast, command, arguments):
    """PEOPLE-03, which the command line turns into exit code 2."""
    with pytest.raises(TouchstoneError) as fault:
        run(command, *arguments)
    assert fault.value.code == "PEOPLE-03"


def test_the_demo_account_has_every_role_and_a_password_shown_once(cast):
    """The second start keeps account and password; on request there is another."""
    first = run("demo_account")
    assert "demo@touchstone.example" in first
    assert "was shown at the first start" in run("demo_account")
    remits = Remit.objects.filter(person__email="demo@touchstone.example")
    assert sorted(remits.values_list("role", flat=True)) == [
        "administrator",
        "analyst",
        "analyst",
        "auditor",
    ]
    assert run("demo_account", new_password=True) != first
