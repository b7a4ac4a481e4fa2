"""What is told of all ratings that a model was fitted to, whatever the model."""

from typing import Any

from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.rated import RatedSpec
from touchstone.loop.analyses.rated import Rated
from touchstone.reports.outcome_tables import figure_text, outcome_record, outcome_table
from touchstone.reports.shown_tables import ShownTable, shown_table
from touchstone.reports.words import Words, format_number


def rated_record(found: Rated) -> dict[str, Any]:
    """Give the counts, how many raters stand out, and the gap, as plain data."""
    flags = found.flags
    told = {"reason": flags.reason} if isinstance(flags, Withheld) else dict(flags)
    record: dict[str, Any] = {
        "n": found.n,
        "left_out": found.left_out,
        "counts": {"ratees": found.ratees, "raters": found.raters},
        "raters_standing_out": told,
    }
    return record if found.gap is None else record | {"self_other_gap": outcome_record(found.gap)}


def reasons_of(model: Any, *names: str) -> dict[str, str]:
    """Give the reason of each figure of a model that is withheld."""
    figures = ((name, getattr(model, name)) for name in names)
    return {name: found.reason for name, found in figures if isinstance(found, Withheld)}


def rated_parts(spec: RatedSpec, found: Rated, words: Words) -> list[ShownTable | str]:
    """Give how many raters stand out, and the gap, as tables."""
    parts: list[ShownTable | str] = []
    if isinstance(found.flags, Withheld):
        parts.append(words.text("rate.note.flags_withheld", reason=words.withheld(found.flags)))
    else:
        heads = [words.text("rate.head.standing_out"), words.text("rate.head.raters")]
        lines = [
            [words.text(f"rate.flag.{name}"), format_number(count)]
            for name, count in found.flags.items()
        ]
        parts += [shown_table(heads, lines, numbers={1}), words.text("rate.note.flags")]
    if found.gap is not None:
        gap = [({"statistic": words.text("rate.gap")}, found.gap)]
        parts.append(outcome_table(gap, words, confidence=float(spec.confidence)))
    return parts


def rated_notes(found: Rated, words: Words) -> tuple[str, ...]:
    """Say how many ratings there are, and how many rows were left out."""
    counts = {"ratees": found.ratees, "raters": found.raters}
    notes = [words.text("rate.note.rated", count=found.n, **counts)]
    if found.left_out:
        notes.append(words.text("rate.note.left_out", count=found.left_out))
    return tuple(notes)


def model_sentences(model: Any, words: Words) -> list[str]:
    """Say how reliable the measures are, how far apart, and whether ratings fall apart."""
    said = [words.text("rate.note.reliability", reliability=figure_text(model.reliability, words))]
    if not isinstance(model.separation, Withheld):
        separation = figure_text(model.separation, words)
        said.append(words.text("rate.note.separation", separation=separation))
    if model.subsets > 1:
        said.append(words.text("rate.note.apart", count=model.subsets))
    return said
