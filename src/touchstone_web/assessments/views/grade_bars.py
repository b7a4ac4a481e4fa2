"""The bar of a unit's probabilities of grades."""

from dataclasses import dataclass

from touchstone.loop.results import UnitResult
from touchstone.reports.charts.discriminations import share_in_words
from touchstone.reports.words import Words
from touchstone_web.assessments.views.lines import BAR_WIDTH, BarPiece, grade_name, shade_of


@dataclass(frozen=True, slots=True)
class ProbabilityBar:
    """A bar with one piece for each grade that is possible, and the same in words."""

    bar: tuple[BarPiece, ...]
    bar_text: str
    bar_note: str
    rows: tuple[tuple[str, str], ...]
    method: str


def probability_bar(result: UnitResult, words: Words) -> ProbabilityBar | None:
    """The probabilities of a unit's grades, the best at the left; None where there are none."""
    if result.probabilities is None:
        return None
    grades = list(reversed(result.probabilities.grades))
    pieces, rows, reached = [], [], 0.0
    for place, (grade, share) in enumerate(grades):
        name, told = grade_name(grade, words), share_in_words(share, words)
        rows.append((name, told))
        text = words.text("sign.name_and_value", name=name, value=told)
        width = BAR_WIDTH * float(share)
        if share:
            fill = shade_of(place, len(grades))
            pieces.append(BarPiece(round(reached, 2), round(width, 2), fill, text, text))
        reached += width
    items = words.enumerate(piece.text for piece in pieces)
    return ProbabilityBar(
        bar=tuple(pieces),
        bar_text=words.text("probabilities.seen", name=result.name, items=items),
        bar_note=items,
        rows=tuple(rows),
        method=words.text(f"probabilities.{result.probabilities.method}"),
    )
