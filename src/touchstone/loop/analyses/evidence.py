"""What an analysis is made of."""

from typing import NamedTuple

from touchstone.base.outcomes import Withheld
from touchstone.stats.designs import Design
from touchstone.tallies.tables import Snapshot


class Evidence(NamedTuple):
    """Frozen rows, how they were drawn, and what messages call them.

    `named` are columns that name organisations, which may be told; None: all columns may, as in
    an analyst's own file. `of_people` says that each row is about a person, or is one's answer, so
    that no figure may be of one row.
    """

    snapshot: Snapshot
    where: str = "evidence"
    design: Design = Design()
    named: tuple[str, ...] | None = None
    of_people: bool = False

    def may_name(self, column: str) -> bool:
        """Say whether what a column names may be told; it may be people otherwise."""
        return self.named is None or column in self.named


def too_few_rows(smallest: int) -> Withheld:
    """Say that a figure would rest on fewer rows or people than the smallest group."""
    return Withheld("too_few_rows", (("smallest", str(smallest)),))
