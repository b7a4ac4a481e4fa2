"""Paths of units: texts such that a subtree is all that starts with its root's path."""

from typing import Any

from django.db import models
from django.db.models.lookups import StartsWith

# One above "/", so that the paths under "3/1a/" lie between "3/1a/" and "3/1a0".
AFTER_SLASH = "0"


class PathField(models.CharField):
    """Numbers in hexadecimal digits, each followed by a slash: `3/1/a7/`.

    The first is the tree's number, each other one that of a unit within its tree.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 255)
        super().__init__(*args, **kwargs)


@PathField.register_lookup
class StartsWithPath(StartsWith):
    """`path__startswith` by the index on both databases.

    PostgreSQL has an index for LIKE with each unique text column. SQLite's LIKE knows no case and
    so cannot use one; there the question is put as a range.
    """

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        if not self.rhs_is_direct_value() or not str(self.rhs).endswith("/"):
            return self.as_sql(compiler, connection)
        column, parameters = self.process_lhs(compiler, connection)
        first = str(self.rhs)
        end = first[:-1] + AFTER_SLASH
        return f"({column} >= %s AND {column} < %s)", [*parameters, first, *parameters, end]


def step(number: int) -> str:
    """One part of a path."""
    return f"{number:x}/"
