"""The roles there are. What each may do stands in `docs/reference/roles.md`."""

from django.db import models


class Role(models.TextChoices):
    """What a remit allows."""

    ADMINISTRATOR = "administrator"
    ANALYST = "analyst"
    HEAD = "head"
    AUDITOR = "auditor"


ALL_ROLES = tuple(Role)
SEES_FIGURES = (Role.ANALYST, Role.HEAD, Role.AUDITOR)
READS_JOURNAL = (Role.ADMINISTRATOR, Role.AUDITOR)
