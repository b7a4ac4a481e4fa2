"""Accounts: by invitation, by a link that works once; passwords; sign-in that slows guessing."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.support.casts import PASSWORD

from touchstone.base.errors import TouchstoneError
from touchstone_web.journal.models import Entry
from touchstone_web.journal.queries import first_fault
from touchstone_web.people import commands
from touchstone_web.people.models import OPERATOR, Invitation, Person
from touchstone_web.people.queries import invitation_link
from touchstone_web.shared import clocks

ADDRESS = "gina@touchstone.example"
NEW_PASSWORD = "another horse another battery"


def kinds():
    return list(Entry.objects.order_by("height").values_list("kind", flat=True))


def path_of(link: str) -> str:
    return re.search(r"https?://[^/]+(/\S+)", link)[1]


@pytest.fixture
def invited(cast):
    return commands.invite_person(email=ADDRESS, name="Gina", language="zh-hant", by=cast.carol)


@pytest.fixture
def accept(client):
    def send(invitation, **changes):
        chosen = {"name": "Gina", "password": NEW_PASSWORD, "again": NEW_PASSWORD, **changes}
        return client.post(path_of(invitation_link(invitation)), chosen)

    return send


def test_a_fresh_installation_has_no_account(db):
    """There is no default account, and nobody can sign in."""
    assert not Person.objects.exists()


def test_an_invitation_is_mailed_in_the_persons_language(invited):
    """The mail speaks the language that was chosen and leads to the configured origin."""
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    assert "使用邀請" in letter.subject
    assert invitation_link(invited) in letter.body
    assert kinds() == ["person.invited"]


def test_an_invited_person_cannot_sign_in_before_accepting(invited, client):
    """Until the link is used there is no password at all."""
    client.post("/sign-in", {"username": ADDRESS, "password": ""})
    assert client.get("/account").status_code == 302
    assert not Person.objects.get(email=ADDRESS).has_usable_password()


def test_an_invitation_opens_the_account(invited, accept, client):
    """The person chooses name and password and is signed in."""
    assert accept(invited, name="Gina G.").url == "/account"
    person = Person.objects.get(email=ADDRESS)
    assert (person.name, person.state) == ("Gina G.", "open")
    assert client.get("/account").status_code == 200
    assert kinds() == ["person.invited", "person.joined"]
    assert first_fault() is None


def test_an_invitation_works_once(invited, accept, client):
    """The second use of a link finds nothing, even in the next browser."""
    accept(invited)
    client.logout()
    assert accept(invited, password="x" * 20, again="x" * 20).status_code == 404
    assert Person.objects.get(email=ADDRESS).check_password(NEW_PASSWORD)


def test_an_invitation_is_accepted_once_when_two_come_at_the_same_time(invited):
    """The command itself looks again, so that a page opened twice does not help."""
    commands.accept_invitation(invitation=invited, name="Gina", password=NEW_PASSWORD)
    with pytest.raises(TouchstoneError) as fault:
        commands.accept_invitation(invitation=invited, name="Gina", password=PASSWORD)
    assert fault.value.code == "PEOPLE-02"


def test_an_invitation_ends(invited, accept):
    """After its days the link is dead."""
    Invitation.objects.update(expires_at=clocks.now() - timedelta(seconds=1))
    assert accept(invited).status_code == 404


def test_a_new_invitation_ends_the_old_one(cast, invited, accept):
    """A lost link is replaced, not doubled."""
    again = commands.invite_person(email=ADDRESS.upper(), name="Gina", by=cast.carol)
    assert again.person == invited.person
    assert accept(invited).status_code == 404
    assert accept(again).status_code == 302


@pytest.mark.parametrize("change", ["id", "signature", "other salt"])
def test_a_forged_invitation_leads_nowhere(cast, invited, client, change):
    """Neither a made-up identifier, nor another's signature, nor one made for something else."""
    other = commands.invite_person(email="h@touchstone.example", name="H", by=cast.carol)
    _, _, public_id, signature = path_of(invitation_link(invited)).split("/")
    forged = {
        "id": ("0" * 32, signature),
        "signature": (public_id, path_of(invitation_link(other)).split("/")[-1]),
        "other salt": (public_id, signature[:-2] + "xx"),
    }[change]
    assert client.get("/invitations/{}/{}".format(*forged)).status_code == 404


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012345", ADDRESS])
def test_a_weak_password_is_refused(invited, accept, password):
    """Length, common passwords, digits only, one's own address: the form says why."""
    response = accept(invited, password=password, again=password)
    assert response.status_code == 422
    assert response.context["form"].errors["password"]
    assert Invitation.objects.get().accepted_at is None


