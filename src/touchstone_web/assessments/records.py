"""Results of the library as plain data for the rows, and back again."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.loop.areas import places_of_means
from touchstone.loop.results import (
    AreaMean,
    Because,
    BesideResult,
    GradeProbabilities,
    Part,
    UnitResult,
)
from touchstone_web.assessments import models

Record = dict[str, Any]
GROUP_MARK = "|"
BESIDE_FIGURES = ("score", "low", "high")
BESIDE_FIELDS = ("rank_low", "rank_high", "grade", "order", "order_here", "moves")


def plain(found: object) -> Any:
    """Results of the library as a column of JSON gives them back: lists, and figures as text."""
    return msgspec.json.decode(msgspec.json.encode(found))


def reason_record(reason: Because | Withheld) -> Record:
    """A reason as its key and what fills the gaps of its sentence."""
    key = reason.key if isinstance(reason, Because) else reason.reason
    return {"key": key, "details": [list(pair) for pair in reason.details]}


def because_of(record: Mapping[str, Any]) -> Because:
    """The reason that a record keeps."""
    return Because(str(record["key"]), _pairs(record["details"]))


def group_key(group: Iterable[tuple[str, str]]) -> str:
    """One text for a comparison group; empty when all units are compared."""
    return GROUP_MARK.join(f"{column}={value}" for column, value in group)


def by_falling_score(result: UnitResult) -> tuple[bool, Decimal, str]:
    """The order of results by score, the highest first, withheld ones last."""
    return (result.score is None, -(result.score or Decimal(0)), result.unit)


def result_row(
    result: UnitResult, *, history: Sequence[tuple[str, Decimal | None]]
) -> models.UnitResult:
    """A row that keeps a result; its assessment, unit and places in orders are yet to be set."""
    return models.UnitResult(
        identifier=result.unit,
        name=result.name,
        n=result.n,
        score=result.score,
        low=result.low,
        high=result.high,
        rank_low=result.rank_low,
        rank_high=result.rank_high,
        grade=result.grade or "",
        status=result.status,
        because=reason_record(result.because),
        method=result.method,
        group=[list(pair) for pair in result.group],
        group_key=group_key(result.group),
        parts=[part_record(part) for part in result.parts],
        probabilities=probabilities_record(result.probabilities),
        history=[[period, _text(value)] for period, value in history],
    )


def probabilities_record(probabilities: GradeProbabilities | None) -> Record | None:
    """Probabilities of grades with every figure as text; None where there are none."""
    if probabilities is None:
        return None
    grades = [[grade, str(share)] for grade, share in probabilities.grades]
    return {"method": probabilities.method, "grades": grades}


def probabilities_of(record: Mapping[str, Any] | None) -> GradeProbabilities | None:
    """The probabilities that a record keeps."""
    if record is None:
        return None
    grades = tuple((grade, Decimal(share)) for grade, share in record["grades"])
    return GradeProbabilities(record["method"], grades)


def beside_record(beside: BesideResult) -> Record:
    """What another scheme says of a unit, with every figure as text."""
    record = {name: getattr(beside, name) for name in BESIDE_FIELDS}
    return record | {name: _text(getattr(beside, name)) for name in BESIDE_FIGURES}


def beside_of(row: models.UnitResult, places: int) -> BesideResult:
    """What a row keeps of another scheme, figures with this scheme's places."""
    kept = row.beside or dict.fromkeys((*BESIDE_FIELDS, *BESIDE_FIGURES))
    figures = {name: rounded(_number(kept[name]), places) for name in BESIDE_FIGURES}
    return BesideResult(
        unit=row.identifier, **{name: kept[name] for name in BESIDE_FIELDS}, **figures
    )


def area_row(area: AreaMean) -> models.AreaMean:
    """A row that keeps an area's mean; its assessment and unit are yet to be set."""
    mean = area.superpopulation
    has_interval = isinstance(mean, Estimate)
    return models.AreaMean(
        identifier=area.unit,
        level=area.level,
        name=area.name,
        n=area.n,
        census=area.census.value,
        low=mean.low if has_interval else None,
        high=mean.high if has_interval else None,
        withheld=None if has_interval else reason_record(mean),
    )


def part_record(part: Part) -> Record:
    """One part of a score with every figure as text, so that none loses a digit."""
    return {
        "criterion": part.criterion,
        "weight": str(part.weight),
        "measured": _outcome_record(part.measured),
        "score": _text(part.score),
        "points": _text(part.points),
    }


def part_of(record: Mapping[str, Any]) -> Part:
    """The part that a record keeps."""
    return Part(
        criterion=record["criterion"],
        weight=Decimal(record["weight"]),
        measured=_outcome_of(record["measured"]),
        score=_number(record["score"]),
        points=_number(record["points"]),
    )


def result_of(row: models.UnitResult, places: int) -> UnitResult:
    """The library's result that a row keeps, figures with the scheme's places."""
    return UnitResult(
        unit=row.identifier,
        name=row.name,
        n=row.n,
        score=rounded(row.score, places),
        low=rounded(row.low, places),
        high=rounded(row.high, places),
        rank_low=row.rank_low,
        rank_high=row.rank_high,
        grade=row.grade or None,
        status=row.status,
        because=because_of(row.because),
        method=row.method,
        group=_pairs(row.group),
        parts=tuple(part_of(record) for record in row.parts),
        probabilities=probabilities_of(row.probabilities),
    )


def area_of(row: models.AreaMean, places: int) -> AreaMean:
    """The library's area mean that a row keeps; `places` are those of the scheme."""
    finer = places_of_means(places)
    census = rounded(row.census, finer) or Decimal(0)
    mean: Outcome
    if row.withheld:
        mean = Withheld(row.withheld["key"], _pairs(row.withheld["details"]))
    else:
        low, high = rounded(row.low, finer), rounded(row.high, finer)
        mean = Estimate(census, low or Decimal(0), high or Decimal(0), row.n, "superpopulation")
    return AreaMean(
        level=row.level,
        unit=row.identifier,
        name=row.name,
        parent=None,
        n=row.n,
        census=Estimate(census, census, census, row.n, "census"),
        superpopulation=mean,
    )


def rounded(value: Decimal | None, places: int) -> Decimal | None:
    """A stored figure with the decimal places it was published with."""
    return None if value is None else round(value, places)


def _outcome_record(outcome: Outcome) -> Record:
    if isinstance(outcome, Withheld):
        return {"withheld": reason_record(outcome)}
    return {
        "value": str(outcome.value),
        "low": str(outcome.low),
        "high": str(outcome.high),
        "n": outcome.n,
        "method": outcome.method,
        "se": _text(outcome.se),
    }


def _outcome_of(record: Mapping[str, Any]) -> Outcome:
    if "withheld" in record:
        kept = record["withheld"]
        return Withheld(kept["key"], _pairs(kept["details"]))
    return Estimate(
        value=Decimal(record["value"]),
        low=Decimal(record["low"]),
        high=Decimal(record["high"]),
        n=record["n"],
        method=record["method"],
        se=_number(record["se"]),
    )


def _pairs(pairs: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(first), str(second)) for first, second in pairs)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
