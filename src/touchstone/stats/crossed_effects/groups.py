"""Names of groups, which may be interactions of columns."""

from collections.abc import Sequence

# Between the columns of an interaction: each pair of their levels is a level.
BESIDE = ":"


def parts_of_group(group: str, known: Sequence[str]) -> list[str]:
    """Give the columns that a group is made of: itself, when there is a column of that name.

    >>> parts_of_group("service:dept", ["service", "dept"])
    ['service', 'dept']
    """
    return [group] if group in known else group.split(BESIDE)
