"""Checks of quotas: a policy that somebody asked for, and that never makes anyone the last."""

from collections.abc import Iterator, Sequence

from touchstone.base.errors import TouchstoneError
from touchstone.content.names import check_name, doubled, name_like
from touchstone.content.schemes import Quota, Scheme


def check_quotas(scheme: Scheme, *, where: str) -> Iterator[TouchstoneError]:
    """Find what contradicts itself in a scheme's quotas, and what no quota may do.

    A quota bears on the top grades alone, and whoever is beyond it keeps a grade above the lowest:
    no scheme may force units to be the last.
    """
    grades = [band.id for band in scheme.grades]
    for number, quota in enumerate(scheme.quotas, start=1):
        place = f"{where}, 'quotas' no. {number} ('{quota.id}')"
        yield from check_name(quota.id, where=place)
        for found, remedy in _contradictions(quota, grades):
            yield TouchstoneError("SCHEME-45", where=place, found=found, remedy=remedy)
        if grades and quota.grades and _forces_the_lowest(quota, grades):
            yield TouchstoneError(
                "SCHEME-46",
                where=f"{place}, 'grades'",
                found="whoever is beyond this quota would be forced into the lowest grade "
                f"'{grades[0]}'",
                remedy="Leave at least one grade between the quota and the lowest, or take the "
                "quota out: nobody is made the last by a number.",
            )
        if not quota.citation.strip():
            yield TouchstoneError(
                "SCHEME-47",
                where=f"{place}, 'citation'",
                found="nothing says which law or rule asks for the quota",
                remedy="Name the law, rule or decision, or take the quota out.",
            )


def _contradictions(quota: Quota, grades: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not 0 < quota.share < 1:
        yield f"'share' is {quota.share}", "Write a number between 0 and 1, such as 0.15."
    if not quota.grades:
        yield "'grades' names no grade", "Name the top grade."
    if doubled(quota.grades):
        yield "'grades' names a grade twice", "Name it once."
    unknown = [name for name in quota.grades if name not in grades]
    for name in unknown:
        yield f"the scheme has no grade '{name}'", f"{name_like(name, grades)}."
    named = set(quota.grades)
    if not unknown and named != set(grades[len(grades) - len(named) :]):
        yield (
            "a quota is for the top grades, and 'grades' leaves out one above another in it",
            "Name the top grade and, if need be, those right below it.",
        )


def _forces_the_lowest(quota: Quota, grades: Sequence[str]) -> bool:
    places = [grades.index(name) for name in quota.grades if name in grades]
    return bool(places) and min(places) <= 1
