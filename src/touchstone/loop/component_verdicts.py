"""Plain verdicts on how far a scheme and its components tell units apart."""

from collections import Counter
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from touchstone.loop.reasons import plain_number
from touchstone.loop.results import Because, Component

# Nearly all units, and half of them.
MOST, HALF = Decimal("0.9"), Decimal("0.5")
TOP_FROM = Decimal("0.95")
HEAVY, IDLE, DECIDES = Decimal(10), 3, Decimal("1.5")
MUCH_ERROR, SOME_ERROR = Decimal("0.5"), Decimal("0.2")
PERCENT = Decimal("0.1")


class _Crowd(NamedTuple):
    """Where units crowd on the marks, and the figures of the sentence that says so."""

    key: str
    details: tuple[tuple[str, str], ...]
    is_grave: bool = True


def component_verdict(component: Component, *, among: int) -> Because:
    """Say in one sentence what a component does, the gravest thing first.

    It saturates when 90 % of the units lie in the top 5 % of its marks, or in the lowest 5 %. Else
    its share of the differences is held against its weight: above one and a half times of it the
    component decides, below a third it is idle. With half of the units in the top 5 % it tells only
    the others apart.
    """
    own = ("criterion", component.criterion)
    if not component.n:
        return Because("component_without_scores", (own,))
    saturated = _saturated(component)
    if saturated is not None and saturated.is_grave:
        return Because(f"component_{saturated.key}", (own, *saturated.details))
    share = component.variance_share
    if share is None:
        return Because("component_without_differences", (own,))
    details = (own, ("share", _percent(share)), ("weight", plain_number(component.weight)))
    if share < 0:
        return Because("component_against", details)
    part = component.weight / 100
    if among > 1 and share >= HALF and share > DECIDES * part:
        return Because("component_decides", details)
    if saturated is not None:
        return Because(f"component_{saturated.key}", (own, *saturated.details))
    if among > 1 and component.weight >= HEAVY and share * IDLE < part:
        return Because("component_idle", details)
    return Because("component_fits", details)


def total_verdict(total: Component) -> Because:
    """Say whether the scores themselves saturate."""
    if not total.n:
        return Because("no_two_units")
    saturated = _saturated(total)
    if saturated is None:
        return Because("total_has_room")
    return Because(f"total_{saturated.key}", saturated.details)


def scheme_verdicts(
    *,
    error_share: Decimal | None,
    pairs: Decimal | None,
    levels: int,
    grades: Counter[str | None],
) -> tuple[Because, ...]:
    """Say how much of the differences is error, who can be told apart, and whether grades differ.

    `grades` counts the units by grade, None for those without.
    """
    found = []
    if error_share is not None:
        details = (("share", _percent(error_share)),)
        if not error_share:
            found.append(Because("differences_are_facts"))
        elif error_share >= MUCH_ERROR:
            found.append(Because("differences_mostly_error", details))
        elif error_share >= SOME_ERROR:
            found.append(Because("differences_partly_error", details))
        else:
            found.append(Because("differences_hardly_error", details))
    if pairs is not None:
        found.append(Because("told_apart", (("share", _percent(pairs)), ("levels", str(levels)))))
    graded = Counter({grade: count for grade, count in grades.items() if grade is not None})
    for grade, count in graded.most_common(1):
        share = Decimal(count) / graded.total()
        if share >= MOST and graded.total() > 1:
            found.append(Because("one_grade", (("share", _percent(share)), ("grade", grade or ""))))
    return tuple(found)


def _saturated(component: Component) -> _Crowd | None:
    """Say where nearly all or half of the units crowd: at the top of the marks or at the bottom."""
    low, high = component.low, component.high
    if low is None or high is None or component.top is None or component.bottom is None:
        return None
    top = plain_number(low + TOP_FROM * (high - low))
    bottom = plain_number(high - TOP_FROM * (high - low))
    ends = (("low", plain_number(low)), ("highest", plain_number(high)))
    if component.top >= HALF:
        is_most = component.top >= MOST
        key = "saturated" if is_most else "half_saturated"
        return _Crowd(key, (("share", _percent(component.top)), ("bar", top), *ends), is_most)
    if component.bottom >= MOST:
        return _Crowd("floored", (("share", _percent(component.bottom)), ("bar", bottom), *ends))
    return None


def _percent(share: Decimal) -> str:
    return plain_number((share * 100).quantize(PERCENT, rounding=ROUND_HALF_EVEN))