def test_a_weak_password_is_refused_by_the_command_too(invited):
    """The rule holds without the form."""
    with pytest.raises(ValidationError):
        commands.accept_invitation(invitation=invited, name="Gina", password="short")
    assert kinds() == ["person.invited"]


def test_two_passwords_must_be_the_same(invited, accept):
    """A slip of the finger is found at once."""
    assert accept(invited, again="something else altogether").status_code == 422


def test_an_address_has_one_account_whatever_its_case(cast):
    """ALICE@ is alice@."""
    with pytest.raises(TouchstoneError) as fault:
        commands.invite_person(email="ALICE@touchstone.example", name="A", by=cast.carol)
    assert fault.value.code == "PEOPLE-01"
    with pytest.raises(TouchstoneError) as fault:
        commands.open_account(
            email="Alice@Touchstone.example", name="A", password=NEW_PASSWORD, by=OPERATOR
        )
    assert fault.value.code == "PEOPLE-01"


@pytest.mark.parametrize("spelling", ["alice@touchstone.example", " Alice@Touchstone.EXAMPLE"])
def test_a_person_signs_in_and_out(cast, client, spelling):
    """Case and spaces of the address do not matter; those of the password do."""
    client.post("/sign-in", {"username": spelling, "password": PASSWORD})
    assert client.get("/account").status_code == 200
    client.post("/sign-out")
    assert client.get("/account").status_code == 302


def test_a_sign_in_leads_to_no_other_site(cast, client):
    """`next` is taken for addresses of this server only."""
    sent = {"username": cast.alice.email, "password": PASSWORD, "next": "https://evil.example"}
    assert client.post("/sign-in", sent).url == "/"


