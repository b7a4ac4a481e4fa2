"""Persons, the tree of units, remits and invitations."""

from datetime import date, datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from touchstone.content.texts import LANGUAGES
from touchstone_web.people.paths import PathField, step
from touchstone_web.shared.identifiers import PUBLIC_ID_LENGTH, new_public_id
from touchstone_web.shared.languages import LANGUAGE_NAMES
from touchstone_web.shared.roles import Role
from touchstone_web.shared.viewers import OPERATOR_ID


def public_id_field() -> models.CharField:
    """The identifier of a row in addresses and in the journal."""
    return models.CharField(
        max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False
    )


class PersonManager(BaseUserManager["Person"]):
    """Finds persons by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").strip().casefold())


class Person(AbstractBaseUser):
    """Somebody with an account, or invited to one. Signs in with the e-mail address."""

    public_id = public_id_field()
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(
        max_length=16, blank=True, choices=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
    )
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """Open, invited or closed."""
        if self.is_active:
            return "open"
        return "invited" if self.closed_at is None else "closed"

    def remits_on(self, day: date) -> models.QuerySet["Remit"]:
        """The remits that hold on a day."""
        return self.remits.filter(holds_on(day))

    def holds(self, *roles: str, on: date) -> bool:
        """Say whether one of these roles is held on that day, over anything."""
        return self.remits_on(on).filter(role__in=roles).exists()

    def public_ids_of_trees(self, *roles: str, on: date) -> set[str] | None:
        """The trees over which one of these roles is held as a whole; None stands for all."""
        held = self.remits_on(on).filter(role__in=roles, unit=None)
        found = set(held.values_list("tree__public_id", flat=True))
        return None if None in found else found


class Operator:
    """Whoever runs commands on the server itself, before or beside all accounts."""

    public_id = OPERATOR_ID
    pk = None

    def __str__(self) -> str:
        return self.public_id


OPERATOR = Operator()
Actor = Person | Operator


class Tree(models.Model):
    """One organisation tree; an installation may have several."""

    public_id = public_id_field()
    name = models.CharField(max_length=200)
    pack = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """What the paths of all its units start with."""
        return step(self.pk)


class Unit(models.Model):
    """A node of a tree. `identifier` is its own body's text for it, and stays through renames."""

    public_id = public_id_field()
    tree = models.ForeignKey(Tree, on_delete=models.PROTECT, related_name="units")
    number = models.PositiveIntegerField()
    identifier = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    level = models.CharField(max_length=100)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = PathField(unique=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tree", "identifier"], name="unit_identifier_once"),
            models.UniqueConstraint(fields=["tree", "number"], name="unit_number_once"),
        ]
        indexes = [
            models.Index(fields=["tree", "level", "name"], name="unit_by_level"),
            models.Index(fields=["parent", "name"], name="unit_by_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """How many units stand above it."""
        return self.path.count("/") - 2


class Remit(models.Model):
    """A role over a subtree, a whole tree or everything, from one day to another, both included.

    Ending one takes effect at once, whatever its last day is.
    """

    public_id = public_id_field()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="remits")
    role = models.CharField(max_length=20, choices=Role)
    tree = models.ForeignKey(Tree, on_delete=models.PROTECT, null=True, related_name="remits")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="remits")
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="remit_fits_its_role",
                condition=(
                    Q(role=Role.ADMINISTRATOR, tree=None, unit=None)
                    | Q(role=Role.AUDITOR, unit=None)
                    | Q(role=Role.ANALYST, tree__isnull=False, unit=None)
                    | Q(role=Role.HEAD, tree__isnull=False, unit__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="remit_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.public_id}"

    @property
    def role_key(self) -> str:
        """Key of the text for its role."""
        return f"role.{self.role}"

    def state_on(self, day: date) -> str:
        """Holds, coming, over or ended."""
        if self.ended_at is not None:
            return "ended"
        if day < self.begins_on:
            return "coming"
        return "over" if self.ends_on is not None and self.ends_on < day else "holds"


def holds_on(day: date) -> Q:
    """The condition of a remit that holds on a day."""
    return Q(begins_on__lte=day, ended_at=None) & (Q(ends_on=None) | Q(ends_on__gte=day))


class Invitation(models.Model):
    """A link that works once and opens an account; the link itself is never stored."""

    public_id = public_id_field()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.public_id

    def is_open(self, moment: datetime) -> bool:
        """Say whether its link still works."""
        return self.accepted_at is None and self.withdrawn_at is None and moment < self.expires_at
