"""What the lower floors know of the person who looks: nothing but these."""

from datetime import date
from typing import Protocol

# Stands in the journal for whoever runs commands on the server itself.
OPERATOR_ID = "operator"


class Viewer(Protocol):
    """A signed-in person, as journal and shared see it; `people.models.Person` is one."""

    public_id: str

    def holds(self, *roles: str, on: date) -> bool:
        """Say whether one of these roles is held on that day, over anything."""
        ...

    def public_ids_of_trees(self, *roles: str, on: date) -> set[str] | None:
        """The trees over which one of these roles is held as a whole; None stands for all."""
        ...
