"""Accounts: invite, join, change the password, close."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from touchstone.base.errors import TouchstoneError
from touchstone_web.journal.commands import record
from touchstone_web.people.commands.remits import keep_an_administrator
from touchstone_web.people.jobs import send_invitation
from touchstone_web.people.models import Actor, Invitation, Person
from touchstone_web.people.queries import person_with_email
from touchstone_web.shared import clocks


@transaction.atomic
def invite_person(*, email: str, name: str, by: Actor, language: str = "") -> Invitation:
    """Invite somebody to an account; the link goes out by mail.

    A person who was invited before and did not come gets a new link, and the old one ends.
    """
    moment = clocks.now()
    address = email.strip().casefold()
    person = person_with_email(address)
    if person is not None and person.joined_at is not None:
        raise TouchstoneError(
            "PEOPLE-01",
            where=f"the address {address}",
            found="there is an account with it already",
            remedy="Grant that person a remit, or ask for another address.",
        )
    if person is None:
        person = Person(email=address, name=name.strip(), language=language, is_active=False)
        person.set_unusable_password()
    person.closed_at = None
    person.save()
    person.invitations.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=moment)
    invitation = Invitation.objects.create(
        person=person,
        invited_by_id=by.pk,
        invited_at=moment,
        expires_at=moment + timedelta(days=settings.TOUCHSTONE_INVITATION_DAYS),
    )
    record(kind="person.invited", about=person.public_id, by=by.public_id, at=moment)
    send_invitation.enqueue(invitation.public_id)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, name: str, password: str) -> Person:
    """Open the account of an invited person, who chooses name and password."""
    moment = clocks.now()
    person = invitation.person
    person.name = name.strip()
    validate_password(password, person)
    still_open = Invitation.objects.filter(
        pk=invitation.pk, accepted_at=None, withdrawn_at=None, expires_at__gt=moment
    )
    if still_open.update(accepted_at=moment) != 1:
        raise TouchstoneError(
            "PEOPLE-02",
            where="this invitation",
            found="its link was used already, or has ended",
            remedy="Sign in, or ask an administrator for a new invitation.",
        )
    person.set_password(password)
    person.is_active = True
    person.joined_at = moment
    person.save(update_fields=["name", "password", "is_active", "joined_at"])
    record(kind="person.joined", about=person.public_id, by=person.public_id, at=moment)
    return person


@transaction.atomic
def open_account(*, email: str, name: str, password: str, by: Actor) -> Person:
    """Open an account at once, without an invitation: for whoever runs the server."""
    moment = clocks.now()
    person = Person(email=email.strip().casefold(), name=name.strip(), joined_at=moment)
    if person_with_email(person.email) is not None:
        raise TouchstoneError(
            "PEOPLE-01",
            where=f"the address {person.email}",
            found="there is an account with it already",
            remedy="Grant that person a remit, or ask for another address.",
        )
    validate_password(password, person)
    person.set_password(password)
    person.save()
    record(kind="person.joined", about=person.public_id, by=by.public_id, at=moment)
    return person


@transaction.atomic
def change_password(*, person: Person, password: str, by: Actor) -> None:
    """Give an account a new password; all its other sessions end."""
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    record(
        kind="person.password_changed",
        about=person.public_id,
        by=by.public_id,
        at=clocks.now(),
    )


@transaction.atomic
def close_account(*, person: Person, by: Actor) -> None:
    """Close an account: nobody signs in with it any more, and all its remits end."""
    moment = clocks.now()
    keep_an_administrator(person)
    person.is_active, person.closed_at = False, moment
    person.save(update_fields=["is_active", "closed_at"])
    person.remits.filter(ended_at=None).update(ended_at=moment)
    person.invitations.filter(accepted_at=None).update(withdrawn_at=moment)
    record(kind="person.account_closed", about=person.public_id, by=by.public_id, at=moment)


def choose_language(*, person: Person, language: str) -> None:
    """Keep the language a person wants to read; a habit, not an act, so not in the journal."""
    person.language = language
    person.save(update_fields=["language"])