def test_a_wrong_password_says_nothing_about_the_account(cast, client):
    """The answer is the same whether the account is there or not."""
    pages = [
        client.post("/sign-in", {"username": address, "password": "wrong"})
        for address in (cast.alice.email, "nobody@touchstone.example")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    errors = [page.context["form"].non_field_errors() for page in pages]
    assert errors[0] == errors[1]


def test_sign_in_pauses_after_wrong_passwords_in_any_spelling(cast, client, settings):
    """Another case of the address gives no new tries, and the right password waits too."""
    for number in range(settings.AXES_FAILURE_LIMIT):
        address = cast.alice.email.upper() if number % 2 else cast.alice.email
        response = client.post("/sign-in", {"username": address, "password": f"wrong{number}"})
    assert response.status_code == 429
    sent = {"username": cast.alice.email, "password": PASSWORD}
    assert client.post("/sign-in", sent).status_code == 429
    assert client.get("/account").status_code == 302


def test_a_pause_does_not_lock_others_out(cast, client, settings):
    """Neither another account from there, nor the same account from elsewhere."""
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post("/sign-in", {"username": cast.alice.email, "password": "wrong"})
    sent = {"username": cast.bob.email, "password": PASSWORD}
    assert client.post("/sign-in", sent).status_code == 302
    sent = {"username": cast.alice.email, "password": PASSWORD}
    assert client.post("/sign-in", sent, REMOTE_ADDR="10.9.8.7").status_code == 302


def test_a_right_password_forgets_the_wrong_ones(cast, client, settings):
    """Slips of the finger do not add up over the weeks."""
    for _ in range(3):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            client.post("/sign-in", {"username": cast.alice.email, "password": "wrong"})
        sent = {"username": cast.alice.email, "password": PASSWORD}
        assert client.post("/sign-in", sent).status_code == 302
        client.post("/sign-out")


@pytest.fixture
def reset_link(cast, client):
    client.post("/password", {"email": cast.alice.email.upper()})
    return path_of(mail.outbox[-1].body)


def test_a_reset_link_gives_a_new_password_once(cast, client, reset_link):
    """The token leaves the address before the form is shown, and works once."""
    form = client.get(reset_link, follow=True)
    place = form.redirect_chain[-1][0]
    assert reset_link.rpartition("/")[2] not in place
    response = client.post(place, {"password": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert response.url == "/sign-in"
    cast.alice.refresh_from_db()
    assert cast.alice.check_password(NEW_PASSWORD)
    assert "does not work any more" in client.get(reset_link, follow=True).content.decode()
    assert kinds() == ["person.password_changed"]


def test_a_reset_link_is_made_from_the_origin_and_never_from_the_host(cast, client, settings):
    """A spoofed Host or X-Forwarded-Host does not get into the mail."""
    settings.TOUCHSTONE_ORIGIN = "https://touchstone.example"
    settings.ALLOWED_HOSTS = ["*"]
    client.post(
        "/password",
        {"email": cast.alice.email},
        headers={"host": "evil.example", "x-forwarded-host": "evil.example"},
    )
    assert "https://touchstone.example/password/" in mail.outbox[-1].body
    assert "evil" not in mail.outbox[-1].body


def test_a_reset_answers_the_same_whether_there_is_an_account(cast, client, invited):
    """No mail goes to strangers, closed accounts or those who never joined; the page is equal."""
    commands.close_account(person=cast.dan, by=cast.carol)
    mail.outbox.clear()
    addresses = [cast.alice.email, "nobody@touchstone.example", cast.dan.email, ADDRESS]
    pages = [client.post("/password", {"email": address}).content for address in addresses]
    assert len({re.sub(rb'(value|content)="[^"]{60,}"', b"", page) for page in pages}) == 1
    assert [letter.to for letter in mail.outbox] == [[cast.alice.email]]


def test_a_reset_link_of_another_person_is_refused(cast, client, reset_link):
    """The token belongs to one account and its present password."""
    bobs = client.post("/password", {"email": cast.bob.email}) and path_of(mail.outbox[-1].body)
    mixed = f"{bobs.rpartition('/')[0]}/{reset_link.rpartition('/')[2]}"
    assert "does not work any more" in client.get(mixed, follow=True).content.decode()


def test_a_changed_password_ends_all_other_sessions(cast, client_of):
    """The browser in which it was changed stays signed in."""
    here, elsewhere = client_of(cast.alice), client_of(cast.alice)
    sent = {"old": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert here.post("/account/password", sent).url == "/account"
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_a_password_is_changed_only_by_who_knows_it(cast, client_of):
    """An unattended browser is not enough."""
    sent = {"old": "wrong", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert client_of(cast.alice).post("/account/password", sent).status_code == 422
    cast.alice.refresh_from_db()
    assert cast.alice.check_password(PASSWORD)


def test_a_closed_account_is_shut_at_once(cast, client_of, client):
    """Open sessions end, remits end, sign-in fails; the person's deeds stay in the journal."""
    bob = client_of(cast.bob)
    commands.close_account(person=cast.bob, by=cast.carol)
    assert bob.get("/account").status_code == 302
    sent = {"username": cast.bob.email, "password": PASSWORD}
    assert client.post("/sign-in", sent).status_code == 422
    assert not cast.bob.remits_on(timezone.localdate()).exists()
    assert kinds() == ["person.account_closed"]


def test_an_invitation_link_is_stored_nowhere(invited):
    """Rows and queue hold identifiers; the signature is made from the secret key."""
    signature = invitation_link(invited).rpartition("/")[2]
    row = Invitation.objects.values().get()
    assert not any(signature in str(value) for value in row.values())


def test_public_identifiers_are_long_and_random(cast):
    """128 bits, of which no two share a pattern: there is nothing to count on."""
    found = [person.public_id for person in Person.objects.all()]
    assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in found)
    assert len({each[:8] for each in found}) == len(found)
