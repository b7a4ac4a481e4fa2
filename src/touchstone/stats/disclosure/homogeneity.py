"""Groups whose members all answered alike: a figure of such a group tells what each one said."""

from collections.abc import Iterable


def are_alike(counts: Iterable[int]) -> bool:
    """Say whether all members of a group chose the same option, or all but one.

    `counts` are how many chose each option. Who is the one, or knows it, knows all the others;
    of such a group only a band is told.

    >>> are_alike([13, 1]), are_alike([12, 2])
    (True, False)
    """
    found = list(counts)
    return sum(found) - max(found, default=0) <= 1
