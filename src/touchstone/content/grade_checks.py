"""Checks of a scheme's scale, grade bands, caps and vetoes."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from touchstone.base.errors import TouchstoneError
from touchstone.content.criteria import walk_criteria
from touchstone.content.names import check_name, doubled, name_like
from touchstone.content.schemes import Band, Limit, Limiter, Scale, Scheme


def check_scale(scale: Scale, *, where: str) -> Iterator[TouchstoneError]:
    """Find out whether a scale runs upwards."""
    if scale.low >= scale.high:
        yield TouchstoneError(
            "SCHEME-34",
            where=f"{where}, 'scale'",
            found=f"'low' {scale.low} is not below 'high' {scale.high}",
            remedy="Write the lowest possible score as 'low' and the highest as 'high'.",
        )


def check_bands(bands: Sequence[Band], scale: Scale, *, where: str) -> Iterator[TouchstoneError]:
    """Find out whether grade bands cover the scale once: no gap, no overlap, in rising order.

    A band holds its `from` and ends right below the next one's, so that every score has one grade.
    """
    place = f"{where}, 'grades'"
    if not bands:
        yield TouchstoneError(
            "SCHEME-32",
            where=place,
            found="there is no grade",
            remedy=f"Add a grade with from = {scale.low}.",
        )
        return
    for band in bands:
        yield from check_name(band.id, where=f"{place} ('{band.id}')")
    for grade in doubled(band.id for band in bands):
        yield TouchstoneError(
            "SCHEME-33",
            where=place,
            found=f"the grade '{grade}' stands more than once",
            remedy="Give each band a grade of its own.",
        )
    for lower, upper in pairwise(bands):
        yield from _check_joint(lower, upper, place)
    yield from _check_ends(bands, scale, place)


def _check_joint(lower: Band, upper: Band, place: str) -> Iterator[TouchstoneError]:
    if upper.start <= lower.start:
        yield TouchstoneError(
            "SCHEME-30",
            where=place,
            found=f"'{upper.id}' from {upper.start} comes after '{lower.id}' from {lower.start}",
            remedy="Order the grades so that each 'from' is higher than the one before.",
        )
    elif lower.below is not None and lower.below != upper.start:
        kind = "overlap" if lower.below > upper.start else "leave a gap"
        yield TouchstoneError(
            "SCHEME-31",
            where=place,
            found=f"'{lower.id}' below {lower.below} and '{upper.id}' from {upper.start} {kind}",
            remedy=f"Write below = {upper.start} on '{lower.id}', or take 'below' out.",
        )


def _check_ends(bands: Sequence[Band], scale: Scale, place: str) -> Iterator[TouchstoneError]:
    first, last = bands[0], bands[-1]
    if first.start != scale.low:
        yield TouchstoneError(
            "SCHEME-32",
            where=place,
            found=f"the first grade '{first.id}' begins at {first.start}, the scale at {scale.low}",
            remedy=f"Write from = {scale.low} on '{first.id}'.",
        )
    if last.below is not None and last.below <= scale.high:
        yield TouchstoneError(
            "SCHEME-32",
            where=place,
            found=f"the last grade '{last.id}' ends below {last.below}, and the highest score "
            f"{scale.high} has no grade",
            remedy=f"Take 'below' out of '{last.id}'.",
        )
    for band in bands:
        if band.start > scale.high:
            yield TouchstoneError(
                "SCHEME-32",
                where=place,
                found=f"'{band.id}' begins at {band.start}, above the scale's end {scale.high}",
                remedy="Lower its 'from', or raise 'high' of the scale.",
            )


def check_limits(scheme: Scheme, *, where: str) -> Iterator[TouchstoneError]:
    """Find what contradicts itself in a scheme's vetoes, caps and limiters."""
    ids = [limit.id for limit in scheme.vetoes + scheme.caps]
    ids += [limiter.id for limiter in scheme.limiters]
    ids += [quota.id for quota in scheme.quotas]
    for name in doubled(ids):
        yield TouchstoneError(
            "SCHEME-13",
            where=where,
            found=f"the veto, cap, limiter or quota '{name}' stands more than once",
            remedy="Give each an id of its own.",
        )
    for number, limiter in enumerate(scheme.limiters, start=1):
        place = f"{where}, 'limiters' no. {number} ('{limiter.id}')"
        yield from check_name(limiter.id, where=place)
        for found, remedy in _limiter_contradictions(limiter, scheme):
            yield TouchstoneError("SCHEME-41", where=place, found=found, remedy=remedy)
    grades = [band.id for band in scheme.grades]
    for key, limits in (("vetoes", scheme.vetoes), ("caps", scheme.caps)):
        for number, limit in enumerate(limits, start=1):
            place = f"{where}, '{key}' no. {number} ('{limit.id}')"
            yield from check_name(limit.id, where=place)
            for found, remedy in _limit_contradictions(limit, key, grades):
                yield TouchstoneError("SCHEME-40", where=place, found=found, remedy=remedy)


def _limit_contradictions(
    limit: Limit, key: str, grades: Sequence[str]
) -> Iterator[tuple[str, str]]:
    if (limit.at_least is None) == (limit.at_most is None):
        yield "there must be one bar", "Write either 'at_least' or 'at_most'."
    highest = limit.highest_grade
    if key == "vetoes" and highest is not None:
        yield (
            "a veto gives the lowest grade, so that 'highest_grade' has no effect",
            "Take it out, or move this to 'caps'.",
        )
    if key == "caps" and highest is None:
        yield (
            "a cap does not say which grade may still be reached",
            "Write 'highest_grade', or move this to 'vetoes'.",
        )
    if key == "caps" and highest is not None:
        yield from _highest_contradictions(highest, grades)
    for column, values in limit.where.items():
        if not values:
            yield f"'where' names no value of '{column}'", "Name one, or take the column out."


def _highest_contradictions(highest: str, grades: Sequence[str]) -> Iterator[tuple[str, str]]:
    if highest not in grades:
        yield f"the scheme has no grade '{highest}'", f"{name_like(highest, grades)}."
    elif highest == grades[-1]:
        yield f"'{highest}' is the top grade, so that nothing is barred", "Name a lower grade."


def _limiter_contradictions(limiter: Limiter, scheme: Scheme) -> Iterator[tuple[str, str]]:
    yield from _highest_contradictions(limiter.highest_grade, [band.id for band in scheme.grades])
    first_level = [criterion.id for criterion in scheme.criteria]
    every = [criterion.id for _, criterion in walk_criteria(scheme.criteria)]
    for name in limiter.criteria:
        if name not in every:
            yield f"the scheme has no criterion '{name}'", f"{name_like(name, every)}."
    if doubled(limiter.criteria):
        yield "'criteria' names a criterion twice", "Name it once."
    counted = len(limiter.criteria or first_level)
    if not 1 <= limiter.parts <= counted:
        yield (
            f"'parts' is {limiter.parts}, and {counted} criteria count",
            f"Write a whole number from 1 to {counted}.",
        )
