"""Rows of tables as a page shows them, in the reader's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from touchstone.base.outcomes import Estimate
from touchstone.reports.words import Words
from touchstone_web.assessments import models
from touchstone_web.assessments.records import area_of, because_of, rounded
from touchstone_web.assessments.views.looks import Look, day_of, pack_title, scheme_title
from touchstone_web.shared.installed_packs import words_of_pack

BAR_WIDTH = 240
# From the best grade to the lowest: dark to light, so that print without colour tells them apart.
SHADES = ("#1f5673", "#4d83a0", "#8fb3c6", "#c3d6e0", "#e3ebf0")
BAR_KINDS = {"undecided": "#f0dca9", "withheld": "#ffffff"}


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One unit's result as a row."""

    address: str
    address_id: str
    identifier: str
    name: str
    above: str
    n: str
    score: str
    interval: str
    places: str
    grade: str
    grade_class: str
    status: str
    because: str


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area's mean as a row; `reason` says why there is no interval."""

    address_id: str
    name: str
    n: str
    census: str
    interval: str
    reason: str


@dataclass(frozen=True, slots=True)
class BarPiece:
    """One piece of the bar of grades: where it lies, how wide it is, what it stands for."""

    x: float
    width: float
    fill: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """One assessment as a row or a card, with its bar of grades."""

    assessment: models.Assessment
    title: str
    pack: str
    bar: tuple[BarPiece, ...]
    bar_text: str
    bar_note: str
    day: str
    published_day: str


def grade_class(grade: str, grades: Sequence[str]) -> str:
    """The look of a grade among all, the lowest first: only the best and the lowest have one."""
    if not grade:
        return "grade-undecided"
    if grade == grades[-1]:
        return "grade-first"
    return "grade-last" if grade == grades[0] else ""


def grade_name(grade: str, words: Words) -> str:
    """What a grade is called; its identifier where the pack has no such grade any more."""
    return words.grade(grade) if words.knows(f"grade.{grade}") else grade


def unit_name(name: str, level: str, words: Words) -> str:
    """What a unit is called; a bare number gets the word for its level before it."""
    key = f"level.{level}"
    if not name.isdecimal() or not words.knows(key):
        return name
    return words.text("sign.name_and_value", name=words.text(key), value=name)


def result_line(row: models.UnitResult, look: Look) -> ResultLine:
    """One unit's result as a row; `row.unit.parent` is loaded."""
    words, places = look.words, look.assessment.places
    parent = row.unit.parent
    low, high = rounded(row.low, places), rounded(row.high, places)
    is_graded = row.status == models.UnitResult.Status.GRADED
    return ResultLine(
        address=reverse("unit_result", args=[look.assessment.public_id, row.unit.public_id]),
        address_id=row.unit.public_id,
        identifier="" if row.identifier == row.name else row.identifier,
        name=unit_name(row.name, row.unit.level, words),
        above="" if parent is None else unit_name(parent.name, parent.level, words),
        n=words.number(row.n),
        score=words.number(rounded(row.score, places)),
        interval=words.interval(low, high),
        places=words.places_between(row.rank_low, row.rank_high),
        grade=words.grade(row.grade) if is_graded else words.text(f"status.{row.status}"),
        grade_class=grade_class(row.grade, [band.id for band in look.scheme.grades]),
        status=row.status,
        because=words.because(because_of(row.because)),
    )


def area_line(row: models.AreaMean, look: Look) -> AreaLine:
    """One area's mean as a row; `row.unit` is loaded."""
    words = look.words
    area = area_of(row, look.assessment.places)
    mean = area.superpopulation
    has_interval = isinstance(mean, Estimate)
    return AreaLine(
        address_id=row.unit.public_id,
        name=unit_name(row.name, row.level, words),
        n=words.number(row.n),
        census=words.number(area.census.value),
        interval=words.interval(mean.low, mean.high) if has_interval else "",
        reason="" if has_interval else words.withheld(mean),
    )


def assessment_line(assessment: models.Assessment, counts: Mapping[str, int]) -> AssessmentLine:
    """One assessment as a row, with the counts of the units that its reader sees."""
    words = words_of_pack(assessment.pack)
    grades = [band["id"] for band in reversed(assessment.scheme["grades"])]
    pieces = _pieces(grades, counts, words)
    return AssessmentLine(
        assessment=assessment,
        title=scheme_title(assessment, words),
        pack=pack_title(assessment, words),
        bar=pieces,
        bar_text=words.enumerate(piece.text for piece in pieces),
        bar_note=words.text(
            "result.bar",
            n=sum(counts.values()),
            items=words.enumerate(piece.note for piece in pieces),
        ),
        day=day_of(assessment.requested_at),
        published_day=day_of(assessment.published_at),
    )


def _pieces(grades: Sequence[str], counts: Mapping[str, int], words: Words) -> tuple[BarPiece, ...]:
    """The bar of grades, the best at the left; a grade that nobody has takes no room."""
    total = sum(counts.values())
    named = [
        (grade, grade_name(grade, words), shade_of(place, len(grades)))
        for place, grade in enumerate(grades)
    ]
    named += [(kind, words.text(f"status.{kind}"), fill) for kind, fill in BAR_KINDS.items()]
    pieces, reached = [], 0
    for key, name, fill in named:
        count = counts.get(key, 0)
        if not count:
            continue
        share = words.percent(count, total)
        value = words.text("sign.count_and_share", count=words.number(count), share=share)
        text = words.text("sign.name_and_value", name=name, value=value)
        pieces.append(
            BarPiece(
                x=round(BAR_WIDTH * reached / total, 2),
                width=round(BAR_WIDTH * count / total, 2),
                fill=fill,
                text=text,
                note=words.text("sign.name_and_value", name=name, value=share),
            )
        )
        reached += count
    return tuple(pieces)


def shade_of(place: int, grades: int) -> str:
    """The shade of a grade by its place, the best is 0; five shades serve any number of grades."""
    return SHADES[round(4 * place / max(grades - 1, 1))]
