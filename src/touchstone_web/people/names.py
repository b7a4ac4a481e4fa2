"""Names of persons, trees and units in the journal."""

from collections.abc import Collection
from datetime import date

from django.urls import reverse

from touchstone_web.people.models import Person, Tree, Unit
from touchstone_web.shared.names import Named, naming
from touchstone_web.shared.roles import Role
from touchstone_web.shared.viewers import Viewer


@naming
def name_persons(ids: Collection[str], seen_by: Viewer, on: date) -> dict[str, Named]:
    """Persons, with their page for administrators."""
    is_administrator = seen_by.holds(Role.ADMINISTRATOR, on=on)
    found = Person.objects.filter(public_id__in=ids).values_list("public_id", "name")
    return {
        public_id: Named(name, reverse("person", args=[public_id]) if is_administrator else "")
        for public_id, name in found
    }


@naming
def name_trees(ids: Collection[str], seen_by: Viewer, on: date) -> dict[str, Named]:
    """Trees."""
    found = Tree.objects.filter(public_id__in=ids).values_list("public_id", "name")
    return {public_id: Named(name) for public_id, name in found}


@naming
def name_units(ids: Collection[str], seen_by: Viewer, on: date) -> dict[str, Named]:
    """Units."""
    found = Unit.objects.filter(public_id__in=ids).values_list("public_id", "name")
    return {public_id: Named(name) for public_id, name in found}
