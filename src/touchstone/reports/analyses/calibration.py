"""What calibration made of weights, as a record and as readers see it."""

from typing import Any

from touchstone.content.analyses.calibration import CalibrationSpec
from touchstone.reports.outcome_tables import number, readable
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words, format_number
from touchstone.stats.calibration.calibrations import Calibration, Target

FIGURES = ("target", "before", "after")


def calibration_record(_spec: CalibrationSpec, found: Calibration) -> dict[str, Any]:
    """Give steps, factors, effect on errors, and each target before and after, as plain data."""
    summary = found.summary
    return {
        "method": found.method,
        "steps": found.steps,
        "rows": summary.rows,
        "cells": len(found.known.cells.weights),
        "total": number(summary.total),
        "smallest_factor": number(summary.smallest),
        "largest_factor": number(summary.largest),
        "negative": summary.negative,
        "design_effect": number(summary.design_effect),
        "effective": number(summary.effective),
        "targets": [
            {
                "margin": one.margin,
                "category": one.category,
                **{figure: number(getattr(one, figure)) for figure in FIGURES},
            }
            for one in found.targets
        ],
    }


def show_calibration(_spec: CalibrationSpec, found: Calibration, words: Words) -> Shown:
    """Give each target before and after, and what became of the weights in a sentence."""
    heads = [words.text(f"calibrate.head.{name}") for name in ("margin", "category", *FIGURES)]
    lines = [_line(one, words) for one in found.targets]
    summary = found.summary
    told = words.text(
        "calibrate.summary",
        n=summary.rows,
        cells=format_number(len(found.known.cells.weights)),
        steps=format_number(found.steps),
        smallest=readable(summary.smallest, words),
        largest=readable(summary.largest, words),
        effect=readable(summary.design_effect, words),
        effective=readable(summary.effective, words),
    )
    parts: list[ShownTable | str] = [shown_table(heads, lines, numbers=range(2, 5)), told]
    if summary.negative:
        parts.append(words.text("calibrate.negative", n=summary.negative))
    return Shown(tuple(parts))


def _line(one: Target, words: Words) -> list[str]:
    category = words.text("sign.none")
    if one.category is not None:
        category = words.value(one.margin, one.category)
    figures = (readable(getattr(one, figure), words) for figure in FIGURES)
    return [words.column(one.margin), category, *figures]
