"""The only clock of the web side; tests set it by replacing these two functions' source."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The moment, in UTC."""
    return timezone.now()


def today() -> date:
    """The day, where the installation is."""
    return timezone.localdate(now())
