"""Mail about accounts, sent by the worker, so that no page waits for a mail server.

The queue holds identifiers, never a link: links are made when the mail is.
"""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_tasks import task

from touchstone.reports.words import Words
from touchstone_web.people.models import Invitation, Person
from touchstone_web.people.queries import invitation_link
from touchstone_web.shared import clocks
from touchstone_web.shared.languages import words_for


@task()
def send_invitation(public_id: str) -> None:
    """Mail the link of an invitation, if it still works."""
    invitation = Invitation.objects.select_related("person").get(public_id=public_id)
    if invitation.is_open(clocks.now()):
        link = invitation_link(invitation)
        _send("invitation", invitation.person, link=link, days=settings.TOUCHSTONE_INVITATION_DAYS)


@task()
def send_reset_link(email: str) -> None:
    """Mail a link to choose a new password to an address, if it has an account.

    It is queued for every address that is asked for, so that the page answers as fast for one
    without an account.
    """
    person = Person.objects.filter(email=email.strip().casefold(), is_active=True).first()
    if person is not None and person.joined_at is not None:
        who = urlsafe_base64_encode(force_bytes(person.pk))
        token = default_token_generator.make_token(person)
        hours = settings.PASSWORD_RESET_TIMEOUT // 3600
        _send(
            "reset",
            person,
            link=f"{settings.TOUCHSTONE_ORIGIN}/password/{who}/{token}",
            hours=hours,
        )


def _send(message: str, person: Person, **gaps: object) -> None:
    words: Words = words_for(person.language or settings.LANGUAGE_CODE)
    send_mail(
        words.text(f"mail.{message}.subject"),
        words.text(f"mail.{message}.body", name=person.name, **gaps),
        None,
        [person.email],
    )
